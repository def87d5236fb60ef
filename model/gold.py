"""Own articles in the JSON gold form, rewritten in the form in which PolNeAR is labelled.

There a content has its quotation marks and the leading "that", a cue its auxiliaries, a source its apposition; a quotation that goes
on behind the cue is part of the content; what is told inside a content is not labelled."""
import json, re

BEFORE_CUE = re.compile(r"\b(?:has|have|had|is|are|was|were|be|been|being|also|later|then|to|will|would) $", re.I)
APPOSITION = re.compile(r", (?!(?:and|but|or|in|on|at|with|by|as|while|after|when|if|for|to|from|citing)\b)(?:\d+|[a-z][\w’'-]*)(?<!ing)(?<!ed)\b")
ROLE = re.compile(r"(?:^|[^\w,])((?:[Tt]he|An?|an?|[Ii]ts|[Hh]is|[Hh]er|[Tt]heir|[A-Z][\w-]*(?: [A-Z][\w-]*){0,3}['’]s)(?: [\w’'-]+){1,9}, )$")
END = re.compile(r"[.!?](?=\s+[^\sa-z]|\s*$)|[“”\"‘\n;:]|,? (?:and|but|adding|while|after) ")
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


def wide_source(text, a, b, cue, others):
    """With the role before a name and the apposition behind it, and the comma that closes them. others are the other spans."""
    before = text[max([x[1] for x in others if x[1] <= a] + [text.rfind("\n", 0, a) + 1]):a]
    between = text[b:cue[0]] if b <= cue[0] < b + LONGEST else ""
    if re.search(r"[.!?“”\"\n;:] ", between):
        between = ""
    last = between.rfind(",")
    if between.startswith(",") and (role := ROLE.search(before)):
        a -= len(role[1])
    elif between.startswith(",") and "," in text[a:b]:
        last = max(last, 0)
    elif not APPOSITION.match(text, b):
        return a, b
    if between:
        return a, b + last + 1
    stop = min([x[0] for x in others if x[0] >= b], default=len(text))
    if end := END.search(text, b + 2, min(stop, b + LONGEST)):
        stop = end.start()
    return (a, b) if stop - b >= LONGEST else (a, b + len(text[b:stop].rstrip(" ,")))


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
    cues_of = {}  # a source may serve several cues
    for cue, source, _ in relations:
        for x in source:
            cues_of.setdefault(x, []).append(cue[0])
    wide = {x: wide_source(text, *x, min(c), [y for y in flat if y != x]) for x, c in cues_of.items()}
    relations = [(c, [wide[x] for x in s], k) for c, s, k in relations]
    spans = [(*x, t) for t, role in ((3, 2), (1, 1), (2, 0)) for r in relations for x in r[role]]  # the cue is painted last
    return spans, [r for r in relations if r[0]]
