"""Writes weights.bin, vocab.tsv and fixtures.json: python3 export.py --data DIR --tagger FILE --linker FILE --out DIR --texts FILE

FILE of texts: documents separated by a blank line, one paragraph a line."""
import argparse, json, os, struct
import numpy as np
import torch
from common import *
from net import *
from link import MARGIN, Linker, load_tagger
from weights import layout
import reference as ref


def tensors_of(m, lk, D):
    s = {**{k: v.numpy() for k, v in m.state_dict().items()}, **{"link." + k: v.numpy() for k, v in lk.state_dict().items()}}
    yield "glove.q", D.z["glove_q"], "i8"
    yield "glove.scale", D.z["glove_s"], "f32"
    for name, torch_name, number in layout(m.arch):
        x = s[torch_name]
        if ".conv.w" in name:
            x = x.transpose(2, 0, 1)  # tap, out, in
        for t in (0, 1):
            x = x - (MARGIN[t] if name == f"link.{t}.none.b" else 0)
        yield name, x, number


def main():
    ap = argparse.ArgumentParser()
    for x in ("data", "tagger", "linker", "out", "texts"):
        ap.add_argument("--" + x, required=True)
    a = ap.parse_args()
    D = Data(a.data)
    m = load_tagger(D, a.tagger)
    lk = Linker(m.heads.out.in_features)
    lk.load_state_dict(torch.load(a.linker))
    lk.eval()
    blobs, head, off = [], [], 0
    for name, x, dt in tensors_of(m, lk, D):
        b = np.ascontiguousarray(x).astype({"i8": np.int8, "f16": "<f2", "f32": "<f4"}[dt]).tobytes()
        head.append(dict(name=name, dtype=dt, shape=list(x.shape), offset=off))
        b += b"\0" * (-len(b) % 64)
        blobs.append(b); off += len(b)
    h = dict(version=1, layers=m.arch.split(","), labels=ref.LABELS, macs_per_token=m.macs, tensors=head, data=0)
    n = 12 + len(json.dumps(h)) + 16
    n += -n % 64
    h["data"] = n
    j = json.dumps(h).encode()
    j += b" " * (n - 12 - len(j))
    os.makedirs(a.out, exist_ok=True)
    with open(a.out + "/weights.bin", "wb") as f:
        f.write(b"SNET0001" + struct.pack("<I", len(j)) + j + b"".join(blobs))
    glove = {w: i + 1 for i, w in enumerate(D.meta["vocab"])}
    own, cue = D.meta["words"], D.meta["cue_class"]
    with open(a.out + "/vocab.tsv", "w", encoding="utf8") as f:
        for w in sorted(set(glove) | set(own) | set(cue)):
            if "\t" not in w and "\n" not in w and w.strip():
                f.write(f"{w}\t{glove.get(w, 0)}\t{own.get(w, 0)}\t{cue.get(w, 0)}\n")
    head, W, vocab = ref.load(a.out)
    fx, worst = [], 0
    for text in open(a.texts, encoding="utf8").read().strip().split("\n\n"):
        toks, start = ref.tokenize(text)
        F = ref.features(toks, vocab)
        hid, lo = ref.forward(F, head, W)
        with torch.no_grad():
            t = m.heads.out(m.encode(torch.tensor(F)[None]))[0].numpy()
        worst = max(worst, float(np.abs(t - lo).max()))
        y = ref.decode(lo, toks, W["trans"])
        links = []
        marks = [i for i, w in enumerate(toks) if w == ref.PARA] + [len(toks)]
        for b, e in zip(marks, marks[1:]):
            S = ref.span_list(y[b:e])
            src, con = ref.link(hid[b:e], toks[b:e], S, W)
            for c in (k for k, x in enumerate(S) if x[2] == 2):
                tk = lambda k: [b + S[k][0], b + S[k][1]]
                links.append(dict(cue=tk(c), source=tk(src[c]) if c in src else None, content=[tk(k) for k in sorted(con) if con[k] == c]))
        fx.append(dict(text=text, tokens=[w if w != ref.PARA else "<p>" for w in toks], start=start, features=F,
                       logits=[[round(float(v), 5) for v in r] for r in lo], labels=y, statements=links))
    json.dump(fx, open(a.out + "/fixtures.json", "w"), ensure_ascii=False)
    print("weights", os.path.getsize(a.out + "/weights.bin"), "vocab", os.path.getsize(a.out + "/vocab.tsv"), "fixtures", len(fx), "largest difference to the trained net", worst)


if __name__ == "__main__":
    main()
