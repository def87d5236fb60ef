"""Trains the tagger: python3 train.py --data DATA --out FILE [--seed 1] [--epochs 8] [--start MODEL]

--start  begins with the weights of a tagger or of an exported model (which has no auxiliary heads: --aux 0); of several, joined by
         commas, with their mean, which wants a common ancestor; --epochs 0 only writes and measures it
--styles, --names  how often a run of text gets other quotation marks, and a name is hidden"""
import argparse, copy, math, os, time
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from common import *
from net import *
from weights import states


def set_lr(opt, lr, x, warm=.03):
    v = lr * min(1, x / warm) * (.5 + .5 * math.cos(math.pi * min(1, x)))
    for g in opt.param_groups:
        g["lr"] = v


@torch.no_grad()
def run(m, D, split, size=512, bs=16):
    """hidden states and Viterbi labels of every token"""
    m.eval()
    s = D.s[split]
    ch = chunks(s["ids"], s["off"], size)
    ch = ch[np.argsort(ch[:, 0] - ch[:, 1], kind="stable")]
    y = torch.zeros(len(s["ids"]), dtype=torch.long)
    H = torch.zeros(len(s["ids"]), m.heads.out.in_features)
    for i in range(0, len(ch), bs):
        ix = batch_index(ch[i:i + bs])
        f, forced, pad, _ = D.inputs(split, ix)
        h = m.encode(f, pad)
        y[ix[~pad]] = viterbi(potentials(m.heads.trans, m.heads.out(h), forced))[~pad]
        H[ix[~pad]] = h[~pad]
    return y.numpy(), H


def hide_names(f, names, p):
    """A hidden name has no vector and no own row; half of them get endings and beginnings of no word."""
    hit = names & (torch.rand(names.shape) < p)
    f[..., 0].masked_fill_(hit, 0)
    f[..., 1].masked_fill_(hit, 2)
    odd = hit & (torch.rand(names.shape) < .5)
    for i in (2, 3):
        f[..., i] = torch.where(odd, torch.randint(1, 4097, odd.shape), f[..., i])


def loss_of(m, D, ix, pairs, silver, a):
    style = torch.multinomial(torch.tensor([1 - a.styles] + [a.styles / 3] * 3), len(ix), True) if a.styles else None
    f, forced, pad, names = D.inputs("train", ix, style)
    if a.names:
        hide_names(f, names, a.names)
    h = m.encode(f, pad, a.hide)
    phi = potentials(m.heads.trans, m.heads.out(h), forced)
    j = ix.clamp(min=0)
    gold = torch.where(pad, 0, pairs[j])
    score = phi.flatten(2).gather(2, gold[..., None])[..., 0]
    # the step into padding starts from the last label, whatever it is
    last = (~pad).sum(1)
    rows = torch.nonzero(last < ix.shape[1])[:, 0]
    p = pairs[j[rows, last[rows] - 1]] % L
    score = score.clone()
    score[rows, last[rows]] = phi[rows, last[rows], p, 0]
    loss = (log_z(phi) - score.sum(1)).sum() / (~pad).sum()
    t = silver[j]
    t[pad] = -1
    if a.aux and (t >= 0).any():
        for k, head in enumerate(m.heads.aux):
            loss = loss + a.aux * F.cross_entropy(head(h).flatten(0, 1), t[..., k].flatten(), ignore_index=-1)
    return loss


def mean_of(start):
    """The mean of the weights of several taggers."""
    taggers = [states(x)[1] if os.path.isdir(x) else torch.load(x)["state"] for x in start.split(",")]
    return {k: sum(s[k] for s in taggers) / len(taggers) for k in taggers[0]}


def batches(ch, n):
    """Runs of like length together, in any order."""
    p = np.random.permutation(len(ch))
    p = p[np.argsort((ch[p, 1] - ch[p, 0]) // 32, kind="stable")]
    plan = [p[i:i + n] for i in range(0, len(p), n)]
    np.random.shuffle(plan)
    return plan


def arguments():
    ap = argparse.ArgumentParser()
    ap.add_argument("--data", required=True)
    ap.add_argument("--out", required=True)
    ap.add_argument("--start")
    ap.add_argument("--arch", default="c1,g64,c1,g64,c1,g64")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--epochs", type=int, default=8)
    ap.add_argument("--lr", type=float, default=2e-3)
    ap.add_argument("--size", type=int, default=256)
    ap.add_argument("--batch", type=int, default=8)
    ap.add_argument("--dropout", type=float, default=.2)
    ap.add_argument("--hide", type=float, default=.05)
    ap.add_argument("--aux", type=float, default=.15)
    ap.add_argument("--styles", type=float, default=0)
    ap.add_argument("--names", type=float, default=0)
    return ap.parse_args()


def optimizer(m, lr):
    decayed = [p for n, p in m.named_parameters() if p.ndim > 1 and "tables" not in n and "trans" not in n]
    ids = {id(p) for p in decayed}
    rest = [p for p in m.parameters() if id(p) not in ids]
    return torch.optim.AdamW([dict(params=decayed, weight_decay=.02), dict(params=rest, weight_decay=0)], lr=lr, betas=(.9, .98))


def main():
    a = arguments()
    torch.manual_seed(a.seed); np.random.seed(a.seed)
    t0 = time.time()
    D = Data(a.data)
    m = Student(D.glove, a.arch, p=a.dropout)
    if a.start:
        m.load_state_dict(mean_of(a.start), strict=False)
    print(a.arch, "MAC/token", m.macs, "parameters", sum(p.numel() for p in m.parameters()), flush=True)
    gold = D.s["train"]["gold"]
    pairs = torch.as_tensor(np.append(0, gold[:-1]) * L + gold)
    silver = torch.as_tensor(D.z["silver"].astype(np.int64))
    ch = chunks(D.s["train"]["ids"], D.s["train"]["off"], a.size)
    opt = optimizer(m, a.lr)
    ema = copy.deepcopy(m)
    total, step = a.epochs * -(-len(ch) // a.batch), 0
    for epoch in range(1, a.epochs + 1):
        m.train()
        plan, sum_ = batches(ch, a.batch), 0.
        for rows in plan:
            set_lr(opt, a.lr, step / total)
            loss = loss_of(m, D, batch_index(ch[rows]), pairs, silver, a)
            opt.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(m.parameters(), 1.0)
            opt.step()
            step += 1
            w = min(.998, step / (step + 20))
            with torch.no_grad():
                for x, y in zip(ema.parameters(), m.parameters()):
                    x.lerp_(y, 1 - w)
            sum_ += float(loss)
        print(f"epoch {epoch} {time.time() - t0:.0f}s loss {sum_ / len(plan):.4f}", flush=True)
    torch.save(dict(arch=a.arch, state={k: v for k, v in ema.state_dict().items() if k != "emb.glove"}), a.out)
    for split in ("dev", "gold"):
        if split in D.s:
            print(show(split, *D.evaluate(split, run(ema, D, split)[0])), flush=True)


if __name__ == "__main__":
    main()
