#!/usr/bin/env python3
"""Shift the events of labelled news into one week, so that they overlap.

  shift_stories.py NEWS.jsonl [SEED]

NEWS lines hold id, event, and date_publish. Each event is shifted as a whole:
the first articles of the events are spread evenly over one week, in an order
and at moments within their turn that SEED (default 1) decides; the spacing
within an event stays, but what would fall behind the end of the week falls on
its end. Writes the same lines in the order of time, to standard output.
"""
import collections
import datetime
import json
import random
import sys

WEEK = datetime.timedelta(days=7)
START = datetime.datetime(2018, 1, 1)


def main():
    rng = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    with open(sys.argv[1], encoding='utf-8') as f:
        news = [json.loads(line) for line in f]
    events = collections.defaultdict(list)
    for d in news:
        at = datetime.datetime.fromisoformat(d['date_publish'].replace('Z', '')).replace(tzinfo=None)
        events[json.dumps(d['event'])].append((at, d['id'], d))
    out = []
    order = sorted(events)
    rng.shuffle(order)
    for k, event in enumerate(order):
        articles = sorted(events[event], key=lambda a: a[:2])
        first = WEEK * ((k + rng.random()) / len(order))
        for n, (at, name, d) in enumerate(articles):
            offset = min(first + at - articles[0][0], WEEK)
            out.append((offset, at - articles[0][0], name, dict(d, date_publish=(START + offset).isoformat(timespec='seconds'))))
    for *_, d in sorted(out, key=lambda o: o[:3]):
        print(json.dumps(d, ensure_ascii=False))


if __name__ == '__main__':
    main()
