#!/usr/bin/env python3
"""Helps scripts/eval.sh to score places.

  places.py texts GOLD DIR         writes the texts of GOLD to DIR/ID.txt
  places.py pred RAW               rewrites what "crosscheck read --json" printed in the scorer's form
  places.py half N FILE            the lines of FILE in half N (0: looked at, 1: not), by a hash of the id
  places.py uses N GOLD RAW        of each type of name in half N of GOLD, what the names found were taken to be used for
"""
import collections
import hashlib
import json
import os
import sys


def lines(path):
    with open(path, encoding='utf-8') as f:
        for line in f:
            yield json.loads(line)


def half(d):
    return hashlib.sha256(d['id'].encode()).digest()[0] & 1


def main():
    what, args = sys.argv[1], sys.argv[2:]
    if what == 'texts':
        for d in lines(args[0]):
            with open(os.path.join(args[1], d['id'] + '.txt'), 'w', encoding='utf-8', newline='') as f:
                f.write(d['text'])
    elif what == 'pred':
        for d in lines(args[0]):
            print(json.dumps({'id': d['id'], 'toponyms': [
                {'start': p['span'][0], 'end': p['span'][1], 'lat': p['lat'], 'lon': p['lon']} for p in d['places']]}))
    elif what == 'half':
        for d in lines(args[1]):
            if half(d) == int(args[0]):
                print(json.dumps(d))
    elif what == 'uses':
        gold = {d['id']: d for d in lines(args[1]) if half(d) == int(args[0])}
        count = collections.defaultdict(collections.Counter)
        for d in lines(args[2]):
            if d['id'] in gold:
                types = {(t['start'], t['end']): t['type'] for t in gold[d['id']]['toponyms']}
                for p in d['places']:
                    count[types.get(tuple(p['span']), 'not in the gold')][p.get('use', 'place')] += 1
        for t, uses in sorted(count.items()):
            print(f'{t}:', ', '.join(f'{u} {n}' for u, n in uses.most_common()))


if __name__ == '__main__':
    main()
