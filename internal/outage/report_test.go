package outage

import (
	"slices"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/model"
)

func TestSentence(t *testing.T) {
	at := time.Date(2026, 3, 2, 17, 43, 0, 0, time.UTC)
	onset := time.Date(2026, 3, 2, 17, 39, 50, 0, time.UTC)
	for _, c := range []struct {
		o    model.Outage
		want string
	}{
		{
			model.Outage{
				At: at, State: model.StateConfirmed, Class: model.ClassTCP, Onset: onset, Uncertainty: 66 * time.Second, Down: []string{"a", "b", "c", "d", "e"}, Asked: 5,
				Networks: 4, Countries: 3, Excluded: []model.Exclusion{{Vantage: "g", Why: "its own uplink was down"}},
			},
			"Confirmed: loss of connectivity to the bank from 17:40 UTC (±1 min), seen from 5 of 6 vantage points (4 networks, 3 countries); failing at TCP; 1 excluded: its own uplink was down.",
		},
		{
			model.Outage{
				At: at, State: model.StateResolved, Class: model.ClassFloodLike, Onset: onset.Add(-24 * time.Hour), Uncertainty: 5 * time.Minute, End: at, Up: []string{"a"}, Asked: 1,
				Excluded: []model.Exclusion{{Vantage: "b", Why: "its own uplink was down"}, {Vantage: "c", Why: "its own uplink was down"}, {Vantage: "d", Why: "silent"}}, Support: []string{"ioda"},
			},
			"Resolved: loss of connectivity to the bank from 1 Mar 2026 17:40 UTC (±5 min) to 17:43 UTC, reached from 1 of 4 vantage points; overload pattern consistent with a flood; cause not established; borne out by ioda; 2 excluded: their own uplinks were down; 1 excluded: silent.",
		},
		{
			model.Outage{At: at, State: model.StateRegional, Class: "blocked-from-RU", Onset: onset, Down: []string{"a", "b"}, Asked: 5, Networks: 2, Countries: 1, Reviewed: true},
			"Reviewed: Regional: loss of connectivity to the bank from 17:40 UTC (±1 min), seen from 2 of 5 vantage points (2 networks, 1 country); lost from RU only, reached from elsewhere.",
		},
		{model.Outage{At: at, State: model.StateUp, Class: model.ClassCertificate, Up: []string{"a", "b"}, Asked: 3}, "Up: the bank is reached, reached from 2 of 3 vantage points; its certificate does not hold."},
		{model.Outage{At: at, State: model.StateUnknown}, "Unknown: too few vantage points can say whether the bank is reached."},
		{model.Outage{At: at, State: "%d else"}, "Unknown: too few vantage points can say whether the bank is reached."},
		{model.Outage{At: at}, "Unknown: too few vantage points can say whether the bank is reached."},
	} {
		if got := Sentence(c.o, "the bank"); got != c.want {
			t.Errorf("Sentence:\n got %s\nwant %s", got, c.want)
		}
	}
}

// Every state and class has words of its own, and no cause is asserted.
func TestEveryStateAndClassHasWords(t *testing.T) {
	for _, s := range []model.OutageState{
		model.StateUnknown, model.StateUp, model.StateSuspect, model.StatePartial, model.StateRegional, model.StateProbable, model.StateConfirmed,
		model.StateRecovering, model.StateResolved, model.StateFlapping,
	} {
		if leads[s] == "" {
			t.Errorf("no words for the state %s", s)
		}
	}
	for c, text := range classTexts {
		if text == "" || strings.Contains(text, "attack") || strings.Contains(text, "DDoS") {
			t.Errorf("words for %s: %q", c, text)
		}
	}
}

func TestUnknowns(t *testing.T) {
	o := model.Outage{State: model.StateProbable, Down: []string{"a", "b"}, Up: []string{"c"}, Asked: 4, Countries: 1, Excluded: []model.Exclusion{{Vantage: "x", Why: "silent"}}}
	got := Unknowns(o)
	for _, want := range []string{"The cause is not established.", "Nothing is known from a second country.", "1 vantage point could not decide.", "What 1 excluded vantage point would have seen is not known."} {
		if !slices.Contains(got, want) {
			t.Errorf("Unknowns: %q lacks %q", got, want)
		}
	}
	if got := Unknowns(model.Outage{State: model.StateUp, Up: []string{"a"}, Asked: 1}); len(got) != 0 {
		t.Errorf("Unknowns of a service that is up: %q", got)
	}
}
