package story

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crosscheck/internal/model"
)

// week reads articles of testdata with the events they report.
func week(t *testing.T, name string) (docs []Doc, events map[string]string) {
	t.Helper()
	f, err := os.Open("testdata/" + name + ".jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	events = map[string]string{}
	for s := bufio.NewScanner(f); s.Scan(); {
		var d struct {
			ID, Event, Title, Text string
			Published              time.Time
		}
		if err := json.Unmarshal(s.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		docs = append(docs, Doc{ID: d.ID, Title: d.Title, Text: d.Text, At: d.Published, Seen: d.Published})
		events[d.ID] = d.Event
	}
	if len(docs) < 20 {
		t.Fatalf("%s: %d articles", name, len(docs))
	}
	return docs, events
}

// about returns the articles of some events.
func about(t *testing.T, names ...string) []Doc {
	docs, events := week(t, "week-seen")
	return slices.DeleteFunc(docs, func(d Doc) bool { return !slices.Contains(names, events[d.ID]) })
}

// state is where every article was put last.
type state map[string]Assignment

func (s state) add(g *Grouper, d Doc) []Assignment {
	out := g.Add(d)
	s.keep(out)
	return out
}

func (s state) keep(list []Assignment) {
	for _, a := range list {
		a.Why = Why{}
		s[a.ID] = a
	}
}

// restored is a document as the store gives it back.
func (s state) restored(d Doc) Doc {
	a := s[d.ID]
	d.Story, d.Copy, d.Share = a.Story, a.CopyOf, a.Share
	return d
}

// stories lists the articles of each story.
func (s state) stories() map[string][]string {
	out := map[string][]string{}
	for id, a := range s {
		out[a.Story] = append(out[a.Story], id)
	}
	for _, ids := range out {
		slices.Sort(ids)
	}
	return out
}

func TestNearMissesStayApart(t *testing.T) {
	docs, events := week(t, "week-seen")
	g, s := New(Config{}), state{}
	for _, d := range docs {
		s.add(g, d)
	}
	want := map[string][]string{}
	for _, d := range docs {
		first := model.ID("story", events[d.ID]+".1")
		want[first] = append(want[first], d.ID)
	}
	if d := cmp.Diff(want, s.stories()); d != "" {
		t.Errorf("stories (-want +got):\n%s", d)
	}
}

// seeded adds articles that already have their stories.
func seeded(g *Grouper, s state, docs []Doc, story func(Doc) (string, bool)) {
	for _, d := range docs {
		d.Story, d.Pinned = story(d)
		s.add(g, d)
	}
}

func TestMerge(t *testing.T) {
	docs := about(t, "quake-marrowby")
	for _, pinned := range []int{0, 1, 2} { // how many of the stories a person has laid hands on
		g, s := New(Config{}), state{}
		seeded(g, s, docs[:2], func(d Doc) (string, bool) { return "of " + d.ID, false })
		if pinned > 0 {
			s.keep(g.Move([]string{docs[1].ID}, s[docs[1].ID].Story, true))
		}
		if pinned > 1 {
			s.keep(g.Move([]string{docs[0].ID}, s[docs[0].ID].Story, true))
		}
		out := s.add(g, docs[2])
		got := s.stories()
		switch {
		case pinned == 0 && len(got["of "+docs[0].ID]) != 3:
			t.Errorf("not merged into the story with the earlier article: %v", got)
		case pinned == 0 && (len(out) != 2 || out[1].ID != docs[1].ID || out[1].Why.Near == "" || len(out[1].Why.Names) == 0):
			t.Errorf("Add = %+v, want its own assignment and that of the one that moved, with evidence", out)
		case pinned == 1 && len(got["of "+docs[1].ID]) != 3:
			t.Errorf("not merged into the story with the pinned article: %v", got)
		case pinned == 2 && len(got) != 2:
			t.Errorf("merged what a person keeps apart: %v", got)
		}
	}
}

func TestSplit(t *testing.T) {
	docs := about(t, "museum-arrest", "cup-brenlow")
	last := docs[len(docs)-1]
	for _, pinned := range []bool{false, true} {
		g, s := New(Config{}), state{}
		seeded(g, s, docs[:len(docs)-1], func(Doc) (string, bool) { return "both", pinned })
		out := s.add(g, last)
		got := s.stories()
		if pinned {
			if len(got) != 1 && len(got["both"]) < len(docs)-1 {
				t.Errorf("split what a person put together: %v", got)
			}
			continue
		}
		match := model.ID("story", "cup-brenlow.1")
		want := map[string][]string{
			"both": {"museum-arrest.1", "museum-arrest.2", "museum-arrest.3", "museum-arrest.4"},
			match:  {"cup-brenlow.1", "cup-brenlow.2", "cup-brenlow.3"},
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("stories (-want +got):\n%s", d)
		}
		if len(out) != 3 || out[0].ID != last.ID || out[0].Story != match {
			t.Errorf("Add = %+v, want its own assignment and those of the two that moved", out)
		}
	}
}

func TestMoveByHand(t *testing.T) {
	docs := about(t, "sanctions-12", "sanctions-13")
	ids := func(from, to int) (out []string) {
		for _, d := range docs[from:to] {
			out = append(out, d.ID)
		}
		return out
	}
	t.Run("merged", func(t *testing.T) {
		g, s := New(Config{}), state{}
		for _, d := range docs[:6] {
			s.add(g, d)
		}
		if len(s.stories()) != 2 {
			t.Fatalf("stories %v, want two", s.stories())
		}
		s.keep(g.Move(ids(0, 6), s[docs[0].ID].Story, true))
		s.add(g, docs[6])
		if got := s.stories(); len(got) != 1 {
			t.Errorf("a later article made %v of one story", got)
		}
	})
	t.Run("split", func(t *testing.T) {
		g, s := New(Config{}), state{}
		for _, d := range docs[:3] {
			s.add(g, d)
		}
		first := s[docs[0].ID].Story
		moved := g.Move(ids(1, 3), "", true)
		s.keep(append(moved, g.Move(ids(0, 1), first, true)...))
		apart := model.ID("story", docs[1].ID)
		if want := map[string][]string{first: ids(0, 1), apart: ids(1, 3)}; cmp.Diff(want, s.stories()) != "" {
			t.Fatalf("stories %v, want %v", s.stories(), want)
		}
		revised := docs[2]
		revised.ID, revised.At, revised.Seen = "later", revised.At.Add(time.Hour), revised.Seen.Add(time.Hour)
		revised.Text = revised.Text[len(revised.Text)/2:] + " Nothing else was known in the evening."
		s.add(g, revised)
		if got := s.stories(); len(got) != 2 || s["later"].Story != apart {
			t.Errorf("later article in %s: %v", s["later"].Story, got)
		}
	})
	t.Run("released", func(t *testing.T) {
		g, s := New(Config{}), state{}
		seeded(g, s, docs[:2], func(d Doc) (string, bool) { return "of " + d.ID, true })
		g.Move(ids(0, 2), "one", false)
		s.keep(g.Move(ids(0, 1), "two", false))
		s.add(g, docs[2])
		if got := s.stories(); len(got) != 1 {
			t.Errorf("no longer pinned, and still apart: %v", got)
		}
	})
	if got := New(Config{}).Move([]string{"nobody"}, "", true); got != nil {
		t.Errorf("Move of an unknown article = %v", got)
	}
}

func TestCopiesGoWithTheirOrigin(t *testing.T) {
	g, s := New(Config{}), state{}
	at := day
	s.keep(add(g, "origin", "Islemere closes piers", wire, at))
	s.keep(add(g, "copy", "Cracks", wireCut, at.Add(time.Hour)))
	s.keep(g.Move([]string{"origin"}, "by hand", true))
	if a := s["copy"]; a.Story != "by hand" || a.CopyOf != "origin" {
		t.Errorf("copy left behind: %+v", a)
	}
}

// TestRestoredGoesOnTheSame stops after every fifth article, restores a new
// grouper from what the store has, with a person's decision in between.
func TestRestoredGoesOnTheSame(t *testing.T) {
	a, _ := week(t, "week-seen")
	b, _ := week(t, "week-unseen")
	docs := append(a, b...)
	slices.SortFunc(docs, func(a, b Doc) int { return a.At.Compare(b.At) })
	pinned := []string{docs[3].ID, docs[9].ID}
	through, again := state{}, state{}
	g, r := New(Config{}), New(Config{})
	for i := range docs {
		if i%5 == 4 {
			r = New(Config{})
			for j, d := range docs[:i] {
				d = again.restored(d)
				d.Pinned = i > 10 && (j == 3 || j == 9)
				r.Add(d)
			}
		}
		through.add(g, docs[i])
		again.add(r, docs[i])
		if i == 10 {
			through.keep(g.Move(pinned, "by hand", true))
			again.keep(r.Move(pinned, "by hand", true))
		}
	}
	if d := cmp.Diff(through, again); d != "" {
		t.Errorf("restarts change the stories (-without +with):\n%s", d)
	}
	for _, d := range docs { // done again
		through.add(g, d)
	}
	if d := cmp.Diff(through, again); d != "" {
		t.Errorf("articles done again change the stories (-again +before):\n%s", d)
	}
}

func TestWindowLeavesNothing(t *testing.T) {
	docs, _ := week(t, "week-seen")
	g := New(Config{Window: 24 * time.Hour})
	for i, d := range docs {
		d.Pinned = i%3 == 0
		d.Story = map[bool]string{true: fmt.Sprint(i % 6)}[d.Pinned]
		g.Add(d)
		if i%4 == 3 {
			g.Add(docs[i-1])
		}
	}
	late := docs[0]
	late.ID, late.Seen = "late", docs[len(docs)-1].Seen.Add(48*time.Hour)
	g.Add(late)
	if n := len(g.docs["late"].vector); g.Len() != 1 || len(g.order) != 1 || len(g.stories) != 1 || len(g.vocab.ids) != n {
		t.Errorf("%d articles, %d places, %d stories, %d terms; want 1, 1, 1, %d", g.Len(), len(g.order), len(g.stories), len(g.vocab.ids), n)
	}
	for _, st := range g.stories {
		if len(st.members) != 1 || st.pinned != 0 {
			t.Errorf("story of %d, %d pinned", len(st.members), st.pinned)
		}
	}
}
