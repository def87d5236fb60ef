"""Data, context features, CRF and metrics of statement-net."""
import json
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


def statement_scores(pred, ids, off, rels, inq, speech, links, gold, every):
    """The figures of statements: with a communicative cue, or every one. links(paragraph, start, end, spans) -> ({cue: source}, {content: cue})."""
    ps, pe = paragraphs_of(ids)
    sp = speech[ids]
    pred = np.asarray(pred)
    cache = {}

    def para(i):
        k = int(np.searchsorted(ps, i, "right") - 1)
        if k not in cache:
            a, b = int(ps[k]), int(pe[k])
            P = spans(pred[a:b].tolist())
            cache[k] = (a, b, P) + links(k, a, b, P)
        return k, cache[k]
    n = cue_ok = src_ok = con_ok = full = 0
    ty_n, ty_s, ty_c = [0] * 3, [0] * 3, [0] * 3
    gold_by_para = {}
    for d, rr in enumerate(rels):
        o = int(off[d])
        for cu, so, co in rr:
            if cu:
                gold_by_para.setdefault(int(np.searchsorted(ps, o + cu[0], "right") - 1), []).append(
                    ({o + i for i in cu}, {o + i for i in so}, {o + i for i in co}))
            if not cu or not so or not co:
                continue
            ci = next((o + i for i in cu if every or sp[o + i]), None)
            if ci is None:
                continue
            n += 1
            k, (a, b, P, src, con) = para(ci)
            cp = next((j for j, x in enumerate(P) if x[2] == 2 and a + x[0] <= ci < a + x[1]), None)
            if cp is None:
                continue
            cue_ok += 1
            S, C = {o + i for i in so}, {o + i for i in co}
            C = {i for i in C if a <= i < b}
            s1 = cp in src and any(a + i in S for i in range(*P[src[cp]][:2]))
            pt = {a + i for j, c in con.items() if c == cp for i in range(*P[j][:2])}
            j = len(C & pt) / len(C | pt) if C | pt else 0
            ty = 2
            if C:
                r = sum(inq[i] for i in C) / len(C)
                ty = 0 if r > .9 else 1 if r < .02 else 2
            ty_n[ty] += 1; ty_s[ty] += s1; ty_c[ty] += j >= .5
            src_ok += s1; con_ok += j >= .5; full += s1 and j >= .5
    # precision over predicted speech cues
    pc = ph = ap = ah = 0
    g = np.asarray(gold)
    for k in range(len(ps)):
        if not (pred[ps[k]:pe[k]] == 3).any():
            continue
        _, (a, b, P, src, con) = para(int(ps[k]))
        for c, x in enumerate(P):
            if x[2] != 2 or not sp[a + x[0]:a + x[1]].any():
                continue
            pc += 1
            ph += bool(((g[a + x[0]:a + x[1]] == 3) | (g[a + x[0]:a + x[1]] == 4)).any())
            pt = {a + i for j, cc in con.items() if cc == c for i in range(*P[j][:2])}
            if c in src and pt:
                ap += 1
                S = {a + i for i in range(*P[src[c]][:2])}
                for CU, SO, CO in gold_by_para.get(k, []):
                    if any(a + i in CU for i in range(*x[:2])) and S & SO:
                        CO = {i for i in CO if a <= i < b}
                        if CO | pt and len(CO & pt) / len(CO | pt) >= .5:
                            ah += 1
                            break
    gs = [x for x in spans(g.tolist()) if x[2] == 2 and sp[x[0]:x[1]].any()]
    gh = sum(bool(((pred[x[0]:x[1]] == 3) | (pred[x[0]:x[1]] == 4)).any()) for x in gs)
    pct = lambda a, b: 100 * a / max(1, b)
    return dict(n=n, cue=pct(cue_ok, n), src=pct(src_ok, n), con=pct(con_ok, n), all3=pct(full, n),
                direct=pct(ty_c[0], ty_n[0]), mixed=pct(ty_c[2], ty_n[2]), indirect=pct(ty_c[1], ty_n[1]),
                cueP=pct(ph, pc), cueR=pct(gh, len(gs)), fullP=pct(ah, ap), nfull=ap)


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
