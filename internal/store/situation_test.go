package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"crosscheck/internal/model"
)

// report is an article on its way through the stages.
type report struct {
	outlet, name, text string
	at                 time.Time
	seen               time.Time // zero: five minutes later
	story, copyOf      string
	language           string
	source             string
	said               []claimed
	places             []string // "Ostmere 7": a name in the text and its place
}

// claimed is a statement of a report with where it is put.
type claimed struct {
	words, speaker string
	claim          string
	attitude       model.Stance
}

// file takes a report through all stages and returns its article.
func (r report) file(t testing.TB, s *Store) *model.Article {
	t.Helper()
	ctx := t.Context()
	a := sample(r.outlet, r.name, r.text, r.at)
	a.Language, a.Source = firstOf(r.language, "en"), r.source
	if !r.seen.IsZero() {
		a.Seen = r.seen
	}
	must(s.SaveArticle(ctx, a))(t)
	var list []model.Statement
	var claims []ClaimAssignment
	for i, c := range r.said {
		st := said(a, i+1, c.words, c.speaker)
		st.ID = model.ID("statement", a.ID, fmt.Sprint(a.Revision), fmt.Sprint(i+1))
		st.Stance = model.StanceAsserts
		list = append(list, st)
		if c.claim != "" {
			claims = append(claims, ClaimAssignment{Statement: st.ID, Claim: c.claim, Attitude: c.attitude})
		}
	}
	check(t, s.SaveStatements(ctx, a.ID, a.Revision, list))
	check(t, s.AssignStory(ctx, Assignment{Article: a.ID, Story: firstOf(r.story, "story "+a.ID), CopyOf: r.copyOf, Revision: a.Revision}))
	check(t, s.AssignClaims(ctx, a.ID, a.Revision, claims, nil))
	var mentions []model.Mention
	for _, p := range r.places {
		m := model.Mention{Article: a.ID}
		must(fmt.Sscan(p, &m.Name, &m.Place.ID))(t)
		m.Start = strings.Index(a.Text, m.Name)
		m.End = m.Start + len(m.Name)
		mentions = append(mentions, m)
	}
	check(t, s.SaveMentions(ctx, a.ID, int64(a.Revision), mentions))
	check(t, s.Situate(ctx, a.ID))
	return must(s.Article(ctx, a.ID))(t)
}

// work goes through the articles until nothing is left.
func work(t testing.TB, s *Store) {
	t.Helper()
	for range 1000 {
		if !must(s.WorkSituations(t.Context()))(t) {
			return
		}
	}
	t.Fatal("the work does not end")
}

func newSituation(t testing.TB, s *Store, sit model.Situation) string {
	t.Helper()
	sit.Title = firstOf(sit.Title, "Test")
	sit.By = firstOf(sit.By, "Ada")
	check(t, s.SaveSituation(t.Context(), &sit))
	work(t, s)
	return sit.ID
}

// members are the articles of a situation by name.
func members(t testing.TB, s *Store, id string) []string {
	t.Helper()
	return must(all(t.Context(), s.r, scanOne[string], `SELECT a.title FROM situation_member m JOIN article a ON a.id = m.article
		WHERE m.situation = $1 ORDER BY a.title`, id))(t)
}

func wantMembers(t testing.TB, s *Store, id string, want ...string) {
	t.Helper()
	for i := range want {
		want[i] = "About " + want[i]
	}
	slices.Sort(want)
	if got := members(t, s, id); !slices.Equal(got, want) {
		t.Errorf("members = %q, want %q", got, want)
	}
}

func testSituations(t *testing.T, s *Store) {
	ctx := t.Context()
	first := model.Situation{Title: "The Ostmere bridge: what now?", Words: []string{"bridge"}, By: "Ada", Changed: at(8, 0)}
	check(t, s.SaveSituation(ctx, &first))
	if first.ID != "the-ostmere-bridge-what-now" || first.Revision != 1 || !first.Created.Equal(at(8, 0)) {
		t.Errorf("saved as %+v", first)
	}
	again := first
	again.By, again.Changed, again.Revision = "Bo", at(9, 0), 0
	check(t, s.SaveSituation(ctx, &again))
	if again.Revision != 1 || again.By != "Ada" {
		t.Errorf("saying nothing new made revision %d by %s", again.Revision, again.By)
	}
	again.Exclude, again.By, again.Changed = []string{"card"}, "Bo", at(9, 0)
	check(t, s.SaveSituation(ctx, &again))
	if again.Revision != 2 || !again.Created.Equal(at(8, 0)) || !again.Changed.Equal(at(9, 0)) {
		t.Errorf("changed to %+v", again)
	}
	first.Words = []string{"ford"}
	if err := s.SaveSituation(ctx, &first); !errors.Is(err, model.ErrConflict) || !strings.Contains(err.Error(), "Bo") {
		t.Errorf("saving over a newer revision = %v, want an ErrConflict that says by whom", err)
	}
	other := model.Situation{Title: first.Title, Words: []string{"x"}, By: "Ada"}
	check(t, s.SaveSituation(ctx, &other))
	if other.ID != again.ID+"-2" {
		t.Errorf("the same title again has id %q", other.ID)
	}
	odd := model.Situation{Title: "危机", Words: []string{"x"}, By: "Ada"}
	check(t, s.SaveSituation(ctx, &odd))
	if odd.ID != "situation" {
		t.Errorf("a title without Latin letters has id %q", odd.ID)
	}
	if d := cmp.Diff(again, must(s.Situation(ctx, again.ID))(t).Situation, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("Situation (-want +got):\n%s", d)
	}
	check(t, s.RemoveSituation(ctx, again.ID, "Cy", at(10, 0)))
	if _, err := s.Situation(ctx, again.ID); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("a removed situation: %v", err)
	}
	if got := len(must(s.Situations(ctx))(t)); got != 2 {
		t.Errorf("%d situations, want 2", got)
	}
	again.Changed, again.Revision = at(11, 0), 0
	check(t, s.SaveSituation(ctx, &again))
	var got []string
	for _, r := range must(s.SituationHistory(ctx, again.ID))(t) {
		got = append(got, fmt.Sprint(r.Revision, " ", r.By, " ", r.Title != "", " ", r.Exclude, " ", r.Changed.Hour()))
	}
	want := []string{"4 Bo true [card] 11", "3 Cy false [] 10", "2 Bo true [card] 9", "1 Ada true [] 8"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("history (-want +got):\n%s", d)
	}
	for _, err := range []error{
		s.RemoveSituation(ctx, "none", "Cy", at(9, 0)), second(s.SituationHistory(ctx, "none")), second(s.Situation(ctx, "none")),
		second(s.SituationWhy(ctx, "none", "x")), second(s.SituationEntries(ctx, "none", model.EntryQuery{})),
	} {
		if !errors.Is(err, model.ErrNotFound) {
			t.Errorf("of no situation: %v, want an ErrNotFound", err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func testSituationFaults(t *testing.T, s *Store) {
	check(t, s.SaveService(t.Context(), &model.Service{ID: "bank", Target: "https://bank.example/"}))
	for want, sit := range map[string]model.Situation{
		"title is missing":                      {Words: []string{"x"}},
		"wants nothing":                         {Title: "T", Exclude: []string{"x"}, Languages: []string{"en"}},
		"from 2026-03-02T10:00:00Z is not":      {Title: "T", Words: []string{"x"}, From: at(10, 0), Until: at(9, 0)},
		`words: "Bänk" is excluded by "bank"`:   {Title: "T", Words: []string{"Bänk"}, Exclude: []string{"bank"}},
		`words: "banker" is excluded by "ban*"`: {Title: "T", Words: []string{"x", "banker"}, Exclude: []string{"ban*"}},
		`phrases: "the bank run" is`:            {Title: "T", Phrases: []string{"the bank run"}, Exclude: []string{"bank"}},
		`all: "bank" is excluded`:               {Title: "T", Words: []string{"x"}, All: []string{"bank"}, Exclude: []string{"bank"}},
		`speakers: "nobody" is not known`:       {Title: "T", Speakers: []string{"nobody"}},
		`sources: "nowhere" is not known`:       {Title: "T", Sources: []string{"nowhere"}},
		`services: "nothing" is not known`:      {Title: "T", Services: []string{"nothing"}},
		`words: "?!" has no letter`:             {Title: "T", Words: []string{"?!"}},
		`languages: "english"`:                  {Title: "T", Words: []string{"x"}, Languages: []string{"english"}},
		`id "Not so"`:                           {ID: "Not so", Title: "T", Words: []string{"x"}},
	} {
		for _, err := range []error{
			s.SaveSituation(t.Context(), &sit), second(s.PreviewSituation(t.Context(), sit, time.Time{}, 1)),
		} {
			if !errors.Is(err, model.ErrInvalid) || !strings.Contains(err.Error(), want) {
				t.Errorf("error %v, want an ErrInvalid with %q", err, want)
			}
		}
	}
	for _, sit := range []model.Situation{
		{Title: "A", Words: []string{"bank*"}, Exclude: []string{"bank"}}, // but not banking
		{Title: "B", Words: []string{"bank"}, Exclude: []string{"bank run"}},
		{Title: "C", All: []string{"bank"}},
		{Title: "D", Services: []string{"bank"}},
	} {
		check(t, s.SaveSituation(t.Context(), &sit))
	}
}

func testSituationMembers(t *testing.T, s *Store) {
	ctx := t.Context()
	src := &model.Source{URL: "https://ostmere.example/feed"}
	check(t, s.SaveSource(ctx, src))
	check(t, s.SaveService(ctx, &model.Service{ID: "bank", Target: "https://bank.example/"}))
	s.around = func(id int64) []int64 { return map[int64][]int64{7: {6, 5}}[id] }
	report{
		outlet: "o", name: "one", text: "The Brücke at Ostmere is closed, said Bo Lind.", at: at(9, 0), source: src.ID,
		said: []claimed{{words: "is closed", speaker: "Bo Lind"}}, places: []string{"Ostmere 7"},
	}.file(t, s)
	report{outlet: "p", name: "two", text: "Bridges reopen. The old bridge stays shut.", at: at(10, 0), language: "de"}.file(t, s)
	report{outlet: "p", name: "three", text: "A card game of bridge at the club.", at: at(11, 0)}.file(t, s)
	bo := must(s.Speakers(ctx, "bo", false, 1, 0))(t)[0].ID
	for name, c := range map[string]struct {
		sit  model.Situation
		want []string
	}{
		"word, folded":         {model.Situation{Words: []string{"BRUCKE"}}, []string{"one"}},
		"whole words":          {model.Situation{Words: []string{"bridge"}}, []string{"two", "three"}},
		"beginning":            {model.Situation{Words: []string{"bridges*", "bruck*"}}, []string{"one", "two"}},
		"title":                {model.Situation{Words: []string{"three"}}, []string{"three"}},
		"phrase":               {model.Situation{Phrases: []string{"Old Bridge"}}, []string{"two"}},
		"no phrase over both":  {model.Situation{Phrases: []string{"two bridges"}}, nil},
		"excluded":             {model.Situation{Words: []string{"bridge"}, Exclude: []string{"card game"}}, []string{"two"}},
		"all":                  {model.Situation{Words: []string{"bridge"}, All: []string{"club", "card"}}, []string{"three"}},
		"only all":             {model.Situation{All: []string{"the", "at"}}, []string{"one", "three"}},
		"speaker":              {model.Situation{Speakers: []string{bo}}, []string{"one"}},
		"not a speaker's name": {model.Situation{Words: []string{"minister"}}, nil},
		"place":                {model.Situation{Places: []int64{7, 8}}, []string{"one"}},
		"region":               {model.Situation{Places: []int64{5}}, []string{"one"}},
		"elsewhere":            {model.Situation{Places: []int64{9}}, nil},
		"all and elsewhere":    {model.Situation{Places: []int64{9}, All: []string{"the"}}, nil},
		"source":               {model.Situation{Sources: []string{src.ID}}, []string{"one"}},
		"word or source":       {model.Situation{Sources: []string{src.ID}, Words: []string{"card"}}, []string{"one", "three"}},
		"language":             {model.Situation{Words: []string{"bridge"}, Languages: []string{"DE"}}, []string{"two"}},
		"from":                 {model.Situation{Words: []string{"bridge"}, From: at(11, 0)}, []string{"three"}},
		"until":                {model.Situation{Words: []string{"bridge"}, Until: at(11, 0)}, []string{"two"}},
		"services alone":       {model.Situation{Services: []string{"bank"}}, nil},
	} {
		c.sit.Title = name
		preview := must(s.PreviewSituation(ctx, c.sit, time.Time{}, 10))(t)
		id := newSituation(t, s, c.sit) // by the index
		wantMembers(t, s, id, c.want...)
		if preview.Articles != len(c.want) || len(preview.Sample) != len(c.want) || preview.All != 3 {
			t.Errorf("%s: preview = %+v, want %d of 3", name, preview, len(c.want))
		}
		for i := range preview.Why {
			if m := preview.Why[i]; !m.In || len(m.Why) == 0 {
				t.Errorf("%s: sample with %+v", name, m)
			}
		}
	}
	// And the other way round: the situations are there when an article comes.
	report{outlet: "q", name: "four", text: "No bridge today.", at: at(12, 0)}.file(t, s)
	wantMembers(t, s, "whole-words", "two", "three", "four")
	wantMembers(t, s, "until", "two")
	wantMembers(t, s, "language", "two")
	report{outlet: "q", name: "five", text: "Ostmere again.", at: at(13, 0), places: []string{"Ostmere 7"}}.file(t, s)
	wantMembers(t, s, "region", "one", "five")
}

// The index and the matcher of one article agree on whatever words there are.
func testSituationIndexAgrees(t *testing.T, s *Store) {
	ctx := t.Context()
	r := rand.New(rand.NewPCG(7, 9))
	words := []string{"bank", "Bänke", "banker", "run", "e-mail", "É", "中文", "ran", "x1", "1", "ÖL", "bank-run", "naïve", "ﬁre", "İ"}
	pick := func(n int) []string {
		var out []string
		for range n {
			out = append(out, words[r.IntN(len(words))])
		}
		return out
	}
	var loaded []*candidate
	for i := range 60 {
		a := sample("o", fmt.Sprint("n", i), strings.Join(pick(1+r.IntN(8)), []string{" ", ", ", "\n\n"}[i%3]), at(9, 0))
		a.Title = strings.Join(pick(2), " ")
		a.Language = []string{"en", "de", ""}[i%3]
		must(s.SaveArticle(ctx, a))(t)
		check(t, s.SaveStatements(ctx, a.ID, 1, []model.Statement{{N: 1, Content: []model.Span{{Start: 0, End: 1}}, Speaker: "Run Bank", SpeakerType: model.SpeakerPerson}}))
		loaded = append(loaded, must(loadCandidate(ctx, s.r, a.ID))(t))
	}
	asked, some := 0, 0
	for range 150 {
		sit := model.Situation{Title: "T", Words: pick(r.IntN(3)), Phrases: []string{strings.Join(pick(2), " ")}, All: pick(r.IntN(2)), Exclude: pick(r.IntN(2))}
		if r.IntN(2) == 0 {
			sit.Words = append(sit.Words, strings.Join(pick(1), "")[:1]+"*")
		}
		if r.IntN(4) == 0 {
			sit.Languages = []string{"de"}
		}
		c, err := s.newCatcher(&sit)
		if err != nil || !sit.Wants() {
			continue // it contradicts itself
		}
		asked++
		where, args := c.where(&s.dialect, 0, 1<<40)
		got := must(all(ctx, s.r, scanOne[string], `SELECT a.id FROM article a WHERE `+where, args...))(t)
		var want []string
		for _, a := range loaded {
			if c.match(a).In {
				want = append(want, a.ID)
			}
		}
		if len(want) > 0 && len(want) < len(loaded) {
			some++
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("%+v: the index finds %d, the matcher %d", sit, len(got), len(want))
		}
	}
	if asked < 100 || some < 80 {
		t.Errorf("%d definitions were asked, %d of them find some but not all", asked, some)
	}
}

func testSituationWork(t *testing.T, s *Store) {
	ctx := t.Context()
	for i := range 50 {
		report{outlet: "o", name: fmt.Sprintf("n%02d", i), text: fmt.Sprintf("Bridge %d is %s.", i, []string{"open", "shut"}[i%2]), at: at(9, i)}.file(t, s)
	}
	sit := model.Situation{Title: "T", Words: []string{"open"}, By: "Ada"}
	check(t, s.SaveSituation(ctx, &sit))
	if f := must(s.Situation(ctx, sit.ID))(t); !f.Working || f.Articles != 0 {
		t.Errorf("before the work: %+v", f)
	}
	work(t, s)
	f := must(s.Situation(ctx, sit.ID))(t)
	if f.Working || f.Articles != 25 || f.Origins != 25 || f.Stories != 25 || !f.Latest.Equal(at(9, 53)) {
		t.Errorf("after the work: %+v", f)
	}
	// The definition changes; what a crash leaves half done is taken up again.
	sit.Words, sit.Revision = []string{"shut", "12"}, 1
	check(t, s.SaveSituation(ctx, &sit))
	broken, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := s.WorkSituations(broken); !errors.Is(err, context.Canceled) {
		t.Errorf("work cut short: %v", err)
	}
	must(s.WorkSituations(ctx))(t)
	if f := must(s.Situation(ctx, sit.ID))(t); !f.Working {
		t.Error("members of the former definition are left, yet nothing is to do")
	}
	work(t, s)
	if got := members(t, s, sit.ID); len(got) != 26 || !slices.Contains(got, "About n12") || slices.Contains(got, "About n14") {
		t.Errorf("members after the change: %q", got)
	}
	kinds := must(all(ctx, s.r, scanOne[string], `SELECT e.id FROM situation_entry e WHERE e.situation = $1 AND NOT EXISTS
		(SELECT 1 FROM situation_member m WHERE m.situation = e.situation AND m.article = e.article)`, sit.ID))(t)
	if len(kinds) != 0 {
		t.Errorf("%d entries of articles that left", len(kinds))
	}
	list := must(s.Situations(ctx))(t)
	if d := cmp.Diff(*must(s.Situation(ctx, sit.ID))(t), list[0]); d != "" {
		t.Errorf("Situations (-one +all):\n%s", d)
	}
}

// lines writes entries short: kind, minute, first words.
func lines(list []model.Entry) []string {
	var out []string
	for _, e := range list {
		line := fmt.Sprintf("%s %s %s", e.At.Format("15:04"), e.Kind, strings.TrimSuffix(e.Text, "."))
		if e.Kind == model.EntryReversal {
			line += " (was " + string(e.Before) + ")"
		}
		out = append(out, line)
	}
	return out
}

func wantLines(t *testing.T, s *Store, id string, q model.EntryQuery, want ...string) []model.Entry {
	t.Helper()
	list := must(s.SituationEntries(t.Context(), id, q))(t)
	if d := cmp.Diff(want, lines(list), cmpopts.EquateEmpty()); d != "" {
		t.Errorf("timeline %+v (-want +got):\n%s", q, d)
	}
	return list
}

func testSituationTimeline(t *testing.T, s *Store) {
	ctx := t.Context()
	id := newSituation(t, s, model.Situation{Words: []string{"bridge"}})
	// Seen in the order ten, nine, eleven.
	report{
		outlet: "o", name: "ten", text: "The bridge has fallen, said Bo Lind.", at: at(10, 0), seen: at(10, 5), story: "fall",
		said: []claimed{{"The bridge has fallen", "Bo Lind", "c", model.StanceAsserts}},
	}.file(t, s)
	report{
		outlet: "p", name: "nine", text: "Our bridge is down, said Cy Moe.", at: at(9, 0), seen: at(10, 30), story: "fall",
		said: []claimed{{"Our bridge is down", "Cy Moe", "c", model.StanceAsserts}},
	}.file(t, s)
	report{
		outlet: "q", name: "eleven", text: "The bridge stands, said Bo Lind.", at: at(11, 0), seen: at(11, 5), story: "stands",
		said: []claimed{{"The bridge stands", "Bo Lind", "c", model.StanceDenies}},
	}.file(t, s)
	now := []string{
		"11:00 story About eleven", "11:00 statement The bridge stands", "11:00 reversal The bridge stands (was asserts)", "11:00 denied The bridge stands",
		"10:00 statement The bridge has fallen",
		"09:00 story About nine", "09:00 statement Our bridge is down", "09:00 asserted Our bridge is down",
	}
	byTime := func(list []string) []string { // entries of one moment come by their ids
		list = slices.Clone(list)
		slices.Sort(list)
		slices.Reverse(list)
		return list
	}
	got := must(s.SituationEntries(ctx, id, model.EntryQuery{}))(t)
	if d := cmp.Diff(byTime(now), byTime(lines(got))); d != "" {
		t.Errorf("timeline (-want +got):\n%s", d)
	}
	known := func(hour, minute int, want ...string) {
		t.Helper()
		got := must(s.SituationEntries(ctx, id, model.EntryQuery{Known: at(hour, minute)}))(t)
		if d := cmp.Diff(byTime(want), byTime(lines(got)), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("known at %d:%02d (-want +got):\n%s", hour, minute, d)
		}
	}
	known(10, 4)
	known(10, 5, "10:00 story About ten", "10:00 statement The bridge has fallen", "10:00 asserted The bridge has fallen")
	known(10, 30, append([]string{"10:00 statement The bridge has fallen"}, now[5:]...)...)
	known(12, 0, now...)

	bo := must(s.Speakers(ctx, "bo", false, 1, 0))(t)[0].ID
	wantLines(t, s, id, model.EntryQuery{Kinds: []model.EntryKind{model.EntryStatement}, Speaker: bo},
		"11:00 statement The bridge stands", "10:00 statement The bridge has fallen")
	wantLines(t, s, id, model.EntryQuery{Kinds: []model.EntryKind{model.EntryDenied, model.EntryAsserted}, Claim: "c"},
		"11:00 denied The bridge stands", "09:00 asserted Our bridge is down")
	wantLines(t, s, id, model.EntryQuery{Kinds: []model.EntryKind{model.EntryStatement}, From: at(9, 30), To: at(11, 0)},
		"10:00 statement The bridge has fallen")

	// Page by page there are the same, once.
	var paged []model.Entry
	q := model.EntryQuery{Limit: 3}
	for {
		page := must(s.SituationEntries(ctx, id, q))(t)
		paged = append(paged, page...)
		if len(page) < q.Limit {
			break
		}
		q.Before = page[len(page)-1].ID
	}
	if d := cmp.Diff(got, paged); d != "" {
		t.Errorf("page by page (-at once +paged):\n%s", d)
	}
	if _, err := s.SituationEntries(ctx, id, model.EntryQuery{Before: "none"}); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("before no entry: %v", err)
	}

	f := must(s.Situation(ctx, id))(t)
	if f.Articles != 3 || f.Claims != 1 || f.Disputed != 1 || f.Speakers != 2 || f.Reversals != 1 || f.Stories != 2 || !f.Latest.Equal(at(11, 5)) {
		t.Errorf("facts = %+v", f)
	}
	// Doing it all again changes nothing.
	for _, e := range got {
		check(t, s.Situate(ctx, e.Article))
	}
	if d := cmp.Diff(got, must(s.SituationEntries(ctx, id, model.EntryQuery{}))(t)); d != "" {
		t.Errorf("done again (-before +after):\n%s", d)
	}
	// Without the first one things are as they would be without it.
	check(t, s.PinMember(ctx, model.Pin{Situation: id, Article: paged[len(paged)-1].Article, Verb: model.PinOut, By: "Ada", At: at(12, 0)}))
	wantLines(t, s, id, model.EntryQuery{Kinds: []model.EntryKind{model.EntryAsserted}}, "10:00 asserted The bridge has fallen")
	wantLines(t, s, id, model.EntryQuery{Kinds: []model.EntryKind{model.EntryStory}}, "11:00 story About eleven", "10:00 story About ten")
}

// The four times are kept apart, and so is what was taken out of an article.
func testSituationTimes(t *testing.T, s *Store) {
	ctx := t.Context()
	id := newSituation(t, s, model.Situation{Words: []string{"bridge"}})
	a := sample("o", "one", "The bridge is shut, said Bo Lind. It was safe, said Cy Moe.", at(10, 0))
	first := []model.Statement{said(a, 1, "The bridge is shut", "Bo Lind"), said(a, 2, "It was safe", "Cy Moe")}
	first[0].SaidOn = "2026-03-01"
	keepRevision := func(list []model.Statement, claim string) {
		t.Helper()
		must(s.SaveArticle(ctx, a))(t)
		check(t, s.SaveStatements(ctx, a.ID, a.Revision, list))
		check(t, s.AssignStory(ctx, Assignment{Article: a.ID, Story: "s", Revision: a.Revision}))
		check(t, s.AssignClaims(ctx, a.ID, a.Revision, []ClaimAssignment{{Statement: list[0].ID, Claim: claim, Attitude: model.StanceAsserts}}, nil))
		check(t, s.Situate(ctx, a.ID))
	}
	keepRevision(first, "c")
	e := must(s.SituationEntries(ctx, id, model.EntryQuery{Claim: "c", Kinds: []model.EntryKind{model.EntryStatement}}))(t)[0]
	want := model.Entry{
		ID: e.ID, Kind: model.EntryStatement, At: time.Date(2026, 3, 1, 23, 59, 59, 0, time.UTC), Said: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC),
		Published: at(10, 0), Seen: at(10, 5), Text: "The bridge is shut", Speaker: "Bo Lind", SpeakerID: e.SpeakerID, Stance: model.StanceAsserts,
		Claim: "c", Story: "s", Article: a.ID, Statement: first[0].ID, Outlet: "o", Origins: 1,
	}
	if d := cmp.Diff(want, e); d != "" || e.SpeakerID == "" {
		t.Errorf("entry (-want +got):\n%s", d)
	}
	a = sample("o", "one", "The bridge is shut, said Bo Lind. More on that, said Di Roe.", at(10, 0))
	a.Seen, a.Modified = at(14, 5), at(14, 0)
	next := []model.Statement{said(a, 1, "The bridge is shut", "Bo Lind"), said(a, 2, "More on that", "Di Roe")}
	next[0].SaidOn = "2026-03-01"
	for i := range next {
		next[i].ID = model.ID("statement", "next", fmt.Sprint(i))
	}
	keepRevision(next, "c")
	statements := []model.EntryKind{model.EntryStatement}
	wantLines(t, s, id, model.EntryQuery{Kinds: []model.EntryKind{model.EntryRevision}}, "14:00 revision About one")
	for _, e := range wantLines(t, s, id, model.EntryQuery{Kinds: statements, From: at(0, 0)}, "10:00 statement More on that") {
		if !e.Seen.Equal(at(14, 5)) {
			t.Errorf("words of the second version were seen at %s", e.Seen)
		}
	}
	wantLines(t, s, id, model.EntryQuery{Kinds: statements, From: at(0, 0), Known: at(13, 0)}, "10:00 statement It was safe")
	if again := wantLines(t, s, id, model.EntryQuery{Kinds: statements, To: at(0, 0)}, "23:59 statement The bridge is shut")[0]; again.ID != e.ID || !again.Seen.Equal(at(10, 5)) {
		t.Errorf("the same words in the next version are another entry: %+v", again)
	}
}

func testSituationCopies(t *testing.T, s *Store) {
	ctx := t.Context()
	id := newSituation(t, s, model.Situation{Words: []string{"bridge"}})
	text := "The bridge is shut, said Bo Lind."
	shut := []claimed{{"The bridge is shut", "Bo Lind", "c", model.StanceAsserts}}
	origin := sample("o", "origin", "Text.", at(9, 0))
	must(s.SaveArticle(ctx, origin))(t)
	// The copy is seen, and known as one, before the origin's page is read.
	copied := report{outlet: "p", name: "copy", text: text, at: at(10, 0), seen: at(10, 1), said: shut, copyOf: origin.ID, story: "s"}.file(t, s)
	got := wantLines(t, s, id, model.EntryQuery{Kinds: []model.EntryKind{model.EntryStatement}}, "10:00 statement The bridge is shut")
	if got[0].Article != copied.ID {
		t.Errorf("the entry is of %s", got[0].Article)
	}
	report{outlet: "o", name: "origin", text: text, at: at(9, 0), seen: at(11, 0), said: shut, story: "s"}.file(t, s)
	check(t, s.Situate(ctx, copied.ID))
	entries := wantLines(t, s, id, model.EntryQuery{Kinds: []model.EntryKind{model.EntryStatement}}, "09:00 statement The bridge is shut")
	if e := entries[0]; e.Article != origin.ID || e.ID != got[0].ID || e.Origins != 1 || !e.Seen.Equal(at(10, 1)) {
		t.Errorf("the origin's entry is %+v", e)
	}
	for _, again := range []string{origin.ID, copied.ID, origin.ID} {
		check(t, s.Situate(ctx, again))
		if got := must(s.SituationEntries(ctx, id, model.EntryQuery{Kinds: []model.EntryKind{model.EntryStatement}}))(t); !cmp.Equal(got, entries) {
			t.Errorf("done again:\n%s", cmp.Diff(entries, got))
		}
	}
	wantLines(t, s, id, model.EntryQuery{Kinds: []model.EntryKind{model.EntryAsserted}}, "09:00 asserted The bridge is shut")
	if f := must(s.Situation(ctx, id))(t); f.Articles != 2 || f.Origins != 1 {
		t.Errorf("%d articles of %d origins, want 2 of 1", f.Articles, f.Origins)
	}
	// Another origin with the same words of the same speaker is one more.
	report{outlet: "q", name: "other", text: "A bridge: “The bridge is shut”, said Bo Lind.", at: at(12, 0), said: shut}.file(t, s)
	for _, e := range must(s.SituationEntries(ctx, id, model.EntryQuery{Claim: "c"}))(t) {
		if e.Origins != 2 {
			t.Errorf("%s of %s has %d origins, want 2", e.Kind, e.Article, e.Origins)
		}
	}
	// What the origin takes out stands in the copy still.
	report{outlet: "o", name: "origin", text: "The bridge.", at: at(9, 0), seen: at(13, 0), story: "s"}.file(t, s)
	for _, again := range []string{copied.ID, origin.ID, copied.ID} {
		check(t, s.Situate(ctx, again))
		got := wantLines(t, s, id, model.EntryQuery{Kinds: []model.EntryKind{model.EntryStatement}},
			"12:00 statement The bridge is shut", "10:00 statement The bridge is shut")
		if e := got[1]; e.Article != copied.ID || !e.Seen.Equal(at(10, 1)) {
			t.Errorf("what the copy still says: %+v", e)
		}
	}
	// Where the origin goes, the copy speaks on.
	check(t, s.PinMember(ctx, model.Pin{Situation: id, Article: origin.ID, Verb: model.PinOut, By: "Ada"}))
	wantPending(t, s, StageSituation, copied.ID)
	check(t, s.Situate(ctx, copied.ID))
	wantLines(t, s, id, model.EntryQuery{Kinds: []model.EntryKind{model.EntryStatement}},
		"12:00 statement The bridge is shut", "10:00 statement The bridge is shut")
}

func testSituationPins(t *testing.T, s *Store) {
	ctx := t.Context()
	id := newSituation(t, s, model.Situation{Words: []string{"bridge"}})
	one := report{outlet: "o", name: "one", text: "The bridge.", at: at(9, 0), story: "s"}.file(t, s)
	two := report{outlet: "o", name: "two", text: "The ford.", at: at(9, 0), story: "s"}.file(t, s)
	pin := func(verb, article, story string) {
		t.Helper()
		for range 2 {
			check(t, s.PinMember(ctx, model.Pin{Situation: id, Article: article, Story: story, Verb: verb, By: "Ada", At: at(12, 0)}))
		}
	}
	wantMembers(t, s, id, "one")
	pin(model.PinIn, "", "s")
	wantMembers(t, s, id, "one", "two")
	report{outlet: "o", name: "three", text: "The ferry.", at: at(9, 0), story: "s"}.file(t, s) // comes later
	wantMembers(t, s, id, "one", "two", "three")
	pin(model.PinOut, two.ID, "")
	wantMembers(t, s, id, "one", "three")
	sit := must(s.Situation(ctx, id))(t).Situation
	sit.Words = []string{"ferry", "ford"}
	check(t, s.SaveSituation(ctx, &sit))
	work(t, s)
	wantMembers(t, s, id, "one", "three") // no definition undoes it
	if m := must(s.SituationWhy(ctx, id, two.ID))(t); m.In || !m.Excluded || m.By != "Ada" || !m.At.Equal(at(12, 0)) || len(m.Words) != 1 {
		t.Errorf("why two = %+v", m)
	}
	if m := must(s.SituationWhy(ctx, id, one.ID))(t); !m.In || !m.Pinned || m.Story != "s" || m.By != "Ada" {
		t.Errorf("why one = %+v", m)
	}
	wantArticles(t, s, id, "in three pinned by Ada", "in one pinned by Ada", "out two by Ada")
	pin(model.PinOut, "", "s")
	pin(model.PinIn, one.ID, "")
	wantArticles(t, s, id, "in one pinned by Ada", "out three by Ada", "out two by Ada")
	pin(model.PinFree, one.ID, "")
	pin(model.PinIn, "", "s")
	pin(model.PinFree, "", "s")
	wantMembers(t, s, id, "three")
	pin(model.PinFree, two.ID, "")
	wantMembers(t, s, id, "two", "three")

	// A decision about a story follows it into the one it becomes part of.
	pin(model.PinIn, "", "s")
	other := report{outlet: "o", name: "four", text: "A tunnel.", at: at(9, 0), story: "t"}.file(t, s)
	must(s.MoveArticles(ctx, "merge", "s", "t", nil, "Ada", at(13, 0)))(t)
	for _, a := range must(s.Pending(ctx, StageSituation, 10))(t) {
		check(t, s.Situate(ctx, a))
	}
	check(t, s.Situate(ctx, other.ID))
	wantMembers(t, s, id, "one", "two", "three", "four")
	if got := must(s.SituationPins(ctx, id, 20))(t); len(got) != 9 || got[0].Verb != model.PinIn || got[0].Story != "s" {
		t.Errorf("decisions = %+v, want the nine, the newest first", got)
	}
	for _, p := range []model.Pin{
		{Situation: id, Article: "none", Verb: model.PinIn, By: "Ada"},
		{Situation: id, Story: "none", Verb: model.PinIn, By: "Ada"},
		{Situation: "none", Article: one.ID, Verb: model.PinIn, By: "Ada"},
	} {
		if err := s.PinMember(ctx, p); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("PinMember(%+v) = %v, want an ErrNotFound", p, err)
		}
	}
	for _, p := range []model.Pin{
		{Situation: id, Article: one.ID, Verb: "nail", By: "Ada"},
		{Situation: id, Verb: model.PinIn, By: "Ada"},
		{Situation: id, Article: one.ID, Story: "s", Verb: model.PinIn, By: "Ada"},
		{Situation: id, Article: one.ID, Verb: model.PinIn},
	} {
		if err := s.PinMember(ctx, p); !errors.Is(err, model.ErrInvalid) {
			t.Errorf("PinMember(%+v) = %v, want an ErrInvalid", p, err)
		}
	}
}

// wantArticles checks the articles of a situation and how they stand to it.
func wantArticles(t *testing.T, s *Store, id string, want ...string) {
	t.Helper()
	var got []string
	for _, a := range must(s.SituationArticles(t.Context(), id, 0))(t) {
		line := "out"
		if a.Why.In {
			line = "in"
		}
		line += strings.TrimPrefix(a.Title, "About")
		if a.Why.Pinned {
			line += " pinned"
		}
		got = append(got, line+" by "+a.Why.By)
	}
	slices.Sort(got)
	slices.Sort(want)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("articles (-want +got):\n%s", d)
	}
}

func testSituationLists(t *testing.T, s *Store) {
	ctx := t.Context()
	id := newSituation(t, s, model.Situation{Words: []string{"bridge"}})
	one := report{
		outlet: "o", name: "one", text: "In Ostmere the bridge is shut, said Bo Lind. Kestria is far.", at: at(9, 0), story: "s",
		said: []claimed{{"the bridge is shut", "Bo Lind", "c", model.StanceAsserts}, {"Kestria is far", "Bo Lind", "d", model.StanceAsserts}}, places: []string{"Ostmere 7", "Kestria 8"},
	}.file(t, s)
	report{
		outlet: "p", name: "two", text: "Open is the bridge at Ostmere, said Cy Moe.", at: at(10, 0), story: "u",
		said: []claimed{{"Open is the bridge", "Cy Moe", "c", model.StanceDenies}}, places: []string{"Ostmere 7"},
	}.file(t, s)
	report{outlet: "p", name: "off", text: "Something else.", at: at(11, 0), story: "v"}.file(t, s)
	var got []string
	for _, c := range must(s.SituationClaims(ctx, id, 10))(t) {
		got = append(got, fmt.Sprint(c.ID, c.Upheld, c.Disputed))
	}
	if d := cmp.Diff([]string{"c1 1", "d1 0"}, got); d != "" {
		t.Errorf("claims (-want +got):\n%s", d)
	}
	if list := must(s.SituationClaims(ctx, id, 1))(t); len(list) != 1 || list[0].ID != "c" {
		t.Errorf("one claim: %+v", list)
	}
	got = nil
	for _, st := range must(s.SituationStories(ctx, id, 10))(t) {
		got = append(got, st.ID)
	}
	if d := cmp.Diff([]string{"u", "s"}, got); d != "" {
		t.Errorf("stories (-want +got):\n%s", d)
	}
	want := []model.Spot{{Place: model.Place{ID: 7}, Articles: 2, Statements: 2}, {Place: model.Place{ID: 8}, Articles: 1, Statements: 1}}
	if d := cmp.Diff(want, must(s.SituationSpots(ctx, id))(t)); d != "" {
		t.Errorf("spots (-want +got):\n%s", d)
	}
	wantLines(t, s, id, model.EntryQuery{Claims: []string{"d", "x"}, Kinds: []model.EntryKind{model.EntryAsserted, model.EntryDenied, model.EntryStory}},
		"10:00 story About two", "09:00 story About one", "09:00 asserted Kestria is far")
	wantLines(t, s, id, model.EntryQuery{Claims: []string{}, Kinds: []model.EntryKind{model.EntryAsserted}})
	wantLines(t, s, id, model.EntryQuery{Place: 8, Kinds: []model.EntryKind{model.EntryStatement}}, "09:00 statement Kestria is far")
	m := must(s.SituationWhy(ctx, id, one.ID))(t)
	if d := cmp.Diff([]model.Hit{{Want: "bridge", Found: "bridge"}}, m.Words); d != "" || m.Why[0] != "has “bridge”" {
		t.Errorf("why (-want +got):\n%s%q", d, m.Why)
	}
	// A claim that another article outside disputes is disputed here too.
	report{
		outlet: "q", name: "outside", text: "Near is Kestria, said Di Roe.", at: at(12, 0),
		said: []claimed{{"Near is Kestria", "Di Roe", "d", model.StanceDenies}},
	}.file(t, s)
	if f := must(s.Situation(ctx, id))(t); f.Disputed != 2 {
		t.Errorf("%d claims disputed, want 2", f.Disputed)
	}
	// Every line of the timeline has its own page.
	for _, e := range must(s.SituationEntries(ctx, id, model.EntryQuery{}))(t) {
		if d := cmp.Diff(&e, must(s.SituationEntry(ctx, id, e.ID, time.Time{}))(t)); d != "" {
			t.Errorf("one entry (-want +got):\n%s", d)
		}
	}
	for _, no := range [][2]string{{id, "none"}, {"none", "none"}} {
		if _, err := s.SituationEntry(ctx, no[0], no[1], time.Time{}); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("entry %q = %v, want an ErrNotFound", no, err)
		}
	}
	if n := must(s.Situation(ctx, id))(t).Lines; n != 5 { // c: asserted, denied; d: asserted; two stories
		t.Errorf("the timeline has %d lines, want 5", n)
	}
	// A merged speaker is one.
	bo, cy := must(s.Speakers(ctx, "bo", false, 1, 0))(t)[0].ID, must(s.Speakers(ctx, "cy", false, 1, 0))(t)[0].ID
	check(t, s.MergeSpeakers(ctx, cy, bo, "Ada", at(13, 0)))
	for _, a := range must(s.Pending(ctx, StageSituation, 10))(t) {
		check(t, s.Situate(ctx, a))
	}
	if f := must(s.Situation(ctx, id))(t); f.Speakers != 1 || f.Reversals != 1 {
		t.Errorf("after the merge: %d speakers, %d reversals, want 1 and 1", f.Speakers, f.Reversals)
	}
	p := must(s.PreviewSituation(ctx, model.Situation{Title: "T", Words: []string{"said"}}, at(0, 0), 1))(t)
	if p.Articles != 3 || p.All != 4 || p.Share != .75 || len(p.Sample) != 1 || len(p.Warnings) != 1 || !strings.Contains(p.Warnings[0], "3 of the 4") {
		t.Errorf("a preview of nearly everything: %+v", p)
	}
}

func testSaveEntries(t *testing.T, s *Store) {
	ctx := t.Context()
	check(t, s.SaveService(ctx, &model.Service{ID: "bank", Target: "https://bank.example/"}))
	id := newSituation(t, s, model.Situation{Services: []string{"bank"}})
	e := model.Entry{ID: model.ID("entry", "onset", "x"), Kind: model.EntryOnset, At: at(9, 0), Happened: at(9, 0), Seen: at(9, 4), Text: "Lost.", Service: "bank", Outage: "x", Origins: 1}
	for range 2 {
		check(t, s.SaveEntries(ctx, id, []model.Entry{e}))
	}
	if d := cmp.Diff([]model.Entry{e}, must(s.SituationEntries(ctx, id, model.EntryQuery{Service: "bank"}))(t)); d != "" {
		t.Errorf("entries (-want +got):\n%s", d)
	}
	if f := must(s.Situation(ctx, id))(t); f.Outages != 1 {
		t.Errorf("%d outages, want 1", f.Outages)
	}
	e.Gone = at(10, 0) // it was none
	check(t, s.SaveEntries(ctx, id, []model.Entry{e}))
	wantLines(t, s, id, model.EntryQuery{})
	wantLines(t, s, id, model.EntryQuery{Known: at(9, 30)}, "09:00 onset Lost")
	for _, bad := range []model.Entry{{ID: "x", Kind: model.EntryStory, At: at(9, 0), Seen: at(9, 0)}, {ID: "x", Kind: model.EntryOnset, Seen: at(9, 0)}} {
		if err := s.SaveEntries(ctx, id, []model.Entry{bad}); !errors.Is(err, model.ErrInvalid) {
			t.Errorf("SaveEntries(%+v) = %v, want an ErrInvalid", bad, err)
		}
	}
	if err := s.SaveEntries(ctx, "none", []model.Entry{e}); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("entries of no situation: %v", err)
	}
}

func testMentions(t *testing.T, s *Store) {
	ctx := t.Context()
	a := sample("o", "one", "From Ostmere to Ostmere.", at(9, 0))
	must(s.SaveArticle(ctx, a))(t)
	list := []model.Mention{
		{Article: a.ID, Start: 5, End: 12, Name: "Ostmere", Place: model.Place{ID: 7, Name: "Ostmere", Country: "SE", Kind: model.PlaceCity, Lat: 59.5, Lon: -18.25}},
		{Article: a.ID, Start: 16, End: 23, Name: "Ostmere"},
	}
	for range 2 {
		check(t, s.SaveMentions(ctx, a.ID, 1, list))
	}
	if d := cmp.Diff(list, must(s.Mentions(ctx, a.ID))(t)); d != "" {
		t.Errorf("mentions (-want +got):\n%s", d)
	}
	if err := s.SaveMentions(ctx, a.ID, 1, []model.Mention{{Start: 20, End: 99}}); !errors.Is(err, model.ErrInvalid) {
		t.Errorf("a span outside: %v", err)
	}
	if err := s.SaveMentions(ctx, a.ID, 2, nil); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("mentions of no revision: %v", err)
	}
	if got := must(s.Mentions(ctx, a.ID))(t); len(got) != 2 {
		t.Errorf("%d mentions after a fault", len(got))
	}
}

func testSituationStage(t *testing.T, s *Store) {
	ctx := t.Context()
	a := report{outlet: "o", name: "one", text: "The bridge is shut, said Bo Lind.", at: at(9, 0), said: []claimed{{"The bridge is shut", "Bo Lind", "c", model.StanceAsserts}}}.file(t, s)
	wantPending(t, s, StageSituation)
	must(s.ResetStage(ctx, StageSituation, time.Time{}))(t)
	wantPending(t, s, StageSituation, a.ID)
	check(t, s.Situate(ctx, a.ID))
	wantPending(t, s, StageSituation)
	st := must(s.Statements(ctx, a.ID))(t)[0].ID
	must(s.SetAttitude(ctx, st, model.StanceDoubts, "Ada", at(10, 0)))(t)
	wantPending(t, s, StageSituation, a.ID)
	if err := s.Situate(ctx, "none"); err != nil {
		t.Errorf("no situations, no article: %v", err)
	}
}

func testMovements(t *testing.T, s *Store) {
	ctx := t.Context()
	id := newSituation(t, s, model.Situation{Words: []string{"camp"}})
	text := "Two battalions left camp Dorrin, said Bo Lind."
	a := sample("o", "one", text, at(10, 0))
	must(s.SaveArticle(ctx, a))(t)
	st := said(a, 1, "Two battalions left camp Dorrin", "Bo Lind")
	check(t, s.SaveStatements(ctx, a.ID, 1, []model.Statement{st}))
	dorrin := model.Mention{Article: a.ID, Start: 25, End: 31, Name: "Dorrin", Place: model.Place{ID: 7, Name: "Dorrin"}}
	want := []model.Movement{{
		Article: a.ID, End: len(text), Verb: model.MovementLeft, Cue: model.Span{Start: 15, End: 19}, What: "Two battalions",
		From: []model.Mention{dorrin}, When: "2026-03-01", Speaker: "Bo Lind", Statement: 1,
	}}
	check(t, s.SaveMovements(ctx, a.ID, 1, want))
	if d := cmp.Diff(want, must(s.Movements(ctx, a.ID))(t)); d != "" {
		t.Errorf("movements (-want +got):\n%s", d)
	}
	check(t, s.AssignStory(ctx, Assignment{Article: a.ID, Story: "s", Revision: 1}))
	check(t, s.AssignClaims(ctx, a.ID, 1, []ClaimAssignment{{Statement: st.ID, Claim: "c", Attitude: model.StanceAsserts}}, nil))
	check(t, s.Situate(ctx, a.ID))
	e := wantLines(t, s, id, model.EntryQuery{Kinds: []model.EntryKind{model.EntryMovement}}, "00:00 movement "+strings.TrimSuffix(text, "."))[0]
	if e.Place != 7 || e.Speaker != "Bo Lind" || e.Statement != st.ID || e.Happened.IsZero() || e.Detail != "left: Two battalions · from: Dorrin · to: not said · when: 2026-03-01" {
		t.Errorf("entry of a movement: %+v", e)
	}

	known := must(s.EntriesAfter(ctx, 0, 100))(t)
	if len(known) == 0 || known[0].Situation != id {
		t.Fatalf("entries in the order they became known: %+v", known)
	}
	last := known[len(known)-1].Serial
	check(t, s.SetAlertMark(ctx, last))
	if n := must(s.AlertMark(ctx))(t); n != last || len(must(s.EntriesAfter(ctx, n, 100))(t)) != 0 {
		t.Errorf("mark %d, want %d and nothing after it", n, last)
	}
	check(t, s.SaveMovements(ctx, a.ID, 1, nil))
	check(t, s.Situate(ctx, a.ID))
	wantLines(t, s, id, model.EntryQuery{Kinds: []model.EntryKind{model.EntryMovement}})
}
