package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"crosscheck/internal/collect"
	"crosscheck/internal/config"
	"crosscheck/internal/model"
	"crosscheck/internal/store"
)

// Admin is the store for administration from the command line. It may be used
// while the service runs on the same data.
type Admin struct{ store *store.Store }

// OpenAdmin opens the store the configuration names.
func OpenAdmin(ctx context.Context, lg *slog.Logger, cfg config.Config) (*Admin, error) {
	if err := os.MkdirAll(cfg.Data, 0o750); err != nil {
		return nil, fmt.Errorf("data folder %s: %w", cfg.Data, err)
	}
	if err := AddPlaces(cfg.Places); err != nil {
		return nil, err
	}
	st, err := store.Open(ctx, lg, store.Config{Dir: cfg.Data, DSN: cfg.Database, Around: around})
	if err != nil {
		return nil, err
	}
	return &Admin{st}, nil
}

// Close closes the store.
func (a *Admin) Close() error { return a.store.Close() }

// Follow adds a source, or changes what is stated about a known one.
func (a *Admin) Follow(ctx context.Context, src *model.Source) error {
	return a.store.SaveSource(ctx, src)
}

// Sources returns every source.
func (a *Admin) Sources(ctx context.Context) ([]model.Source, error) { return a.store.Sources(ctx) }

// Unfollow stops following the source of that URL or id; what was taken from it stays.
func (a *Admin) Unfollow(ctx context.Context, urlOrID string) error {
	id := model.ID("source", urlOrID)
	if _, err := a.store.Source(ctx, id); errors.Is(err, model.ErrNotFound) {
		id = urlOrID
	}
	if _, err := a.store.Source(ctx, id); err != nil {
		return model.Errorf(model.ErrNotFound, "%s is not followed; crosscheck source list shows what is", urlOrID)
	}
	return a.store.DeleteSource(ctx, id)
}

// Import follows every source of an OPML file and returns them.
func (a *Admin) Import(ctx context.Context, r io.Reader) ([]model.Source, error) {
	list, err := collect.ReadOPML(r)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if err := a.store.SaveSource(ctx, &list[i]); err != nil {
			return list[:i], err
		}
	}
	return list, nil
}

// Export writes every source as OPML.
func (a *Admin) Export(ctx context.Context, w io.Writer) error {
	list, err := a.store.Sources(ctx)
	if err != nil {
		return err
	}
	return collect.WriteOPML(w, list)
}

// Speakers returns speakers one of whose names has a word that begins with the
// prefix, those with most statements first.
func (a *Admin) Speakers(ctx context.Context, prefix string, limit int) ([]model.Speaker, error) {
	return a.store.Speakers(ctx, prefix, false, limit, 0)
}

// MergeSpeakers makes one speaker part of another, for ever.
func (a *Admin) MergeSpeakers(ctx context.Context, from, into, who string) error {
	return a.store.MergeSpeakers(ctx, from, into, who, time.Now())
}

// SplitSpeaker takes a name, or only the name with one role, away from a speaker,
// for ever, and returns the id of the speaker it is from now on.
func (a *Admin) SplitSpeaker(ctx context.Context, id, name, role, who string) (string, error) {
	return a.store.SplitSpeaker(ctx, id, name, role, who, time.Now())
}

// SpeakerDecisions returns the newest merges and splits.
func (a *Admin) SpeakerDecisions(ctx context.Context, limit int) ([]store.SpeakerDecision, error) {
	return a.store.SpeakerDecisions(ctx, limit)
}

// Stories returns the newest stories.
func (a *Admin) Stories(ctx context.Context, limit int) ([]model.Story, error) {
	return a.store.Stories(ctx, store.StoryQuery{Limit: limit})
}

// StoryArticles returns the articles of a story, without their text.
func (a *Admin) StoryArticles(ctx context.Context, id string) ([]model.Article, error) {
	st, err := a.store.Story(ctx, id)
	if err != nil {
		return nil, err
	}
	return a.store.StoryArticles(ctx, st.ID)
}

// Claims returns the newest claims.
func (a *Admin) Claims(ctx context.Context, q model.ClaimQuery) ([]model.Claim, error) {
	return a.store.Claims(ctx, q)
}

// ClaimLedger returns the statements of a claim.
func (a *Admin) ClaimLedger(ctx context.Context, id string) ([]model.Ledger, error) {
	c, err := a.store.Claim(ctx, id)
	if err != nil {
		return nil, err
	}
	return a.store.ClaimLedger(ctx, c.ID)
}

// Decide carries out what a person has decided about stories or claims, for
// ever. A service that runs takes it up with the next article.
func (a *Admin) Decide(ctx context.Context, d model.Decision) (*model.Decision, error) {
	d.At = time.Now()
	return decide(ctx, a.store, d)
}

// Decisions returns the newest of them.
func (a *Admin) Decisions(ctx context.Context, noun string, limit int) ([]model.Decision, error) {
	return a.store.Decisions(ctx, noun, "", limit)
}

// Reset takes a stage's marks from everything first seen since the given time,
// so that the service does that stage again. It returns how many rows.
func (a *Admin) Reset(ctx context.Context, stage string, since time.Time) (int64, error) {
	return a.store.ResetStage(ctx, stage, since)
}

// StageNames lists the stages that can be run again.
var StageNames = []string{store.StageFetch, store.StageRead, store.StageStatement, store.StageStory, store.StageClaim, store.StageSituation}

// TestSource polls a source once, without storing anything, and returns what
// would be taken.
func TestSource(ctx context.Context, lg *slog.Logger, cfg config.Fetch, src model.Source) (collect.Result, error) {
	if err := src.Validate(); err != nil {
		return collect.Result{}, err
	}
	client, err := newFetcher(lg, cfg)
	if err != nil {
		return collect.Result{}, err
	}
	defer client.Close()
	return collect.New(lg, client, collect.Config{}).Poll(ctx, src)
}
