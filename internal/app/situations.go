package app

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/place"
	"crosscheck/internal/store"
)

// situate compares an article with every situation.
func (a *App) situate(ctx context.Context, id string) error {
	done, err := a.store.Done(ctx, store.StageSituation, id)
	if err != nil || done {
		return err
	}
	if err := a.store.Situate(ctx, id); err != nil {
		return err
	}
	a.web.Notify("article")
	return nil
}

// workSituations goes through the articles of situations whose definition was
// changed, and keeps their counts, until ctx is done.
func (a *App) workSituations(ctx context.Context) error {
	timed := map[string]int{} // revisions whose outages are in the timeline
	return a.repeat(ctx, "situations", func() (bool, error) {
		more, err := a.store.WorkSituations(ctx)
		if err != nil {
			return false, err
		}
		return more, a.timeChanged(ctx, timed)
	})
}

// repeat does a piece of work at every tick, and at once again while it says that
// there is more, until ctx is done. What fails is logged and tried again.
func (a *App) repeat(ctx context.Context, what string, work func() (more bool, err error)) error {
	tick := time.NewTicker(a.opt.Tick)
	defer tick.Stop()
	for {
		more, err := work()
		if err != nil && ctx.Err() == nil {
			a.lg.Error(what+": tried again", "error", err)
		}
		if more && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// timeChanged puts outages into the timelines of situations that are new or were
// changed, by the revision last seen of each.
func (a *App) timeChanged(ctx context.Context, timed map[string]int) error {
	list, err := a.store.Definitions(ctx)
	if err != nil {
		return err
	}
	for i := range list {
		s := &list[i]
		if timed[s.ID] == s.Revision {
			continue
		}
		if err := a.timeServices(ctx, s); err != nil {
			return err
		}
		timed[s.ID] = s.Revision
	}
	return nil
}

// Situations returns every situation with its counts.
func (a *Admin) Situations(ctx context.Context) ([]model.SituationFacts, error) {
	return a.store.Situations(ctx)
}

// Situation returns one situation with its counts.
func (a *Admin) Situation(ctx context.Context, id string) (*model.SituationFacts, error) {
	return a.store.Situation(ctx, id)
}

// SituationEntries returns a page of a situation's timeline.
func (a *Admin) SituationEntries(ctx context.Context, id string, q model.EntryQuery) ([]model.Entry, error) {
	return a.store.SituationEntries(ctx, id, q)
}

// SituationHistory returns every definition a situation had, the newest first.
func (a *Admin) SituationHistory(ctx context.Context, id string) ([]model.Situation, error) {
	return a.store.SituationHistory(ctx, id)
}

// SituationPins returns what people have decided about a situation's members,
// the newest first.
func (a *Admin) SituationPins(ctx context.Context, id string, limit int) ([]model.Pin, error) {
	return a.store.SituationPins(ctx, id, limit)
}

// SaveSituation keeps a new or changed situation and goes through all articles.
// If ctx ends before it is through, a service that runs goes on.
func (a *Admin) SaveSituation(ctx context.Context, s *model.Situation) error {
	if err := a.store.SaveSituation(ctx, s); err != nil {
		return err
	}
	for more := true; more; {
		var err error
		if more, err = a.store.WorkSituations(ctx); err != nil {
			return err
		}
	}
	return nil
}

// RemoveSituation takes a situation away.
func (a *Admin) RemoveSituation(ctx context.Context, id, who string) error {
	return a.store.RemoveSituation(ctx, id, who, time.Now())
}

// PreviewSituation says what a definition would have caught since a time.
func (a *Admin) PreviewSituation(ctx context.Context, s model.Situation, since time.Time, limit int) (model.Preview, error) {
	return a.store.PreviewSituation(ctx, s, since, limit)
}

// PinMember keeps what a person has decided about an article or a story of a
// situation.
func (a *Admin) PinMember(ctx context.Context, p model.Pin) error {
	p.At = time.Now()
	return a.store.PinMember(ctx, p)
}

// SituationWhy says how an article stands to a situation.
func (a *Admin) SituationWhy(ctx context.Context, id, article string) (*model.Member, error) {
	return a.store.SituationWhy(ctx, id, article)
}

// PlaceOf is FindPlace for what may be left open: 0 for "".
func PlaceOf(given string) (int64, error) {
	if given == "" {
		return 0, nil
	}
	return FindPlace(given)
}

// FindPlace returns the gazetteer id of a place given by id or name. A name that
// several places have is an ErrInvalid that lists them, the best known first.
func FindPlace(given string) (int64, error) {
	if id, err := strconv.ParseInt(given, 10, 64); err == nil {
		if _, known := place.ByID(id); !known {
			return 0, model.Errorf(model.ErrInvalid, "place %d is not in the gazetteer", id)
		}
		return id, nil
	}
	found := place.Find(given)
	switch len(found) {
	case 0:
		return 0, model.Errorf(model.ErrInvalid, "place %q is not in the gazetteer", given)
	case 1:
		return found[0].ID, nil
	}
	var which []string
	for _, p := range found[:min(len(found), maxNamesakes)] {
		which = append(which, fmt.Sprintf("%d (%s, %s)", p.ID, p.Kind, cmp.Or(place.Around(p), p.Country, "no country")))
	}
	return 0, model.Errorf(model.ErrInvalid, "place %q may be any of %d; give one by its id: %s", given, len(found), strings.Join(which, "; "))
}

// maxNamesakes is how many places of one name are listed.
const maxNamesakes = 8
