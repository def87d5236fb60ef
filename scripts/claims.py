#!/usr/bin/env python3
"""Score claims and attitudes.

  claims.py GOLD.jsonl [GOLD.jsonl ...] PRED.jsonl
  claims.py --stream STREAM.txt           prints a file of internal/claim/testdata/streams as such lines
  claims.py --real LABELS.jsonl NEWS.jsonl DIR
                                          writes a file of internal/claim/testdata/real as such lines, one file an event, with the
                                          words of the articles of NEWS
  claims.py --together GOLD.jsonl ...     prints the lines of all files as one stream in the order of time, each file moved in
                                          time so that all begin at once

GOLD   {"id","gold_claim","gold_stance", ...}; claims of different files are different.
PRED   {"id","claim","stance"}; a statement without a prediction is a claim of its own, without a stance.
Prints:
* pairwise P/R/F1 (pairs of statements in one claim) and B-cubed P/R/F1;
* the share of statements whose claim is right, and the stances of those: accuracy and P/R/F1 by stance. Each predicted claim
  stands for the gold claim of most of its statements (ties: of the first of them), and each gold claim for at most one
  predicted claim, the one with most of its statements; a statement's claim is right if it lies in both;
* "denies" against all statements, whatever their claim: predicted "denies" where gold says "denies";
* "denies, claim right": precision over predicted denials whose claim is right, recall over all gold denials of which the
  claim is right;
* wrong side: gold says "denies" and "asserts" or "confirms" is predicted, or the reverse, among statements whose claim is
  right and whose gold stance is one of those three;
* disputed claims: predicted claims with statements on both sides; right, if in two of them on different sides the claim is one
  in gold and the sides differ too;
* flipped claims: predicted claims in which every statement on a side is on the wrong one, of two or more: their
  proposition is the opposite of the gold one. They count as wrong above.
"""
import collections
import datetime
import json
import sys


def lines(path):
    with open(path, encoding='utf-8') as f:
        return [json.loads(line) for line in f if line.strip()]


def prf(hit, pred, gold):
    p, r = (hit / pred if pred else 0.0), (hit / gold if gold else 0.0)
    return p, r, (2 * p * r / (p + r) if p + r else 0.0)


def three(x):
    return 'P %.3f  R %.3f  F1 %.3f' % x


def pairs(n):
    return n * (n - 1) // 2


def grouping(gold, pred):
    """gold, pred: id -> claim. Returns pairwise and B-cubed P/R/F1."""
    both, g, p = (collections.Counter() for _ in range(3))
    for k in gold:
        both[gold[k], pred[k]] += 1
        g[gold[k]] += 1
        p[pred[k]] += 1
    pairwise = prf(sum(map(pairs, both.values())), sum(map(pairs, p.values())), sum(map(pairs, g.values())))
    bp = sum(n * n / p[pc] for (_, pc), n in both.items()) / len(gold)
    br = sum(n * n / g[gc] for (gc, _), n in both.items()) / len(gold)
    return pairwise, (bp, br, 2 * bp * br / (bp + br))


def meant(order, gold, pred):
    """The pairs of (gold claim, predicted claim) that stand for each other."""
    votes, size = collections.defaultdict(dict), collections.Counter()
    for k in order:
        votes[pred[k]][gold[k]] = votes[pred[k]].get(gold[k], 0) + 1
        size[gold[k], pred[k]] += 1
    stands = {p: max(v, key=v.get) for p, v in votes.items()}  # the first of those with most
    best = {}
    for p, g in stands.items():
        if g not in best or size[g, p] > size[g, best[g]]:
            best[g] = p
    return {(g, p) for g, p in best.items()}


SIDE = {'asserts': 1, 'confirms': 1, 'denies': -1}


def stances(order, gold, pred, gs, ps):
    ok = meant(order, gold, pred)
    right = [k for k in order if (gold[k], pred[k]) in ok]
    print('claim right: %d of %d (%.3f); their stance right: %.3f' % (
        len(right), len(order), len(right) / len(order), sum(gs[k] == ps[k] for k in right) / max(1, len(right))))
    for s in ('asserts', 'confirms', 'denies', 'doubts', 'demands', 'asks'):
        n = sum(gs[k] == s for k in right)
        print('  %-9s n %3d  %s' % (s, n, three(prf(sum(gs[k] == ps[k] == s for k in right), sum(ps[k] == s for k in right), n))))
    d = lambda ks: three(prf(sum(gs[k] == ps[k] == 'denies' for k in ks), sum(ps[k] == 'denies' for k in ks), sum(gs[k] == 'denies' for k in ks)))
    print('denies, claim right: ' + d(right))
    print('denies, all: ' + d(order))
    for name, ks in (('claim right', right), ('all', order)):
        sided = [k for k in ks if gs[k] in SIDE]
        wrong = [k for k in sided if SIDE.get(ps[k], 0) == -SIDE[gs[k]]]
        print('wrong side, %s: %d of %d (%.3f)' % (name, len(wrong), len(sided), len(wrong) / max(1, len(sided))))
    print('disputed claims: ' + disputed(order, gold, pred, gs, ps))
    by = collections.defaultdict(list)
    for k in right:
        if gs[k] in SIDE and ps[k] in SIDE:
            by[pred[k]].append(SIDE[gs[k]] == SIDE[ps[k]])
    print('flipped claims: %d' % sum(len(v) > 1 and not any(v) for v in by.values()))


TAKES = dict(SIDE, doubts=-1)


def disputed(order, gold, pred, gs, ps):
    told, known = collections.defaultdict(list), collections.defaultdict(set)
    for k in order:
        if ps[k] in TAKES:
            told[pred[k]].append(k)
        known[gold[k]].add(TAKES.get(gs[k], 0))
    both = [ks for ks in told.values() if len({TAKES[ps[k]] for k in ks}) == 2]
    right = sum(any(TAKES[ps[a]] == 1 and TAKES[ps[b]] == -1 and gold[a] == gold[b] and TAKES.get(gs[a], 0) * TAKES.get(gs[b], 0) == -1
                    for a in ks for b in ks) for ks in both)
    return '%d predicted, %d of them right; %d in gold' % (len(both), right, sum({1, -1} <= v for v in known.values()))


def together(paths):
    rows, begin = [], None
    for i, path in enumerate(paths):
        first = None
        for j, r in enumerate(lines(path)):
            at = datetime.datetime.fromisoformat(r['published'].replace('Z', '+00:00'))
            first = first or at
            begin = begin or at
            rows.append((at - first, i, j, r))
    for gap, _, _, r in sorted(rows, key=lambda x: x[:3]):
        r['published'] = (begin + gap).isoformat()
        print(json.dumps(r, ensure_ascii=False))


ATTITUDE = {'+': 'asserts', '-': 'denies', '?': 'doubts', '!': 'demands', 'q': 'asks'}


def stream(path):
    name = path.rsplit('/', 1)[-1][:-len('.txt')]
    articles = alone = n = 0
    with open(path, encoding='utf-8') as f:
        for line in f:
            line = line.strip()
            if not line or line[0] == '#' or line.startswith('= '):
                continue
            if line.startswith('@ '):
                at, outlet, title = line[2:].split(' | ', 2)
                articles += 1
                continue
            speaker, stance, claim, content = line.split(' | ', 3)
            claim, attitude = claim.split()
            if claim == 'x':
                alone += 1
                claim += str(alone)
            gold = ATTITUDE[attitude]
            n += 1
            print(json.dumps({
                'id': '%s-%03d' % (name, n), 'article': '%s-a%02d' % (name, articles), 'title': title, 'published': at + ':00Z', 'outlet': outlet,
                'speaker': speaker, 'speaker_type': 'unnamed' if speaker.startswith('unnamed') else 'person', 'stance': stance, 'content': content,
                'gold_claim': name + '-' + claim, 'gold_stance': 'confirms' if gold == 'asserts' and stance == 'confirms' else gold,
            }, ensure_ascii=False))


def real(labels, news, folder):
    articles = {a['id']: a for a in lines(news)}
    events, alone = collections.defaultdict(list), 0
    for n, r in enumerate(lines(labels)):
        a = articles[r['article']]
        claim = r['claim']
        if claim == '-':
            alone += 1
            claim += str(alone)
        events[r['event']].append({
            'id': '%s-%04d' % (r['event'], n), 'article': a['id'], 'title': a['title'], 'published': a['date_publish'].replace(' ', 'T') + 'Z',
            'outlet': a['source_domain'], 'speaker': r['speaker'], 'speaker_type': r['speaker_type'], 'stance': r['stance'],
            'content': ' '.join(a['text'][b:e] for b, e in r['content']), 'gold_claim': claim, 'gold_stance': r['attitude'],
        })
    for event, rows in events.items():
        with open('%s/%s.jsonl' % (folder, event), 'w', encoding='utf-8') as f:
            f.writelines(json.dumps(r, ensure_ascii=False) + '\n' for r in rows)


def main(args):
    if len(args) == 4 and args[0] == '--real':
        real(*args[1:])
        return 0
    if len(args) == 2 and args[0] == '--stream':
        stream(args[1])
        return 0
    if len(args) > 1 and args[0] == '--together':
        together(args[1:])
        return 0
    if len(args) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    gold, gs, order = {}, {}, []
    for path in args[:-1]:
        for r in lines(path):
            order.append(r['id'])
            gold[r['id']], gs[r['id']] = (path, r['gold_claim']), r['gold_stance']
    answers = {r['id']: r for r in lines(args[-1])}
    pred = {k: answers[k]['claim'] if k in answers else ('none', k) for k in order}
    ps = {k: answers[k]['stance'] if k in answers else '' for k in order}
    pairwise, cubed = grouping(gold, pred)
    print('statements %d, gold claims %d, predicted %d, missing %d' % (
        len(order), len(set(gold.values())), len(set(pred.values())), len(set(order) - set(answers))))
    print('pairwise  ' + three(pairwise))
    print('B-cubed   ' + three(cubed))
    stances(order, gold, pred, gs, ps)
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
