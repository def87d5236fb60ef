package demo

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// told is one article of the crisis.
type told struct {
	at, outlet, headline, script string
	copied                       int // percent of the wire story's words it repeats, 0 for an origin
}

// The crisis as readers are to find it: 21 articles, of which 5 are copies.
var crisis = []told{
	{"2031-03-11T08:24Z", "Aldwire", "Kestria says two brigades are returning to garrison", "b-garrison", 0},
	{"2031-03-11T08:31Z", "Sennabruk Courier", "Kestria: brigades ‘return to garrison’", "b-garrison", 100},
	{"2031-03-11T08:47Z", "Islemere Post", "Kestria says two brigades are returning to garrison", "b-garrison", 64},
	{"2031-03-11T09:02Z", "Radio Quern", "Troops leave the line, says Arvenholt", "b-garrison", 61},
	{"2031-03-11T09:20Z", "Kestrian Gazette", "Exercises completed: brigades go home", "b-garrison", 100},
	{"2031-03-11T09:52Z", "Sennabruk Courier", "Pellmark: ‘The columns stand where they stood’", "b-garrison", 0},
	{"2031-03-11T10:05Z", "The Weir", "A withdrawal, or the word for one", "b-garrison", 100},
	{"2031-03-11T10:31Z", "Radio Quern", "Compact has seen no sign of a withdrawal", "b-garrison", 0},
	{"2031-03-11T11:02Z", "Plumbline Research", "Railheads, 9 to 11 March", "b-garrison", 0},
	{"2031-03-11T12:20Z", "From the Press Room", "Post 4,117", "b-garrison", 0},
	{"2031-03-11T13:30Z", "The Lanthorn", "Fourteen companies still at the line, Tolmark says", "b-garrison", 0},
	{"2031-03-11T13:41Z", "Aldwire", "Sorvane: counted movement is ‘going forward’", "b-garrison", 0},
	{"2031-03-11T14:22Z", "Kestrian Gazette", "Dressik: pictures show a railway yard", "b-garrison", 0},
	{"2031-03-11T16:58Z", "Landbank of Tolmark", "Landbank unreachable", "c-bank", 0},
	{"2031-03-11T17:20Z", "Fathom Observatory", "Loss of connectivity to the Landbank of Tolmark", "c-bank", 0},
	{"2031-03-11T17:41Z", "Aldwire", "Tolmark’s largest bank cut off; minister points east", "c-bank", 0},
	{"2031-03-11T18:05Z", "From the Press Room", "Post 4,118", "c-bank", 0},
	{"2031-03-12T07:15Z", "The Lanthorn", "The bank is back, and nobody knows who knocked", "c-bank", 0},
	{"2031-03-12T14:38Z", "Sennabruk Courier", "Pellmark confirms two battalions have left Dorrin", "b-garrison", 0},
	{"2031-03-12T15:26Z", "Radio Quern", "Varrenhof: two battalions are not a withdrawal", "b-garrison", 0},
	{"2031-03-12T16:10Z", "Kestrian Gazette", "Ministry: only the ordinary guard remains", "b-garrison", 0},
}

// The statements that bear the crisis, each with the origins it stands in by
// their time of publication.
var statements = []struct {
	words, speaker, cue string
	origins             []string
}{
	{"Units of the 4th and 9th Brigades that have completed their exercises have begun to return to garrison", "Ministry of Defence", "in a written statement", []string{"11 08:24", "11 13:30"}},
	{"“No withdrawal has taken place. The columns stand where they stood on Sunday.”", "Joran Pellmark", "denied", []string{"11 09:52"}},
	{"“We have not yet seen any sign of this on the ground.”", "Ilse Varrenhof", "a press conference", []string{"11 10:31", "11 13:30"}},
	{"“Nothing in this morning’s pictures is leaving.”", "Mirrin Okafell", "", []string{"11 11:02", "11 13:30"}},
	{"“More equipment is moving towards the line than away from it”", "she", "", []string{"11 11:02", "11 13:30"}},
	{"“Will somebody please wake the prophets of war? The train they were waiting for has left, and it is going home.”", "Oda Rasmirel", "on her channel", []string{"11 12:20", "11 13:30"}},
	{"Fourteen companies remain within fifteen kilometres of the line", "General Staff", "told", []string{"11 13:30"}},
	{"“What our observers count is going forward, not back.”", "Annik Sorvane", "confirmed", []string{"11 13:41"}},
	{"“These are old pictures of a railway yard in the rain.”", "Halvar Dressik", "denied", []string{"11 14:22"}},
	{"“Our site and our app cannot be reached at present”", "Landbank of Tolmark", "said", []string{"11 16:58", "11 17:41"}},
	{"“We confirm the loss of connectivity to the Landbank since 16:41.”", "Fathom Observatory", "", []string{"11 17:20", "11 17:41"}},
	{"The flood is being directed from Kestrian territory", "Bram Tessary", "said", []string{"11 17:41"}},
	{"“We have nothing to do with anybody’s bank. Perhaps ask its plumber.”", "Oda Rasmirel", "denied", []string{"11 18:05"}},
	{"“Nothing we measure says who sent the requests, or from where.”", "Fathom Observatory", "doubted", []string{"12 07:15"}},
	{"“I can confirm that two battalions of the 9th Brigade have left the camp at Dorrin.”", "Joran Pellmark", "told reporters", []string{"12 14:38"}},
	{"“Two battalions are welcome. We do not yet see a withdrawal.”", "Ilse Varrenhof", "doubts", []string{"12 15:26"}},
	{"“There is nobody at the line but the ordinary guard.”", "Ministry of Defence", "denied", []string{"12 16:10"}},
}

func TestArticles(t *testing.T) {
	type row struct {
		At, Outlet, Headline, Script string
	}
	var want, got []row
	for _, c := range crisis {
		want = append(want, row{c.at, c.outlet, c.headline, c.script})
	}
	for _, a := range articles(t) {
		if a.script != "d-background" {
			e, _ := a.at(End)
			got = append(got, row{e.Published.Format("2006-01-02T15:04Z"), a.outlet.Name, e.Headline, a.script})
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("the crisis (-want +got):\n%s", d)
	}
}

// articles lists every article by time of publication.
func articles(t *testing.T) []*article {
	var out []*article
	for _, o := range stopped(t, End).outlets {
		out = append(out, o.articles...)
	}
	slices.SortFunc(out, func(a, b *article) int { return a.versions[0].At.Compare(b.versions[0].At) })
	return out
}

func origins(t *testing.T) []*article {
	return slices.DeleteFunc(articles(t), func(a *article) bool {
		return slices.ContainsFunc(crisis, func(c told) bool {
			return c.copied > 0 && c.at == a.versions[0].At.Format("2006-01-02T15:04Z") && c.outlet == a.outlet.Name
		})
	})
}

var (
	tag      = regexp.MustCompile(`<[^>]*>`)
	boundary = regexp.MustCompile(`</p>|<br>`)
)

// shown is the paragraphs of an article's page as a browser shows them.
func shown(t *testing.T, a *article) []string {
	body := get(stopped(t, End), scheme+a.outlet.Host+a.path).Body.String()
	var out []string
	for _, p := range boundary.Split(body, -1) {
		out = append(out, html.UnescapeString(tag.ReplaceAllString(p, " ")))
	}
	return out
}

// Every statement stands verbatim, with its speaker and cue in the same
// paragraph, in the origins it is to be found in and in no other.
func TestStatements(t *testing.T) {
	pages := map[string][]string{}
	for _, a := range origins(t) {
		pages[a.versions[0].At.Format("02 15:04")] = shown(t, a)
	}
	for _, s := range statements {
		words := strings.TrimSuffix(strings.TrimSuffix(s.words, "”"), ".")
		whole := false
		var got []string
		for at, paragraphs := range pages {
			for _, p := range paragraphs {
				if !strings.Contains(p, words) {
					continue
				}
				got = append(got, at)
				whole = whole || strings.Contains(p, strings.TrimSuffix(s.words, "”"))
				if !strings.Contains(p, s.speaker) || !strings.Contains(p, s.cue) {
					t.Errorf("%s: %q stands without %q or %q: %q", at, s.words, s.speaker, s.cue, p)
				}
			}
		}
		slices.Sort(got)
		if d := cmp.Diff(s.origins, slices.Compact(got)); d != "" {
			t.Errorf("origins of %q (-want +got):\n%s", s.words, d)
		}
		if !whole {
			t.Errorf("no origin has %q with its full stop", s.words)
		}
	}
}

// Where places are named decides where the map draws them.
func TestPlacesNamed(t *testing.T) {
	for _, c := range []struct {
		name string
		want []string
	}{
		{"Dorrin", []string{"12 14:38", "12 15:26"}},
		{"Ambry", []string{"11 11:02", "11 13:30", "11 14:22"}},
	} {
		var got []string
		for _, a := range origins(t) {
			if strings.Contains(plain(a.versions[0].Blocks), c.name) {
				got = append(got, a.versions[0].At.Format("02 15:04"))
			}
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("origins naming %s (-want +got):\n%s", c.name, d)
		}
	}
}

func plain(blocks []Block) string {
	var b strings.Builder
	for _, bl := range blocks {
		b.WriteString(bl.Text + "\n\n")
	}
	return b.String()
}

func TestCopies(t *testing.T) {
	all := articles(t)
	wire := all[slices.IndexFunc(all, func(a *article) bool { return a.outlet.Name == "Aldwire" })]
	words := func(a *article) []string {
		return strings.Fields(strings.Replace(plain(a.versions[0].Blocks), "(Aldwire) ", "", 1)) // the credit may go
	}
	original := words(wire)
	if n := len(wire.versions[0].Blocks); n != 11 {
		t.Errorf("the wire story has %d paragraphs, want 11", n)
	}
	for _, c := range crisis {
		if c.copied == 0 {
			continue
		}
		i := slices.IndexFunc(all, func(a *article) bool {
			return a.outlet.Name == c.outlet && a.versions[0].At.Equal(at(t, c.at))
		})
		got := 100 * repeated(original, words(all[i])) / float64(len(original))
		if got < float64(c.copied)-0.5 || got >= float64(c.copied)+0.5 {
			t.Errorf("%s %s repeats %.1f %% of the wire story, want %d %%", c.outlet, c.at, got, c.copied)
		}
	}
}

const run = 8 // words in a row that no two independent texts share by chance

// repeated counts the words of a that stand in runs it shares with b.
func repeated(a, b []string) float64 {
	in := map[string]bool{}
	for i := 0; i+run <= len(b); i++ {
		in[strings.Join(b[i:i+run], " ")] = true
	}
	covered := make([]bool, len(a))
	n := 0.0
	for i := 0; i+run <= len(a); i++ {
		if !in[strings.Join(a[i:i+run], " ")] {
			continue
		}
		for j := i; j < i+run; j++ {
			if !covered[j] {
				covered[j] = true
				n++
			}
		}
	}
	return n
}

var quotation = regexp.MustCompile(`“[^”]*”`)

// Origins share quotations and the announcement, and no other run of words.
func TestOriginsAreIndependent(t *testing.T) {
	var texts [][]string
	all := origins(t)
	for _, a := range all {
		s := strings.ReplaceAll(plain(a.versions[0].Blocks), statements[0].words, "")
		texts = append(texts, strings.Fields(quotation.ReplaceAllString(s, "")))
	}
	for i := range all {
		for j := range i {
			if n := repeated(texts[i], texts[j]); n > 0 {
				t.Errorf("%s and %s share %.0f words", all[i].path, all[j].path, n)
			}
		}
	}
}

var crisisWords = regexp.MustCompile(`(?i)garrison|withdrawal|the line|landbank|brigade|pellmark|varrenhof|okafell|rasmirel|general staff|sorvane|dressik|fathom|tessary|ministry of defence`)

// What the outlets tell of other situations uses none of the words by which
// the crisis is followed; every article of the crisis does.
func TestBackgroundStaysApart(t *testing.T) {
	n := 0
	for _, a := range articles(t) {
		v := a.versions[0]
		found := crisisWords.FindString(v.Headline + "\n" + plain(v.Blocks))
		if background := a.script == "d-background"; background == (found != "") {
			t.Errorf("%s: crisis word %q", a.path, found)
		} else if background {
			n++
		}
	}
	if n == 0 {
		t.Error("no other situation is told of")
	}
}

var attribution = regexp.MustCompile(`\b(said|told|wrote|writes|says|denied|denies|confirmed|doubted|doubts|demanded|asked|asks|according to|promised|explained|announced|added|remarked|repeated|concedes|invite)\b`)

func TestSeveralDozenStatements(t *testing.T) {
	n, quoted := 0, 0
	for _, a := range origins(t) {
		if a.script == "d-background" {
			continue
		}
		text := plain(a.versions[0].Blocks)
		n += len(attribution.FindAllString(text, -1))
		quoted += len(quotation.FindAllString(text, -1))
	}
	t.Logf("%d reporting words, %d quotations in the origins of the crisis", n, quoted)
	if n < 40 || quoted < 40 {
		t.Errorf("%d reporting words and %d quotations, want 40 of each", n, quoted)
	}
}

// The script keeps to its own time.
func TestScriptWithinClock(t *testing.T) {
	for _, a := range articles(t) {
		for _, v := range a.versions {
			if v.At.Before(Start) || v.At.After(End) || v.At.Second() != 0 || v.At.Location() != time.UTC {
				t.Errorf("%s: %s", a.path, v.At)
			}
		}
	}
}
