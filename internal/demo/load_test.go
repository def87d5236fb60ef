package demo

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"crosscheck/internal/model"
)

const oneOutlet = "-- outlet/a.example --\nName: A\nTemplate: weir\nFeed: rss /feed\n\nUser-agent: *\n"

const oneSituation = "-- situation/s --\nTitle: T\nWord: w\n-- briefing/b --\nAt: 2031-03-11T09:00Z\nSituation: s\n"

const anHour = "From: 2031-03-11T08:00Z\nTo: 2031-03-11T09:00Z\n"

func TestScriptFaults(t *testing.T) {
	for _, c := range []struct{ script, want string }{
		{"-- rumour/a.example --\n", `section "rumour/a.example": want one of article, `},
		{"-- article/a.example/x --\nAt: 2031-03-11T09:00Z\n\nText.\n", `no outlet "a.example" before it`},
		{oneOutlet + "-- article/a.example/x --\nAt: yesterday\n\nText.\n", "yesterday"},
		{oneOutlet + "-- article/a.example/x --\nAt: 2031-03-11T07:59Z\n\nText.\n", "outside the script"},
		{oneOutlet + "-- article/a.example/x --\nAt: 2031-03-11T09:00Z\n", "no text"},
		{oneOutlet + "-- article/a.example/x --\nAt: 2031-03-11T09:00Z\n\n@a.example/y 1-2\n", `cannot repeat "a.example/y 1-2"`},
		{oneOutlet + "-- revision/a.example/x --\nAt: 2031-03-11T09:00Z\n\nText.\n", "no article before it"},
		{oneOutlet + "-- article/a.example/x --\nAt: 2031-03-11T09:00Z\n\nText.\n-- revision/a.example/x --\nAt: 2031-03-11T09:00Z\n\nText.\n", "not later"},
		{"-- service/a --\nTarget: https://a.example\nAddress: nowhere\n", "service/a"},
		{"-- vantage/v --\nASN: many\n", "vantage/v"},
		{"-- vantage/v --\nASN: 64496\nLine: long\n", "long"},
		{"-- fault/f --\nKind: cut\nVantages: v\n" + anHour, `no vantage "v"`},
		{"-- fault/f --\nKind: silent\nService: a\n" + anHour, `service "a"`},
		{"-- fault/f --\nKind: cut\nFrom: 2031-03-11T09:00Z\nTo: 2031-03-11T08:00Z\n", "before its end"},
		{"-- service/a --\nTarget: x\nAddress: 192.0.2.1\n-- fault/f --\nKind: odd\nService: a\n" + anHour, `kind "odd"`},
		{"-- briefing/b --\nAt: 2031-03-11T09:00Z\nSituation: s\n\nWords.\n", `no situation "s"`},
		{oneSituation + "Corrects: first\n\nWords.\n", "first"},
		{oneSituation + "\n", "no sentence"},
		{oneSituation + "\n@count sheep\n", `count of "sheep"`},
		{oneSituation + "\n@outage bank\n", `no service "bank"`},
		{oneSituation + "\n@a.example/x words\n", `no article "a.example/x"`},
		{"-- outlet/a.example --\nZone: east\nFeed: rss /feed\n", "east"},
	} {
		w := &Web{outlets: map[string]*outlet{}}
		err := w.load(fstest.MapFS{"data/x.txtar": {Data: []byte(c.script)}})
		if !errors.Is(err, model.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("load(%q) = %v, want an ErrInvalid saying %q", c.script, err, c.want)
		}
	}
}

func TestCheckFaults(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"Template: weir", "Template: papyrus", `no template "papyrus"`},
		{"Feed: rss /feed", "Feed: pigeon /feed", `no kind of feed "pigeon"`},
	} {
		w := stopped(t, End)
		script := strings.Replace(oneOutlet, c.from, c.to, 1)
		if err := w.load(fstest.MapFS{"data/x.txtar": {Data: []byte(script)}}); err != nil {
			t.Fatal(err)
		}
		if err := w.check(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("check() = %v, want one saying %q", err, c.want)
		}
	}
}

var linkedData = regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`)

// Structured data is JSON and says the headline verbatim.
func TestLinkedData(t *testing.T) {
	w, n := stopped(t, End), 0
	for _, a := range articles(t) {
		e, _ := a.at(End)
		m := linkedData.FindStringSubmatch(get(w, e.URL).Body.String())
		if m == nil {
			continue
		}
		n++
		var v any
		if err := json.Unmarshal([]byte(m[1]), &v); err != nil {
			t.Errorf("%s: %v\n%s", e.URL, err, m[1])
			continue
		}
		again, err := json.Marshal(v)
		want, _ := json.Marshal(e.Headline)
		if err != nil || !strings.Contains(string(again), string(want)) {
			t.Errorf("%s: no headline %s in %s", e.URL, want, again)
		}
	}
	if n == 0 {
		t.Error("no page has structured data")
	}
}
