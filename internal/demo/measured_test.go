package demo

import (
	"testing"
	"time"
)

func TestMeasured(t *testing.T) {
	w, err := New(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	m := w.Measured()
	networks := map[uint32]bool{}
	for _, v := range m.Vantages {
		networks[v.ASN] = true
	}
	if len(m.Services) != 5 || len(m.Vantages) != 6 || len(networks) != 5 {
		t.Errorf("%d services, %d vantage points in %d networks, want 5, 6 in 5", len(m.Services), len(m.Vantages), len(networks))
	}
	at := time.Date(2031, 3, 11, 16, 44, 0, 0, time.UTC)
	lost := map[string]FaultKind{}
	for _, f := range m.Faults {
		for _, v := range m.Vantages {
			if f.Holds("landbank", v.ID, at) && (f.Kind == FaultCut || lost[v.ID] == "") {
				lost[v.ID] = f.Kind
			}
		}
	}
	for _, v := range m.Vantages {
		want := FaultSilent
		if v.ID == "wes-1" {
			want = FaultCut
		}
		if lost[v.ID] != want {
			t.Errorf("the bank from %s at 16:44: %q, want %q", v.ID, lost[v.ID], want)
		}
	}
}
