package store

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"crosscheck/internal/model"
)

// anySpeaker leaves out who a speaker is across articles.
var anySpeaker = cmpopts.IgnoreFields(model.Statement{}, "SpeakerID")

func testStatements(t *testing.T, s *Store) {
	ctx := t.Context()
	a := sample("ostmere", "bank", "“We are open,” said Mara Lind.\n\nThe mayor doubted it.", at(9, 0))
	must(s.SaveArticle(ctx, a))(t)
	st := said(a, 1, "We are open,", "Mara Lind")
	st.Cue, st.Channel, st.SaidOn = model.Span{Start: 18, End: 22}, "Telegram", "2026-03-02"
	two := said(a, 2, "doubted it", "mayor")
	two.Content = append([]model.Span{st.Content[0]}, two.Content...)
	check(t, s.SaveStatements(ctx, a.ID, 1, []model.Statement{st}))
	for range 2 {
		check(t, s.SaveStatements(ctx, a.ID, 1, []model.Statement{st, two}))
	}
	if d := cmp.Diff([]model.Statement{st, two}, must(s.Statements(ctx, a.ID))(t), anySpeaker); d != "" {
		t.Errorf("statements (-want +got):\n%s", d)
	}
	bad := st
	bad.Content = []model.Span{{Start: 5, End: 5000}}
	if err := s.SaveStatements(ctx, a.ID, 1, []model.Statement{bad}); !errors.Is(err, model.ErrInvalid) {
		t.Errorf("SaveStatements(outside the text) = %v, want an ErrInvalid", err)
	}
	if err := s.SaveStatements(ctx, a.ID, 9, nil); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("SaveStatements(no such revision) = %v, want an ErrNotFound", err)
	}
	if got := must(s.Statements(ctx, a.ID))(t); len(got) != 2 {
		t.Errorf("%d statements after faults, want the 2 there were", len(got))
	}
	if got := must(s.Speakers(ctx, "lin", true, 5, 0))(t); len(got) != 1 || got[0].Name != "Mara Lind" || got[0].Statements != 1 {
		t.Errorf("speakers = %+v, want Mara Lind with 1 statement", got)
	}
	check(t, s.SaveStatements(ctx, a.ID, 1, nil))
	if got := must(s.Speakers(ctx, "", false, 5, 0))(t); len(got) != 0 {
		t.Errorf("speakers of no statements = %v", got)
	}
}

func testStories(t *testing.T, s *Store) {
	ctx := t.Context()
	one := sample("ostmere", "one", "The bank is closed, said Mara Lind.", at(10, 0))
	two := sample("wire", "two", "The bank is closed, said Mara Lind.", at(9, 0))
	three := sample("kestria", "three", "Nothing is closed.", at(11, 0))
	four := sample("Ostmere", "four", "Shut.", at(12, 0))
	for _, a := range []*model.Article{one, two, three, four} {
		must(s.SaveArticle(ctx, a))(t)
		check(t, s.AssignStory(ctx, Assignment{Article: a.ID, Story: "s1", Why: `{"near":1}`}))
	}
	for _, a := range []*model.Article{one, two} {
		check(t, s.SaveStatements(ctx, a.ID, 1, []model.Statement{said(a, 1, "bank is closed", "Mara Lind")}))
	}
	check(t, s.AssignStory(ctx, Assignment{Article: one.ID, Story: "s1", CopyOf: two.ID, Share: .9}))
	want := model.Story{ID: "s1", Title: "About two", Started: at(9, 0), Latest: at(12, 0), Articles: 4, Origins: 3, Outlets: 3, Stated: 1}
	if d := cmp.Diff(want, *must(s.Story(ctx, "s1"))(t)); d != "" {
		t.Errorf("story (-want +got):\n%s", d)
	}
	if a := must(s.Article(ctx, one.ID))(t); a.Story != "s1" || a.CopyOf != two.ID || a.CopyShare != .9 {
		t.Errorf("grouping = %s, %s, %v", a.Story, a.CopyOf, a.CopyShare)
	}
	if got := must(s.StoryWhy(ctx, "s1"))(t); len(got) != 4 || got[two.ID] != `{"near":1}` {
		t.Errorf("why = %v", got)
	}
	heads := must(s.StoryArticles(ctx, "s1"))(t)
	if len(heads) != 4 || heads[0].ID != two.ID || heads[0].Text != "" {
		t.Errorf("articles of the story: %+v", heads)
	}

	for _, a := range []*model.Article{one, two, three, four} {
		check(t, s.AssignStory(ctx, Assignment{Article: a.ID, Story: "s2"}))
	}
	if st := must(s.Story(ctx, "s1"))(t); st.ID != "s2" || st.Articles != 4 {
		t.Errorf("a story all articles have left leads to %+v, want s2", st)
	}
	check(t, s.AssignStory(ctx, Assignment{Article: one.ID, Story: "s1"}, Assignment{Article: two.ID, Story: "s1"}))
	if st := must(s.Story(ctx, "s1"))(t); st.ID != "s1" || st.Articles != 2 {
		t.Errorf("a story that is back = %+v", st)
	}
	bad := Assignment{Article: "none", Story: "s3"}
	if err := s.AssignStory(ctx, Assignment{Article: one.ID, Story: "s3"}, bad); err == nil {
		t.Error("an article that is not known was assigned")
	}
	if st := must(s.Story(ctx, "s1"))(t); st.Articles != 2 {
		t.Errorf("half of a failed move is done: %+v", st)
	}
	for _, as := range []Assignment{{Article: one.ID}, {Article: one.ID, Story: "s", CopyOf: one.ID}, {Article: one.ID, Story: "s", CopyOf: "none"}} {
		if err := s.AssignStory(ctx, as); !errors.Is(err, model.ErrInvalid) {
			t.Errorf("AssignStory(%+v) = %v, want an ErrInvalid", as, err)
		}
	}
	if err := s.AssignStory(ctx, Assignment{Article: "none", Story: "s"}); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("AssignStory(no article) = %v, want an ErrNotFound", err)
	}
}

func testStoryPages(t *testing.T, s *Store) {
	ctx := t.Context()
	for i := range 5 { // two moments, so that pages break inside one
		a := sample("ostmere", fmt.Sprint(i), "Text.", at(9+i/3, 0))
		must(s.SaveArticle(ctx, a))(t)
		check(t, s.AssignStory(ctx, Assignment{Article: a.ID, Story: fmt.Sprint("s", i)}))
	}
	var got []string
	q := StoryQuery{Limit: 2}
	for {
		page := must(s.Stories(ctx, q))(t)
		for _, st := range page {
			got = append(got, st.ID)
			q.Before, q.BeforeID = st.Latest, st.ID
		}
		if len(page) < q.Limit {
			break
		}
	}
	if d := cmp.Diff([]string{"s4", "s3", "s2", "s1", "s0"}, got); d != "" {
		t.Errorf("stories page by page (-want +got):\n%s", d)
	}
	if got := must(s.Stories(ctx, StoryQuery{Limit: 9, Before: at(10, 0)}))(t); len(got) != 3 {
		t.Errorf("%d stories before ten, want 3", len(got))
	}
}

func testLedger(t *testing.T, s *Store) {
	ctx := t.Context()
	a := sample("ostmere", "one", "It began early. “We are open,” said Mr. A. Lind. “All day.” He left.\n\nNext.", at(9, 0))
	must(s.SaveArticle(ctx, a))(t)
	c := sample("wire", "two", "It began early.", at(10, 0))
	must(s.SaveArticle(ctx, c))(t)
	st := said(a, 1, "We are open", "Lind")
	st.Content = append(st.Content, said(a, 1, "All day", "Lind").Content...)
	check(t, s.SaveStatements(ctx, a.ID, 1, []model.Statement{st}))
	check(t, s.AssignStory(ctx, Assignment{Article: a.ID, Story: "s1"}))
	check(t, s.AssignStory(ctx, Assignment{Article: c.ID, Story: "s1", CopyOf: a.ID, Share: 1}))
	want := []model.Ledger{{
		Statement: st, Text: "We are open … All day", Sentence: "“We are open,” said Mr. A. Lind. “All day.”",
		Title: a.Title, Outlet: "ostmere", URL: a.URL, Published: at(9, 0), Seen: at(9, 5), Copies: 1, Story: "s1",
	}}
	if d := cmp.Diff(want, must(s.StoryLedger(ctx, "s1"))(t), anySpeaker); d != "" {
		t.Errorf("ledger (-want +got):\n%s", d)
	}
}

func testRecent(t *testing.T, s *Store) {
	ctx := t.Context()
	const n = recentBatch + 7
	for i := range n {
		a := sample("ostmere", fmt.Sprint(i), fmt.Sprint("Text ", i), at(9, 0).Add(time.Duration(i)*time.Second))
		must(s.SaveArticle(ctx, a))(t)
		if i != 1 {
			check(t, s.AssignStory(ctx, Assignment{Article: a.ID, Story: "s"}))
		}
	}
	var got []string
	check(t, s.Recent(ctx, time.Time{}, func(a *model.Article) error {
		got = append(got, a.Text)
		return nil
	}))
	if len(got) != n-1 || got[0] != "Text 0" || got[1] != "Text 2" || got[n-2] != fmt.Sprint("Text ", n-1) {
		t.Errorf("recent: %d articles, %q", len(got), got)
	}
	got = nil
	check(t, s.Recent(ctx, at(9, 5).Add(100*time.Second), func(a *model.Article) error {
		got = append(got, a.Text)
		return nil
	}))
	if len(got) != 7 {
		t.Errorf("%d since then, want 7", len(got))
	}
	stop := errors.New("stop")
	if err := s.Recent(ctx, time.Time{}, func(*model.Article) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("Recent = %v, want the error of its function", err)
	}
	check(t, s.Recent(ctx, at(23, 0), func(*model.Article) error { return stop }))
}

func testNamedLedger(t *testing.T, s *Store) {
	ctx := t.Context()
	origin := ""
	for i, text := range []string{"The Landbank is down, says Lind.", "Land is no bank, says Lind.", "See www.landbank.example, says Lind.", "All quiet, says Lind.", "The Landbank is down, says Lind."} {
		a := sample("ostmere", fmt.Sprint("n", i), text, at(9+i, 0))
		must(s.SaveArticle(ctx, a))(t)
		as := Assignment{Article: a.ID, Story: "s1"}
		switch i {
		case 0:
			origin = a.ID
		case 4:
			as.CopyOf, as.Share = origin, 1
		}
		check(t, s.AssignStory(ctx, as))
		words, _, _ := strings.Cut(text, ",")
		st := []model.Statement{said(a, 1, words, "Lind"), said(a, 2, words[4:], "Lind")}
		st[1].Class = model.ClassPosition
		check(t, s.SaveStatements(ctx, a.ID, 1, st))
	}
	heard := func(articles int, names ...string) (got []string) {
		for _, l := range must(s.NamedLedger(ctx, names, articles))(t) {
			got = append(got, l.Text)
		}
		return got
	}
	both := []string{"See www.landbank.example", "The Landbank is down"}
	if d := cmp.Diff(both, heard(9, "the landbank", "landbank.example", "")); d != "" {
		t.Errorf("NamedLedger (-want +got):\n%s", d)
	}
	if d := cmp.Diff(both[:1], heard(1, "the landbank", "landbank.example")); d != "" {
		t.Errorf("NamedLedger of one article (-want +got):\n%s", d)
	}
	if got := heard(9); got != nil || heard(9, "…", "nobody's \" OR *") != nil {
		t.Errorf("NamedLedger of no names = %q", got)
	}
}
