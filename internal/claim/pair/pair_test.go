package pair

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"crosscheck/internal/model"
)

func TestTone(t *testing.T) {
	for content, want := range map[string]Tone{
		"the bridge is closed":                                       {Deprives: true},
		"the bridge is suspended until Friday":                       {Deprives: true},
		"Not one battalion has gone":                                 {Negated: true},
		"there is no bridge at Quern":                                {Negated: true},
		"the boat isn't there":                                       {Negated: true},
		"the shells hit School No. 2":                                {},
		"there is no doubt that it was them":                         {},
		"a collapse could not be excluded":                           {},
		"they opened the gates and did not so much as ring us":       {},
		"we will not go without our prisoners":                       {},
		"It was propaganda from beginning to end":                    {Dismisses: true},
		"the report is simply wrong":                                 {Dismisses: true},
		"we have seen no evidence of that":                           {Negated: true, Doubts: true},
		"All deposits are safe. Not a crown has left any account":    {Negated: true},
		"the dam is sound, which nobody who was there would dispute": {},
	} {
		if got := tone(tokens(content)); got != want {
			t.Errorf("%q: %+v, want %+v", content, got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	var r Reader
	for content, want := range map[string]string{
		"1,200 troops and twenty-one tanks":                "1200 troop, 21 tank",
		"seven of the detained were freed":                 "7 detain",
		"the twelve dead":                                  "12 dead",
		"nobody":                                           "",
		"2.5 per cent of all votes":                        "2.5 cent",
		"thirty-one persons are looked for":                "31 person",
		"some 30,000":                                      "30000 ",
		"four hundred and ten million is what we owe":      "410000000 owe",
		"a hundred and five houses, 3.0 million people":    "105 hous, 3000000 peopl",
		"three dozen wounded and sixty-five per cent gone": "36 wound, 65 cent",
		"on 6 April 2026 at 05:52 the 12th package":        "12 packag",
		"by Resolution 2254 and R-17 of forty pages, 12%":  "40 page, 12 cent",
		"two and three":                                    "2 , 3 ",
	} {
		var got []string
		for _, n := range r.numbers(tokens(content)) {
			unit := ""
			if n.unit != nil {
				unit = n.unit.Stem
			}
			got = append(got, strconv.FormatFloat(n.value, 'f', -1, 64)+" "+unit)
		}
		if g := strings.Join(got, ", "); g != want {
			t.Errorf("%q: %q, want %q", content, g, want)
		}
	}
}

func said(content string) Said {
	return Said{Article: "a", Speaker: "Mayor", Key: "Mayor", Stance: model.StanceAsserts, Content: content}
}

// compare returns the features of two contents, by name.
func compare(t *testing.T, a, b string) map[string]float64 {
	t.Helper()
	var r Reader
	var x Stream
	first, second := r.Read(said(b)), r.Read(said(a))
	x.Add(first)
	f := x.Ask(second).Features(first)
	if len(f) != len(Names) || len(Learned()) != len(Names) {
		t.Fatalf("%d features, %d names, %d weights", len(f), len(Names), len(Learned()))
	}
	out := map[string]float64{}
	for i, v := range f {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Errorf("%s is %v", Names[i], v)
		}
		out[Names[i]] = v
	}
	return out
}

func TestOtherWordsOfOneMeaningMeet(t *testing.T) {
	one := compare(t, "soldiers are going home", "units return to garrison")
	other := compare(t, "soldiers are going home", "the lender raised its rates")
	if one["cosine"] != 0 || one["cover"] < 0.5 || one["class agrees"] == 0 {
		t.Errorf("going home against return to garrison: %v", one)
	}
	if other["cover"] > 0.2 {
		t.Errorf("going home against raised rates: cover %v", other["cover"])
	}
}

func TestFactsThatDiffer(t *testing.T) {
	f := compare(t, "seven people died in Quern on Friday", "four people died in Hallin on Thursday")
	for _, name := range []string{"other amounts of one thing", "names apart", "other days"} {
		if f[name] != 1 {
			t.Errorf("%s = %v, want 1", name, f[name])
		}
	}
	if f := compare(t, "some 4,000 troops", "4,050 troops"); f["same amount"] != 1 || f["other amounts"] != 0 {
		t.Error("a rounded amount is another one")
	}
}

func TestOpposite(t *testing.T) {
	var r Reader
	var x Stream
	leave, arrive := r.Read(said("the brigade is leaving")), r.Read(said("the brigade is arriving"))
	x.Add(leave)
	if got := x.Ask(arrive).Opposite(leave); got != "leav/arriv" {
		t.Errorf("Opposite = %q", got)
	}
	if got := x.Ask(leave).Opposite(leave); got != "" {
		t.Errorf("Opposite of itself = %q", got)
	}
}

func TestReleaseForgetsWords(t *testing.T) {
	var r Reader
	var list []*Reading
	for i := range 20 {
		list = append(list, r.Read(said(fmt.Sprintf("frobnicating the zorblatt %d times, 4711%d", i, i))))
	}
	if len(r.extra) == 0 {
		t.Fatal("no word is unknown")
	}
	for _, l := range list {
		r.Release(l)
	}
	if len(r.extra) != 0 || len(r.held) != 0 {
		t.Errorf("%d words stay", len(r.extra))
	}
}

func TestStreamRemove(t *testing.T) {
	var r Reader
	var x Stream
	a := r.Read(said("the bridge at Quern has collapsed"))
	before := x.Weight(a.terms[0].Word)
	x.Add(a)
	if x.Weight(a.terms[0].Word) >= before {
		t.Error("a word that stands in a statement weighs no less")
	}
	x.Remove(a)
	if x.Weight(a.terms[0].Word) != before || len(x.words) != 0 {
		t.Error("something stays of a statement that was removed")
	}
}

func TestLink(t *testing.T) {
	if one, two := Link(3, 3), Link(3, 1); one != 3 || two >= 2 || two <= 1 {
		t.Errorf("Link of 3 = %v, of 3 and -1 = %v", one, two)
	}
}
