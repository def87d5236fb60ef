package app

import (
	"context"
	"io"
	"os"
	"slices"

	"crosscheck/internal/model"
	"crosscheck/internal/place"
	"crosscheck/internal/worldmap"
)

// maxOutlines bounds what is read of a file of outlines, bytes; worldmap refuses
// less.
const maxOutlines = 2 << 20

// ownOutlines reads a desk's own outlines; nil where there is no file.
func ownOutlines(path string) (*worldmap.Own, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, model.Errorf(model.ErrInvalid, "outlines: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxOutlines))
	if err != nil {
		return nil, model.Errorf(model.ErrInvalid, "outlines: %w", err)
	}
	return worldmap.ParseOwn(text)
}

// gazetteer implements web.Places.
type gazetteer struct{}

// FindPlace returns the id of a place given by name or id.
func (gazetteer) FindPlace(given string) (int64, error) { return FindPlace(given) }

// PlaceName returns what a place is called, "" for an id nobody has.
func (gazetteer) PlaceName(id int64) string {
	p, _ := place.ByID(id)
	return p.Name
}

// SituationSpots implements web.Situations: the store has the numbers of the
// places, the gazetteer what they are called and where they lie. A place that it
// does not know keeps its number alone. With them come the places of the
// situation's services and, where it has any, of the vantage points.
func (p pages) SituationSpots(ctx context.Context, id string) ([]model.Spot, error) {
	spots, err := p.Store.SituationSpots(ctx, id)
	if err != nil {
		return nil, err
	}
	if spots, err = p.measuredSpots(ctx, id, spots); err != nil {
		return nil, err
	}
	for i := range spots {
		if known, ok := place.ByID(spots[i].ID); ok {
			spots[i].Place = known
		}
	}
	return spots, nil
}

// measuredSpots adds the services of a situation and the vantage points to the
// places they are at.
func (p pages) measuredSpots(ctx context.Context, id string, spots []model.Spot) ([]model.Spot, error) {
	facts, err := p.Situation(ctx, id)
	if err != nil || len(facts.Services) == 0 {
		return spots, err
	}
	at := func(id int64) *model.Spot {
		i := slices.IndexFunc(spots, func(sp model.Spot) bool { return sp.ID == id })
		if i < 0 {
			i = len(spots)
			spots = append(spots, model.Spot{Place: model.Place{ID: id}})
		}
		return &spots[i]
	}
	services, err := p.Measured(ctx)
	if err != nil {
		return nil, err
	}
	for i := range services {
		if s := &services[i]; s.Place != 0 && slices.Contains(facts.Services, s.ID) {
			sp := at(s.Place)
			sp.Services = append(sp.Services, s.ID)
		}
	}
	vantages, err := p.Vantages(ctx)
	if err != nil {
		return nil, err
	}
	for i := range vantages {
		if v := &vantages[i]; v.Place != 0 && v.Revoked.IsZero() {
			sp := at(v.Place)
			sp.Vantages = append(sp.Vantages, v.ID)
		}
	}
	return spots, nil
}
