package claim

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crosscheck/internal/model"
)

var start = time.Date(2031, 3, 11, 8, 0, 0, 0, time.UTC)

// say is a statement h hours after the start.
func say(id, article, title, speaker string, stance model.Stance, content string, h int) Statement {
	at := start.Add(time.Duration(h) * time.Hour)
	return Statement{ID: id, Article: article, Title: title, Outlet: "Courier", At: at, Seen: at, Speaker: speaker, Stance: stance, Content: content}
}

// garrison is a small dispute, in the order of time.
func garrison() []Statement {
	const a, c, d = model.StanceAsserts, model.StanceConfirms, model.StanceDenies
	return []Statement{
		say("ministry", "a1", "Varnia says units return to garrison", "Varnian Defence Ministry", a, "units of the Northern District have begun returning to their garrisons from the border with Ostrel", 0),
		say("bank", "a2", "Landbank unreachable", "Landbank", c, "the bank's online services have been unreachable since noon", 2),
		say("again", "a3", "Varnian units on their way home", "Varnian Defence Ministry", a, "units of the Northern District were returning to their garrisons from the border", 3),
		say("minister", "a4", "Ostrel denies that Varnian units are returning", "Anneke Doorn", d, "Varnian units had begun returning to their garrisons from the border", 5),
		say("not", "a4", "Ostrel denies that Varnian units are returning", "Ostrel Border Guard", a, "Not one of the Varnian units has returned to its garrison from the border", 5),
		say("toll", "a5", "Two dead in Quern", "Quern Fire Brigade", a, "two people died in the fire at the mill in Quern", 6),
		say("toll7", "a6", "Seven dead in Quern", "Quern Fire Brigade", a, "seven people died in the fire at the mill in Quern", 30),
	}
}

// run adds statements and returns the answers as they stand at the end.
func run(g *Grouper, list []Statement) map[string]Assignment {
	got := map[string]Assignment{}
	for _, s := range list {
		for _, a := range g.Add(s) {
			got[a.ID] = a
		}
	}
	return got
}

func TestOnePropositionIsOneClaim(t *testing.T) {
	got := run(New(Config{}), garrison())
	claim := model.ID("claim", "ministry")
	for id, want := range map[string]model.Stance{
		"ministry": model.StanceAsserts, "again": model.StanceAsserts, "minister": model.StanceDenies, "not": model.StanceDenies,
	} {
		if a := got[id]; a.Claim != claim || a.Stance != want {
			t.Errorf("%s: %+v, want %s of claim %s", id, a, want, claim)
		}
	}
	if got["bank"].Claim == claim {
		t.Error("another proposition joined the claim")
	}
	if a := got["again"]; a.Why.Near != "ministry" || len(a.Why.Terms) == 0 || a.Why.Score < defaultJoin {
		t.Errorf("no evidence: %+v", a.Why)
	}
	if a := got["not"]; len(a.Why.Against) == 0 {
		t.Errorf("no reason for the denial: %+v", a.Why)
	}
}

func TestAnotherFigureIsAnotherClaim(t *testing.T) {
	got := run(New(Config{}), garrison())
	if got["toll"].Claim == got["toll7"].Claim {
		t.Error("two tolls are one claim")
	}
}

// attitudesOf puts contents into one claim and returns what each is to it.
func attitudesOf(t *testing.T, list ...Statement) []model.Stance {
	t.Helper()
	g := New(Config{})
	got := map[string]Assignment{}
	for i, s := range list {
		s.ID, s.Article, s.Claim = fmt.Sprint(i), fmt.Sprint("article ", i), "claim"
		for _, a := range g.Add(s) {
			got[a.ID] = a
		}
	}
	var out []model.Stance
	for i := range list {
		out = append(out, got[fmt.Sprint(i)].Stance)
	}
	return out
}

func TestAttitudes(t *testing.T) {
	const asserts, confirms, denies, doubts = model.StanceAsserts, model.StanceConfirms, model.StanceDenies, model.StanceDoubts
	first := Statement{Speaker: "Ministry", Stance: asserts, Content: "the brigade is leaving the border", At: start}
	for _, tt := range []struct {
		stance  model.Stance
		content string
		want    model.Stance
	}{
		{asserts, "the brigade has left the border", asserts},
		{confirms, "the brigade had left the border", confirms},
		{denies, "the brigade was leaving the border", denies},
		{asserts, "The brigade is not leaving the border", denies},
		{confirms, "no brigade had left the border", denies},
		{denies, "the brigade had not left the border", asserts},
		{asserts, "The talk of a brigade leaving is pure propaganda", denies},
		{asserts, "another brigade is arriving at the border", denies},
		{asserts, "there is no sign of the brigade leaving the border", doubts},
		{doubts, "the brigade was leaving the border", doubts},
		{asserts, "there is no doubt that the brigade is leaving the border", asserts},
		{model.StanceAsks, "whether the brigade was leaving the border", model.StanceAsks},
	} {
		second := Statement{Speaker: "Somebody else", Stance: tt.stance, Content: tt.content, At: start.Add(40 * time.Hour)}
		if got := attitudesOf(t, first, second); got[0] != asserts || got[1] != tt.want {
			t.Errorf("%s %q: %v, want asserts, %s", tt.stance, tt.content, got, tt.want)
		}
	}
}

func TestSideToldByWordsAlone(t *testing.T) {
	g := New(Config{})
	closed := say("closed", "a1", "Pass", "Police", model.StanceAsserts, "the road over the pass was shut in the morning", 0)
	drove := say("drove", "a2", "Pass", "unnamed: a driver", model.StanceAsserts, "I am up there as ever, and anyone is still free to drive up at any hour", 3)
	closed.Claim, drove.Claim = "c", "c"
	g.Add(closed)
	got := g.Add(drove)[0]
	if got.Stance != model.StanceDenies || !strings.Contains(strings.Join(got.Why.Against, " "), "still") {
		t.Errorf("%s because of %q, want that it denies because of \"still\"", got.Stance, got.Why.Against)
	}
	alone := New(Config{}).Add(say("alone", "a3", "Pass", "unnamed: a driver", model.StanceAsserts, drove.Content, 3))[0]
	if alone.Stance != model.StanceAsserts {
		t.Errorf("%s, want that a statement with nothing beside it asserts its own words", alone.Stance)
	}
}

// TestWholeArticlesAbstain has assertions that the rule takes for denials: of whole
// articles, they have no side unless the words bear it out.
func TestWholeArticlesAbstain(t *testing.T) {
	first := say("first", "a1", "", "Mayor", model.StanceAsserts, "the ferry at Quern sails as usual", 0)
	for content, want := range map[string]model.Stance{
		"people did not have much luck at the pier":                       "",
		"nobody is taken over, there is no boat at all, never mind whose": model.StanceDenies,
	} {
		g := New(Config{Whole: true})
		second := say("second", "a2", "", "Guest", model.StanceAsserts, content, 30)
		first.Claim, second.Claim = "c", "c"
		g.Add(first)
		if got := g.Add(second)[0]; got.Stance != want || len(got.Why.Against) == 0 {
			t.Errorf("%q: %q because of %q, want %q", content, got.Stance, got.Why.Against, want)
		}
	}
}

// TestRestoredWithoutASide restores a statement that had no side: it has none
// until a statement comes in beside it.
func TestRestoredWithoutASide(t *testing.T) {
	g := New(Config{})
	for i, st := range []model.Stance{model.StanceAsserts, "", model.StanceDenies} {
		s := say(fmt.Sprint(i), fmt.Sprint("a", i), "", fmt.Sprint("Guest ", i), model.StanceAsserts, "the ferry at Quern sails as usual", i)
		s.Claim, s.Attitude, s.Restored = "c", st, true
		if got := g.Add(s); len(got) != 1 || got[0].Stance != st {
			t.Errorf("%d: %+v, want %q and nothing else", i, got, st)
		}
	}
	late := say("late", "b", "", "Mayor", model.StanceAsserts, "the ferry at Quern sails as usual", 4)
	late.Claim = "c"
	if got := g.Add(late); len(got) != 3 {
		t.Errorf("%+v, want the new one and two that are read otherwise now", got)
	}
}

// TestRepeatedWords repeats the proposition: only what stands in the same
// sentence turns it round.
func TestRepeatedWords(t *testing.T) {
	const asserts, denies, doubts = model.StanceAsserts, model.StanceDenies, model.StanceDoubts
	first := Statement{Speaker: "Mayor", Stance: asserts, Content: "the railway bridge over the river at Quern is open", At: start}
	for content, want := range map[string]model.Stance{
		"I am not tired. The railway bridge over the river at Quern is open":                          asserts,
		"nobody I have spoken to in the town says the railway bridge over the river at Quern is open": denies,
		"the railway bridge over the river at Quern is closed":                                        denies,
		"it is unclear whether the railway bridge over the river at Quern is open":                    doubts,
		"reports that the railway bridge over the river at Quern is open are unverified":              doubts,
		"that the railway bridge over the river at Quern is open is a lie":                            denies,
	} {
		if got := attitudesOf(t, first, Statement{Speaker: "Guest", Stance: asserts, Content: content, At: start.Add(40 * time.Hour)}); got[1] != want {
			t.Errorf("%q: %s, want %s", content, got[1], want)
		}
	}
}

// TestWhatWasLearned has a weight for all that is weighed.
func TestWhatWasLearned(t *testing.T) {
	if len(learnedCues) != len(Cues) || len(learnedCircumstances) != len(Circumstances) {
		t.Errorf("%d weights for %d words, %d for %d circumstances: fit again", len(learnedCues), len(Cues), len(learnedCircumstances), len(Circumstances))
	}
}

func TestDenialBeforeItsAssertion(t *testing.T) {
	got := attitudesOf(t,
		Statement{Speaker: "Mayor", Stance: model.StanceAsserts, Content: "The bridge is open", At: start},
		Statement{Speaker: "Police", Stance: model.StanceDenies, Content: "the bridge was closed", At: start},
	)
	if want := []model.Stance{model.StanceDenies, model.StanceDenies}; !cmp.Equal(got, want) {
		t.Errorf("%v, want %v: what is denied in so many words is the proposition", got, want)
	}
}

func TestRestoredIsAsWithoutRestart(t *testing.T) {
	list := garrison()
	for cut := range list {
		straight := run(New(Config{}), list)
		before := run(New(Config{}), list[:cut])
		g := New(Config{})
		for _, s := range list[:cut] {
			s.Claim, s.Attitude = before[s.ID].Claim, before[s.ID].Stance
			if a := g.Add(s)[0]; a.Claim != s.Claim || a.Stance != s.Attitude {
				t.Errorf("restored %s as %+v, was %s of %s", s.ID, a, s.Attitude, s.Claim)
			}
		}
		for id, a := range run(g, list[cut:]) {
			if want := straight[id]; a.Claim != want.Claim || a.Stance != want.Stance {
				t.Errorf("cut at %d: %s: %+v, want %+v", cut, id, a, want)
			}
		}
	}
}

func TestMovedByHandStays(t *testing.T) {
	g := New(Config{})
	list := garrison()
	run(g, list)
	g.Move([]string{"not", "nobody"}, "by hand")
	if a := g.Add(list[4])[0]; a.Claim != "by hand" {
		t.Errorf("added again: %+v, want it where a person put it", a)
	}
	s := list[4]
	s.ID, s.Pinned, s.Claim, s.Attitude = "pinned", true, "by hand", model.StanceDoubts
	if a := g.Add(s)[0]; a.Claim != "by hand" || a.Stance != model.StanceDoubts {
		t.Errorf("pinned: %+v", a)
	}
	for _, a := range g.Add(say("late", "a9", "", "Ostrel Border Guard", model.StanceAsserts, list[4].Content, 8)) {
		if a.ID == "pinned" {
			t.Errorf("a later statement moved the pinned one: %+v", a)
		}
	}
}

func TestMoveLooksAtBothClaimsAgain(t *testing.T) {
	g := New(Config{})
	for _, s := range []Statement{
		say("open", "a1", "", "Mayor", model.StanceAsserts, "the bridge at Quern is open", 0),
		say("not", "a2", "", "Police", model.StanceAsserts, "the bridge at Quern is not open", 1),
		say("never", "a3", "", "Guard", model.StanceAsserts, "the bridge at Quern was not open", 2),
	} {
		s.Claim = "c"
		g.Add(s)
	}
	got := map[string]Assignment{}
	for _, a := range g.Move([]string{"open"}, "by hand") {
		got[a.ID] = a
	}
	if a := got["open"]; a.Claim != "by hand" || a.Stance != model.StanceAsserts {
		t.Errorf("the moved one: %+v", a)
	}
	// what is left is all that is known of the claim: its proposition
	if a := got["not"]; a.Claim != "c" || a.Stance != model.StanceAsserts {
		t.Errorf("the one left behind: %+v, want that it asserts its own words", a)
	}
}

func TestWindow(t *testing.T) {
	g := New(Config{Window: 24 * time.Hour})
	run(g, garrison())
	if n := g.Len(); n != 2 { // of the 24 hours before the last
		t.Errorf("Len = %d, want 2", n)
	}
	old := say("zero", "a9", "", "Landbank", model.StanceAsserts, "the bank is closed", 0)
	old.Seen = time.Time{}
	g.Add(old)
	late := garrison()[0]
	late.ID, late.Seen = "late", start.AddDate(1, 0, 0)
	if a := g.Add(late)[0]; a.Claim != model.ID("claim", "late") {
		t.Errorf("joined a claim that left the window: %+v", a)
	}
	if n := g.Len(); n > 5 {
		t.Errorf("Len = %d", n)
	}
}

func TestNothingIsKept(t *testing.T) {
	g := New(Config{Window: time.Hour})
	for i := range 50 {
		s := say(fmt.Sprint(i), fmt.Sprint("a", i), "Zorblatt", "Quux", model.StanceAsserts, fmt.Sprintf("frobnicated%d the zorblatt%d in Xyzzyville", i, i), 3*i)
		g.Add(s)
	}
	if len(g.lookup) > 20 || len(g.claims) != 1 || len(g.articles) != 1 {
		t.Errorf("%d words, %d claims, %d articles for one statement inside", len(g.lookup), len(g.claims), len(g.articles))
	}
}

func TestClearest(t *testing.T) {
	list := []Statement{
		say("1", "a1", "", "Mayor", model.StanceAsserts, "It is closed", 0),
		say("2", "a2", "", "Mayor", model.StanceAsserts, "The bridge at Quern has not been closed", 1),
		say("5", "a2", "", "Mayor", model.StanceAsserts, "of closing the bridge at Quern to all traffic of police and public", 1),
		say("3", "a3", "", "Police", model.StanceAsserts, "The police have closed the bridge at Quern to all traffic", 2),
		say("4", "a4", "", "Police", model.StanceAsserts, "The police have closed the bridge at Quern to all traffic", 3),
	}
	g := New(Config{})
	for _, s := range list {
		s.Claim = "c"
		g.Add(s)
	}
	if id, words := g.Clearest("c"); id != "3" || words != list[3].Content {
		t.Errorf("Clearest = %s, %q, want 3", id, words)
	}
	if id, _ := g.Clearest("none"); id != "" {
		t.Errorf("Clearest of nothing = %q", id)
	}
}

func TestConcurrent(t *testing.T) {
	g := New(Config{})
	done := make(chan bool)
	for range 4 {
		go func() {
			for _, s := range garrison() {
				g.Add(s)
				g.Len()
			}
			g.Move([]string{"bank"}, "x")
			done <- true
		}()
	}
	for range 4 {
		<-done
	}
	if g.Len() != len(garrison()) {
		t.Errorf("Len = %d", g.Len())
	}
}

func FuzzAdd(f *testing.F) {
	for _, s := range garrison() {
		f.Add(s.Content, s.Title, s.Speaker, string(s.Stance), s.Article)
	}
	f.Add("", "", "", "", "")
	f.Add("No. 2 “\xff of ‘no’ 1,200.5 twenty-one-", "\x00", "unnamed: ", "denies", "\xfe")
	f.Fuzz(func(t *testing.T, content, title, speaker, stance, article string) {
		g := New(Config{})
		run(g, garrison())
		for i := range 3 {
			s := say(fmt.Sprint(i), article, title, speaker, model.Stance(stance), content, 7)
			for _, a := range g.Add(s) {
				if a.ID == "" || a.Claim == "" {
					t.Errorf("assignment %+v", a)
				}
			}
		}
		if g.Len() != len(garrison())+3 {
			t.Errorf("Len = %d", g.Len())
		}
	})
}

// BenchmarkAdd adds statements to a window that holds 100,000.
func BenchmarkAdd(b *testing.B) {
	const inside = 100_000
	rng := rand.New(rand.NewPCG(1, 2))
	g := New(Config{})
	for i := range inside {
		g.Add(invented(rng, i, model.ID("claim", fmt.Sprint(i/3))))
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ResetTimer()
	b.ReportMetric(float64(m.HeapAlloc)/inside, "B/statement")
	for i := range b.N {
		g.Add(invented(rng, inside+i, ""))
	}
}

// invented is a statement of a busy day: some hundred stories of their own
// names and words, a Zipf distribution of common words.
func invented(rng *rand.Rand, i int, claim string) Statement {
	story := rng.IntN(2000)
	zipf := rand.NewZipf(rng, 1.1, 4, 15000)
	var w []string
	for range 16 {
		w = append(w, common[int(zipf.Uint64())%len(common)])
	}
	w = append(w, fmt.Sprintf("Name%d", story), fmt.Sprintf("Place%d", story/3))
	rng.Shuffle(len(w), func(a, b int) { w[a], w[b] = w[b], w[a] })
	s := say(fmt.Sprint("s", i), fmt.Sprint("article", i/5), strings.Join(w[:6], " "), fmt.Sprintf("Speaker%d", rng.IntN(500)), model.Stances[rng.IntN(3)], strings.Join(w, " "), 0)
	s.At, s.Claim = s.At.Add(time.Duration(i)*time.Second), claim
	return s
}

var common = strings.Fields(`the bank dam army units border said people killed closed open water power report attack minister police school
	bridge fire troops hospital company plant recall train vote election court release hostage truce shelling ship port grain money crisis
	flood warning level crack failure service restored customers account payment network outage site access data leak evidence sign talks
	agreement exchange prisoner visit list publish resign order decision level health patient outbreak product shop sale ban import`)

func TestLaterStatementPartsAnew(t *testing.T) {
	g := New(Config{})
	list := garrison()
	for _, s := range list[:4] {
		s.Claim = s.ID // each for itself, as if nothing had been seen in common
		g.Add(s)
	}
	got := map[string]string{}
	for _, a := range g.Add(list[4]) {
		got[a.ID] = a.Claim
	}
	if got["not"] == "" || got["not"] != g.all["ministry"].claim.id || got["not"] != g.all["again"].claim.id {
		t.Errorf("the claims of one proposition were not joined: %v", got)
	}
	if g.all["bank"].claim.id != "bank" {
		t.Error("another proposition was drawn in")
	}
}
