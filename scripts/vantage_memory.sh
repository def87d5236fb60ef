#!/usr/bin/env bash
# Measures the memory of a vantage point that probes N local TLS services once
# a minute: scripts/vantage_memory.sh [N] [SECONDS]
#
# Printed are the resident set after SECONDS and its high-water mark, apart for
# the program's own memory and for pages of its file, which the system takes
# back when it needs room. In the second half the server is gone.
set -euo pipefail

n=${1:-100}
seconds=${2:-180}
root=$(cd "$(dirname "$0")/.." && pwd)
dir=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait; rm -rf "$dir"' EXIT

(cd "$root" && CGO_ENABLED=0 go build -o "$dir/probeload" ./scripts/probeload && CGO_ENABLED=0 go build -trimpath -o "$dir/crosscheck" ./cmd/crosscheck)
"$dir/probeload" serve -n "$n" -dir "$dir" >"$dir/visits" &
pids+=($!)
until [ -s "$dir/targets" ]; do sleep 0.2; done
"$dir/probeload" desk -dir "$dir" &
desk=$!
pids+=("$desk")
until [ -s "$dir/desk.url" ]; do sleep 0.2; done
(umask 077 && echo bench >"$dir/token")
SSL_CERT_FILE=$dir/ca.pem "$dir/crosscheck" vantage --join "$(cat "$dir/desk.url")" --token-file "$dir/token" --spool "$dir/spool" --allow-private 2>"$dir/log" &
vantage=$!
pids+=("$vantage")

show() { awk -v when="$1" '/^(VmHWM|VmRSS|RssAnon|RssFile)/ {f[$1] = $2 / 1024} END {
	printf "%-18s resident %.1f MiB (own %.1f, file %.1f), at most %.1f MiB\n", when, f["VmRSS:"], f["RssAnon:"], f["RssFile:"], f["VmHWM:"]}' "/proc/$vantage/status"; }
echo "$n services every 60 s:"
sleep $((seconds / 2))
show "server there"
kill "$desk"
wait "$desk" || true
sleep $((seconds / 2))
show "server gone"
kill "$vantage"
wait "$vantage" || true
echo "in the spool: $(cat "$dir"/spool/*.ndjson | wc -l) observations"
cat "$dir/log"
