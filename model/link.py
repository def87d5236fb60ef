"""Pairwise linker over a trained tagger: python3 link.py --data DIR --tagger FILE --out FILE

Each cue picks a source span of its paragraph, each content span picks a cue of its paragraph, or none."""
import argparse
from collections import Counter
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from common import *
from net import *
from train import run

D_LINK, K = 32, 10
MARGIN = (2.0, 0.0)  # taken off the score of "none" for sources and contents
FEATS = (18, 8, 8, 6, 8)  # signed gap, cues between, same-type spans between, sentence ends between, quote marks between


def buck(d):
    return sum(d >= x for x in (1, 2, 3, 4, 6, 9, 15, 26))


class Linker(nn.Module):
    """rep of a span = first, last and mean hidden state. t: 0 source, 1 content."""
    def __init__(self, h):
        super().__init__()
        self.anchor = nn.ModuleList(nn.Linear(3 * h, D_LINK) for _ in range(2))
        self.cand = nn.ModuleList(nn.Linear(3 * h, D_LINK) for _ in range(2))
        self.none = nn.ModuleList(nn.Linear(D_LINK, 1) for _ in range(2))
        self.feat = nn.ParameterList(nn.Parameter(torch.zeros(2, n)) for n in FEATS)

    def forward(self, t, A, C, f, ok):
        """A n,3h; C n,K,3h; f n,K,5; ok n,K -> n,K+1 (last = none)"""
        a, c = self.anchor[t](A), self.cand[t](C)
        s = (a[:, None] * c).sum(-1) / D_LINK ** .5
        for i, p in enumerate(self.feat):
            s = s + p[t][f[..., i]]
        return torch.cat([s.masked_fill(~ok, NEG), self.none[t](a)], 1)


def pair_features(x, c, t, P, flags):
    """x span, c cue (paragraph offsets), t label of x"""
    after = x[0] >= c[1]
    lo, hi = (c[1], x[0]) if after else (x[1], c[0])
    btw = [y for y in P if lo <= y[0] and y[1] <= hi]
    fl = flags[lo:hi]
    return (buck(max(0, hi - lo)) + 9 * after, min(3, sum(y[2] == 2 for y in btw)) + 4 * after,
            min(3, sum(y[2] == t for y in btw)) + 4 * after, min(2, int((fl == 4).sum())) + 3 * after,
            min(3, int(((fl >= 1) & (fl <= 3)).sum())) + 4 * after)


def candidates(P, t, flags):
    """groups of one paragraph: (anchor, candidates, features); t 1: cue -> sources, t 3: content -> cues"""
    anchors = [k for k, x in enumerate(P) if x[2] == (2 if t == 1 else 3)]
    cands = [k for k, x in enumerate(P) if x[2] == (1 if t == 1 else 2)]
    for a in anchors:
        d = sorted(cands, key=lambda k: (max(P[a][0] - P[k][1], P[k][0] - P[a][1]), k))[:K]
        yield a, d, [pair_features(P[k], P[a], t, P, flags) if t == 1 else pair_features(P[a], P[k], t, P, flags) for k in d]


def reps(H, S):
    s, e = torch.as_tensor(S[:, 0]), torch.as_tensor(S[:, 1])
    cs = torch.cat([torch.zeros(1, H.shape[1], dtype=torch.double), H.double().cumsum(0)])
    return torch.cat([H[s], H[e - 1], ((cs[e] - cs[s]) / (e - s)[:, None]).float()], 1)


def groups(D, split, pred, gold_rels):
    s = D.s[split]
    fl = D.flags[s["ids"]].copy()
    fl[s["ids"] == 0] = 0
    ps, pe = paragraphs_of(s["ids"])
    doc = np.searchsorted(s["off"], ps, "right") - 1
    S, G = [], {0: [], 1: []}
    owner = {}  # token, role -> relations
    for d, rr in enumerate(gold_rels):
        o = int(s["off"][d])
        for n, r in enumerate(rr):
            for role, tk in enumerate(r):
                for i in tk:
                    owner.setdefault((o + i, role), []).append((d, n))
    for k in range(len(ps)):
        a, b = int(ps[k]), int(pe[k])
        y = pred[a:b].tolist()
        if max(y) == 0:
            continue
        P = spans(y)
        base = len(S)
        S += [(a + x[0], a + x[1]) for x in P]

        def relations_of(x, role):  # those with most tokens: several cues may share a source
            v = Counter(r for i in range(x[0], x[1]) for r in owner.get((a + i, role), ()))
            return {r for r in v if v[r] == max(v.values())}
        rc = [relations_of(x, {1: 1, 2: 0, 3: 2}[x[2]]) for x in P]
        for t in (1, 3):
            for an, cd, ft in candidates(P, t, fl[a:b]):
                lab = K
                if rc[an]:
                    lab = next((j for j, c in enumerate(cd) if rc[c] & rc[an]), K)
                elif t == 3:
                    continue
                G[t // 2].append((base + an, [base + c for c in cd], ft, lab))
    return np.array(S, np.int64).reshape(-1, 2), G


def tensors(G):
    n = len(G)
    an = torch.tensor([g[0] for g in G])
    cd = torch.zeros(n, K, dtype=torch.long); ok = torch.zeros(n, K, dtype=torch.bool); ft = torch.zeros(n, K, 5, dtype=torch.long)
    for i, g in enumerate(G):
        k = len(g[1])
        if k:
            cd[i, :k] = torch.tensor(g[1]); ok[i, :k] = True; ft[i, :k] = torch.tensor(np.array(g[2], dtype=np.int64))
    return an, cd, ft, ok, torch.tensor([g[3] for g in G])


def make_links(lk, D, split, H, margin=MARGIN):
    fl = D.flags[D.s[split]["ids"]].copy()
    fl[D.s[split]["ids"] == 0] = 0

    @torch.no_grad()
    def links(a, b, P):
        res = ({}, {})
        if not P:
            return res
        R = reps(H[a:b], np.array([x[:2] for x in P]))
        for t in (1, 3):
            g = [(an, cd, ft, 0) for an, cd, ft in candidates(P, t, fl[a:b])]
            if not g:
                continue
            an, cd, ft, ok, _ = tensors(g)
            sc = lk(t // 2, R[an], R[cd], ft, ok)
            sc[:, -1] -= margin[t // 2]
            j = sc.argmax(1).tolist()
            for x, c in zip(g, j):
                if c < K:
                    res[t // 2][x[0]] = x[1][c]
        return res
    return links


def load_tagger(D, file):
    z = torch.load(file)
    m = Student(D.glove, z["arch"])
    m.load_state_dict(z["state"], strict=False)
    return m.eval()


def measure(D, m, lk, margin=MARGIN):
    for split in ("dev", "gold"):
        if split in D.s:
            y, H = run(m, D, split)
            print(show(split, *D.evaluate(split, y, make_links(lk, D, split, H, margin))), flush=True)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--data", required=True)
    ap.add_argument("--tagger", required=True)
    ap.add_argument("--out", required=True)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--epochs", type=int, default=5)
    a = ap.parse_args()
    torch.manual_seed(a.seed)
    D = Data(a.data)
    m = load_tagger(D, a.tagger)
    pred, H = run(m, D, "train")
    lk = Linker(H.shape[1])
    parts = []
    for y in (D.s["train"]["gold"], pred):
        S, G = groups(D, "train", y, D.meta["rels"]["train"])
        parts.append((reps(H, S), [tensors(G[t]) for t in (0, 1)]))
    del H
    opt = torch.optim.AdamW(lk.parameters(), lr=2e-3, weight_decay=.05)
    for ep in range(a.epochs):
        for g in opt.param_groups:
            g["lr"] = 2e-3 * (1 - ep / a.epochs)
        tot = n = 0
        plan = [(p, t, i) for p in (0, 1) for t in (0, 1) for i in torch.randperm(len(parts[p][1][t][0])).split(256)]
        for q in torch.randperm(len(plan)).tolist():
            p, t, i = plan[q]
            R, T = parts[p]
            an, cd, ft, ok, y = (v[i] for v in T[t])
            loss = F.cross_entropy(lk(t, F.dropout(R[an], .3), F.dropout(R[cd], .3), ft, ok), y)
            opt.zero_grad(); loss.backward(); opt.step()
            tot += float(loss) * len(i); n += len(i)
        print(f"linker epoch {ep + 1} loss {tot / n:.4f}", flush=True)
    lk.eval()
    torch.save(lk.state_dict(), a.out)
    measure(D, m, lk)


if __name__ == "__main__":
    main()
