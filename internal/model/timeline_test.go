package model

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// open are the entries that hold at a time, as "kind statement before".
func open(list []Entry, at time.Time) []string {
	var out []string
	for _, e := range list {
		if !e.Seen.After(at) && (e.Gone.IsZero() || e.Gone.After(at)) {
			out = append(out, fmt.Sprint(e.Kind, " ", e.Statement, " ", e.Before))
		}
	}
	slices.Sort(out)
	return out
}

// What holds at any time is what follows from the statements of that time alone.
func TestClaimEntriesReplay(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	day := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	reversals := 0
	for range 100 {
		var list []Heard
		for i := range 1 + r.IntN(12) {
			when := day.Add(time.Duration(r.IntN(20)) * time.Hour)
			h := Heard{Voice: fmt.Sprint("v", r.IntN(3)), Root: fmt.Sprint("a", r.IntN(9)), Dated: when, When: when, N: i}
			h.Entry = Entry{
				ID: fmt.Sprint("s", i), Statement: fmt.Sprint("s", i), Kind: EntryStatement, At: when, Seen: when.Add(time.Duration(r.IntN(10)) * time.Hour),
				Text: fmt.Sprint("words ", r.IntN(8)), Stance: Stances[r.IntN(5)], Claim: "c", Article: h.Root,
			}
			if r.IntN(4) == 0 {
				h.Gone = h.Seen.Add(time.Duration(1+r.IntN(10)) * time.Hour)
			}
			list = append(list, h)
		}
		all := ClaimEntries(list)
		for hour := range 45 {
			at := day.Add(time.Duration(hour) * time.Hour)
			var then []Heard
			for _, h := range list {
				if !h.Seen.After(at) && (h.Gone.IsZero() || h.Gone.After(at)) {
					h.Seen, h.Gone = at, time.Time{}
					then = append(then, h)
				}
			}
			got, want := open(all, at), open(ClaimEntries(then), at)
			if !slices.Equal(got, want) {
				t.Fatalf("at hour %d: %q, want %q", hour, got, want)
			}
		}
		for _, e := range all {
			if e.Kind == EntryReversal {
				reversals++
			}
		}
		for i, e := range all {
			if !e.Gone.IsZero() && !e.Seen.Before(e.Gone) {
				t.Fatalf("entry %d holds from %s until %s", i, e.Seen, e.Gone)
			}
		}
	}
	if reversals < 30 {
		t.Errorf("%d reversals", reversals)
	}
}

// The reversals are those of Positions.
func TestClaimEntriesReversal(t *testing.T) {
	at := func(h int) time.Time { return time.Date(2026, 3, 2, h, 0, 0, 0, time.UTC) }
	said := func(id, voice, text string, h int, s Stance) Heard {
		return Heard{Voice: voice, Root: id, Dated: at(h), When: at(h), Entry: Entry{
			ID: id, Kind: EntryStatement, At: at(h), Seen: at(h), Text: text, Stance: s, Claim: "c", Article: id, Statement: id,
		}}
	}
	list := []Heard{
		said("one", "bo", "it has fallen", 9, StanceAsserts), said("two", "bo", "let us see", 10, StanceAsks),
		said("three", "bo", "it stands", 11, StanceDenies), said("four", "bo", "it has fallen", 12, StanceAsserts), // an old report
		said("five", "cy", "it stands", 12, StanceDoubts),
	}
	want := []string{"asserted one ", "denied three ", "reversal three asserts"}
	if got := open(ClaimEntries(list), at(23)); !slices.Equal(got, want) {
		t.Errorf("entries = %q, want %q", got, want)
	}
	if got := ClaimEntries(nil); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

func numbered(n int) []int64 {
	out := make([]int64, n)
	for i := range out {
		out[i] = int64(i + 1)
	}
	return out
}

func TestSituationValidate(t *testing.T) {
	s := Situation{Title: " T ", Words: []string{" a ", "", "a", "b"}, Languages: []string{"EN"}}
	if err := s.Validate(); err != nil || s.Title != "T" || !slices.Equal(s.Words, []string{"a", "b"}) || s.Languages[0] != "en" {
		t.Errorf("%+v, %v", s, err)
	}
	for name, bad := range map[string]Situation{
		"long":  {Title: "T", Words: make([]string, maxWanted+1)},
		"far":   {Title: "T", Words: []string{"a"}, Until: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)},
		"id":    {ID: "a--b", Title: "T", Words: []string{"a"}},
		"many":  {Title: "T", Places: numbered(maxWanted + 1)},
		"blank": {Title: "T", Words: []string{" "}},
	} {
		if err := bad.Validate(); err == nil {
			t.Errorf("%s passes", name)
		}
	}
}
