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

// speakerDisputes adds to a speaker's page what others dispute, and the speaker's
// changes of side.
func (s *Server) speakerDisputes(r *http.Request, p *speakerPage) error {
	claims, err := s.st.SpeakerClaims(r.Context(), p.ID)
	if err != nil {
		return fmt.Errorf("web: claims of speaker %s: %w", p.ID, err)
	}
	b, err := s.board(r, claims, len(claims))
	if err != nil {
		return err
	}
	for _, row := range b.Rows {
		var last *model.Position
		for i := range row.Positions {
			pos := &row.Positions[i]
			if pos.Key != p.ID || pos.Stance.Side() == model.NoSide {
				continue
			}
			if last != nil && pos.Reversal && len(p.Turned) < maxTurned {
				p.Turned = append(p.Turned, turned{reversal{*last, *pos}, row.ID, row.Words})
			}
			last = pos
		}
		if last != nil && len(p.Contested) < maxContested {
			if c := contestedBy(row, *last); len(c.Others) > 0 {
				p.Contested = append(p.Contested, c)
			}
		}
	}
	return nil
}

func contestedBy(row boardRow, own model.Position) contested {
	c := contested{boardRow: row, Own: own}
	for _, pos := range row.Positions {
		side := pos.Stance.Side()
		if pos.Key == own.Key || !pos.Until.IsZero() || side == model.NoSide || side == own.Stance.Side() {
			continue
		}
		if len(c.Others) < maxAgainst {
			c.Others = append(c.Others, holder{pos, row.ID})
		} else {
			c.More++
		}
	}
	return c
}
