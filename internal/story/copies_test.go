package story

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/model"
)

// dredger is a wire story; its paragraphs are used one by one.
var dredger = []string{
	`Salvage crews at Quernsound raised the bow of the dredger Margit on Tuesday, nine days after she struck the breakwater and settled across the only channel deep enough for the grain ships.`,
	`The lift took most of the night. Two floating cranes, brought up from Tallow Point at walking pace, held the hull while divers passed chains beneath it by the light of a trawler's lamps.`,
	`Eleven ships are waiting outside the bar, and three have already turned south to unload elsewhere. Grain prices on the Hallin exchange rose by a tenth in the week after the accident.`,
	`Harbour master Ines Corvald said the channel would be sounded again before any vessel was let through, and that the first of them would go out in ballast. She would not name a day.`,
	`The Margit had left her berth without a pilot shortly before midnight. Her log shows that the tide had turned an hour earlier than the crew believed, because the printed tables were those of the year before.`,
	`No one was hurt. The crew of six climbed along the mast to the breakwater and walked ashore, where the lighthouse keeper gave them soup and telephoned their families.`,
	`The dredger belongs to the Orrel River Board, which lent her to Quernsound in spring and has asked for her back twice. A court in Islemere is to decide in October who pays for the cranes.`,
}

func paras(ps ...string) string { return strings.Join(ps, "\n\n") }

var dredgerText = paras(dredger...)

// own paragraphs of another outlet on the same event.
var harbourOwn = []string{
	`Old men who have not agreed about anything since the railway closed stood shoulder to shoulder on the mole yesterday and watched a ship come up out of the water backwards.`,
	`Among them was Tobias Hale, who once worked the buckets of the Margit and wept a little when her rusty name came into view. He had brought a flask, and by four in the morning he had shared it with most of the fire brigade.`,
	`Bakers in the lower town are down to the flour they keep for Sundays. At Brandt's, the queue reached past the chemist and the price of a loaf was chalked up twice before noon.`,
	`What the town wants to know is simple enough, and nobody at the harbour office will say it aloud: whether the channel was ever as deep as the chart claims.`,
}

// release is a communique with no quotation marks.
var release = []string{
	`Three pumping stations on the upper Orrel were switched off on Sunday evening after a fault in the control room at Hallin, and the reserve pumps were started by hand within forty minutes of the first alarm.`,
	`Water from the tap is safe to drink in all districts except Lower Mill and Saint Anne, where it should be boiled for ten minutes until laboratory results are available on Thursday morning.`,
	`The fault was caused by a relay that had been due for replacement in March, and an independent engineer from Tallow Point has been asked to inspect every cabinet on the river before the end of the month.`,
}

type news struct {
	id, outlet, title, body string
	credit                  model.Origin
	url                     string
	hour                    int // after day
}

func (a news) doc() Doc {
	at := day.Add(time.Duration(a.hour) * time.Hour)
	return Doc{ID: a.id, Outlet: a.outlet, Title: a.title, Text: a.body, Origin: a.credit, URL: a.url, At: at, Seen: at}
}

// addAll adds articles and returns where all of them stand in the end.
func addAll(g *Grouper, articles ...news) map[string]Assignment {
	out := map[string]Assignment{}
	for _, a := range articles {
		for _, as := range g.Add(a.doc()) {
			out[as.ID] = as
		}
	}
	return out
}

// edited replaces every nth word.
func edited(s string, n int) string {
	words := strings.Split(s, " ")
	for i := n / 2; i < len(words); i += n {
		words[i] = "altered"
	}
	return strings.Join(words, " ")
}

func TestEveryKindOfCopy(t *testing.T) {
	ownLead := []string{harbourOwn[0], harbourOwn[2]}
	furniture := paras("By our news desk.", dredgerText, "Read more on this story.", "Sign up for our daily newsletter.", "Copyright. All rights reserved.")
	for name, body := range map[string]string{
		"whole":           dredgerText,
		"furniture":       furniture,
		"dateline":        "QUERNSOUND (Aldwire) – " + dredgerText,
		"cut to the lead": paras(dredger[:2]...),
		"cut in the tail": paras(dredger[:4]...),
		"middle only":     paras(dredger[2:6]...),
		"reordered":       paras(dredger[0], dredger[5], dredger[2], dredger[6], dredger[1], dredger[4], dredger[3]),
		"new order":       paras(dredger[5], dredger[2], dredger[0], dredger[6], dredger[1], dredger[4], dredger[3]),
		"inserted":        paras(dredger[0], harbourOwn[1], dredger[1], dredger[2], harbourOwn[2], dredger[3], dredger[4], dredger[5], dredger[6]),
		"edited":          edited(dredgerText, 15),
		"cut and edited":  edited(paras(dredger[:4]...), 15),
		"in own article":  paras(append(slices.Clone(harbourOwn), dredger...)...),
		"own lead":        paras(append(ownLead, dredger[1:]...)...),
		"one line":        strings.ReplaceAll(dredgerText, "\n\n", " "),
		"capitals":        strings.ToUpper(dredger[0]) + "\n" + paras(dredger[1:]...),
	} {
		t.Run(name, func(t *testing.T) {
			g := New(Config{})
			got := addAll(g,
				news{id: "other", outlet: "islemere.example", body: paras(wire, flood)},
				news{id: "wire", outlet: "aldwire.example", title: "Bow of the Margit raised", body: dredgerText, hour: 1},
				news{id: "copy", outlet: "hallinpost.example", title: "Dredger up at last", body: body, hour: 2})
			if a := got["copy"]; a.CopyOf != "wire" || a.From != "wire" || a.Story != got["wire"].Story || a.Share < 0.2 {
				t.Errorf("%+v, want a copy of wire", a)
			}
		})
	}
}

func TestCopiesAreInTheStoryOfTheirOrigin(t *testing.T) {
	g := New(Config{Threshold: 0.99}) // no two texts are near enough to share a story
	got := addAll(g,
		news{id: "a", outlet: "a.example", body: paras(dredger[0], dredger[1], dredger[2]), hour: 1},
		news{id: "b", outlet: "b.example", body: paras(dredger[3], dredger[4], dredger[5], dredger[6]), hour: 2})
	if got["a"].Story == got["b"].Story || got["b"].CopyOf != "" {
		t.Fatalf("%+v, want two stories", got)
	}
	for id, as := range addAll(g, news{id: "wire", outlet: "aldwire.example", body: dredgerText}) {
		if id != "wire" && (as.CopyOf != "wire" || g.docs[id].copyOf != "wire") {
			t.Errorf("%+v, want a copy of wire", as)
		}
		if as.Story != got["a"].Story || g.docs[id].story != as.Story || g.copies.story(id) != as.Story {
			t.Errorf("%s in story %s, want that of a", id, as.Story)
		}
	}
}

func TestWhatIsNoCopy(t *testing.T) {
	quoted := "“" + strings.Join(release, " ") + "”"
	water := []string{
		`Families in the lower districts of Hallin carried buckets to the brewery well on Monday, as their grandparents did in the dry year.`,
		`At the school by the mill the cook had filled every pot she owns before the taps stopped, and the children were given tea that tasted of onions.`,
		`The mayor arrived on a bicycle, listened for a quarter of an hour and left without a word to the reporters who had waited for him since breakfast.`,
		`Shopkeepers ordered bottled water from Islemere at twice the usual price. Most of it was gone by noon, and the lorry went back for more.`,
	}
	tap := []string{
		`An electrical cabinet no bigger than a wardrobe left nine thousand people in Hallin without water for the better part of an evening.`,
		`Engineers who know the works were not surprised: two of them described to this newspaper how relays are kept alive there with tape and patience.`,
		`The opposition on the council wants the minutes of the maintenance board published, and has collected enough names to force a debate next week.`,
		`Similar faults stopped the pumps in two earlier winters, although nobody outside the works was told of them at the time.`,
	}
	first := func(own []string, middle string) string { return paras(middle, own[0], own[1]) }
	framed := func(frames ...string) string {
		var out []string
		for i, p := range release {
			out = append(out, frames[i]+" "+strings.ToLower(p[:1])+p[1:])
		}
		return strings.Join(out, " ")
	}
	weAre := strings.NewReplacer("The fault was caused by a relay that had", "We found a relay that had", "has been asked", "will help us and our staff").Replace(paras(release...))
	weSay := `We switched off three of our pumping stations on Sunday evening after a fault in our control room at Hallin, and we started the reserve pumps by hand within forty minutes of the first alarm. ` +
		`We ask households in Lower Mill and Saint Anne to boil our water for ten minutes until we have the results of the laboratory on Thursday morning. ` +
		`We have asked an independent engineer from Tallow Point to inspect every cabinet we own before the end of the month, and our customers will see the report in full as soon as we do.`
	announced := `The water board said that three pumping stations on the upper Orrel were switched off on Sunday evening after a fault in the control room at Hallin. ` +
		`The reserve pumps, it said, were started by hand within forty minutes of the first alarm. ` +
		`Water is safe to drink in all districts except Lower Mill and Saint Anne, according to the board, where it should be boiled for ten minutes. ` +
		`An independent engineer from Tallow Point has been asked to inspect every cabinet on the river before the end of the month, it added.`
	around := func(own []string, middle string) string { return paras(own[0], own[1], middle, own[2], own[3]) }
	background := paras(dredger[4], dredger[5], dredger[6])
	notice := `The Hallin Post is printed by its readers' cooperative and takes no money from the state. If a report has helped you, consider a subscription: four marks a month keep a reporter on the quay. Corrections are made in the open, with the old wording struck through and the hour of the change beside it, and every complaint is answered in writing within three working days by an editor who had no part in the report.`
	for name, pair := range map[string][2]news{
		"quotation of a release": {
			{outlet: "hallinpost.example", body: around(water, quoted)}, {outlet: "orrelnews.example", body: around(tap, quoted)},
		},
		"block quotation": {
			{outlet: "hallinpost.example", body: around(water, paras(append([]string{"The statement of the water board in full:"}, weAre)...))},
			{outlet: "orrelnews.example", body: around(tap, paras("It was nearly midnight when the board gave out a notice, which reads:", weAre))},
		},
		"block quotation without marks": {
			{outlet: "hallinpost.example", body: around(water, paras(release...))}, {outlet: "orrelnews.example", body: around(tap, paras(release...))},
		},
		"indirect speech": {
			{outlet: "hallinpost.example", body: around(water, framed("The water board said on Monday that", "It added that", "According to its notice,"))},
			{outlet: "orrelnews.example", body: around(tap, framed("Officials announced that", "People were told that", "The board's statement says that"))},
		},
		"quotation first": {
			{outlet: "hallinpost.example", body: first(water, quoted)}, {outlet: "orrelnews.example", body: first(tap, quoted)},
		},
		"block quotation first": {
			{outlet: "hallinpost.example", body: first(water, paras("The statement of the water board in full:", strings.Join(release, " ")))},
			{outlet: "orrelnews.example", body: first(tap, paras("A notice of the works reads:", strings.Join(release, " ")))},
		},
		"first person": {
			{outlet: "hallinpost.example", body: first(water, weSay)}, {outlet: "orrelnews.example", body: first(tap, weSay)},
		},
		"one announcement in the same sentences": {
			{outlet: "hallinpost.example", body: first(water, announced)}, {outlet: "orrelnews.example", body: first(tap, announced)},
		},
		"phrases of a handout": {
			{outlet: "hallinpost.example", body: first(water, framed("From one hour to the next", "As for the kitchen,", "In the end"))},
			{outlet: "orrelnews.example", body: first(tap, framed("It turns out that", "For the time being", "Relays, again:"))},
		},
		"other quotations after the same lead": {
			{outlet: "hallinpost.example", body: paras(dredger[0], dredger[1], "“"+strings.Join(release, " ")+"”", water[0])},
			{outlet: "orrelnews.example", body: paras(dredger[0], dredger[1], "“"+strings.Join(harbourOwn, " ")+"”", tap[0])},
		},
		"background of another event": {
			{outlet: "aldwire.example", body: dredgerText},
			{outlet: "hallinpost.example", body: paras(harbourOwn[2], harbourOwn[3], dredger[3], dredger[4], dredger[5])},
		},
		"follow-up of one outlet": {
			{outlet: "hallinpost.example", body: dredgerText},
			{outlet: "hallinpost.example", body: paras(`The first grain ship left Quernsound this morning with a brass band on deck and a pilot who had slept on board so as not to miss her.`,
				`She passed the place where the dredger had lain without slowing, and the people on the mole, who had expected at least a whistle, went home disappointed.`,
				`The Board announced that it would sell what is left of the wreck to a breaker in Tallow Point for the price of the chains.`, background), hour: 200},
		},
		"notice under all articles": {
			{outlet: "hallinpost.example", body: paras(water[0], water[1], notice)}, {outlet: "hallinpost.example", body: paras(tap[0], tap[2], notice)},
		},
		"credit alone": {
			{outlet: "hallinpost.example", body: paras(water...), credit: model.Origin{Name: "Aldwire"}},
			{outlet: "orrelnews.example", body: paras(tap...), credit: model.Origin{Name: "Aldwire"}},
		},
		"link alone": {
			{outlet: "aldwire.example", url: "https://aldwire.example/7", body: paras(water...)},
			{outlet: "orrelnews.example", body: paras(tap...), credit: model.Origin{Name: "Aldwire", URL: "https://aldwire.example/7"}},
		},
		"short notices": {
			{outlet: "hallinpost.example", body: `The weather office has issued a warning of high winds for the coast.`},
			{outlet: "orrelnews.example", body: `The weather office has issued a warning of high winds for the hills.`},
		},
	} {
		for _, swap := range []bool{false, true} {
			a, b := pair[0], pair[1]
			if swap {
				a, b = b, a
			}
			a.id, b.id = "a", "b"
			for id, as := range addAll(New(Config{}), a, b) {
				if as.CopyOf != "" {
					t.Errorf("%s (swapped: %v): %s is a copy of %s, share %.2f", name, swap, id, as.CopyOf, as.Share)
				}
			}
		}
	}
}

func TestStandingTextIsNobodysOwn(t *testing.T) {
	background := paras(dredger[4], dredger[5], dredger[6])
	var articles []news
	for i, outlet := range []string{"a.example", "b.example", "c.example", "d.example"} {
		lead := nonsense(uint64(i), 160)
		articles = append(articles, news{id: outlet, outlet: outlet, body: paras(lead, background), hour: i})
	}
	// Short enough that the background is most of it.
	articles = append(articles, news{id: "short", outlet: "e.example", body: paras(background, nonsense(9, 60)), hour: 5})
	g := New(Config{})
	for id, as := range addAll(g, articles...) {
		if as.CopyOf != "" {
			t.Errorf("%s is a copy of %s by a background that all carry", id, as.CopyOf)
		}
	}
	// A text that is nothing else is compared as it is.
	if as := addAll(g, news{id: "bare", outlet: "f.example", body: background, hour: 6})["bare"]; as.CopyOf == "" {
		t.Error("the background alone is from nowhere")
	}
}

// nonsense is a text of n words that resembles no other.
func nonsense(seed uint64, n int) string {
	rng := rand.New(rand.NewPCG(seed, 7))
	words := make([]string, n)
	for i := range words {
		words[i] = fmt.Sprintf("%c%c%s", 'a'+rng.IntN(26), 'a'+rng.IntN(26), []string{"rin", "mol", "tas", "ked"}[rng.IntN(4)])
		if i%14 == 13 {
			words[i] += "."
		}
	}
	return strings.Join(words, " ")
}

func TestCredits(t *testing.T) {
	aldwire := model.Origin{Name: "Aldwire"}
	// Either takes half of the agency's text, and they share a third.
	first := news{
		id: "first", outlet: "hallinpost.example", credit: aldwire, hour: 1,
		body: paras(harbourOwn[0], dredger[1], dredger[2], dredger[3], harbourOwn[1]),
	}
	second := news{
		id: "second", outlet: "orrelnews.example", credit: model.Origin{Name: "the Aldwire"}, hour: 2,
		body: paras(harbourOwn[2], dredger[2], dredger[3], dredger[5], harbourOwn[3]),
	}
	g := New(Config{})
	got := addAll(g, first, second)
	if a := got["first"]; a.CopyOf != "" || a.Credit != "Aldwire" {
		t.Errorf("first of an agency: %+v, want an origin that credits Aldwire", a)
	}
	if a := got["second"]; a.CopyOf != "first" || a.Credit != "the Aldwire" {
		t.Errorf("second of an agency: %+v, want a copy of first", a)
	}
	second.credit = model.Origin{}
	if a := addAll(New(Config{}), first, second)["second"]; a.CopyOf != "" {
		t.Errorf("the same without a credit: %+v, want no copy", a)
	}

	// The agency's own text comes last and was dated an hour too late.
	got = addAll(g, news{id: "wire", outlet: "www.aldwire.example", body: dredgerText, hour: 3})
	for _, id := range []string{"first", "second"} {
		if a := got[id]; a.CopyOf != "wire" || a.Credit != "" {
			t.Errorf("%s after the original came in: %+v, want a copy of wire without a credit", id, a)
		}
	}
}

func TestCreditedAddress(t *testing.T) {
	origin := news{id: "origin", outlet: "islemere.example", url: "https://www.islemere.example/margit?utm_source=x", body: dredgerText, hour: 2}
	taken := news{
		id: "taken", outlet: "digest.example", hour: 1, body: paras(harbourOwn[0], harbourOwn[1], dredger[3], harbourOwn[2], harbourOwn[3]),
		credit: model.Origin{Name: "islemere.example", URL: "https://islemere.example/margit"},
	}
	for _, name := range []string{"islemere.example", "a colleague"} {
		taken.credit.Name = name
		for _, order := range [][]news{{origin, taken}, {taken, origin}} {
			if a := addAll(New(Config{}), order...)["taken"]; a.CopyOf != "origin" {
				t.Errorf("credited to %s, %s last: %+v, want a copy of the article it links to", name, order[1].id, a)
			}
		}
	}
}

func TestPublisherNames(t *testing.T) {
	for _, same := range [][]string{
		{"Reuters", "www.reuters.com", "Thomson Reuters", "reuters"},
		{"The Associated Press", "AP", "apnews.com", "Associated Press"},
		{"Hallin Post", "hallinpost.example", "hallinpost.co.uk", "The Hallin Post"},
	} {
		for _, name := range same[1:] {
			if publisher(name) != publisher(same[0]) {
				t.Errorf("publisher(%q) is not publisher(%q)", name, same[0])
			}
		}
	}
	if publisher("") != 0 || publisher(" – ") != 0 || publisher("AP") == publisher("AFP") {
		t.Error("unknown publishers have the number 0, others their own")
	}
}

// family is a wire story, a copy with an insert, two cuts of that copy, and a
// cut of the wire story.
func family() []news {
	withInsert := []string{dredger[0], dredger[1], harbourOwn[1], dredger[2], dredger[3], dredger[4], dredger[5]}
	return []news{
		{id: "wire", outlet: "aldwire.example", body: dredgerText, hour: 1},
		{id: "insert", outlet: "hallinpost.example", body: paras(withInsert...), hour: 2},
		{id: "cut", outlet: "orrelnews.example", body: paras(withInsert[:5]...), hour: 3},
		{id: "cutter", outlet: "digest.example", body: paras(withInsert[:4]...), hour: 4},
		{id: "plain", outlet: "islemere.example", body: paras(dredger[0], dredger[1], dredger[5], dredger[6]), hour: 5},
	}
}

func TestTreeInAnyOrder(t *testing.T) {
	want := map[string]string{"wire": "", "insert": "wire", "cut": "insert", "cutter": "cut", "plain": "wire"}
	permute(family(), func(order []news) {
		from, ids := map[string]string{}, ""
		for _, a := range order {
			ids += " " + a.id
		}
		g := New(Config{})
		got := addAll(g, order...)
		for id, as := range got {
			from[id] = as.From
			if id != "wire" && as.CopyOf != "wire" {
				t.Errorf("order%s: origin of %s is %q, want wire", ids, id, as.CopyOf)
			}
			if now := g.copies.assignment(g.copies.number(id)); now.CopyOf != as.CopyOf || now.From != as.From || now.Share != as.Share {
				t.Errorf("order%s: told %+v, is %+v", ids, as, now)
			}
		}
		if !maps.Equal(from, want) {
			t.Errorf("order%s: taken from %v, want %v", ids, from, want)
		}
	})
}

func permute(list []news, fn func([]news)) {
	if len(list) < 2 {
		fn(list)
		return
	}
	for i := range list {
		rest := slices.Delete(slices.Clone(list), i, i+1)
		permute(rest, func(order []news) { fn(append([]news{list[i]}, order...)) })
	}
}

func TestCopyOfWhatACopyAdded(t *testing.T) {
	long := news{id: "long", outlet: "hallinpost.example", hour: 2, body: paras(append(slices.Clone(harbourOwn), dredger[:3]...)...)}
	got := addAll(New(Config{}),
		news{id: "wire", outlet: "aldwire.example", body: paras(dredger[:3]...), hour: 1}, long,
		news{id: "third", outlet: "digest.example", body: paras(harbourOwn...), hour: 3})
	if got["long"].CopyOf != "wire" || got["third"].CopyOf != "" {
		t.Errorf("%+v: third repeats nothing of wire", got)
	}
	got = addAll(New(Config{}), long,
		news{id: "third", outlet: "digest.example", body: paras(harbourOwn...), hour: 3},
		news{id: "wire", outlet: "aldwire.example", body: paras(dredger[:3]...), hour: 1})
	if got["third"].CopyOf != "long" || got["wire"].CopyOf != "" || got["long"].CopyOf != "" {
		t.Errorf("%+v: long has its own copy, and stays its origin", got)
	}
}

func TestEqualAndMissingDates(t *testing.T) {
	for name, order := range map[string]func(a, b *Doc){
		"equal dates: seen first":     func(a, b *Doc) { b.At = a.At },
		"no dates: seen first":        func(a, b *Doc) { a.At, b.At = time.Time{}, time.Time{} },
		"equal dates: credits none":   func(a, b *Doc) { b.At, a.Seen, b.Origin = a.At, b.Seen.Add(time.Hour), model.Origin{Name: "Aldwire"} },
		"equal in all: by ID":         func(a, b *Doc) { b.At, b.Seen = a.At, a.Seen },
		"neither date nor seen: ID":   func(a, b *Doc) { a.At, b.At, a.Seen, b.Seen = time.Time{}, time.Time{}, time.Time{}, time.Time{} },
		"one undated, seen later":     func(a, b *Doc) { b.At = time.Time{} },
		"one without any date at all": func(a, b *Doc) { b.At, b.Seen = time.Time{}, time.Time{} },
	} {
		for _, swap := range []bool{false, true} {
			a := news{id: "a", outlet: "a.example", body: dredgerText, hour: 1}.doc()
			b := news{id: "b", outlet: "b.example", body: dredgerText, hour: 2}.doc()
			order(&a, &b)
			g := New(Config{})
			docs := []Doc{a, b}
			if swap {
				docs = []Doc{b, a}
			}
			last := map[string]string{}
			for _, d := range docs {
				for _, as := range g.Add(d) {
					last[as.ID] = as.CopyOf
				}
			}
			if last["a"] != "" || last["b"] != "a" {
				t.Errorf("%s (swapped: %v): copies of %v, want b of a", name, swap, last)
			}
		}
	}
}

func TestRevisionKeepsCopies(t *testing.T) {
	g := New(Config{})
	all := family()
	addAll(g, all...)
	wire := all[0]
	wire.body = paras(dredgerText, harbourOwn[3])
	got := addAll(g, wire)
	if len(got) != 1 || got["wire"].CopyOf != "" || g.copies.assignment(g.copies.number("cut")).CopyOf != "wire" {
		t.Errorf("revised origin: %+v", got)
	}
	cut := all[2]
	cut.body = paras(harbourOwn...)
	got = addAll(g, cut)
	if a, b := got["cut"], got["cutter"]; a.CopyOf != "" || b.CopyOf != "wire" || b.From != "insert" {
		t.Errorf("revised into an own text: %+v, its copy: %+v", a, b)
	}
}

func TestCopiesAfterTheWindow(t *testing.T) {
	const brief = `The ferry to the eastern shore will not run before noon on Sunday.`
	cfg := Config{Window: 24 * time.Hour, CopyWindow: 100 * 24 * time.Hour}
	g := New(cfg)
	addAll(g, news{id: "wire", outlet: "aldwire.example", body: dredgerText},
		news{id: "old copy", outlet: "hallinpost.example", body: paras(dredger[:5]...), hour: 1},
		news{id: "brief", outlet: "brief.example", body: brief, hour: 2})
	late := func(id, body string, days int) Assignment {
		return addAll(g, news{id: id, outlet: id + ".example", body: body, hour: 24 * days})[id]
	}
	if a := late("other", paras(harbourOwn...), 40); a.CopyOf != "" || g.Len() != 1 {
		t.Fatalf("%+v, %d inside the window", a, g.Len())
	}
	if g.copies.rec(g.copies.number("wire")).body != nil {
		t.Error("the words of an article outlive the window")
	}
	if a := late("whole", dredgerText, 60); a.CopyOf != "wire" || a.Story == "" {
		t.Errorf("whole copy after 60 days: %+v", a)
	}
	if a := late("part", paras(dredger[:4]...), 61); a.CopyOf != "wire" {
		t.Errorf("cut copy after 61 days: %+v", a)
	}
	if a := late("quote", paras(harbourOwn[0], harbourOwn[3], dredger[3], harbourOwn[2]), 62); a.CopyOf == "wire" {
		t.Errorf("one paragraph of an old article: %+v", a)
	}
	if a := late("brief copy", brief, 63); a.CopyOf != "" {
		t.Errorf("an old notice of a dozen words: %+v", a)
	}
	if a := late("gone", paras(flood, wire), 150); a.CopyOf != "" || g.copies.number("wire") != 0 || g.copies.number("old copy") != 0 {
		t.Errorf("%+v: what is older than CopyWindow is still inside", a)
	}
	// The origin is gone; what is left of its family still names it.
	if a := late("again", dredgerText, 130); a.CopyOf != "wire" {
		t.Errorf("copy of a copy whose origin is gone: %+v", a)
	}
}

func TestSketchesAreBounded(t *testing.T) {
	x := newCopyIndex(Config{Sketches: 2000}.withDefaults())
	for i := range 6000 {
		x.add(readCopy(news{id: fmt.Sprint("n", i), body: nonsense(uint64(i), 120)}.doc()))
		x.fade(fmt.Sprint("n", i-100))
	}
	if n := int(x.next - x.base); n > 2000+200 || len(x.chunks) > n/chunkLen+2 {
		t.Errorf("%d sketches in %d chunks, want 2000", n, len(x.chunks))
	}
	used := 0
	for i := range x.posts.shards {
		used += len(x.posts.shards[i].slots)
	}
	if used > 2200*20*2 {
		t.Errorf("%d slots for 2000 articles of some 13 prints", used)
	}
	if x.number("n0") != 0 || x.number("n5999") == 0 {
		t.Error("the oldest should have left, not the newest")
	}
}

func TestRestartGivesTheSame(t *testing.T) {
	articles := append(family(),
		news{id: "water", outlet: "hallinpost.example", body: paras(release...), hour: 6},
		news{id: "own", outlet: "quay.example", body: paras(harbourOwn...), hour: 7})
	// The wire story was seen last.
	articles = append(articles[1:], articles[0])
	before := New(Config{})
	assigned := addAll(before, articles...)
	restore := func(after *Grouper, put func(Doc)) {
		for _, a := range articles {
			d := a.doc()
			as := assigned[a.id]
			d.Story, d.Copy, d.From, d.Share = as.Story, as.CopyOf, as.From, as.Share
			put(d)
		}
		for id, want := range assigned {
			got := after.copies.assignment(after.copies.number(id))
			if got.CopyOf != want.CopyOf || got.From != want.From || got.Story != want.Story || float32(got.Share) != float32(want.Share) {
				t.Errorf("restored %+v, was %+v", got, want)
			}
		}
	}
	after := New(Config{})
	restore(after, func(d Doc) {
		if moved := after.Add(d)[1:]; len(moved) > 0 {
			t.Errorf("restoring %s moved %+v", d.ID, moved)
		}
	})
	old := New(Config{})
	restore(old, old.Remember)
	for _, a := range []news{
		{id: "new cut", outlet: "new.example", body: paras(dredger[:3]...), hour: 20},
		{id: "earlier", outlet: "first.example", body: dredgerText, hour: 0},
		{id: "water copy", outlet: "b.example", body: paras(release...), hour: 21},
	} {
		x, y := before.Add(a.doc()), after.Add(a.doc())
		if fmt.Sprintf("%+v", x) != fmt.Sprintf("%+v", y) {
			t.Errorf("%s: without a restart %+v, with one %+v", a.id, x, y)
		}
	}
	if a := addAll(old, news{id: "late", outlet: "c.example", body: dredgerText, hour: 30})["late"]; a.CopyOf != "wire" || old.Len() != 1 {
		t.Errorf("copy of a remembered article: %+v", a)
	}
}

func TestRestoreWithoutTheOrigin(t *testing.T) {
	g := New(Config{})
	d := news{id: "copy", outlet: "b.example", body: dredgerText, hour: 5}.doc()
	d.Story, d.Copy, d.Share = "s", "long gone", 0.9
	g.Add(d)
	if a := addAll(g, news{id: "next", outlet: "c.example", body: dredgerText, hour: 6})["next"]; a.CopyOf != "long gone" || a.From != "copy" || a.Story != "s" {
		t.Errorf("%+v, want a copy of the missing origin, from copy", a)
	}
}

func TestPopularText(t *testing.T) {
	g := New(Config{})
	addAll(g, news{id: "wire", outlet: "aldwire.example", body: dredgerText})
	rng := rand.New(rand.NewPCG(3, 4))
	for i := range 300 {
		id := fmt.Sprint("c", i)
		body := paras(nonsense(uint64(i), 30), paras(dredger[:3+rng.IntN(5)]...), nonsense(uint64(1000+i), 20))
		if a := addAll(g, news{id: id, outlet: id, body: body, hour: 1 + i})[id]; a.CopyOf != "wire" {
			t.Fatalf("copy %d of a popular text: %+v", i, a)
		}
	}
	moved := g.Add(news{id: "first", outlet: "quern.example", body: dredgerText, hour: -1}.doc())
	if len(moved) != 302 {
		t.Errorf("an earlier original moved %d articles, want 301", len(moved)-1)
	}
	for i := range g.copies.posts.shards {
		counts := map[uint32]int{}
		for _, s := range g.copies.posts.shards[i].slots {
			if s.num != 0 {
				if counts[s.print]++; counts[s.print] > maxSame {
					t.Fatalf("a print with more than %d articles", maxSame)
				}
			}
		}
	}
}

func TestPostings(t *testing.T) {
	var p postings
	rng := rand.New(rand.NewPCG(1, 1))
	want := map[uint64][]uint32{}
	base := uint32(1)
	for n := uint32(1); n <= 20000; n++ {
		// Few shards, and prints that crowd at both ends of one.
		print := uint64(rng.IntN(4))<<56 | uint64(uint32(rng.IntN(3000)-1500))
		if p.put(print, n, base); n%1000 == 0 {
			base = n - 500
		}
		want[print] = append(want[print], n)
	}
	for print, nums := range want {
		live := slices.DeleteFunc(nums, func(n uint32) bool { return n < base })
		got := p.find(print, base, nil)
		slices.Sort(got)
		if !slices.Equal(got, live[:min(len(live), maxSame)]) {
			t.Fatalf("find(%x) = %v, want %v", print, got, live)
		}
	}
	if got := p.find(1<<60, base, nil); got != nil {
		t.Errorf("find of an unknown print = %v", got)
	}
}

func TestWinnowing(t *testing.T) {
	ws := bodyWords(nonsense(5, 3000))
	gs := shingles(ws)
	at := make([]int, len(gs))
	for i := range at {
		at[i] = i
	}
	const window = 40
	kept := winnow(gs, at, window)
	if n := 2 * len(gs) / (window + 1); len(kept) < n/2 || len(kept) > 2*n {
		t.Errorf("%d of %d shingles kept, want about %d", len(kept), len(gs), n)
	}
	for i := 1; i < len(kept); i++ {
		if kept[i]-kept[i-1] > window {
			t.Fatalf("no shingle kept between %d and %d", kept[i-1], kept[i])
		}
	}
	// A passage gives the same shingles wherever it stands.
	from, to := 500, 900
	inside := winnow(gs, at[from:to], window)
	for _, k := range inside[1 : len(inside)-1] {
		if !slices.Contains(kept, k) {
			t.Errorf("shingle %d is kept in the passage, not in the whole", k)
		}
	}
	if len(winnow(gs, nil, window)) != 0 || len(winnow(gs, at[:3], window)) != 1 {
		t.Error("of few shingles the least is kept")
	}
}
