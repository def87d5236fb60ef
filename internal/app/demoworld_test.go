package app

import (
	"testing"
	"time"

	"crosscheck/internal/demo"
	"crosscheck/internal/model"
	"crosscheck/internal/outage"
)

// The script's network, probed and judged: one loss, confirmed, from five of six
// vantage points, the sixth left out for its own line.
func TestDemoWorld(t *testing.T) {
	from := time.Date(2031, 3, 11, 15, 0, 0, 0, time.UTC)
	script, err := demo.New(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	w, err := newDemoWorld(script.Measured(), from)
	if err != nil {
		t.Fatal(err)
	}
	j := outage.New()
	var confirmed, ended []model.Outage
	for now := from; now.Before(from.Add(7*time.Hour + 20*time.Minute)); now = now.Add(demoSuspect) {
		for _, list := range w.round(t.Context(), now) {
			for i := range list {
				for _, c := range j.Observe(&list[i]) {
					switch c.State {
					case model.StateConfirmed:
						confirmed = append(confirmed, c)
					case model.StateResolved:
						ended = append(ended, c)
					}
				}
			}
		}
		var suspect []string
		for _, s := range w.script.Services {
			if o, ok := j.State(s.ID); ok && o.State != model.StateUp {
				suspect = append(suspect, s.ID)
			}
		}
		w.suspect(suspect, now)
	}
	if len(confirmed) != 1 || len(ended) != 1 {
		t.Fatalf("%d confirmations and %d ends, want 1 of each", len(confirmed), len(ended))
	}
	want := "Confirmed: loss of connectivity to the bank from 16:41 UTC (±1 min), seen from 5 of 6 vantage points (4 networks, 3 countries); failing at TCP; 1 excluded: its own uplink was down."
	if got := outage.Sentence(confirmed[0], "the bank"); got != want || confirmed[0].Excluded[0].Vantage != "wes-1" {
		t.Errorf("confirmed as\n%s\nwant\n%s", got, want)
	}
	back := time.Date(2031, 3, 11, 22, 7, 0, 0, time.UTC)
	if d := ended[0].End.Sub(back).Abs(); d > 2*time.Minute {
		t.Errorf("ended %s, want 22:07", ended[0].End)
	}
}
