package place

import (
	"fmt"
	"testing"
)

func TestFind(t *testing.T) {
	for name, want := range map[string]string{
		"Kyiv":            "Kyiv UA city",
		"Kiev":            "Kyiv UA city",
		"kharkov":         "Kharkiv UA city",
		"Paris":           "Paris FR city",
		"Moscow":          "Moscow RU city",
		"Makhachkala":     "Makhachkala RU city",
		"Dagestan":        "Dagestan RU region",
		"Donbas":          "Donbas  region",
		"Donbass":         "Donbas  region",
		"Crimea":          "Crimea UA region",
		"West Bank":       "West Bank PS region",
		"Texas":           "Texas US region",
		"Ukraine":         "Ukraine UA country",
		"Türkiye":         "Turkey TR country",
		"Black Sea":       "Black Sea  sea",
		"Strait of Kerch": "Kerch Strait  sea",
		"St. Petersburg":  "Saint Petersburg RU city",
		"Rapides Parish":  "Rapides Parish US region",
		"Sahel":           "Sahel  region",
		"Sao Paulo":       "São Paulo BR city",
	} {
		found := Find(name)
		if len(found) == 0 {
			t.Errorf("%s: not found", name)
			continue
		}
		if p := found[0]; fmt.Sprintf("%s %s %s", p.Name, p.Country, p.Kind) != want {
			t.Errorf("%s: got %+v, want %s", name, p, want)
		}
	}
	if found := Find("Xyzzyville"); len(found) != 0 {
		t.Errorf("Xyzzyville: got %v", found)
	}
}

func TestContaining(t *testing.T) {
	id := func(name string) int64 { return Find(name)[0].ID }
	for _, c := range []struct {
		what, in string
		want     bool
	}{
		{"Mariupol", "Donbas", true},
		{"Mariupol", "Donetsk Oblast", true},
		{"Mariupol", "Ukraine", true},
		{"Mariupol", "Europe", true},
		{"Mariupol", "Crimea", false},
		{"Makhachkala", "North Caucasus", true},
		{"Bamako", "Sahel", true},
		{"Ukraine", "Ukraine", true},
		{"Ukraine", "Mariupol", false},
		{"Hebron", "West Bank", true},
	} {
		if got := Within(id(c.what), id(c.in)); got != c.want {
			t.Errorf("%s in %s: got %v, want %v; it lies in %v", c.what, c.in, got, c.want, Containing(id(c.what)))
		}
	}
	if Within(-3, id("Ukraine")) || len(Containing(-3)) != 0 {
		t.Error("an unknown id lies somewhere")
	}
	p := Find("Mariupol")[0]
	if got, ok := ByID(p.ID); !ok || got != p {
		t.Errorf("ByID: got %v, want %v", got, p)
	}
}

func TestDamaged(t *testing.T) {
	for n := range 40 {
		if _, err := read(packed[:len(packed)*n/40]); err == nil {
			t.Errorf("read %d of 40 parts without an error", n)
		}
	}
}

func TestPack(t *testing.T) {
	entries := []Entry{
		{Kind: Town, ID: 7, In: "XX.1", Name: "Saint-Żółw", Variants: []string{"Turtle"}, Lat: 1.2345, Lon: -3.4, Population: 1234},
		{Kind: Country, ID: 3, Code: "XX", Name: "Exland", Lat: 1, Lon: 2},
		{Kind: Admin1, Code: "XX.1", In: "XX", Name: "North", Short: []string{"N."}},
		{Kind: Region, Name: "Both", Members: []string{"XX"}},
	}
	b, err := Pack(entries)
	if err != nil {
		t.Fatal(err)
	}
	g, err := read(b)
	if err != nil {
		t.Fatal(err)
	}
	found := g.find("st zolw")
	if len(found) != 1 {
		t.Fatalf("got %v", found)
	}
	if p := g.place(found[0].entry); p.ID != 7 || p.Name != "Saint-Żółw" || p.Country != "XX" || p.Lat != 1.235 || p.Lon != -3.4 {
		t.Errorf("got %+v", p)
	}
	var in []string
	for _, j := range g.containing(found[0].entry) {
		in = append(in, g.place(j).Name)
	}
	if fmt.Sprint(in) != "[North Exland Both]" {
		t.Errorf("it lies in %v", in)
	}
	if m := g.find("n"); len(m) != 1 || m[0].rank != short {
		t.Errorf("abbreviation: got %v", m)
	}
	if _, err := Pack(append(entries, entries[0])); err == nil {
		t.Error("packed the same id twice")
	}
}

func BenchmarkOpen(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := read(packed); err != nil {
			b.Fatal(err)
		}
	}
}
