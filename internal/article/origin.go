package article

import "crosscheck/internal/model"

// origin reads whom the page credits for its text.
func (r *reading) origin() model.Origin {
	return model.Origin{}
}
