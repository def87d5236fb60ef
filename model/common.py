"""Data, context features, CRF and metrics of statement-net."""
import json
from collections import Counter
import numpy as np
import torch
import torch.nn.functional as F

L = 7  # O B-source I-source B-cue I-cue B-content I-content
NEG = -1e4
MASK = torch.zeros(L, L)
for i in range(L):
    for c, b in ((2, 1), (4, 3), (6, 5)):
        if i not in (b, c):
            MASK[i, c] = NEG
QUOTE, OPEN, CLOSE, SINGLE_OPEN, SINGLE_CLOSE = 1, 2, 3, 4, 5  # types of token with a fixed number: " “ ” ‘ ’


def bucket(d):
    return np.digitize(d, (1, 2, 3, 4, 6, 9, 15, 26)).astype(np.uint8)  # 0..8


def context(ids, off, flags, len1):
    """Per token: quote state, distance to its end, sentence position, paragraph number; and the inside-quotes bit."""
    n = len(ids)
    fl = flags[ids]
    para = ids == 0
    fl[para] = 9
    ev = np.flatnonzero((fl >= 1) & (fl <= 3) | para)
    after = np.zeros(len(ev), bool)
    is_open = False
    for k, f in enumerate(fl[ev].tolist()):
        is_open = False if f == 9 or f == 2 else True if f == 1 else not is_open
        after[k] = is_open
    inq = np.repeat(after, np.diff(np.append(ev, n)))
    if ev[0] > 0:
        inq = np.concatenate([np.zeros(ev[0], bool), inq])
    inq[ev] = ~para[ev]
    idx = np.arange(n)
    change = para.copy()
    change[0] = True
    change[1:] |= inq[1:] != inq[:-1]
    change[1:] |= para[:-1]
    since = idx - np.maximum.accumulate(np.where(change, idx, 0))
    nxt = np.append(np.minimum.accumulate(np.where(change, idx, n)[::-1])[::-1][1:], n)
    until = nxt - idx - 1
    q = np.where(para, 18, inq * 9 + bucket(since)).astype(np.uint8)
    u = np.where(para, 18, inq * 9 + bucket(until)).astype(np.uint8)
    st = para.copy()
    st[1:] |= para[:-1]
    nf, pf = np.append(fl[1:], 9), np.append(9, fl[:-1])
    long_prev = np.append(True, ~(len1[ids[:-1]].astype(bool)))
    end = (fl == 4) & long_prev & ((nf == 5) | (nf == 1) | (nf == 3))
    nq = np.append(inq[1:], False)
    end |= ((fl == 2) | (fl == 3)) & (pf == 4) & (nf == 5) & ~nq
    st[1:] |= end[:-1]
    s = np.where(para, 9, bucket(idx - np.maximum.accumulate(np.where(st, idx, 0)))).astype(np.uint8)
    pc = np.cumsum(para)
    base = np.repeat(pc[off[:-1]], np.diff(off))
    p = np.minimum(pc - base, 3).astype(np.uint8)
    return np.stack([q, u, s, p], 1), inq


def restyled(ids, inq):
    """The tokens with straight, with curly and with single quotation marks."""
    first = np.append(True, ~inq[:-1])  # a straight mark opens where no quotation is open
    curly = np.where(ids == QUOTE, np.where(first, OPEN, CLOSE), ids)
    straight = np.where((ids == OPEN) | (ids == CLOSE), QUOTE, ids)
    single = np.where(curly == OPEN, SINGLE_OPEN, np.where(curly == CLOSE, SINGLE_CLOSE, curly))
    return [x.astype(ids.dtype) for x in (straight, curly, single)]


def chunks(ids, off, size):
    """(start, end) of runs of whole paragraphs of at most size tokens."""
    out = []
    for a, b in zip(off[:-1], off[1:]):
        starts = np.append(np.flatnonzero(ids[a:b] == 0) + a, b)
        s = a
        for e0, e1 in zip(starts[:-1], starts[1:]):
            if e1 - s > size and e0 > s:
                out.append((s, e0)); s = e0
            while e1 - s > size:
                out.append((s, s + size)); s += size
        if b > s:
            out.append((s, b))
    return np.array(out)


def batch_index(ch):
    n = int((ch[:, 1] - ch[:, 0]).max())
    n = (n + 7) // 8 * 8
    s, e = torch.as_tensor(ch[:, 0])[:, None], torch.as_tensor(ch[:, 1])[:, None]
    ix = s + torch.arange(n)[None]
    return torch.where(ix < e, ix, -1)


def potentials(trans, emis, forced):
    """trans LxL, emis B,T,L; forced B,T: paragraph marks and padding, always O"""
    o = torch.full((L,), NEG, device=emis.device)
    o[0] = 0
    e = torch.where(forced[..., None], o, emis.float())
    return (trans + MASK.to(emis.device))[None, None] + e[:, :, None, :]


def log_z(phi):
    m = phi
    t = m.shape[1]
    p = 1
    while p < t:
        p *= 2
    if p > t:
        eye = torch.full((L, L), NEG, device=m.device).fill_diagonal_(0)
        m = torch.cat([m, eye.expand(m.shape[0], p - t, L, L)], 1)
    while m.shape[1] > 1:
        m = torch.logsumexp(m[:, 0::2, :, :, None] + m[:, 1::2, None, :, :], 3)
    return torch.logsumexp(m[:, 0, 0, :], -1)


def viterbi(phi):
    b, t = phi.shape[:2]
    sc = phi[:, 0, 0, :]
    back = []
    for i in range(1, t):
        v, a = (sc[:, :, None] + phi[:, i]).max(1)
        sc = v
        back.append(a)
    y = [sc.argmax(1)]
    for a in reversed(back):
        y.append(a.gather(1, y[-1][:, None])[:, 0])
    return torch.stack(y[::-1], 1)


def spans(y):
    out, i, n = [], 0, len(y)
    while i < n:
        if y[i] % 2 == 1:
            j = i + 1
            while j < n and y[j] == y[i] + 1:
                j += 1
            out.append((i, j, (y[i] + 1) // 2)); i = j
        else:
            i += 1
    return out


def f1(p, r):
    return 0 if p + r == 0 else 2 * p * r / (p + r)


def overlap_count(a, b):
    """how many spans of a touch some span of b (both sorted, disjoint)"""
    n = k = 0
    for s, e in a:
        while k < len(b) and b[k][1] <= s:
            k += 1
        n += k < len(b) and b[k][0] < e
    return n


def span_scores(pred, gold):
    P, G = spans(pred), spans(gold)
    r = {}
    for t, nm in ((1, "source"), (2, "cue"), (3, "content")):
        p = [x[:2] for x in P if x[2] == t]; g = [x[:2] for x in G if x[2] == t]
        tp = len(set(p) & set(g))
        a, b = np.array([(v + 1) // 2 == t for v in pred]), np.array([(v + 1) // 2 == t for v in gold])
        r[nm] = (100 * f1(tp / max(1, len(p)), tp / max(1, len(g))),
                 100 * f1(overlap_count(p, g) / max(1, len(p)), overlap_count(g, p) / max(1, len(g))),
                 100 * f1((a & b).sum() / max(1, a.sum()), (a & b).sum() / max(1, b.sum())))
    return r


def paragraphs_of(ids):
    st = np.flatnonzero(ids == 0)
    return st, np.append(st[1:], len(ids))


def attributions(pred, ids, links):
    """The tokens of each predicted (cue, source, content); links(start, end, spans) -> ({cue: source}, {content: cue})."""
    out = []
    for a, b in zip(*(x.tolist() for x in paragraphs_of(ids))):
        S = spans(pred[a:b].tolist())
        source, cue_of = links(a, b, S) if S else ({}, {})
        tokens = lambda k: set(range(a + S[k][0], a + S[k][1]))
        for c in (k for k, x in enumerate(S) if x[2] == 2):
            content = set().union(*(tokens(k) for k in cue_of if cue_of[k] == c))
            out.append((tokens(c), tokens(source[c]) if c in source else set(), content))
    return out


def gold_attributions(ids, off, rels):
    """The same of the labels; of a content, the part in the paragraph of its cue."""
    starts, ends = paragraphs_of(ids)
    out = []
    for o, rr in zip(off.tolist(), rels):
        for r in rr:
            cue, source, content = ({o + i for i in x} for x in r)
            if cue:
                k = np.searchsorted(starts, min(cue), "right") - 1
                out.append((cue, source, {i for i in content if starts[k] <= i < ends[k]}, bool(content)))
    return out


def half(a, b):
    return len(a | b) > 0 and len(a & b) >= .5 * len(a | b)


def statement_scores(pred, ids, off, rels, inq, speech, links, gold, every):
    """The figures of statements: those with a communicative cue, or every one."""
    sp = speech[ids].astype(bool)
    P, G = attributions(pred, ids, links), gold_attributions(ids, off, rels)
    by_token = {i: p for p in P for i in p[0]}
    n, hit = 0, Counter()
    for cue, source, content, complete in G:
        first = next((i for i in sorted(cue) if every or sp[i]), None)
        if first is None or not source or not complete:
            continue
        n += 1
        p = by_token.get(first)
        if not p:
            continue
        share = np.mean([inq[i] for i in content]) if content else .5
        kind = "direct" if share > .9 else "indirect" if share < .02 else "mixed"
        right = source & p[1], half(content, p[2])
        hit.update(["cue", "of " + kind] + ["src"] * bool(right[0]) + ["con", kind] * right[1] + ["all3"] * bool(all(right)))
    # precision, over predicted communicative cues
    P = [p for p in P if any(sp[i] for i in p[0])]
    G_of = {}
    for g in G:
        for i in g[0]:
            G_of.setdefault(i, []).append(g)
    whole = [p for p in P if p[1] and p[2]]
    right = sum(any(g[1] & p[1] and half(g[2], p[2]) for i in p[0] for g in G_of.get(i, [])) for p in whole)
    is_cue = lambda y, i: y[i] in (3, 4)
    cues = [x for x in spans(gold.tolist()) if x[2] == 2 and sp[x[0]:x[1]].any()]
    pct = lambda a, b: 100 * a / max(1, b)
    return dict(n=n, nfull=len(whole), fullP=pct(right, len(whole)),
                cueP=pct(sum(any(is_cue(gold, i) for i in p[0]) for p in P), len(P)),
                cueR=pct(sum(any(is_cue(pred, i) for i in range(*x[:2])) for x in cues), len(cues)),
                **{k: pct(hit[k], n) for k in ("cue", "src", "con", "all3")},
                **{k: pct(hit[k], hit["of " + k]) for k in ("direct", "mixed", "indirect")})


class Data:
    def __init__(self, folder):
        z = dict(np.load(folder + "/arrays.npz"))
        self.z = z
        self.meta = json.load(open(folder + "/meta.json"))
        self.flags, self.len1 = z["flags"], z["len1"]
        self.names = torch.as_tensor(z["names"])
        self.types = torch.as_tensor(z["types"].astype(np.int32))
        self.glove = torch.as_tensor(np.concatenate([np.zeros((1, 100), np.float32), z["glove_q"] * z["glove_s"][:, None]]))
        self.s = {}
        for k in ("train", "dev", "gold"):
            if len(z[k + "_ids"]):
                self.add(k, z[k + "_ids"], z[k + "_off"])
                self.s[k]["gold"] = z[k + "_gold"].astype(np.int64)

    def add(self, k, ids, off):
        """The first style of an article is its own; train has it with straight, curly and single quotation marks too."""
        c, inq = context(ids, off, self.flags, self.len1)
        other = restyled(ids, inq) if k == "train" else []
        c = np.stack([c] + [context(x, off, self.flags, self.len1)[0] for x in other])
        self.s[k] = dict(ids=ids, off=off, inq=inq, ids_t=torch.as_tensor(np.stack([ids] + other)), ctx_t=torch.as_tensor(c))

    def inputs(self, k, ix, style=None):
        """features B,T,11, the mask of forced O, that of padding, and that of names; style B: the style of each row"""
        s = self.s[k]
        pad = ix < 0
        j = ix.clamp(min=0)
        v = torch.zeros(len(ix), 1, dtype=torch.long) if style is None else style[:, None]
        w = s["ids_t"][v, j].long()
        f = torch.cat([self.types[w].long(), s["ctx_t"][v, j].long()], -1)
        f[pad] = 0
        return f, pad | (w == 0), pad, self.names[w]

    def evaluate(self, k, pred, links=None):
        """On own gold every statement counts: it marks communication only."""
        s = self.s[k]
        r = span_scores(pred.tolist(), s["gold"].tolist())
        return r, links and statement_scores(pred, s["ids"], s["off"], self.meta["rels"][k], s["inq"], self.z["speech"], links, s["gold"], k == "gold")


def show(name, r, st):
    row = lambda j: "/".join(f"{r[k][j]:.1f}" for k in r)
    out = f"{name} exact S/C/T {row(0)} overlap {row(1)} token {row(2)}"
    if not st:
        return out
    return (out + f" | n {st['n']} cueP {st['cueP']:.1f} cueR {st['cueR']:.1f} found {st['cue']:.1f} src {st['src']:.1f} con {st['con']:.1f} all3 {st['all3']:.1f}"
            + f" d/m/i {st['direct']:.1f}/{st['mixed']:.1f}/{st['indirect']:.1f} fullP {st['fullP']:.1f} (n {st['nfull']})")
