package claim

import "crosscheck/internal/model"

// stance is the attitude of a statement to its claim's proposition, and what
// makes it another than its own stance.
func stance(e *entry, c *group) (model.Stance, []string) {
	r := e.reading
	_ = c
	switch r.Stance {
	case model.StanceAsserts:
		switch {
		case r.Tone.Doubts:
			return model.StanceDoubts, []string{"says that it is not known or not shown"}
		case r.Tone.Dismisses:
			return model.StanceDenies, []string{"calls it false"}
		case r.Tone.Negated:
			return model.StanceDenies, []string{"negated"}
		}
	case model.StanceConfirms:
		if r.Tone.Negated {
			return model.StanceDenies, []string{"negated"}
		}
	case model.StanceDenies:
		if r.Tone.Negated {
			return model.StanceAsserts, []string{"denies what is negated"}
		}
	}
	return r.Stance, nil
}
