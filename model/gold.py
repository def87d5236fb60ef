"""Own articles in the JSON gold form, rewritten in the form in which PolNeAR is labelled.

There a content has its quotation marks and the leading "that", a cue its auxiliaries, a source its apposition; a quotation that goes
on behind the cue is part of the content; what is told inside a content is not labelled."""
import json, re

BEFORE_CUE = re.compile(r"\b(?:has|have|had|is|are|was|were|be|been|being|also|later|then|to|will|would) $", re.I)
APPOSITION = re.compile(r", (?:an?|the|who|whose|which|his|her|its|their|\d+|(?:chief|head|director|deputy|spokes\w+|former|president|minister|mayor|governor|secretary|chair\w*)\b)", re.I)
END = re.compile(r"[.!?](?=\s+[^\sa-z]|\s*$)|[“”\"‘\n;:]|,? (?:and|but|adding|while|as) ")
LONGEST = 200  # characters of an apposition


def read(file):
    x = json.load(open(file, encoding="utf8"))
    return x["statements"] if isinstance(x, dict) else x


def cover(a, b):
    return a[0] <= b[0] < a[1]


def wide_content(text, a, b):
    quoted = a > 0 and text[a - 1] in "“\"‘'"
    end = re.compile(r"[.,!?;…—-]*[”\"’'](?!\w)").match(text, b)
    if end:
        b = end.end()
    elif quoted and (end := re.compile(r"[.!?…]+(?=\n|$)").match(text, b)):
        b = end.end()
    if quoted:
        a -= 1
    elif text[:a].lower().endswith(" that "):
        a -= 5
    return a, b


def wide_cue(text, a, b):
    while m := BEFORE_CUE.search(text, max(0, a - 12), a):
        a = m.start()
    if text.startswith(" in a statement", b):
        b += len(" in a statement")
    return a, b


def wide_source(text, a, b, others):
    """With the apposition behind it, if it ends before the cue or the sentence does. others are the other spans of the article."""
    if not APPOSITION.match(text, b):
        return a, b
    stop = min([x[0] for x in others if x[0] >= b], default=len(text))
    if end := END.search(text, b + 2, min(stop, b + LONGEST)):
        stop = end.start()
    if stop - b >= LONGEST:
        return a, b
    return a, b + len(text[b:stop].rstrip(" ,"))


def convert(text, records):
    """Spans (start, end, label) and relations (cue, source, content), as prep.article wants them."""
    nested = [any(cover(c, r["cue"] or r["content"][0]) for o in records if o is not r for c in o["content"]) for r in records]
    records = [r for r, n in zip(records, nested) if not n]
    relations, open_by = [], {}
    for r in sorted(records, key=lambda r: r["content"][0][0]):
        content = [wide_content(text, *c) for c in r["content"]]
        if r["cue"]:
            relations.append(([wide_cue(text, *r["cue"])], [tuple(r["mention"])] if r["mention"] else [], content))
            open_by[r["speaker"]] = relations[-1]
            continue
        last = open_by.get(r["speaker"])
        if last and "\n" not in text[last[0][0][0]:content[0][0]]:
            last[2].extend(content)
        else:
            relations.append(([], [], content))
    flat = [x for r in relations for part in r for x in part]
    relations = [(c, [wide_source(text, *x, [y for y in flat if y != x]) for x in s], k) for c, s, k in relations]
    spans = [(*x, t) for t, role in ((3, 2), (1, 1), (2, 0)) for r in relations for x in r[role]]  # the cue is painted last
    return spans, [r for r in relations if r[0]]
