package story

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

var day = time.Date(2031, 3, 11, 8, 0, 0, 0, time.UTC)

const (
	wire = `The harbour authority of Islemere closed both piers on Monday after engineers found cracks in the northern wall. ` +
		`Divers went down twice before noon and came up with photographs of a gap wide enough for a hand. ` +
		`Ferries to the eastern shore were sent to the old coal quay, where two hundred passengers waited in the rain. ` +
		`A spokesman for the authority would not say when the piers might open again. ` +
		`Repairs to the same wall were put off last spring because the dredger had been lent to another port.`
	wireCut  = `The harbour authority of Islemere closed both piers on Monday after engineers found cracks in the northern wall. Divers went down twice before noon and came up with photographs of a gap wide enough for a hand. Ferries to the eastern shore were sent to the old coal quay, where two hundred passengers waited in the rain.`
	ownWords = `Passengers bound for the eastern shore stood in line at the coal quay this morning. Islemere has shut its two piers: the northern wall is cracked, engineers say, and nobody at the harbour authority gives a date for the repairs. The ferries run at half their usual number until the divers are done.`
	flood    = `The Orrel river rose by another forty centimetres overnight and reached the market square of Hallin. Volunteers filled sandbags by torchlight, and the school has been turned into a shelter for the families of the lower town.`
)

func add(g *Grouper, id, title, body string, at time.Time) []Assignment {
	return g.Add(Doc{ID: id, Title: title, Text: body, At: at, Seen: at})
}

func TestOneEventIsOneStory(t *testing.T) {
	g := New(Config{})
	first := add(g, "a", "Islemere closes piers after cracks are found", wire, day)[0]
	second := add(g, "b", "Both piers shut at Islemere, ferries moved to coal quay", ownWords, day.Add(2*time.Hour))[0]
	other := add(g, "c", "Orrel floods the market of Hallin", flood, day.Add(3*time.Hour))[0]
	if second.Story != first.Story || second.CopyOf != "" {
		t.Errorf("own report of the same event: %+v, want story %s and no copy", second, first.Story)
	}
	if second.Why.Near != "a" || len(second.Why.Terms) == 0 {
		t.Errorf("no evidence: %+v", second.Why)
	}
	if other.Story == first.Story {
		t.Error("another event joined the story")
	}
}

func TestCopiesFoldUnderTheOrigin(t *testing.T) {
	g := New(Config{})
	add(g, "origin", "Islemere closes piers", wire, day)
	for id, body := range map[string]string{
		"cut":      wireCut,
		"inserted": wire + "\n\nThe council meets on Thursday to hear the engineers and to ask who lent the dredger.",
		"credited": "ISLEMERE (Aldwire) – " + wire + "\n\nSource link",
	} {
		if a := add(g, id, "Cracks in the wall", body, day.Add(time.Hour))[0]; a.CopyOf != "origin" || a.Share < 0.5 {
			t.Errorf("%s: %+v, want a copy of origin", id, a)
		}
	}
}

func TestOriginArrivesLast(t *testing.T) {
	g := New(Config{})
	copied := add(g, "copy", "Cracks", wireCut, day.Add(time.Hour))[0]
	got := add(g, "origin", "Islemere closes piers", wire, day)
	if len(got) != 2 || got[0].CopyOf != "" || got[1].ID != "copy" || got[1].CopyOf != "origin" {
		t.Fatalf("Add = %+v, want the origin and its copy", got)
	}
	if got[0].Story != copied.Story {
		t.Errorf("origin in story %s, its copy in %s", got[0].Story, copied.Story)
	}
}

func TestSharedQuotationsAreNoCopy(t *testing.T) {
	quote := `“The wall was inspected in May by two engineers of this authority, who found nothing that a bucket of mortar would not mend, and I signed their report myself before the summer timetable began,”`
	g := New(Config{})
	add(g, "a", "Harbour master defends inspection", quote+` the harbour master wrote to the council on Monday evening, a day after the divers came up with pictures of the gap. Members had asked for the report since the spring.`, day)
	b := add(g, "b", "Who signed?", `Nobody on the quay believed the letter. `+quote+` it said. The ferrymen laughed, and one of them held up a bucket, which was photographed more often than the wall had been.`, day.Add(time.Hour))[0]
	if b.CopyOf != "" {
		t.Errorf("shared quotation made a copy: %+v", b)
	}
}

func TestRestoreKeepsAssignments(t *testing.T) {
	g := New(Config{})
	g.Add(Doc{ID: "a", Title: "Islemere closes piers", Text: wire, At: day, Story: "s1"})
	g.Add(Doc{ID: "b", Title: "Cracks", Text: wireCut, At: day.Add(time.Hour), Story: "s1", Copy: "a"})
	a := add(g, "c", "Piers shut at Islemere", ownWords, day.Add(2*time.Hour))[0]
	if a.Story != "s1" {
		t.Errorf("after a restart: story %s, want s1", a.Story)
	}
	again := add(g, "c", "Piers still shut at Islemere", ownWords, day.Add(2*time.Hour))[0]
	if again.Story != "s1" || g.Len() != 3 {
		t.Errorf("revised article: %+v, %d inside", again, g.Len())
	}
}

func TestWindowBoundsMemory(t *testing.T) {
	g := New(Config{Window: time.Hour})
	for i := range 100 {
		add(g, fmt.Sprint(i), "Notice", flood, day.Add(time.Duration(i)*10*time.Minute))
	}
	if g.Len() > 7 || len(g.order) != len(g.docs) {
		t.Errorf("%d articles inside a window of 7", g.Len())
	}
	add(g, "late", "Late", wire, day.Add(48*time.Hour))
	if n := len(g.docs["late"].vector); g.Len() != 1 || len(g.vocab.ids) != n {
		t.Errorf("%d articles, %d terms left, want 1 and %d", g.Len(), len(g.vocab.ids), n)
	}
}

func TestHostileText(t *testing.T) {
	g := New(Config{})
	for i, body := range []string{"", " ", "\xff\xfe", strings.Repeat("a ", 1<<20), strings.Repeat("“", 1<<16), "one two"} {
		if a := add(g, fmt.Sprint(i), body, body, time.Time{})[0]; a.Story == "" {
			t.Errorf("text %d got no story", i)
		}
	}
}
