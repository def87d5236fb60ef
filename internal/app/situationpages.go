package app

import (
	"context"

	"crosscheck/internal/model"
	"crosscheck/internal/place"
)

// SituationSpots implements web.Situations: the store has the numbers of the
// places, the gazetteer what they are called and where they lie. A place that it
// does not know keeps its number alone.
func (p pages) SituationSpots(ctx context.Context, id string) ([]model.Spot, error) {
	spots, err := p.Store.SituationSpots(ctx, id)
	for i := range spots {
		if known, ok := place.ByID(spots[i].ID); ok {
			spots[i].Place = known
		}
	}
	return spots, err
}
