package model

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// heard is a statement on a claim, heard at an hour.
func heard(hour int, article, who string, attitude Stance, words string) Ledger {
	return Ledger{
		Statement: Statement{Article: article, Speaker: who, SpeakerType: SpeakerPerson, Attitude: attitude},
		Text:      words, Published: time.Date(2031, 3, 11, hour, 0, 0, 0, time.UTC),
	}
}

func TestPositions(t *testing.T) {
	copied := heard(9, "b", "Ann", StanceDenies, "No withdrawal has taken place.")
	copied.CopyOf = "a"
	said := heard(20, "late", "Dee", StanceDoubts, "We see no sign.")
	said.SaidOn = "2031-03-10"
	unnamed := heard(12, "g", "unnamed: officials", StanceAsserts, "They left.")
	unnamed.SpeakerType = SpeakerUnnamed
	other := unnamed
	other.Article = "h"
	copiedOther := unnamed
	copiedOther.Article, copiedOther.CopyOf = "i", "g"
	list := []Ledger{
		heard(8, "a", "Ann", StanceDenies, "No withdrawal has taken place."),
		copied,
		heard(10, "c", "Bob", StanceAsserts, "Units are leaving."),
		heard(14, "d", "Ann", StanceConfirms, "Two battalions have left."),
		heard(15, "e", "Ann", StanceDenies, "“No withdrawal has taken place”"), // an older word, reported again
		heard(16, "f", "Ann", StanceConfirms, "I can only repeat it."),
		heard(11, "x", "Cyd", StanceAsserts, "It is so."),
		heard(13, "y", "Cyd", StanceDenies, "It is not."), // both in one article: it cannot be told
		heard(13, "y", "Cyd", StanceAsserts, "It is, though."),
		said, unnamed, other, copiedOther,
	}
	var got []string
	for _, p := range Positions(list) {
		line := fmt.Sprintf("%s %s since %d", p.Speaker().Speaker, p.Stance, p.Since.Hour())
		if !p.Until.IsZero() {
			line += fmt.Sprintf(" until %d", p.Until.Hour())
		}
		if p.Reversal {
			line += " reversal"
		}
		got = append(got, fmt.Sprintf("%s: %d origins, %d copies, %d said", line, p.Origins, p.Copies, len(p.Said)))
	}
	want := []string{
		"Ann denies since 8 until 14: 2 origins, 1 copies, 2 said",
		"Bob asserts since 10: 1 origins, 0 copies, 1 said",
		"Cyd asserts since 11: 2 origins, 0 copies, 2 said",
		"unnamed: officials asserts since 12: 1 origins, 1 copies, 1 said",
		"unnamed: officials asserts since 12: 1 origins, 0 copies, 1 said",
		"Ann confirms since 14 reversal: 2 origins, 0 copies, 2 said",
		"Dee doubts since 20: 1 origins, 0 copies, 1 said",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("positions (-want +got):\n%s", d)
	}
}

// TestPositionsCross follows a speaker over a demand: it ends nothing, and what
// counts for a reversal is the last side taken.
func TestPositionsCross(t *testing.T) {
	list := []Ledger{
		heard(8, "a", "Ann", StanceDoubts, "one"), heard(8, "z", "Ann", "", "who can say"), heard(9, "b", "Ann", StanceDemands, "two"),
		heard(10, "c", "Ann", StanceDoubts, "three"), heard(11, "d", "Ann", StanceDenies, "four"), heard(12, "e", "Ann", StanceAsserts, "five"),
	}
	var got []string
	for _, p := range Positions(list) {
		got = append(got, fmt.Sprintf("%s from %d, left at %d, %d said, reversal %v", p.Stance, p.Since.Hour(), p.Until.Hour(), len(p.Said), p.Reversal))
	}
	want := []string{
		"doubts from 8, left at 11, 2 said, reversal false", "demands from 9, left at 0, 1 said, reversal false",
		"denies from 11, left at 12, 1 said, reversal false", "asserts from 12, left at 0, 1 said, reversal true",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("positions (-want +got):\n%s", d)
	}
}

func TestLedgerWhen(t *testing.T) {
	l := heard(10, "a", "Ann", StanceAsserts, "x")
	for day, want := range map[string]string{"": "11 10:00", "2031-03-11": "11 10:00", "2031-03-09": "09 23:59", "2031-03-20": "11 10:00", "soon": "11 10:00"} {
		l.SaidOn = day
		if got := l.When().Format("02 15:04"); got != want {
			t.Errorf("When with said on %q = %s, want %s", day, got, want)
		}
	}
}
