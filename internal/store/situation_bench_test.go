package store

import (
	"context"
	"fmt"
	"testing"
	"time"

	"crosscheck/internal/model"
)

// bigSituation fills a store with a situation of n articles of five statements
// each, one claim in three of which is disputed, and places.
func bigSituation(b *testing.B, n int) (*Store, string) {
	b.Helper()
	ctx := b.Context()
	s := openAt(b, b.TempDir())
	sit := model.Situation{Title: "T", Words: []string{"said"}, By: "Ada"}
	check(b, s.SaveSituation(ctx, &sit))
	for i := range n {
		r := report{outlet: fmt.Sprint("o", i%40), name: fmt.Sprint("n", i), at: at(0, i), story: fmt.Sprint("s", i/4), text: "In Ostmere on the Lin "}
		for j := range 5 {
			speaker := fmt.Sprintf("Bo Lind%c%c", 'a'+(i+j)%26, 'a'+i/26%26)
			words := fmt.Sprintf("word %d of report %d that a reader takes in", j, i)
			r.text += fmt.Sprintf("“%s”, said %s. ", words, speaker)
			attitude := model.StanceAsserts
			if j == 0 && i%3 == 0 {
				attitude = model.StanceDenies
			}
			r.said = append(r.said, claimed{words, speaker, fmt.Sprint("c", j, "-", i/(2+j)), attitude})
		}
		r.places = []string{"Ostmere 7", fmt.Sprint("Lin ", 100+i%50)}
		r.file(b, s)
	}
	work(b, s)
	return s, sit.ID
}

// BenchmarkSituationPage is everything the first page of a situation with 5,000
// statements asks of the store.
func BenchmarkSituationPage(b *testing.B) {
	s, id := bigSituation(b, 1000)
	ctx := b.Context()
	for b.Loop() {
		for _, err := range []error{
			second(s.Situation(ctx, id)),
			second(s.SituationEntries(ctx, id, model.EntryQuery{Limit: 200})),
			second(s.SituationEntries(ctx, id, model.EntryQuery{Limit: 20, Kinds: []model.EntryKind{model.EntryReversal, model.EntryDenied, model.EntryStory}})),
			second(s.SituationClaims(ctx, id, 12)),
			second(s.SituationStories(ctx, id, 100)),
			second(s.SituationSpots(ctx, id)),
		} {
			check(b, err)
		}
	}
}

// BenchmarkSituate is one more article of a situation with 5,000 statements.
func BenchmarkSituate(b *testing.B) {
	s, id := bigSituation(b, 1000)
	list := must(all(b.Context(), s.r, scanOne[string], `SELECT article FROM situation_member WHERE situation = $1`, id))(b)
	for i := 0; b.Loop(); i++ {
		check(b, s.Situate(b.Context(), list[i%len(list)]))
	}
}

// BenchmarkSituationCounts is what is done after a change in it.
func BenchmarkSituationCounts(b *testing.B) {
	s, id := bigSituation(b, 1000)
	for b.Loop() {
		f := model.SituationFacts{Situation: model.Situation{ID: id}}
		check(b, countSituation(b.Context(), s.r, &f))
	}
}

// BenchmarkTimeline is a page of 50 in the middle of a timeline of 100,000
// entries, by what is asked for.
func BenchmarkTimeline(b *testing.B) {
	ctx := b.Context()
	s := openAt(b, b.TempDir())
	sit := model.Situation{Title: "T", Words: []string{"x"}, By: "Ada"}
	check(b, s.SaveSituation(ctx, &sit))
	fillTimeline(ctx, b, s, sit.ID, 100_000)
	middle := must(s.SituationEntries(ctx, sit.ID, model.EntryQuery{To: at(0, 50_000), Limit: 1}))(b)[0].ID
	for name, q := range map[string]model.EntryQuery{
		"newest": {}, "middle": {Before: middle}, "kind": {Before: middle, Kinds: []model.EntryKind{model.EntryReversal, model.EntryDenied}},
		"speaker": {Before: middle, Speaker: "speaker 7"}, "claim": {Before: middle, Claim: "claim 11"}, "place": {Before: middle, Place: 13},
		"known": {Known: at(0, 30_000)}, "rare": {Kinds: []model.EntryKind{model.EntryMovement}},
	} {
		q.Limit = 50
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				check(b, second(s.SituationEntries(ctx, sit.ID, q)))
			}
		})
	}
}

func fillTimeline(ctx context.Context, b *testing.B, s *Store, id string, n int) {
	b.Helper()
	tx, err := s.w.BeginTx(ctx, nil)
	check(b, err)
	for i := range n {
		h := model.Heard{Entry: model.Entry{
			ID: model.ID("entry", fmt.Sprint(i)), Kind: model.EntryStatement, At: at(0, i), Said: at(0, i), Published: at(0, i), Seen: at(0, i).Add(time.Minute),
			Text: "Some words that somebody said about what happened, as long as such words mostly are.", Speaker: "Bo Lind", SpeakerID: fmt.Sprint("speaker ", i%500),
			Claim: fmt.Sprint("claim ", i%2000), Place: int64(i % 300), Article: fmt.Sprint("article ", i/5), Origins: 1,
		}}
		switch {
		case i%10 == 0:
			h.Kind = model.EntryReversal
		case i%10 == 1:
			h.Kind = model.EntryDenied
		}
		h = stored(h)
		check(b, insertEntry(ctx, tx, id, &h))
	}
	check(b, tx.Commit())
}
