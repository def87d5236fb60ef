package store

import (
	"database/sql"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crosscheck/internal/model"
	"crosscheck/internal/speaker"
)

// apart makes the store tell speakers apart as the program does.
func apart(s *Store) { s.speakers = Speakers{Keys: speaker.Keys, Choose: speaker.Choose} }

// voice saves an article in which somebody speaks once and returns it.
func voice(t *testing.T, s *Store, outlet, name, who, role string, published time.Time) *model.Article {
	t.Helper()
	a := sample(outlet, name, "“We are open,” said "+who+".", published)
	must(s.SaveArticle(t.Context(), a))(t)
	st := said(a, 1, "We are open,", who)
	st.Role, st.Channel = role, "reporters"
	check(t, s.SaveStatements(t.Context(), a.ID, 1, []model.Statement{st}))
	return a
}

func speakerOf(t *testing.T, s *Store, a *model.Article) string {
	t.Helper()
	list := must(s.Statements(t.Context(), a.ID))(t)
	if len(list) != 1 || list[0].SpeakerID == "" {
		t.Fatalf("statements of %s = %+v, want one with a speaker", a.URL, list)
	}
	return list[0].SpeakerID
}

func testPositions(t *testing.T, s *Store) {
	ctx := t.Context()
	a := sample("ostmere", "bank", "“We are open,” said Mara Lind. Jon Hale had denied it. Ann Orr wants it closed.", at(9, 0))
	must(s.SaveArticle(ctx, a))(t)
	one, two, three := said(a, 1, "We are open,", "Mara Lind"), said(a, 2, "denied it", "Jon Hale"), said(a, 3, "it closed", "Ann Orr")
	two.Outer, three.Class = 1, model.ClassPosition
	list := []model.Statement{one, two, three}
	check(t, s.SaveStatements(ctx, a.ID, 1, list))
	check(t, s.AssignStory(ctx, Assignment{Article: a.ID, Story: "s1"}))

	if d := cmp.Diff(list, must(s.AllStatements(ctx, a.ID))(t), anySpeaker); d != "" {
		t.Errorf("all statements (-want +got):\n%s", d)
	}
	if d := cmp.Diff(list[:2], must(s.Statements(ctx, a.ID))(t), anySpeaker); d != "" {
		t.Errorf("statements (-want +got):\n%s", d)
	}
	ledger := must(s.StoryLedger(ctx, "s1"))(t)
	if len(ledger) != 2 || ledger[0].Reporter != "" || ledger[1].Reporter != "Mara Lind" {
		t.Errorf("ledger = %+v, want two, the second reported by Mara Lind", ledger)
	}
	if got := must(s.Story(ctx, "s1"))(t).Stated; got != 2 {
		t.Errorf("the story counts %d statements, want 2", got)
	}
	if got := must(s.Counts(ctx))(t).Statements; got != 2 {
		t.Errorf("%d statements counted, want 2", got)
	}
	if got := must(s.Speakers(ctx, "", false, 9, 0))(t); len(got) != 2 {
		t.Errorf("speakers = %+v, want the two who made a statement", got)
	}
	if got := must(s.Search(ctx, model.SearchQuery{Speaker: "Ann Orr"}))(t).Total; got != 0 {
		t.Errorf("%d articles found by who only holds a position", got)
	}
	hit := must(s.Search(ctx, model.SearchQuery{Text: "open"}))(t).Hits[0]
	if len(hit.Speakers) != 2 || hit.Speakers[1].Name != "Jon Hale" {
		t.Errorf("speakers of an answer = %+v", hit.Speakers)
	}
	ann := must(s.AllStatements(ctx, a.ID))(t)[2].SpeakerID
	f := must(s.Speaker(ctx, model.SpeakerQuery{ID: ann}))(t)
	if f.Statements != 0 || f.Opinions != 1 || f.Held != 0 {
		t.Errorf("who only holds a position: %+v", f)
	}
	got, n, err := s.SpeakerLedger(ctx, model.SpeakerQuery{ID: ann, Positions: true})
	if err != nil || n != 1 || got[0].Text != "it closed" {
		t.Errorf("positions = %+v, %d, %v", got, n, err)
	}
}

func testSpeakers(t *testing.T, s *Store) {
	apart(s)
	one := voice(t, s, "ostmere", "1", "Mara Lindskaya", "Tolmark’s Defence Minister", at(9, 0))
	two := voice(t, s, "wire", "2", "MARA LINDSKAIA", "Defence Minister of Tolmark", at(10, 0))
	three := voice(t, s, "kestria", "3", "Lindskaya", "", at(11, 0))
	other := voice(t, s, "kestria", "4", "Mara Lindskaya", "striker", at(12, 0))
	id := speakerOf(t, s, one)
	if got := speakerOf(t, s, two); got != id {
		t.Error("one person in two outlets is two")
	}
	if got := speakerOf(t, s, three); got != id {
		t.Error("a family name only one bears is another person's")
	}
	if got := speakerOf(t, s, other); got == id {
		t.Error("a striker is the minister")
	}
	f := must(s.Speaker(t.Context(), model.SpeakerQuery{ID: id}))(t)
	if f.Name != "Mara Lindskaya" || f.Statements != 3 || f.Origins != 3 || len(f.Names) != 3 || len(f.Roles) != 2 {
		t.Errorf("speaker = %+v", f)
	}
	if len(f.Doubts) != 1 || f.Doubts[0].ID != speakerOf(t, s, other) || f.Doubts[0].Why == "" {
		t.Errorf("who may be the same: %+v, want the striker", f.Doubts)
	}
	// Done twice is done once, also for who is new in an article done again.
	list := must(s.Statements(t.Context(), one.ID))(t)
	check(t, s.SaveStatements(t.Context(), one.ID, 1, list))
	if again := must(s.Speaker(t.Context(), model.SpeakerQuery{ID: id}))(t); !cmp.Equal(f, again) {
		t.Errorf("saved twice (-once +twice):\n%s", cmp.Diff(f, again))
	}
	if got := must(s.Speakers(t.Context(), "lindsk", true, 9, 0))(t); len(got) != 2 || got[0].ID != id {
		t.Errorf("speakers = %+v", got)
	}
	if _, err := s.Speaker(t.Context(), model.SpeakerQuery{ID: "none"}); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("Speaker(none) = %v, want an ErrNotFound", err)
	}
}

func testSpeakerPages(t *testing.T, s *Store) {
	apart(s)
	ctx := t.Context()
	kept := &model.Source{URL: "https://kept.example/", Licence: model.LicenceLink}
	check(t, s.SaveSource(ctx, kept))
	first := voice(t, s, "ostmere", "1", "Mara Lind", "mayor", at(9, 0))
	last := voice(t, s, "wire", "2", "Mara Lind", "mayor", at(11, 0))
	closed := sample("kept", "3", "“Shut,” said Mara Lind.", at(10, 0))
	closed.Source = kept.ID
	must(s.SaveArticle(ctx, closed))(t)
	st := said(closed, 1, "Shut,", "Mara Lind")
	st.Stance, st.Role = model.StanceAsserts, "secret adviser"
	check(t, s.SaveStatements(ctx, closed.ID, 1, []model.Statement{st}))
	repeat := voice(t, s, "kestria", "4", "Mara Lind", "mayor", at(12, 0))
	for _, a := range []*model.Article{first, last, closed} {
		check(t, s.AssignStory(ctx, Assignment{Article: a.ID, Story: "s"}))
	}
	check(t, s.AssignStory(ctx, Assignment{Article: repeat.ID, Story: "s", CopyOf: first.ID, Share: 1}))
	id := speakerOf(t, s, first)
	for name, c := range map[string]struct {
		q    model.SpeakerQuery
		want []string
		of   int
	}{
		"all, newest first, no copies": {model.SpeakerQuery{}, []string{"wire", "kept", "ostmere"}, 3},
		"public":                       {model.SpeakerQuery{Quotable: true}, []string{"wire", "ostmere"}, 2},
		"a page":                       {model.SpeakerQuery{Limit: 1, Offset: 1}, []string{"kept"}, 3},
		"stance":                       {model.SpeakerQuery{Stance: model.StanceDenies}, []string{"wire", "ostmere"}, 2},
		"channel":                      {model.SpeakerQuery{Channel: "reporters", Stance: model.StanceAsserts}, nil, 0},
		"hostile":                      {model.SpeakerQuery{Channel: "' OR 1=1 --\x00"}, nil, 0},
		"positions":                    {model.SpeakerQuery{Positions: true}, nil, 0},
	} {
		c.q.ID = id
		list, n, err := s.SpeakerLedger(ctx, c.q)
		check(t, err)
		var got []string
		for _, l := range list {
			got = append(got, l.Outlet)
		}
		if d := cmp.Diff(c.want, got); d != "" || n != c.of {
			t.Errorf("%s: %d, outlets (-want +got):\n%s", name, n, d)
		}
	}
	f := must(s.Speaker(ctx, model.SpeakerQuery{ID: id, Quotable: true}))(t)
	want := model.SpeakerFacts{
		Speaker: model.Speaker{ID: id, Name: "Mara Lind", Type: model.SpeakerPerson, Role: "mayor", Statements: 2, Origins: 2, Copies: 1}, Held: 1,
		Stances: []model.Tally{{Value: "denies", N: 2}}, Channels: []model.Tally{{Value: "reporters", N: 2}},
		Names: []model.SpeakerName{{Name: "Mara Lind", Outlet: "ostmere", N: 1}, {Name: "Mara Lind", Outlet: "wire", N: 1}},
		Roles: []model.SpeakerRole{{Role: "mayor", First: at(9, 0), Latest: at(11, 0), N: 2}},
	}
	if d := cmp.Diff(want, *f); d != "" {
		t.Errorf("what the public may know (-want +got):\n%s", d)
	}
}

func testSpeakersByHand(t *testing.T, s *Store) {
	apart(s)
	ctx := t.Context()
	one := voice(t, s, "ostmere", "1", "Sergei Orlin", "", at(9, 0))
	two := voice(t, s, "wire", "2", "Serhiy Orlin", "", at(10, 0))
	a, b := speakerOf(t, s, one), speakerOf(t, s, two)
	if a == b {
		t.Fatal("names of two languages were merged by the machine")
	}
	check(t, s.MergeSpeakers(ctx, b, a, "Ada", at(11, 0)))
	if got := must(s.Speaker(ctx, model.SpeakerQuery{ID: b}))(t); got.ID != a || got.Statements != 2 || len(got.Doubts) != 0 {
		t.Errorf("the merged speaker leads to %+v", got)
	}
	three := voice(t, s, "kestria", "3", "Serhiy Orlin", "striker", at(12, 0))
	if got := speakerOf(t, s, three); got != a {
		t.Error("a later article undoes the merge")
	}
	split := must(s.SplitSpeaker(ctx, a, "Serhiy Orlin", "striker", "Ada", at(13, 0)))(t)
	four := voice(t, s, "ostmere", "4", "Serhiy Orlin", "striker", at(14, 0))
	check(t, s.SaveStatements(ctx, three.ID, 1, must(s.Statements(ctx, three.ID))(t)))
	for _, art := range []*model.Article{three, four} {
		if got := speakerOf(t, s, art); got != split {
			t.Error("a later article undoes the split")
		}
	}
	if got := must(s.Speaker(ctx, model.SpeakerQuery{ID: a}))(t); len(got.Doubts) != 0 {
		t.Errorf("who was split is doubted again: %+v", got.Doubts)
	}
	for what, err := range map[error]error{
		model.ErrConflict: s.MergeSpeakers(ctx, a, b, "Ada", at(15, 0)),
		model.ErrNotFound: s.MergeSpeakers(ctx, a, "none", "Ada", at(15, 0)),
	} {
		if !errors.Is(err, what) {
			t.Errorf("merge = %v, want %v", err, what)
		}
	}
	if _, err := s.SplitSpeaker(ctx, split, "Serhiy Orlin", "", "Ada", at(15, 0)); !errors.Is(err, model.ErrConflict) {
		t.Errorf("splitting off all there is: %v", err)
	}
	want := []SpeakerDecision{
		{Verb: "split", Speaker: a, Other: split, Name: "Serhiy Orlin, striker", Who: "Ada", At: at(13, 0)},
		{Verb: "merge", Speaker: b, Other: a, Who: "Ada", At: at(11, 0)},
	}
	if d := cmp.Diff(want, must(s.SpeakerDecisions(ctx, 9))(t)); d != "" {
		t.Errorf("decisions (-want +got):\n%s", d)
	}
}

// TestSpeakersArrive opens a database of the first schema: its articles are
// handed to the statement stage again.
func TestSpeakersArrive(t *testing.T) {
	dir := t.TempDir()
	s := &Store{lg: quiet()}
	check(t, s.openSQLite(Config{Dir: dir}))
	must(must(s.provider())(t).UpTo(t.Context(), 1))(t)
	a := sample("ostmere", "1", "“We are open,” said Mara Lind.", at(9, 0))
	prepare(a)
	check(t, s.attempt(t.Context(), func(tx *sql.Tx) error { return s.addArticle(t.Context(), tx, a) }))
	must(s.w.Exec(`INSERT INTO statement (article, revision, n, id, content, cue_start, cue_end, mention_start, mention_end,
		speaker, speaker_key, speaker_type, role, kind, stance, channel, said_on)
		VALUES ($1, 1, 1, 'st', '[{"Start":3,"End":14}]', 0, 0, 0, 0, 'Mara Lind', 'mara lind', 'person', '', 'direct', 'asserts', '', '')`, a.ID))(t)
	check(t, errors.Join(s.r.Close(), s.w.Close()))
	s = openAt(t, dir)
	if got := must(s.Statements(t.Context(), a.ID))(t); len(got) != 1 || got[0].SpeakerID != "" {
		t.Errorf("statements of before = %+v", got)
	}
	if got := must(s.Pending(t.Context(), StageStatement, 9))(t); !cmp.Equal(got, []string{a.ID}) {
		t.Errorf("pending = %v, want the article", got)
	}
	check(t, s.SaveStatements(t.Context(), a.ID, 1, must(s.Statements(t.Context(), a.ID))(t)))
	speakerOf(t, s, a)
}
