package store

import (
	"errors"
	"testing"

	"crosscheck/internal/model"

	"github.com/google/go-cmp/cmp"
)

func testBriefings(t *testing.T, s *Store) {
	ctx := t.Context()
	write := func(n int, title string) *model.Briefing {
		return &model.Briefing{
			Situation: "quern", N: n, Title: title, From: at(9, 0), To: at(18, 0), At: at(18, 10), By: "L. Amsel",
			Sentences: []model.Sentence{
				{
					Key: "statement:s1", Kind: model.SentenceStatement, Text: "“Nothing\x00 is leaving” … at all", Pinned: true, Statement: "s1", N: 2, Article: "a", Revision: 3, Capture: "e04b",
					Spans: []model.Span{{Start: 3, End: 20}, {Start: 25, End: 31}}, Speaker: "Mirrin Okafell", Stance: model.StanceDenies, Published: at(11, 2),
				},
				{Key: "count:claims", Kind: model.SentenceCount, Text: "2 claims, 0 of them disputed.", Of: []string{"c1", "c2"}},
				{Key: "desk:1", Kind: model.SentenceDesk, Text: "Ours."},
			},
		}
	}
	first, fixed, second := write(0, "one"), write(1, "one, corrected"), write(0, "two")
	for _, b := range []*model.Briefing{first, fixed, second} {
		check(t, s.SaveBriefing(ctx, b))
	}
	if first.N != 1 || first.Version != 1 || fixed.N != 1 || fixed.Version != 2 || second.N != 2 || second.Version != 1 {
		t.Errorf("numbers %d/%d, %d/%d, %d/%d", first.N, first.Version, fixed.N, fixed.Version, second.N, second.Version)
	}
	got := must(s.Briefing(ctx, "quern", 1))(t)
	if d := cmp.Diff([]model.Briefing{*first, *fixed}, got); d != "" {
		t.Errorf("versions (-want +got):\n%s", d)
	}
	list := must(s.Briefings(ctx, "quern"))(t)
	if len(list) != 2 || list[0].Title != "two" || list[1].Title != "one, corrected" {
		t.Errorf("briefings %+v", list)
	}
	for name, err := range map[string]error{
		"a correction of none": s.SaveBriefing(ctx, write(7, "x")),
		"one that is not":      firstErr(s.Briefing(ctx, "quern", 9)),
		"of another situation": firstErr(s.Briefing(ctx, "ferries", 1)),
	} {
		if !errors.Is(err, model.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	bad := write(0, "x")
	bad.Sentences[0].Capture = ""
	if err := s.SaveBriefing(ctx, bad); !errors.Is(err, model.ErrInvalid) {
		t.Errorf("a sentence without a source is kept: %v", err)
	}
	for _, q := range []string{`UPDATE briefing SET title = 'other'`, `DELETE FROM briefing`} {
		if _, err := exec(ctx, s.w, q); err == nil {
			t.Errorf("%s is allowed", q)
		}
	}
}

func firstErr[T any](_ T, err error) error { return err }
