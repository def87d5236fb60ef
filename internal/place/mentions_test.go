package place

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"crosscheck/internal/model"
)

// inText writes the names found in a text as "name=place use, …".
func inText(a *model.Article) string {
	var out []string
	for _, n := range Names(a, nil) {
		s := n.Of(a.Text) + "=?"
		if n.Known {
			s = fmt.Sprintf("%s=%s/%s", n.Of(a.Text), n.Place.Name, n.Place.Country)
			if n.Place.Country == "US" && n.Place.Kind == model.PlaceCity {
				region := Containing(n.Place.ID)
				for _, r := range region {
					if _, code, ok := strings.Cut(codes[r.ID], "."); ok {
						s += "." + code
					}
				}
			}
		}
		if n.Use != UsePlace {
			s += " " + string(n.Use)
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

// codes are those of the states the tests tell apart.
var codes = map[int64]string{4736286: "US.TX", 4896861: "US.IL", 4273857: "US.KS", 4398678: "US.MO", 6254925: "US.KY", 5165418: "US.OH"}

func TestNames(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		// which of the namesakes
		{"The fair in Paris, Texas, opened on Friday.", "Paris=Paris/US.TX, Texas=Texas/US"},
		{"The fair in Paris opened on Friday.", "Paris=Paris/FR"},
		{"Two men from Springfield, Ill., were held.", "Springfield=Springfield/US.IL, Ill.=Illinois/US"},
		{
			"SPRINGFIELD, Mo. (Wire) - The river rose overnight. In Springfield the bridges were shut.",
			"SPRINGFIELD=Springfield/US.MO, Mo.=Missouri/US, Springfield=Springfield/US.MO",
		},
		{
			"Roads between Tbilisi and Batumi were closed. Officials in Georgia blamed the snow.",
			"Tbilisi=Tbilisi/GE, Batumi=Batumi/GE, Georgia=Georgia/GE",
		},
		{
			"Crews from Atlanta, Savannah and Macon drove across Georgia.",
			"Atlanta=Atlanta/US, Savannah=Savannah/US, Macon=Macon/US, Georgia=Georgia/US",
		},
		{"Shells fell near Kherson and Mykolaiv, and on Nova Kakhovka.", "Kherson=Kherson/UA, Mykolaiv=Mykolaiv/UA, Nova Kakhovka=Nova Kakhovka/UA"},
		// regions stay regions
		{"Troops from Dagestan were sent to the Donbas and to Crimea.", "Dagestan=Dagestan/RU, Donbas=Donbas/, Crimea=Crimea/UA"},
		{"Drones crossed the Black Sea towards the Kerch Strait.", "Black Sea=Black Sea/, Kerch Strait=Kerch Strait/"},
		{"Settlers in the West Bank and farmers in the Sahel wrote to them.", "West Bank=West Bank/PS, Sahel=Sahel/"},
		// who speaks is no place
		{"Moscow said it had pulled its troops back.", "Moscow=Moscow/RU actor"},
		{"People in Moscow said it had snowed.", "Moscow=Moscow/RU"},
		{"Talks with Tehran will go on in Vienna.", "Tehran=Tehran/IR actor, Vienna=Vienna/AT"},
		{"Kyiv's army left Avdiivka on Saturday.", "Kyiv=Kyiv/UA actor, Avdiivka=Avdiivka/UA"},
		// nor is what is named after one
		{"The Chicago Police Department opened an office in Naperville.", "Chicago=Chicago/US.IL institution, Naperville=Naperville/US.IL"},
		{"She teaches at the University of Oslo.", "Oslo=Oslo/NO institution"},
		// people with names of places
		{"Jack London wrote it. London died in 1916.", ""},
		{"Mr. Houston met Gov. Jackson and Paris Hilton.", ""},
		// words that are names of towns somewhere
		{"Of course, Hope is what they need. The Time is March. Police will Split the group.", ""},
		{"Let us go. It was AIDS, and NASA and the WHO knew.", ""},
		// inside longer words, addresses and handles
		{"Parisians and Muscovites read www.Paris.fr and @Berlin and Rome2Rio.", ""},
		{"A Kyiv-based group met in St. Petersburg.", "Kyiv=Kyiv/UA, St. Petersburg=Saint Petersburg/RU"},
		// people of a place are none
		{"American and Ukrainian soldiers trained Germans.", ""},
	} {
		if got := inText(&model.Article{Text: c.text}); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

func TestHomeIsEvidenceOnly(t *testing.T) {
	text := "The council in Lawrence voted for the school on Monday."
	a := &model.Article{Text: text, Outlet: "Kansas City Star"}
	if got := inText(a); got != "Lawrence=Lawrence/US.KS" {
		t.Errorf("with the outlet: %s", got)
	}
}

func TestMentions(t *testing.T) {
	a := &model.Article{ID: "a1", Text: "Moscow said a bridge near Kherson fell."}
	got := Mentions(a, nil)
	if len(got) != 1 || got[0].Article != "a1" || got[0].Name != "Kherson" || a.Text[got[0].Start:got[0].End] != "Kherson" || got[0].Place.Country != "UA" {
		t.Errorf("got %+v", got)
	}
}

// A speaker of a statement is no place, wherever the name stands.
func TestStatementSpeaker(t *testing.T) {
	a := &model.Article{Text: "\"We saw nothing,\" according to Moscow."}
	at := strings.Index(a.Text, "Moscow")
	st := []model.Statement{{Mention: model.Span{Start: at, End: at + 6}}}
	if got := Mentions(a, st); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}

// checkNames checks what holds for every text.
func checkNames(t *testing.T, body string) {
	last := 0
	for _, n := range Names(&model.Article{Text: body}, nil) {
		if n.Start < last || n.End <= n.Start || n.End > len(body) {
			t.Fatalf("%q: [%d,%d) after %d", body, n.Start, n.End, last)
		}
		last = n.End
		before, _ := utf8.DecodeLastRuneInString(body[:n.Start])
		after, _ := utf8.DecodeRuneInString(body[n.End:])
		if n.Start > 0 && inWord(before) || n.End < len(body) && inWord(after) {
			t.Fatalf("%q: %q is part of a longer word", body, n.Of(body))
		}
		if n.Known {
			if p, ok := ByID(n.Place.ID); !ok || p != n.Place {
				t.Fatalf("%q: %+v is not in the gazetteer", body, n.Place)
			}
		}
	}
}

func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || r == '_'
}

// Every name of a sentence, set into longer words in every way, is none there.
func TestNeverInsideWords(t *testing.T) {
	for _, name := range []string{"Paris", "New York", "Kyiv", "U.S.", "Donbas", "Saint Petersburg", "Rome"} {
		for _, around := range []string{"x%s", "%sx", "%sian", "É%s", "%sé", "_%s", "%s_", "@%s", "9%s", "%s9", "%s\u0301", "www.%s", "%s.com", "a%sb"} {
			body := "They met in " + fmt.Sprintf(around, name) + " on Friday."
			checkNames(t, body)
			for _, n := range Names(&model.Article{Text: body}, nil) {
				if n.Of(body) == name {
					t.Errorf("%q: found %q", body, name)
				}
			}
		}
	}
}

func FuzzNames(f *testing.F) {
	for _, s := range []string{
		"The fair in Paris, Texas, opened.", "U.S., N.Y. and D.C.", "Xi'an’s St. John's-Paris", "a\u0301Paris\u0301", "Rome\xff", "", "KYIV – Ōsaka/Köln", "L'Aquila (Italy)",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkNames(t, s) })
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Saint-Étienne", "St. John's", "Łódź", "İzmir", " ", "saint", "ß"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if a := fold(s); utf8.ValidString(s) && fold(a) != a {
			t.Errorf("%q folds to %q, that to %q", s, a, fold(a))
		}
	})
}

func BenchmarkNames(b *testing.B) {
	part := "KHERSON, Ukraine (Wire) - Officials in Kherson said on Monday that the bridge at Nova Kakhovka was closed. " +
		"The mayor of Springfield, Ill., Ann Bell, told reporters in Chicago that the Texas firm had left San Antonio for San Jose. " +
		"People from Georgia, Florida and the Carolinas crossed the border near Brownsville and reached Monterrey the next day. "
	body := strings.Repeat(part, 8) // some 500 words
	a := &model.Article{Text: body}
	Names(a, nil)
	b.ReportAllocs()
	for b.Loop() {
		Names(a, nil)
	}
}

// The time for a text of very many different names stays in proportion.
func BenchmarkNamesLong(b *testing.B) {
	g := must()
	var s strings.Builder
	for i := 0; s.Len() < 1<<20; i++ {
		e := uint32(i * 37 % len(g.id))
		fmt.Fprintf(&s, "They went to %s on Friday.\n", g.name(g.shown[e]))
	}
	a := &model.Article{Text: s.String()}
	b.SetBytes(int64(s.Len()))
	for b.Loop() {
		Names(a, nil)
	}
}
