package web

import (
	"fmt"
	"net/http"

	"crosscheck/internal/model"
)

// contested is a claim a speaker has a position on and somebody else stands on
// the other side of.
type contested struct {
	boardRow
	Own    model.Position
	Others []holder // on the other side now
	More   int
}

// turned is a reversal and the claim it is about.
type turned struct {
	reversal
	Claim string // Claim.ID
	Words string
}

// Bounds of what one speaker's page shows of them.
const (
	maxContested = 20
	maxTurned    = 10
	maxAgainst   = 5
)

// disputes is what others dispute of a speaker's claims, and the speaker's
// changes of side.
type disputes struct {
	Contested []contested
	Turned    []turned
}

func (s *Server) speakerDisputes(r *http.Request, id string) (disputes, error) {
	var d disputes
	claims, err := s.st.SpeakerClaims(r.Context(), id)
	if err != nil {
		return d, fmt.Errorf("web: claims of speaker %s: %w", id, err)
	}
	b, err := s.board(r, claims, len(claims))
	if err != nil {
		return d, err
	}
	for _, row := range b.Rows {
		var last *model.Position
		for i := range row.Positions {
			pos := &row.Positions[i]
			if pos.Key != id || pos.Stance.Side() == model.NoSide {
				continue
			}
			if last != nil && pos.Reversal && len(d.Turned) < maxTurned {
				d.Turned = append(d.Turned, turned{reversal{*last, *pos}, row.ID, row.Words})
			}
			last = pos
		}
		if last != nil && len(d.Contested) < maxContested {
			if c := contestedBy(row, *last); len(c.Others) > 0 {
				d.Contested = append(d.Contested, c)
			}
		}
	}
	return d, nil
}

func contestedBy(row boardRow, own model.Position) contested {
	c := contested{boardRow: row, Own: own}
	for _, pos := range row.Positions {
		side := pos.Stance.Side()
		if pos.Key == own.Key || !pos.Until.IsZero() || side == model.NoSide || side == own.Stance.Side() {
			continue
		}
		if len(c.Others) < maxAgainst {
			c.Others = append(c.Others, holder{Position: pos, Claim: row.ID})
		} else {
			c.More++
		}
	}
	return c
}
