#!/usr/bin/env bash
# Prints the quality figures against labelled data: scripts/eval.sh DIR
#
# DIR holds articles/, statements/, stance/, stories/, places/, outages/ and eval/ (the scoring programs,
# Python 3). A part that is missing is named and not measured.
set -euo pipefail

data=${1:?usage: scripts/eval.sh DIR}
root=$(cd "$(dirname "$0")/.." && pwd)
crosscheck=$root/bin/crosscheck
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

if [ ! -d "$data/eval" ]; then
	echo "eval: no labelled data in $data: nothing is measured (make eval DATA=dir)"
	exit 0
fi

# have PATH… says whether all parts are there, and names those that are not.
have() {
	local p
	for p in "$@"; do
		[ -e "$data/$p" ] || { echo "eval: $data/$p is missing: not measured"; return 1; }
	done
}

# read_all PRED FLAG… FILE… reads every file; some may have nothing to read.
read_all() {
	local pred=$1
	shift
	"$crosscheck" read --json "$@" >"$pred" 2>"$out/stderr" || [ $? -eq 1 ]
	tail -n 1 "$out/stderr" | grep -v '^$' || true
}

# convert FROM TO EXPRESSION rewrites JSON lines; d is the line.
convert() {
	python3 -c '
import json, sys
for line in open(sys.argv[1], encoding="utf-8"):
    d = json.loads(line)
    print(json.dumps(eval(sys.argv[2])))' "$1" "$3" >"$2"
}

for set in aeb wcxb; do
	if have "articles/$set"; then
		echo "== reading: $set ($(ls "$data/articles/$set/html" | wc -l) pages)"
		read_all "$out/$set.raw" "$data/articles/$set"/html/*.html.gz
		convert "$out/$set.raw" "$out/$set.jsonl" 'dict(d, byline=", ".join(d.get("bylines") or []))'
		python3 "$data/eval/score_articles.py" "$data/articles/$set" "$out/$set.jsonl"
	fi
done

if have statements/polnear/dev; then
	dev=$data/statements/polnear/dev
	score() { python3 "$data/eval/score_statements.py" "$dev" "$1"; }
	echo "== statements: PolNeAR dev ($(ls "$dev"/*.txt | wc -l) articles), the network alone"
	(cd "$root" && go run ./internal/statement/net/bare "$(realpath "$dev")"/*.txt) >"$out/bare.jsonl"
	score "$out/bare.jsonl"
	read_all "$out/polnear.raw" --plain --explain "$dev"/*.txt
	echo "== statements: PolNeAR dev, the whole of it in PolNeAR's form (scripts/polnear.py says what that is)"
	python3 "$root/scripts/polnear.py" <"$out/polnear.raw" >"$out/polnear.jsonl"
	score "$out/polnear.jsonl"
	echo "== statements: PolNeAR dev, as crosscheck prints them"
	score "$out/polnear.raw"
fi

# gold PART scores a part of the project's own articles.
gold() {
	local dir=$root/internal/statement/testdata/gold/$1 f
	echo "== statements: own articles, $1 ($(ls "$dir"/*.txt | wc -l) articles)"
	for f in "$dir"/*.txt; do
		"$crosscheck" read --json --plain --published "$(sed -n 's/.*"published": "\([^"]*\)".*/\1/p' "${f%.txt}.json" | head -1)" "$f"
	done >"$out/gold-$1.jsonl"
	python3 "$data/eval/score_statements.py" "$dir" "$out/gold-$1.jsonl"
}
gold seen
gold unseen

# claims PART scores the project's own labelled statements: each situation a
# stream of its own, then all of them at once in one stream.
claims() {
	local dir=$root/internal/claim/testdata/gold/$1 f
	echo "== claims: own statements, $1 ($(cat "$dir"/*.jsonl | wc -l) statements)"
	for f in "$dir"/*.jsonl; do
		"$crosscheck" compare "$f"
	done >"$out/claims-$1.jsonl"
	python3 "$root/scripts/claims.py" "$dir"/*.jsonl "$out/claims-$1.jsonl"
	echo "== claims: own statements, $1, all situations at once"
	python3 "$root/scripts/claims.py" --together "$dir"/*.jsonl >"$out/together.jsonl"
	"$crosscheck" compare "$out/together.jsonl" >"$out/claims-$1.jsonl"
	python3 "$root/scripts/claims.py" "$dir"/*.jsonl "$out/claims-$1.jsonl"
}
claims seen
claims unseen
streams=$root/internal/claim/testdata/streams/unseen
mkdir "$out/streams"
for f in "$streams"/*.txt; do
	python3 "$root/scripts/claims.py" --stream "$f" >"$out/streams/$(basename "$f" .txt).jsonl"
	"$crosscheck" compare "$out/streams/$(basename "$f" .txt).jsonl"
done >"$out/claims-streams.jsonl"
echo "== claims: streams of extreme wordings, unseen ($(cat "$out/streams"/*.jsonl | wc -l) statements)"
python3 "$root/scripts/claims.py" "$out/streams"/*.jsonl "$out/claims-streams.jsonl"

# real PART scores labelled statements of real news, all those of whole articles,
# each event a stream of its own.
real() {
	local dir=$out/real-$1 f
	mkdir "$dir"
	python3 "$root/scripts/claims.py" --real "$root/internal/claim/testdata/real/$1.jsonl" "$data/stories/news.jsonl" "$dir"
	for f in "$dir"/*.jsonl; do
		"$crosscheck" compare --whole "$f"
	done >"$out/claims-real.jsonl"
	echo "== claims: all statements of whole articles of real news, $1 ($(cat "$dir"/*.jsonl | wc -l) statements)"
	python3 "$root/scripts/claims.py" "$dir"/*.jsonl "$out/claims-real.jsonl"
}
if have stories/news.jsonl; then
	real seen
	real unseen
fi

if have stance/fnc-1; then
	echo "== stance: the features of claims on the Fake News Challenge's training part"
	fnc=$(realpath "$data/stance/fnc-1")
	(cd "$root" && go run ./internal/claim/fnc "$fnc")
fi

as_input='{"id": d["id"], "title": d["title"], "text": d["text"], "published": (d.get("date_publish") or "").replace(" ", "T"), "url": d["url"], "outlet": d["source_domain"]}'

# stories GOLD INPUT groups the articles of INPUT and scores them.
stories() {
	"$crosscheck" group "$2" >"$out/stories.jsonl"
	python3 "$data/eval/score_stories.py" "$1" "$out/stories.jsonl"
}
if have stories/news.jsonl; then
	news=$data/stories/news.jsonl
	echo "== stories: $(wc -l <"$news") articles, in the order they were published"
	convert "$news" "$out/news.unsorted" "$as_input"
	python3 -c '
import json, sys
for d in sorted(map(json.loads, open(sys.argv[1])), key=lambda d: (d["published"], d["id"])):
    print(json.dumps(d))' "$out/news.unsorted" >"$out/news.jsonl"
	stories "$news" "$out/news.jsonl"
	for seed in 1 2 3 4 5; do
		echo "== stories: the same, every event shifted into one week (seed $seed)"
		python3 "$root/scripts/shift_stories.py" "$news" $seed >"$out/shifted.gold"
		convert "$out/shifted.gold" "$out/shifted.jsonl" "$as_input"
		stories "$news" "$out/shifted.jsonl"
	done
fi
for part in seen unseen; do
	own=$root/internal/story/testdata/week-$part.jsonl
	echo "== stories: own articles, events that resemble one another, $part ($(wc -l <"$own") articles)"
	stories "$own" "$own"
done
if have stories/pairs-en.jsonl; then
	echo "== stories: pairs, each a stream of two articles"
	python3 - "$crosscheck" "$data/stories/pairs-en.jsonl" >"$out/pairs.jsonl" <<-'END'
		import json, subprocess, sys
		for line in open(sys.argv[2], encoding="utf-8"):
		    d = json.loads(line)
		    two = "".join(json.dumps(dict(d[k], id=k)) + "\n" for k in ("first", "second"))
		    got = subprocess.run([sys.argv[1], "group"], input=two, capture_output=True, text=True, check=True).stdout
		    print(json.dumps({"id": d["id"], "same": len({json.loads(a)["story"] for a in got.splitlines()}) == 1}))
	END
	python3 "$data/eval/score_stories.py" --pairs "$data/stories/pairs-en.jsonl" "$out/pairs.jsonl"
fi
if have stories/news.jsonl; then
	echo "== copies: synthetic copies of the same articles"
	python3 "$data/eval/make_copies.py" "$data/stories/news.jsonl" "$out/copies.gold" >/dev/null
	convert "$out/copies.gold" "$out/copies.in" "$as_input"
	"$crosscheck" group "$out/copies.in" >"$out/copies.jsonl"
	python3 "$data/eval/score_stories.py" --copies "$out/copies.gold" "$out/copies.jsonl"
fi

places() { python3 "$root/scripts/places.py" "$@"; }
for set in lgl geowebnews; do
	have "places/$set.jsonl" || continue
	gold=$data/places/$set.jsonl
	mkdir "$out/$set"
	places texts "$gold" "$out/$set"
	read_all "$out/$set.raw" --plain "$out/$set"/*.txt
	places pred "$out/$set.raw" >"$out/$set.pred"
	echo "== places: $set ($(wc -l <"$gold") articles)"
	python3 "$data/eval/score_places.py" "$gold" "$out/$set.pred"
	for half in 0 1; do
		echo "== places: $set, the half that was $([ $half = 0 ] && echo looked at || echo not looked at)"
		places half $half "$gold" >"$out/half.gold"
		places half $half "$out/$set.pred" >"$out/half.pred"
		python3 "$data/eval/score_places.py" "$out/half.gold" "$out/half.pred"
		if [ "$set" = geowebnews ]; then
			echo "-- what its types of names were taken for"
			places uses $half "$gold" "$out/$set.raw"
		fi
	done
done

if have outages/ooni; then
	echo "== reachability: scenarios of OONI's web connectivity test ($(wc -l <"$data/outages/ooni/expected.jsonl"))"
	(cd "$root" && go run ./internal/outage/ooni "$(realpath "$data/outages/ooni")")
fi

echo "== reachability: simulated fault drills and long runs"
(cd "$root" && go run ./internal/outage/drill/figures)
