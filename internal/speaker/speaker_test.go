package speaker

import (
	"strings"
	"testing"

	"crosscheck/internal/model"

	"github.com/google/go-cmp/cmp"
)

// who writes a description as "Name | role | outlet".
func who(kind model.SpeakerType, s string) model.SpeakerDescription {
	parts := append(strings.Split(s, "|"), "", "")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return model.SpeakerDescription{Name: parts[0], Type: kind, Role: parts[1], Outlet: parts[2]}
}

func TestPersons(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want Verdict
	}{
		{"Oda Rasmirel", "ODA RASMIREL", Same},
		{"Oda Rasmirel", "Ms Oda Rasmirel", Same},
		{"Prime Minister Oda Rasmirel", "Dr. Oda Rasmirel, PhD", Same},
		{"Rasmirel, Oda", "Oda Rasmirel", Same},
		{"Zoë Kjær", "Zoe Kjaer", Same},
		{"Jörg Möller", "Joerg Moeller", Same},
		{"Łukasz Gruš", "Lukasz Grush", Same},
		{"Ahmet Çavuşkent", "Ahmet Cavuskent", Same},
		{"Ahmet Çavuşkent", "Ahmet Chavushkent", Same},
		{"Marko Đurić", "Marko Djuric", Same},
		{"Ilse von der Aue", "von der Aue", Unsure},
		{"Van Morrow", "Van Morrow", Same},
		{"Van Morrow", "Jan Morrow", Different},
		{"Volodymyr Zelensky", "Volodymyr Zelenskyy", Same},
		{"Volodymyr Zelenskiy", "Wolodymyr Zelenskyj", Same},
		{"Володимир Зеленський", "Volodymyr Zelensky", Same},
		{"Alexander Lukashenko", "Aleksandr Lukashenka", Unsure},
		{"Alexander Lukashenko", "Alexander Lukashenka", Same},
		{"Alexander Lukashenko | president of Belarus", "Aliaksandr Lukashenka | Belarusian president", Same},
		{"Muammar Gaddafi", "Moammar Qaddafi", Same},
		{"Muammar al-Gaddafi", "Muammar el-Qadhafi", Same},
		{"Mohammed bin Rashad", "Muhammad Rashad", Same},
		{"Hussein al-Dabbagh", "Husayn Dabagh", Same},
		{"Abdul Rahman Sarif", "Abdulrahman Sarif", Same},
		{"Sergei Orlin", "Sergey Orlin", Same},
		{"Sergei Orlin", "Serhiy Orlin", Unsure},
		{"Sergei Orlin | governor of Dorrin", "Serhiy Orlin | governor of Dorrin", Same},
		{"Yevgeny Kharitov", "Evgeny Haritov", Same},
		{"Dmitri Gorbachyov", "Dmitry Gorbachev", Same},
		{"Ivan Petrovich Sidorov", "Ivan Sidorov", Same},
		{"Ivan Petrovich Sidorov", "Ivan Pavlovich Sidorov", Different},
		{"Erick Beck", "Erik Bek", Same},
		{"Kyriakos Papandros", "Kiriakos Papandros", Same},
		{"Li Weiming", "Weiming Li", Same},
		{"Kim Yong-ho", "Kim Yong Ho", Same},
		{"Kim Yong-ho", "Yongho Kim", Same},
		{"Xi Lanping", "Xi Lan-ping", Same},
		{"J. Smith", "John Smith", Unsure},
		{"J. Smith | Kestria's trade envoy", "John Smith | trade envoy of Kestria", Same},
		{"J. Smith", "Robert Smith", Different},
		{"John Smith", "Jane Smith", Different},
		{"John A. Smith", "John Smith", Same},
		{"John A. Smith", "John B. Smith", Different},
		{"John Smith Jr", "John Smith Sr.", Different},
		{"John Smith Jr", "John Smith", Unsure},
		{"Bill Harrow", "William Harrow", Unsure},
		{"Paul Ockerby", "James Paul Ockerby", Unsure},
		{"Smith", "John Smith", Unsure},
		{"Smith | a resident", "John Smith | president of Kestria", Different},
		{"Pellmark | Tolmark's Defence Minister", "Joran Pellmark | Defence Minister of Tolmark", Same},
		{"Smith | | The Lanthorn", "Smith | | Aldwire", Unsure},
		{"Smith | | The Lanthorn", "Smith | | The Lanthorn", Same},
		{"John Smith | footballer", "John Smith | senator", Unsure},
		{"John Smith | president of Kestria", "John Smith | president of Tolmark", Unsure},
		{"John Smith | Norwegian prime minister", "John Smith | secretary general of the Compact", Same},
		{"Anna Kern | German chancellor", "Anna Kern | Austrian chancellor", Unsure},
		{"Anna Kern | foreign secretary", "Anna Kern | prime minister", Same},
		{"Ann Bell", "Ann Ball", Different},
		{"Lee Smith", "L. Smith", Unsure},
		{"Foreign Minister", "Oda Rasmirel", Unsure},
		{"President", "President", Unsure},
		{"", "", Unsure},
		{"\x00\xff ( ,", "J. . .", Unsure},
		{"<script>alert(1)</script>", "Oda Rasmirel", Different},
		{strings.Repeat("ab ", 3000), strings.Repeat("ba ", 3000), Different},
	} {
		verdict(t, model.SpeakerPerson, c.a, c.b, c.want)
	}
}

func TestBodies(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want Verdict
	}{
		{"International Committee of the Red Cross", "ICRC", Same},
		{"International Committee of the Red Cross (ICRC)", "ICRC", Same},
		{"Harbour Pilots Mutual Fund", "HPMF", Same},
		{"Harbour Pilots Fund", "HPF", Unsure},
		{"Harbour Pilots Fund (HPF)", "HPF", Same},
		{"Harbour Pilots Fund", "HPX", Different},
		{"Nato", "NATO", Same},
		{"United Nations", "U.N.", Same},
		{"World Health Organization", "WHO", Same},
		{"Kestria's Ministry of Defence", "Ministry of Defence of Kestria", Same},
		{"Kestria’s Ministry of Defence", "Ministry of Defense, Kestria", Same},
		{"Kestria defence ministry", "the Ministry of Defence of Kestria", Same},
		{"Kestrian Defense Ministry", "Ministry of Defence, Kestria", Same},
		{"Ministry of Defence | Kestria", "Ministry of Defence of Kestria", Same},
		{"Ukrainian defence ministry", "Ministry of Defense of Ukraine", Same},
		{"Russian Foreign Ministry", "Ministry of Foreign Affairs of Russia", Same},
		{"Ministry of Defence of Kestria", "Ministry of Defence of Tolmark", Different},
		{"Ministry of Defence", "Ministry of Defence of Kestria", Unsure},
		{"Ministry of Defence | | Aldwire", "Ministry of Defence | | The Lanthorn", Unsure},
		{"Ministry of Defence | | Aldwire", "the Defence Ministry | | Aldwire", Same},
		{"General Staff, Tolmark", "General Staff", Unsure},
		{"General Staff, Tolmark", "Tolmark’s General Staff", Same},
		{"Landbank of Tolmark", "Landbank", Unsure},
		{"Labour Party", "Labor Party", Unsure},
		{"President’s office | | Aldwire", "President's Office | | The Lanthorn", Unsure},
		{"President’s office", "office of the President of Kestria", Unsure},
		{"Aldgate Center", "Aldgate Centre", Same},
		{"the Kremlin", "Kremlin", Same},
		{"the Kremlin", "Presidency of Russia", Different},
		{"Bank of America", "US Bank", Unsure},
		{"Plumbline Ltd", "Plumbline", Same},
		{"UN Security Council", "United Nations Security Council", Same},
		{"Fathom Observatory", "fathom observatory", Same},
		{"", "", Unsure},
		{"(((", "ABC", Unsure},
	} {
		verdict(t, model.SpeakerOrganisation, c.a, c.b, c.want)
	}
}

func verdict(t *testing.T, kind model.SpeakerType, a, b string, want Verdict) {
	t.Helper()
	x, y := who(kind, a), who(kind, b)
	got := Compare(x, y)
	if got.Is != want {
		t.Errorf("%.60s, %.60s: %s (%s), want %s", a, b, got.Is, got.Why, want)
	}
	if back := Compare(y, x); back.Is != got.Is {
		t.Errorf("%.60s, %.60s: %s, but the other way round %s", a, b, got.Is, back.Is)
	}
	if got.Why == "" {
		t.Errorf("%.60s, %.60s: no reason", a, b)
	}
	if k, l := Keys(x), Keys(y); want != Different && len(k.File) > 0 && len(l.File) > 0 && (!share(k.File, l.Look) || !share(k.Look, l.File)) {
		t.Errorf("%.60s, %.60s do not find each other: %+v, %+v", a, b, k, l)
	}
}

func share(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

func TestOtherKinds(t *testing.T) {
	p, o := who(model.SpeakerPerson, "Landbank"), who(model.SpeakerOrganisation, "Landbank")
	if got := Compare(p, o).Is; got != Different {
		t.Errorf("a person and an organisation: %s", got)
	}
	for _, d := range []model.SpeakerDescription{
		who(model.SpeakerUnnamed, "unnamed: a driver"), who(model.SpeakerDocument, "notice"),
		who(model.SpeakerPerson, "Prime Minister"), who(model.SpeakerPerson, "the spokesman"), who(model.SpeakerPerson, "J."),
	} {
		if k := Keys(d); len(k.File) > 0 {
			t.Errorf("%q has a name of its own: %q", d.Name, k.File)
		}
	}
}

// known is a profile of persons, each alias "Name | role | scope"; a leading
// ! marks one decided by hand.
func known(id string, aliases ...string) model.SpeakerProfile {
	p := model.SpeakerProfile{ID: id}
	for _, a := range aliases {
		a, hand := strings.CutPrefix(a, "!")
		p.Aliases = append(p.Aliases, model.SpeakerAlias{SpeakerDescription: who(model.SpeakerPerson, a), ByHand: hand})
	}
	return p
}

func TestChoose(t *testing.T) {
	senator := known("senator", "John Smith", "John Smith | senator")
	striker := known("striker", "John Smith | striker")
	jane := known("jane", "Jane Smith | economist")
	for name, c := range map[string]struct {
		who    string
		known  []model.SpeakerProfile
		id     string
		apart  bool
		unsure int
	}{
		"nobody known":                   {"John Smith", nil, "", false, 0},
		"name and role":                  {"John Smith | senator", []model.SpeakerProfile{senator, striker}, "senator", false, 1},
		"another role of that field":     {"John Smith | governor", []model.SpeakerProfile{senator}, "senator", false, 0},
		"a role that clashes":            {"John Smith | violinist and composer", []model.SpeakerProfile{senator}, "", false, 1},
		"a name two bear":                {"John Smith", []model.SpeakerProfile{senator, striker}, "", true, 2},
		"surname, one who fits":          {"Smith", []model.SpeakerProfile{jane}, "jane", false, 0},
		"surname, several":               {"Smith", []model.SpeakerProfile{senator, jane}, "", false, 2},
		"surname and role":               {"Smith | the state's senator", []model.SpeakerProfile{known("x", "Jon Smith | the state's senator"), jane}, "x", false, 1},
		"another given name":             {"Boris Orlin", []model.SpeakerProfile{known("o", "Orlin", "Anna Orlin")}, "", false, 0},
		"by hand, whatever the names":    {"Ye", []model.SpeakerProfile{known("w", "Kano Best", "!Ye")}, "w", false, 0},
		"by hand, against another":       {"J. Smith", []model.SpeakerProfile{known("own", "!J. Smith"), senator}, "own", false, 1},
		"related names are never merged": {"Serhiy Orlin", []model.SpeakerProfile{known("s", "Sergei Orlin")}, "", false, 1},
	} {
		d := who(model.SpeakerPerson, c.who)
		got := Choose(d, c.known)
		if got.ID != c.id || got.Homonym != c.apart || len(got.Unsure) != c.unsure {
			t.Errorf("%s: %+v, want %q, apart %v, %d unsure", name, got, c.id, c.apart, c.unsure)
		}
		for _, u := range got.Unsure {
			if u.Why == "" || u.ID == got.ID {
				t.Errorf("%s: doubt %+v", name, u)
			}
		}
	}
	if d := cmp.Diff(8, len(Choose(who(model.SpeakerPerson, "Smith"), crowd(40)).Unsure)); d != "" {
		t.Errorf("doubts (-want +got):\n%s", d)
	}
}

func crowd(n int) []model.SpeakerProfile {
	var out []model.SpeakerProfile
	for i := range n {
		out = append(out, known(string(rune('a'+i)), string(rune('A'+i%26))+"nna Smith"))
	}
	return out
}

func FuzzCompare(f *testing.F) {
	f.Add("Oda Rasmirel", "minister", "O. Rasmirel", "x of Y", true)
	f.Add("Sergei Orlin", "governor of Dorrin", "Serhiy Orlin", "governor of Dorrin", true)
	f.Add("Kim Yong-ho", "", "Yong Ho Kim", "", true)
	f.Add("Muammar al-Qadhafi", "", "Moammar Gaddafi", "", true)
	f.Add("Kestria’s Defense Ministry", "", "Ministry of Defence, Kestria", "", false)
	f.Add("al-, abd", "’s ", "(", "'s", false)
	f.Fuzz(func(t *testing.T, an, ar, bn, br string, person bool) {
		kind := model.SpeakerOrganisation
		if person {
			kind = model.SpeakerPerson
		}
		a := model.SpeakerDescription{Name: an, Role: ar, Type: kind}
		b := model.SpeakerDescription{Name: bn, Role: br, Type: kind}
		x, y := Compare(a, b), Compare(b, a)
		if x.Is != y.Is {
			t.Fatalf("Compare(%+v, %+v) = %v, the other way round %v", a, b, x, y)
		}
		if k, l := Keys(a), Keys(b); x.Is == Same && (!share(k.File, l.Look) || !share(k.Look, l.File)) {
			t.Fatalf("%q and %q are the same and do not find each other: %+v, %+v", an, bn, k, l)
		}
	})
}

func BenchmarkChoose(b *testing.B) {
	var all []model.SpeakerProfile
	for _, p := range crowd(40) {
		for len(p.Aliases) < 12 {
			p.Aliases = append(p.Aliases, known("", p.Aliases[0].Name+" | senator for the harbour of Ambry").Aliases...)
		}
		all = append(all, p)
	}
	d := who(model.SpeakerPerson, "Anna Smith | trade envoy of Kestria")
	for b.Loop() {
		Choose(d, all)
	}
}
