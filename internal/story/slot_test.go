package story

import (
	"slices"
	"testing"
)

func reported(title, body string) *entry {
	r := read(title, body)
	return &entry{slots: r.slots, mentions: r.mentions}
}

func TestClashes(t *testing.T) {
	for _, c := range []struct {
		name, titleA, bodyA, titleB, bodyB string
		want                               string // "" for none
	}{
		{
			"ordinals", "League adopts 12th sanctions package", "Envoys of the League met.",
			"League drafts thirteenth package", "After the twelfth package the League wants more.", "packag 12 / packag 13",
		},
		{"one ordinal, two forms", "The 3rd round of talks", "They met.", "Third round of talks ends", "They parted.", ""},
		{"loose nouns", "Mayor jailed for first time", "He sat.", "Mayor fined for second time", "He paid.", ""},
		{"numbered", "Barge sinks in Lock 4", "It sank.", "Barge sinks in lock five", "It sank.", ""},
		{"counted", "Phase two of the harbour works begins", "Cranes came.", "Phase 3 of the harbour works begins", "Cranes left.", "phase 2 / phase 3"},
		{"places", "Earthquake in Marrowby", "The ground shook Marrowby.", "Earthquake in Tellin", "It was felt across Tellin.", "marrowby / tellin"},
		{"a place inside another", "Fire in Marrowby", "In Marrowby, the capital of Orland, a hall burnt.", "Hall burns in Orland", "A hall in Orland burnt.", ""},
		{
			"opponents", "Harwick beat Tolland 2-1", "So Harwick won against Tolland and meet Brenlow.",
			"Brenlow beat Harwick 3-0", "It was easy for Brenlow, after Harwick had put out Tolland.", "harwick and tolland / harwick and brenlow",
		},
		{
			"one opponent, two names", "Harwick beat Rovers", "They beat the Tolland Rovers, and how Harwick ran.",
			"Harwick beat Tolland", "The Rovers of Tolland lost at Harwick.", "",
		},
		{"owners", "Orland's central bank raises rate", "Money in Orland is dear.", "Bank of Corland raises rate", "Money in Corland is dear.", "bank of orland / bank of corland"},
		{"things", "Imports of steel rise", "Ships came.", "Exports of steel rise", "Ships left.", "import / export"},
		{"deeds", "Army recaptures Hallin", "Tanks came.", "Army loses Hallin", "Tanks left.", "armi recaptur / armi lose"},
		{"deeds of two", "Army recaptures Hallin", "Tanks came.", "Rebels lose Hallin", "Tanks came.", ""},
		{"arrested and released", "Guard arrested over crown", "He sat.", "Guard released over crown", "He went.", ""},
	} {
		var got []string
		for _, x := range clashes(reported(c.titleA, c.bodyA), reported(c.titleB, c.bodyB)) {
			if x.factor < 1 {
				got = append(got, x.String())
			}
		}
		if c.want == "" && len(got) > 0 || c.want != "" && !slices.Contains(got, c.want) {
			t.Errorf("%s: clashes %q, want %q", c.name, got, c.want)
		}
	}
}

func TestWhyApart(t *testing.T) {
	g := New(Config{})
	docs := about(t, "imports", "exports")
	var why Why
	for _, d := range docs {
		if a := g.Add(d)[0]; d.ID == "exports.1" {
			why = a.Why
		}
	}
	if why.Near != "imports.1" || !slices.Contains(why.Against, "export / import") || why.Hours != 48 ||
		!slices.Contains(why.Names, "Tove Brink") || why.Score < defaultThreshold {
		t.Errorf("%+v, want what spoke against imports.1", why)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("League adopts 12th sanctions package", wire)
	f.Add("Harwick v Tolland", "In the 3rd")
	f.Add("No. ’s 1st-2nd", "\xffIn In In beat v. V")
	f.Fuzz(func(t *testing.T, title, body string) {
		r := read(title, body)
		if !slices.IsSorted(r.mentions) || len(r.slots) > maxSlots {
			t.Errorf("%d slots, mentions sorted: %v", len(r.slots), slices.IsSorted(r.mentions))
		}
		e := &entry{slots: r.slots, mentions: r.mentions}
		for _, c := range clashes(e, e) {
			if c.factor < 1 {
				t.Errorf("an article contradicts itself: %s", c)
			}
		}
	})
}
