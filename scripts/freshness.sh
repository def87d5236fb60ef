#!/usr/bin/env bash
# Measures how fresh the page of a situation is while articles come in, and how
# many articles a second the whole program takes:
# scripts/freshness.sh [ARTICLES_PER_SECOND] [SECONDS] [BURST]
#
# 120 local feeds bring ARTICLES_PER_SECOND in all; one article in twelve belongs
# to the situation. Told are p50 and p99 of the time from the poll that lists an
# article to the timeline of the situation's pages that shows it, read every 0.2 s, and then how fast BURST
# articles that come at once are through: more than the program takes in the 20 s in which the feeds take turns.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
(cd "$root" && go build -trimpath -o "$dir/" ./cmd/crosscheck ./scripts/freshness)
"$dir/freshness" -program "$dir/crosscheck" -rate "${1:-12}" -for "${2:-120}s" -burst "${3:-1200}"
