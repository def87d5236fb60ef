package web

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"crosscheck/internal/model"

	"github.com/google/go-cmp/cmp"
)

// says is a statement in an article of the given hour.
func says(hour, n int, speaker string, st model.Stance) saying {
	return saying{Ledger: model.Ledger{
		Statement: model.Statement{
			Article: fmt.Sprintf("a%d", hour), N: n, Speaker: speaker, SpeakerType: model.SpeakerPerson, Stance: st,
		},
		Published: time.Date(2031, 3, 11, hour, 0, 0, 0, time.UTC),
	}}
}

func TestPositions(t *testing.T) {
	list := []saying{
		says(8, 1, "Ann", model.StanceDenies),
		says(9, 1, "Ann", model.StanceConfirms), says(9, 2, "Ann", model.StanceConfirms),
		says(10, 1, "Bob", model.StanceAsserts), says(10, 2, "Bob", model.StanceAsks),
	}
	for i := range 10 {
		list = append(list, says(7, i+1, fmt.Sprint("Doubter ", i), model.StanceDoubts))
	}
	var got []string
	for _, p := range positionsOf(list) {
		line := string(p.Stance)
		for _, x := range p.Sayings {
			line += fmt.Sprintf(" %s/%d", x.Article, x.N)
		}
		got = append(got, fmt.Sprintf("%s +%d +%d", line, len(p.Names), p.More))
	}
	want := []string{"asserts a10/1 +0 +0", "confirms a9/1 +0 +0", "denies a8/1 +0 +0", "doubts a7/1 a7/2 a7/3 +5 +2"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("positions (-want +got):\n%s", d)
	}
	if got := positionsOf([]saying{says(8, 1, "Ann", model.StanceAsserts)}); got != nil {
		t.Errorf("one who asserts alone makes a board: %v", got)
	}
}

func TestFoldKeepsEveryStance(t *testing.T) {
	list := []saying{says(8, 1, "Ann", model.StanceDenies)}
	for i := range 20 {
		list = append(list, says(9, i+1, "Ann", model.StanceAsserts))
	}
	v := bySpeaker(list)[0]
	if len(v.Sayings) != firstSayings || len(v.Folded) != 21-firstSayings {
		t.Fatalf("%d shown, %d folded", len(v.Sayings), len(v.Folded))
	}
	if last := v.Sayings[firstSayings-1]; last.Stance != model.StanceDenies {
		t.Errorf("the denial is folded away: the last one shown %s", last.Stance)
	}
}

func TestSpeakerKey(t *testing.T) {
	org := func(name, role string) string {
		return speakerKey(&model.Statement{Speaker: name, SpeakerType: model.SpeakerOrganisation, Role: role})
	}
	if org("Ministry of Defence, Kestria", "") != org("The Ministry of Defence of Kestria", "") {
		t.Error("one ministry, two speakers")
	}
	if org("Ministry of Defence", "Kestria") == org("Ministry of Defence", "Tolmark") {
		t.Error("two ministries, one speaker")
	}
}

func TestTrailingSlash(t *testing.T) {
	s := site(t, quernSound())
	for path, want := range map[string]string{
		"/search/?q=line": "/search?q=line", "/story/withdrawal/": "/story/withdrawal",
	} {
		r := get(t, s, path)
		if got := r.Header().Get("Location"); r.Code != http.StatusMovedPermanently || got != want {
			t.Errorf("%s: %d to %q, want %q", path, r.Code, got, want)
		}
	}
	if r := get(t, s, "/nowhere/"); r.Code != http.StatusNotFound {
		t.Errorf("/nowhere/: %d", r.Code)
	}
}
