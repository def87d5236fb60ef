package tag_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"crosscheck/internal/text"
	"crosscheck/internal/text/tag"
)

func newTagger(t testing.TB) *tag.Tagger {
	t.Helper()
	tg, err := tag.New()
	if err != nil {
		t.Fatal(err)
	}
	return tg
}

// found lists the names of a text as "TYPE words", of the given types or all.
func found(tg *tag.Tagger, s string, types ...tag.Type) []string {
	d := text.Parse(s)
	var out []string
	for _, n := range tg.Tag(d).Names {
		if len(types) == 0 || slices.Contains(types, n.Type) {
			out = append(out, n.Type.String()+" "+d.Span(n.Range).Of(s))
		}
	}
	return out
}

func TestUnits(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"The 93rd Mechanised Brigade held the town.", []string{"UNIT 93rd Mechanised Brigade"}},
		{"Tanks of the 1st Guards Tank Army crossed.", []string{"UNIT 1st Guards Tank Army"}},
		{"He served in the 76th Guards Air Assault Division.", []string{"UNIT 76th Guards Air Assault Division"}},
		{"It belongs to the 25th separate airborne brigade.", []string{"UNIT 25th separate airborne brigade"}},
		{"The Black Sea Fleet left port.", []string{"UNIT Black Sea Fleet"}},
		{"Russia’s Black Sea Fleet left port.", []string{"UNIT Black Sea Fleet"}},
		{"Soldiers of the Azov Battalion were seen.", []string{"UNIT Azov Battalion"}},
		{"XVIII Airborne Corps was sent.", []string{"UNIT XVIII Airborne Corps"}},
		{"The Sixth Fleet sailed.", []string{"UNIT Sixth Fleet"}},
		{"Combined Task Force 50 escorted them.", []string{"UNIT Combined Task Force 50"}},
		{"They won promotion to the 2nd division.", nil},
		{"In the 19th century a company of actors came.", nil},
		{"The first company to report was hers.", nil},
	}
	tg := newTagger(t)
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, found(tg, tt.text, tag.Unit)); diff != "" {
			t.Errorf("%q: %s", tt.text, diff)
		}
	}
}

func TestEquipment(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"Two T-72B3 tanks burned.", []string{"EQUIP T-72B3 tanks"}},
		{"A MiG-29 and an F-16 flew over.", []string{"EQUIP MiG-29", "EQUIP F-16"}},
		{"An S-300PMU-2 battery fired.", []string{"EQUIP S-300PMU-2 battery"}},
		{"The 2S19 was hit.", []string{"EQUIP 2S19"}},
		{"Iskander-M missiles and HIMARS were used.", []string{"EQUIP Iskander-M missiles", "EQUIP HIMARS"}},
		{"Shahed-136 drones crossed the border.", []string{"EQUIP Shahed-136 drones"}},
		{"They asked for Leopard 2A6 tanks.", []string{"EQUIP Leopard 2A6 tanks"}},
		{"They carried anti-tank guided missiles.", []string{"EQUIP anti-tank guided missiles"}},
		{"They fired Javelin missiles.", []string{"EQUIP Javelin missiles"}},
		{"HMS Halcyon Bay was near.", []string{"EQUIP HMS Halcyon Bay"}},
		{"A leopard slept at the zoo.", nil},
		{"Anna Bradley lives on the M25.", nil},
		{"The G-20 met about COVID-19.", nil},
		{"A think tank in Oslo wrote it.", nil},
		{"A suicide bomber struck.", nil},
	}
	tg := newTagger(t)
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, found(tg, tt.text, tag.Equipment)); diff != "" {
			t.Errorf("%q: %s", tt.text, diff)
		}
	}
}

func TestDatesAndQuantities(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"It began on February 15, 2022.", []string{"DATE February 15, 2022"}},
		{"It began on 15 February.", []string{"DATE 15 February"}},
		{"On Tuesday, Feb. 15, sites failed.", []string{"DATE Tuesday, Feb. 15"}},
		{"Logs of 2022-02-15 show it.", []string{"DATE 2022-02-15"}},
		{"They left on 15.02.2022 at noon.", []string{"DATE 15.02.2022"}},
		{"It fell last week and again yesterday.", []string{"DATE last week", "DATE yesterday"}},
		{"Since 2014, in the 1990s, it was so.", []string{"DATE 2014", "DATE 1990s"}},
		{"They met three years ago.", []string{"DATE three years ago"}},
		{"You may go; they march on.", nil},
		{"The bridge cost $1.5 million.", []string{"QUANT $1.5 million"}},
		{"About 1,200 people, 30 per cent of them children, left.", []string{"QUANT 1,200", "QUANT 30 per cent"}},
		{"Hundreds of thousands fled.", []string{"QUANT Hundreds of thousands"}},
		{"The column is 64 km long.", []string{"QUANT 64 km"}},
		{"It was 15 to 20 percent.", []string{"QUANT 15 to 20 percent"}},
		{"Under Resolution 2202, one should wait.", nil},
	}
	tg := newTagger(t)
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, found(tg, tt.text, tag.Date, tag.Quantity)); diff != "" {
			t.Errorf("%q: %s", tt.text, diff)
		}
	}
}

func TestNames(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"title", "President Oleksandr Hrytsenko met Mr. Tanaka in Warsaw.", []string{"PER Oleksandr Hrytsenko", "PER Tanaka", "LOC Warsaw"}},
		{"foreign names", "Abdulrahman al-Khatib told reporters that Nguyen Thi Lan and Søren Kjærgaard had left.", []string{"PER Abdulrahman al-Khatib", "PER Nguyen Thi Lan", "PER Søren Kjærgaard"}},
		{"surname again", "Maria Dobrenko spoke first. Later Dobrenko said no.", []string{"PER Maria Dobrenko", "PER Dobrenko"}},
		{"opening capital", "Bread was scarce. Officials said so.", nil},
		{"possessive", "Ukraine’s ministry answered.", []string{"LOC Ukraine’s"}},
		{"nationality", "German and Polish officials met.", []string{"NORP German", "NORP Polish"}},
		{"abbreviation", "The U.S. State Department agreed.", []string{"ORG U.S. State Department"}},
		{"country, not pronoun", "They told us that the US agreed.", []string{"LOC US"}},
		{"dateline", "MOSCOW (Reuters) - It rained.", []string{"LOC MOSCOW", "ORG Reuters"}},
		{"capitals", "BANKS IN UKRAINE ATTACKED", []string{"LOC UKRAINE"}},
	}
	tg := newTagger(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, found(tg, tt.text)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPOS(t *testing.T) {
	d := text.Parse("The minister said on Tuesday they didn’t close the banks in Kyiv’s centre.")
	var got []string
	for _, p := range newTagger(t).Tag(d).POS {
		got = append(got, p.String())
	}
	want := "DT NN VBD IN NNP PRP VBD VB DT NNS IN NNP NN ."
	if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
		t.Error(diff)
	}
}

func TestParsePOS(t *testing.T) {
	for p := tag.CC; p <= tag.Part; p++ {
		if q, ok := tag.ParsePOS(p.String()); !ok || q != p {
			t.Errorf("ParsePOS(%q) = %v, %v", p.String(), q, ok)
		}
	}
	if _, ok := tag.ParsePOS("NOUN"); ok {
		t.Error("ParsePOS knows NOUN")
	}
}

// hostile are texts that have broken taggers.
var hostile = map[string]string{
	"empty":           "",
	"spaces":          " \n\t ",
	"no letters":      "...!!! 123 --- ((( $$$ 4-4-4",
	"invalid":         "Kyiv\xff\xfe said \x80Lavrov\xc3",
	"one mark":        "“",
	"one letter":      "I",
	"ends in titles":  "President General Mr.",
	"ends in numbers": "the 93rd",
	"hyphens":         strings.Repeat("T-", 1000),
	"long word":       strings.Repeat("Ж", 1<<19),
	"long line":       strings.Repeat("Ab 3rd T-72 ", 1<<20/12),
	"capitals":        strings.Repeat("Big ", 1<<18),
}

func TestHostile(t *testing.T) {
	tg := newTagger(t)
	for name, s := range hostile {
		t.Run(name, func(t *testing.T) { checkTags(t, tg, s) })
	}
}

// checkTags holds a result against what Tags promises.
func checkTags(t *testing.T, tg *tag.Tagger, s string) {
	t.Helper()
	d := text.Parse(s)
	tags := tg.Tag(d)
	if len(tags.POS) != len(d.Tokens) {
		t.Fatalf("%d tags for %d tokens", len(tags.POS), len(d.Tokens))
	}
	end := 0
	for _, n := range tags.Names {
		if n.Start < end || n.End <= n.Start || n.End > len(d.Tokens) || n.Type < tag.Person || n.Type > tag.Quantity {
			t.Fatalf("name %+v after token %d of %d", n, end, len(d.Tokens))
		}
		end = n.End
	}
}

func TestConcurrent(t *testing.T) {
	tg := newTagger(t)
	want := found(tg, article)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if diff := cmp.Diff(want, found(tg, article)); diff != "" {
				t.Error(diff)
			}
		})
	}
	wg.Wait()
}

func TestAllocations(t *testing.T) {
	tg := newTagger(t)
	d := text.Parse(article)
	if n := testing.AllocsPerRun(5, func() { tg.Tag(d) }); n > float64(len(d.Tokens)/10) {
		t.Errorf("Tag allocates %v times for %d tokens", n, len(d.Tokens))
	}
}

func FuzzTag(f *testing.F) {
	for _, s := range hostile {
		if len(s) < 1000 {
			f.Add(s)
		}
	}
	f.Add(article)
	tg := newTagger(f)
	f.Fuzz(func(t *testing.T, s string) {
		if utf8.RuneCountInString(s) < 1<<16 {
			checkTags(t, tg, s)
		}
	})
}
