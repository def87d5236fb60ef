package main

import (
	"strings"

	"github.com/alecthomas/kong"
)

// examples are shown below the help of the commands that say nothing else
// there: by path, one example a line.
var examples = map[string][]string{
	"source":          {"crosscheck source add https://www.example.org/feed.xml", "crosscheck source list"},
	"source list":     {"crosscheck source list"},
	"source remove":   {"crosscheck source remove https://www.example.org/feed.xml"},
	"source import":   {"crosscheck source import subscriptions.opml"},
	"source export":   {"crosscheck source export subscriptions.opml", "crosscheck source export > subscriptions.opml"},
	"service":         {"crosscheck service add bank https://www.bank.example/", "crosscheck service list"},
	"service list":    {"crosscheck service list", "crosscheck service list --json"},
	"service show":    {"crosscheck service show bank"},
	"service remove":  {"crosscheck service remove bank"},
	"service export":  {"crosscheck service export services.yaml"},
	"vantages":        {"crosscheck vantages issue fra-1 --asn 3320 --country DE > fra-1.token", "crosscheck vantages list"},
	"vantages list":   {"crosscheck vantages list"},
	"vantages revoke": {"crosscheck vantages revoke fra-1"},
	"speaker":         {"crosscheck speaker list halv", "crosscheck speaker merge ID ID"},
	"speaker list":    {"crosscheck speaker list", "crosscheck speaker list halv", "crosscheck speaker list --decisions"},
	"speaker merge":   {"crosscheck speaker merge 778b82a3bc885d0061dccf183f 8322c69450186a481afa7175c6 --by Ida"},
	"speaker split":   {`crosscheck speaker split 778b82a3bc885d0061dccf183f "Bell" --role "harbour master"`},
	"story":           {"crosscheck story list", "crosscheck story list ID"},
	"story list":      {"crosscheck story list --limit 10", "crosscheck story list 820453fcdbc982bdb5a05c5e01", "crosscheck story list --decisions"},
	"story merge":     {"crosscheck story merge 820453fcdbc982bdb5a05c5e01 37603d0554466f5dbb3804b730 --by Ida"},
	"story split":     {"crosscheck story split 820453fcdbc982bdb5a05c5e01 763a5c21cf6d317454743b8e77"},
	"story move":      {"crosscheck story move 820453fcdbc982bdb5a05c5e01 37603d0554466f5dbb3804b730 763a5c21cf6d317454743b8e77"},
	"claim":           {"crosscheck claim list --disputed", "crosscheck claim list ID"},
	"claim list":      {"crosscheck claim list --disputed", "crosscheck claim list 199624774bebdc8e391469a703", "crosscheck claim list --decisions"},
	"claim merge":     {"crosscheck claim merge 199624774bebdc8e391469a703 47c72457be5b42bc0f109542b1 --by Ida"},
	"claim split":     {"crosscheck claim split 199624774bebdc8e391469a703 db689939b693366744bdb419f5"},
	"claim move":      {"crosscheck claim move 199624774bebdc8e391469a703 47c72457be5b42bc0f109542b1 db689939b693366744bdb419f5"},
	"claim attitude":  {"crosscheck claim attitude db689939b693366744bdb419f5 denies --by Ida"},
	"situation": {
		`crosscheck situation preview --word bridge --phrase "ferry strike"`, `crosscheck situation add "The Ostmere bridge" --word bridge`,
		"crosscheck situation list",
	},
	"situation list":    {"crosscheck situation list", "crosscheck situation list --json"},
	"situation show":    {"crosscheck situation show the-ostmere-bridge", "crosscheck situation show the-ostmere-bridge --known 2026-03-01T12:00:00Z"},
	"situation remove":  {"crosscheck situation remove the-ostmere-bridge"},
	"situation pin":     {"crosscheck situation pin the-ostmere-bridge 763a5c21cf6d317454743b8e77", "crosscheck situation pin the-ostmere-bridge 820453fcdbc982bdb5a05c5e01 --story"},
	"situation exclude": {"crosscheck situation exclude the-ostmere-bridge 763a5c21cf6d317454743b8e77 --by Ida"},
	"situation free":    {"crosscheck situation free the-ostmere-bridge 763a5c21cf6d317454743b8e77"},
	"situation why":     {"crosscheck situation why the-ostmere-bridge 763a5c21cf6d317454743b8e77"},
	"alert":             {"crosscheck alert dry-run rules.yaml --since 7d", "crosscheck alert add rules.yaml", "crosscheck alert list"},
	"alert list":        {"crosscheck alert list"},
	"alert remove":      {`crosscheck alert remove "Denials about the garrison"`},
	"alert test":        {`crosscheck alert test "Denials about the garrison"`},
	"alert dry-run":     {"crosscheck alert dry-run --since 12h", "crosscheck alert dry-run rules.yaml --since 7d"},
	"version":           {"crosscheck version"},
}

// addExamples puts the examples below the help of the commands under n.
func addExamples(n *kong.Node, path string) {
	for _, c := range n.Children {
		of := strings.TrimSpace(path + " " + c.Name)
		if list := examples[of]; len(list) > 0 {
			head := "Examples:\n  "
			if len(list) == 1 {
				head = "Example:\n  "
			}
			c.Detail = head + strings.Join(list, "\n  ")
		}
		addExamples(c, of)
	}
}
