#!/usr/bin/env bash
# Measures CPU and memory of probing N local TLS services once a minute:
# scripts/probe_load.sh [N] [SECONDS]
#
# blackbox_exporter and gatus are measured beside it, on the same targets in the
# same run, where PEERS (a folder) holds their programs. CPU is the share of one
# core over SECONDS after a first minute, memory the high-water mark.
set -euo pipefail

n=${1:-1000}
seconds=${2:-120}
peers=${PEERS:-}
root=$(cd "$(dirname "$0")/.." && pwd)
dir=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait; rm -rf "$dir"' EXIT
ulimit -n "$(ulimit -Hn)"

(cd "$root" && CGO_ENABLED=0 go build -o "$dir/probeload" ./scripts/probeload)
"$dir/probeload" serve -n "$n" -dir "$dir" >"$dir/visits" &
serve=$!
pids+=("$serve")
until [ -s "$dir/targets" ]; do sleep 0.2; done

declare -A pid
export SSL_CERT_FILE=$dir/ca.pem
"$dir/probeload" probe -dir "$dir" >"$dir/probe.out" &
pid[crosscheck]=$!
pids+=($!)

if [ -x "$peers/blackbox_exporter" ]; then
	cat >"$dir/blackbox.yml" <<-EOF
		modules:
		  page: {prober: http, timeout: 10s, http: {preferred_ip_protocol: ip4}}
	EOF
	"$peers/blackbox_exporter" --config.file="$dir/blackbox.yml" --web.listen-address=127.0.0.1:19115 --log.level=error >"$dir/blackbox.out" 2>&1 &
	pid[blackbox_exporter]=$!
	pids+=($!)
	"$dir/probeload" scrape -dir "$dir" -url "http://127.0.0.1:19115/probe?module=page&target=" >"$dir/scrape.out" &
	scrape=$!
	pids+=("$scrape")
fi
if [ -x "$peers/gatus" ]; then
	{
		printf 'web: {address: 127.0.0.1, port: 19080}\nendpoints:\n'
		i=0
		while read -r url; do
			i=$((i + 1))
			printf '  - {name: s%d, url: "%s", interval: 60s, conditions: ["[STATUS] == 200"]}\n' "$i" "$url"
		done <"$dir/targets"
	} >"$dir/gatus.yml"
	GATUS_CONFIG_PATH=$dir/gatus.yml "$peers/gatus" >"$dir/gatus.out" 2>&1 &
	pid[gatus]=$!
	pids+=($!)
fi

# ticks PID prints the CPU time a process has used, in clock ticks.
ticks() { awk '{sub(/.*\) /, ""); print $12 + $13}' "/proc/$1/stat"; }

sleep 60
declare -A before
for name in "${!pid[@]}"; do before[$name]=$(ticks "${pid[$name]}"); done
sleep "$seconds"
hz=$(getconf CLK_TCK)
report() {
	local used
	used=$(($(ticks "${pid[$1]}") - before[$1]))
	awk -v name="$1" -v used="$used" -v hz="$hz" -v s="$seconds" -v ours="$2" '
		/VmHWM/ {mib = $2 / 1024}
		END {cpu = 100 * used / hz / s
			printf "%-18s %6.2f %% of a core %8.1f MiB", name, cpu, mib
			if (ours != "") {split(ours, o, " "); printf "   %5.2f x CPU %5.2f x memory of ours", cpu / o[1], mib / o[2]}
			printf "\n"
			print cpu, mib > "/dev/stderr"}' "/proc/${pid[$1]}/status"
}
echo "$n services every 60 s, $seconds s:"
report crosscheck "" 2>"$dir/ours"
for name in blackbox_exporter gatus; do
	[ -n "${pid[$name]:-}" ] && report "$name" "$(cat "$dir/ours")" 2>/dev/null
done
kill "${pid[crosscheck]}"
wait "${pid[crosscheck]}" || true
cat "$dir/probe.out"
if [ -n "${scrape:-}" ]; then
	kill "$scrape"
	wait "$scrape" || true
	cat "$dir/scrape.out"
fi
kill "$serve"
wait "$serve" || true
echo "requests served, by visitor:"
cat "$dir/visits"
