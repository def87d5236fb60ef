package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crosscheck/internal/model"
)

// wantPending checks what a stage has still to do.
func wantPending(t *testing.T, s *Store, stage string, want ...string) {
	t.Helper()
	got := must(s.Pending(t.Context(), stage, 10))(t)
	if len(got)+len(want) > 0 && !cmp.Equal(got, want) {
		t.Errorf("pending of %s = %v, want %v", stage, got, want)
	}
}

func testPending(t *testing.T, s *Store) {
	ctx := t.Context()
	one, two := sample("o", "one", "First.", at(10, 0)), sample("o", "two", "Second.", at(9, 0))
	must(s.SaveArticle(ctx, one))(t)
	must(s.SaveArticle(ctx, two))(t)
	wantPending(t, s, StageStatement, one.ID, two.ID)
	wantPending(t, s, StageStory)
	check(t, s.SaveStatements(ctx, one.ID, 1, nil))
	wantPending(t, s, StageStatement, two.ID)
	wantPending(t, s, StageStory, one.ID)
	for _, want := range []bool{false, true} {
		if done := must(s.Done(ctx, StageStory, one.ID))(t); done != want {
			t.Errorf("done = %v, want %v", done, want)
		}
		check(t, s.AssignStory(ctx, Assignment{Article: one.ID, Story: "s", Revision: 1}))
	}
	wantPending(t, s, StageStory)
	if _, err := s.Pending(ctx, "nap", 1); !errors.Is(err, model.ErrInvalid) {
		t.Errorf("Pending(nap) = %v, want an ErrInvalid", err)
	}
}

func testDeadLetters(t *testing.T, s *Store) {
	ctx := t.Context()
	a := sample("o", "one", "First.", at(10, 0))
	must(s.SaveArticle(ctx, a))(t)
	d := DeadLetter{Stage: StageStatement, ID: a.ID, Attempts: 8, Problem: "no room", At: at(11, 0)}
	for range 2 {
		check(t, s.SaveDeadLetter(ctx, d))
	}
	if diff := cmp.Diff([]DeadLetter{d}, must(s.DeadLetters(ctx, 10))(t)); diff != "" {
		t.Errorf("dead letters (-want +got):\n%s", diff)
	}
	wantPending(t, s, StageStatement)
	must(s.ResetStage(ctx, StageStatement, at(9, 0)))(t)
	wantPending(t, s, StageStatement, a.ID)
	check(t, s.SaveDeadLetter(ctx, d))
	check(t, s.SaveStatements(ctx, a.ID, 1, nil))
	if got := must(s.DeadLetters(ctx, 10))(t); len(got) != 0 {
		t.Errorf("dead letters after a success: %v", got)
	}
}

func testResetStage(t *testing.T, s *Store) {
	ctx := t.Context()
	old, young := sample("o", "old", "First.", at(9, 0)), sample("o", "young", "Second.", at(12, 0))
	for _, a := range []*model.Article{old, young} {
		must(s.SaveArticle(ctx, a))(t)
		check(t, s.SaveStatements(ctx, a.ID, 1, nil))
		check(t, s.AssignStory(ctx, Assignment{Article: a.ID, Story: "s"}))
	}
	check(t, s.SaveDeadLetter(ctx, DeadLetter{Stage: StageStory, ID: young.ID}))
	if n := must(s.ResetStage(ctx, StageStory, at(12, 0)))(t); n != 1 {
		t.Errorf("%d rows reset, want 1", n)
	}
	wantPending(t, s, StageStory, young.ID)
	it := &model.Item{Source: "a", URL: "https://o.example/1", Seen: at(9, 0)}
	must(s.SaveItem(ctx, it))(t)
	check(t, s.SetItemCapture(ctx, it.ID, it.Fingerprint(), "h"))
	check(t, s.SetItemRead(ctx, it.ID, "h", old.ID))
	for _, stage := range []string{StageFetch, StageRead} {
		must(s.ResetStage(ctx, stage, time.Time{}))(t)
		wantPending(t, s, stage, it.ID)
	}
	must(s.ResetStage(ctx, StageStatement, time.Time{}))(t)
	wantPending(t, s, StageStatement, old.ID, young.ID)
}

func testCounts(t *testing.T, s *Store) {
	ctx := t.Context()
	if got := must(s.Latest(ctx))(t); !got.IsZero() {
		t.Errorf("latest of nothing = %v", got)
	}
	a := sample("o", "one", "“No,” said Bo.", at(10, 0))
	must(s.SaveArticle(ctx, a))(t)
	check(t, s.SaveStatements(ctx, a.ID, 1, []model.Statement{said(a, 1, "No", "Bo")}))
	check(t, s.AssignStory(ctx, Assignment{Article: a.ID, Story: "s"}))
	check(t, s.SaveSource(ctx, &model.Source{URL: "https://o.example/"}))
	if d := cmp.Diff(Counts{Sources: 1, Articles: 1, Statements: 1, Stories: 1}, must(s.Counts(ctx))(t)); d != "" {
		t.Errorf("counts (-want +got):\n%s", d)
	}
	if got := must(s.Latest(ctx))(t); !got.Equal(at(10, 5)) {
		t.Errorf("latest = %v, want 10:05", got)
	}
}

func testHostileStrings(t *testing.T, s *Store) {
	ctx := t.Context()
	a := sample("o", "one", "Bad \x00 byte \xff here, said Bo.", at(10, 0))
	a.Title, a.Bylines, a.Outlet = "T\x00", []string{"B\x00\xff"}, "O'\";--\x00"
	must(s.SaveArticle(ctx, a))(t)
	got := must(s.Article(ctx, a.ID))(t)
	if want := "Bad   byte   here, said Bo."; got.Text != want || a.Text != want {
		t.Errorf("text = %q, want spaces for bytes that are no text, at the same offsets", got.Text)
	}
	check(t, s.SaveStatements(ctx, a.ID, 1, []model.Statement{said(a, 1, "here", "Bo")}))
	if changed := must(s.SaveArticle(ctx, sample("o", "one", "Bad \x00 byte \xff here, said Bo.", at(10, 0))))(t); changed {
		// The title differs ("About one"), so this is a revision; its text is the same.
		if revs := must(s.Revisions(ctx, a.ID))(t); revs[0].Text != revs[1].Text {
			t.Error("the same bytes became another text")
		}
	}
	it := &model.Item{Source: "a", URL: "https://o.example/\x00", Title: "\xff", Summary: strings.Repeat("\x00", 10)}
	must(s.SaveItem(ctx, it))(t)
	must(s.Item(ctx, it.ID))(t)
}

func testConcurrentWriters(t *testing.T, s *Store) {
	ctx := t.Context()
	const writers, articles = 8, 6
	var wg sync.WaitGroup
	var mu sync.Mutex
	changes := 0
	for w := range writers {
		wg.Go(func() {
			for i := range articles {
				a := sample("o", fmt.Sprint((i+w)%articles), "Text, said Bo.", at(9, 0))
				changed, err := s.SaveArticle(ctx, a)
				if err == nil {
					err = s.SaveStatements(ctx, a.ID, 1, []model.Statement{said(a, 1, "Text", "Bo")})
				}
				if err == nil {
					err = s.AssignStory(ctx, Assignment{Article: a.ID, Story: fmt.Sprint("s", (i+w)%2)})
				}
				if err != nil {
					t.Errorf("writer %d: %v", w, err)
				}
				mu.Lock()
				if changed {
					changes++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	got := must(s.Counts(ctx))(t)
	if changes != articles || got.Articles != articles || got.Statements != articles {
		t.Errorf("%d changes, counts %+v, want %d of each", changes, got, articles)
	}
	var grouped int
	for _, st := range must(s.Stories(ctx, StoryQuery{Limit: 9}))(t) {
		grouped += st.Articles
		if len(must(s.StoryArticles(ctx, st.ID))(t)) != st.Articles {
			t.Errorf("story %s: its count is wrong", st.ID)
		}
	}
	if grouped != articles {
		t.Errorf("stories count %d articles, want %d", grouped, articles)
	}
}

func testCancelled(t *testing.T, s *Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	a := sample("o", "one", "Text.", at(9, 0))
	if _, err := s.SaveArticle(ctx, a); !errors.Is(err, context.Canceled) {
		t.Errorf("SaveArticle = %v, want it cancelled", err)
	}
	if got := must(s.Counts(t.Context()))(t); got.Articles != 0 {
		t.Errorf("%d articles after a cancelled save", got.Articles)
	}
}
