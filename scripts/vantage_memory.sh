#!/usr/bin/env bash
# Measures the memory of a vantage point that probes N local TLS services once
# a minute: scripts/vantage_memory.sh [N] [SECONDS]
#
# Both programs run side by side. Printed is the resident set, and apart what is
# the program's own and what are pages of its file, which the system takes back
# when it needs room. In the second half the server is gone.
set -euo pipefail

n=${1:-100}
seconds=${2:-180}
root=$(cd "$(dirname "$0")/.." && pwd)
dir=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait; rm -rf "$dir"' EXIT
export CGO_ENABLED=0

(cd "$root" && go build -o "$dir/probeload" ./scripts/probeload && go build -trimpath -o "$dir" ./cmd/crosscheck ./cmd/crosscheck-vantage)
"$dir/probeload" serve -n "$n" -dir "$dir" >"$dir/visits" &
pids+=($!)
until [ -s "$dir/targets" ]; do sleep 0.2; done
"$dir/probeload" desk -dir "$dir" &
desk=$!
pids+=("$desk")
until [ -s "$dir/desk.url" ]; do sleep 0.2; done
(umask 077 && echo bench >"$dir/token")

export SSL_CERT_FILE=$dir/ca.pem
declare -A pid
# start NAME COMMAND… runs a vantage point with a spool of its own.
start() {
	local name=$1
	shift
	"$@" --join "$(cat "$dir/desk.url")" --token-file "$dir/token" --spool "$dir/spool-$name" --allow-private 2>"$dir/log-$name" &
	pid[$name]=$!
	pids+=($!)
}
start crosscheck "$dir/crosscheck" vantage
start crosscheck-vantage "$dir/crosscheck-vantage"

show() {
	for name in "${!pid[@]}"; do
		awk -v when="$1" -v name="$name" '/^(VmRSS|RssAnon|RssFile)/ {f[$1] = $2 / 1024} END {
			printf "%-14s%-20s%6.1f MiB resident: %.1f own, %.1f of its file\n", when, name, f["VmRSS:"], f["RssAnon:"], f["RssFile:"]}' "/proc/${pid[$name]}/status"
	done
}
echo "$n services every 60 s:"
sleep $((seconds / 2))
show "server there"
kill "$desk"
wait "$desk" || true
sleep $((seconds / 2))
show "server gone"
kill "${pid[@]}"
wait "${pid[@]}" || true
for name in "${!pid[@]}"; do echo "$name: $(cat "$dir/spool-$name"/*.ndjson | wc -l) observations in the spool"; done
