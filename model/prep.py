"""Turns articles with labels into arrays: python3 prep.py --polnear DIR --silver FILE --base MODEL [--gold DIR [--fold K/N] [--repeat N]] DATA

--polnear  holds train/ and dev/: <id>.txt and <id>.ann (brat stand-off)
--silver   machine-made analyses of PolNeAR train: arrays pos, ner, relation, head (-1 is unknown), one row a token, and offsets
--base     an exported model (weights.bin, vocab.tsv): the word vectors are taken from it
--gold     articles in the JSON gold form: <id>.txt and <id>.json; they join the training articles, N times each
--fold     leaves every Nth gold article out, from the Kth on (0 is the first), to be measured on"""
import argparse, json, os, sys
from collections import Counter
from pathlib import Path
import numpy as np
import gold
from features import PARA, TOKEN, lower, split_clitic, type_features
from reference import load

OWN = 8192  # rows of the table of own words, with three for masks and the unknown
SPEECH = set("""said say says saying told tell tells telling according wrote write writes added adding asked announced noted noting
argued reported report reports tweeted tweeting claimed claims claiming denied denies insisted insists warned warns stated states
explained suggested called accused acknowledged admitted responded replied continued declared vowed promised pledged urged criticized
confirmed revealed testified recalled described citing cited concluded charged complained contended alleged asserted maintained
emphasized stressed""".split())


def article(text, spans, relations):
    """Tokens with a mark before each paragraph, their labels, and the tokens of each (cue, source, content). A span is (start, end,
    label) in characters, label 1 source, 2 cue, 3 content; a relation is three lists of (start, end)."""
    label, owner = [0] * (len(text) + 1), [0] * (len(text) + 1)
    for k, (a, b, t) in enumerate(spans):
        for i in range(a, min(b, len(text))):
            label[i], owner[i] = t, k + 1
    tokens, start, labels, pos = [], [], [], 0
    for p in text.split("\n"):
        found = [(m.group(), pos + m.start()) for m in TOKEN.finditer(p)]
        pos += len(p) + 1
        if not found:
            continue
        tokens.append(PARA); start.append(-1); labels.append(0)
        before = 0
        for w, s in found:
            tokens.append(w); start.append(s)
            labels.append(2 * label[s] - (owner[s] != before) if label[s] else 0)
            before = owner[s]
    inside = lambda sp: [i for i, s in enumerate(start) if s >= 0 and any(a <= s < b for a, b in sp)]
    return dict(tokens=tokens, labels=labels, relations=[[inside(x) for x in r] for r in relations])


def read_ann(file):
    """Spans and relations of a brat file; events without a cue are left out."""
    at, spans, relations = {}, [], []
    events = []
    for line in open(file, encoding="utf8"):
        p = line.rstrip("\n").split("\t")
        if line[0] == "E":
            e = {}
            for x in p[1].split():
                k, v = x.split(":", 1)
                e.setdefault(k.rstrip("0123456789"), []).append(v)
            events.append(e)
        elif line[0] == "T" and len(p) > 1:
            kind, _, rest = p[1].partition(" ")
            t = {"Source": 1, "Cue": 2, "Content": 3}.get(kind)
            for a, b in (map(int, x.split()) for x in rest.split(";") if t):
                spans.append((a, b, t))
                at.setdefault(p[0], []).append((a, b))
    for e in events:
        get = lambda k: [x for v in e.get(k, []) for x in at.get(v, [])]
        if cue := at.get(e.get("Cue", [None])[0]):
            relations.append((cue[:1], at.get(e.get("Source", [None])[0], []), get("Content")))
    return spans, relations


def polnear(folder):
    files = sorted(Path(folder).glob("*.txt"))
    return [article(f.read_bytes().decode(), *read_ann(f.with_suffix(".ann"))) for f in files]


def own_gold(folder):
    files = sorted(f for f in Path(folder).glob("*.txt") if f.with_suffix(".json").exists())
    return [article(t := f.read_bytes().decode(), *gold.convert(t, gold.read(f.with_suffix(".json")))) for f in files]


def words_of(articles):
    """The class of each word as a cue, and the rows of the most frequent words."""
    in_cue, seen, bases = Counter(), Counter(), Counter()
    for a in articles:
        for w, y in zip(a["tokens"], a["labels"]):
            if w != PARA:
                l = lower(w)
                seen[l] += 1
                in_cue[l] += y in (3, 4)
                bases[split_clitic(l)[0]] += 1
    classes = {w: 1 if n < 4 else 2 + int(np.digitize(in_cue[w] / n, (.02, .08, .25, .5, .8), right=True)) for w, n in seen.items()}
    return classes, {w: i + 3 for i, (w, n) in enumerate(bases.most_common(OWN - 3)) if n >= 3}


def names(types, counts):
    """Types that nearly always have their capital: not words at the start of a sentence."""
    return np.array([w[0].isupper() and counts[w.lower()] < .2 * counts[w] for w in types])


def by_token(types, counts):
    """What the features, the measures and the linker need to know of each type of token."""
    flag = lambda w: {"“": 1, "”": 2, '"': 3, ".": 4, "!": 4, "?": 4}.get(w, 5 if w[0].isupper() else 0)
    return dict(flags=np.array([flag(w) for w in types], np.uint8), len1=np.array([len(w) == 1 for w in types], np.uint8),
                names=names(types, counts), speech=np.array([w.lower() in SPEECH for w in types], np.uint8))


def main():
    ap = argparse.ArgumentParser()
    for x in ("polnear", "silver", "base"):
        ap.add_argument("--" + x, required=True)
    ap.add_argument("--gold")
    ap.add_argument("--fold")
    ap.add_argument("--repeat", type=int, default=4)
    ap.add_argument("data")
    a = ap.parse_args()
    parts = dict(train=polnear(a.polnear + "/train"), dev=polnear(a.polnear + "/dev"), gold=[])
    classes, words = words_of(parts["train"])  # of PolNeAR alone, so that all nets share them
    ours = own_gold(a.gold) if a.gold else []
    k, n = map(int, a.fold.split("/")) if a.fold else (0, 1)
    parts["gold"] = ours[k::n]
    added = [x for i, x in enumerate(ours) if not a.fold or i % n != k] * a.repeat

    _, W, (glove, _, _) = load(a.base)
    vocab = [""] * len(W["glove.q"])  # a row whose word cannot be written in vocab.tsv has none
    for w, i in glove.items():
        vocab[i - 1] = w
    z = np.load(a.silver)
    silver = np.stack([z[x] for x in ("pos", "ner", "relation", "head")], 1)
    if (got := np.cumsum([0] + [len(x["tokens"]) for x in parts["train"]])).tolist() != z["offsets"].tolist():
        sys.exit(f"prep: the analyses are of other articles ({z['offsets'][-1]} tokens, the articles have {got[-1]})")
    parts["train"] += added
    more = sum(len(x["tokens"]) for x in added)
    arrays = dict(silver=np.concatenate([silver, np.full((more, 4), -1, silver.dtype)]), glove_q=W["glove.q"].astype(np.int8), glove_s=W["glove.scale"])
    types = {PARA: 0, '"': 1, "“": 2, "”": 3, "‘": 4, "’": 5}
    for s, articles in parts.items():
        arrays[s + "_ids"] = np.array([types.setdefault(w, len(types)) for x in articles for w in x["tokens"]], np.int32)
        arrays[s + "_gold"] = np.array([y for x in articles for y in x["labels"]], np.int8)
        arrays[s + "_off"] = np.cumsum([0] + [len(x["tokens"]) for x in articles]).astype(np.int32)
        print(s, len(articles), "articles", arrays[s + "_off"][-1], "tokens", sum(len(x["relations"]) for x in articles), "cues")
    arrays["types"] = np.array([type_features(w, glove, words, classes) for w in types], np.int32).astype(np.uint16)
    counts = Counter(w for x in parts["train"] for w in x["tokens"])
    os.makedirs(a.data, exist_ok=True)
    np.savez(a.data + "/arrays.npz", **arrays, **by_token(list(types), counts))
    relations = {s: [x["relations"] for x in articles] for s, articles in parts.items()}
    json.dump(dict(rels=relations, cue_class=classes, words=words, vocab=vocab), open(a.data + "/meta.json", "w"))


if __name__ == "__main__":
    main()
