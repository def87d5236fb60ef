#!/usr/bin/env python3
"""Brings `crosscheck read --json --plain --explain` into PolNeAR's form, line by line.

PolNeAR annotates one flat layer: a quotation that goes on belongs to the
attribution it goes on from, what is reported inside a report is not annotated,
and neither is a quotation that no one is said to have said. It does annotate
what was not said, or not yet: "did not say whether", "would say", "declined
to". So here, what goes on is joined to what it goes on from, nested statements
and those without a cue are left out, and what crosscheck rejected for one of
these reasons is put back.
"""
import json
import sys

NOT_SAID = {
    "negated", "refused to say", "not yet said", "not able to say", "the writer's own words", "said by no one",
    "claims a thing", "asks for anonymity", "reports no more than a pronoun",
}

for line in sys.stdin:
    d = json.loads(line)
    for s in d["statements"]:
        if s.get("follows"):
            d["statements"][s["follows"] - 1]["content"].extend(s["content"])
    d["statements"] = [s for s in d["statements"] if s["cue"] and not s.get("outer")]
    for r in d.get("rejected", []):
        if r["why"] in NOT_SAID and r["mention"] and r["by"].startswith("network") and "inside" not in r["by"]:
            d["statements"].append(dict(r, speaker="-"))
    print(json.dumps(d))
