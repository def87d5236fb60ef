package web

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// board is claims with who stands where on each: one row a claim, a column for
// each stance that takes a side.
type board struct {
	Rows   []boardRow
	Single int // claims left out that one speaker makes in one origin
	More   int // claims left out for want of room
	Mini   bool
}

// boardRow is one claim on a board.
type boardRow struct {
	model.Claim
	Words     string // verbatim, as far as they may be shown
	Cells     []boardCell
	Positions []model.Position
	Reversals int
	Number    int    // on the page of a situation, from 1; else 0
	Gauged    bool   // somebody asked what is measured beside it
	Gauge     *gauge // what is; nil: nothing
}

// boardCell is who takes one stance on a claim, who holds it now first.
type boardCell struct {
	Stance  model.Stance
	Holders []holder
	More    int
}

// holder is a speaker with a position.
type holder struct {
	model.Position
	Claim   string // Claim.ID
	Crossed bool   // the speaker went over to the other side
}

// ID is the speaker's, "" where the page has none for it.
func (h holder) ID() string { return h.Speaker().SpeakerID }

// Name is the speaker's as the newest statement has it.
func (h holder) Name() string { return h.Speaker().Speaker }

// Unnamed reports whether the article does not say who it is.
func (h holder) Unnamed() bool { return unnamedLedger(h.Speaker()) }

func unnamedLedger(l *model.Ledger) bool {
	return l.SpeakerType == model.SpeakerUnnamed || l.Speaker == ""
}

// Former reports whether the speaker has left the position.
func (h holder) Former() bool { return !h.Until.IsZero() }

// boardHolders bounds the speakers named in one cell, maxBoard the rows.
const (
	boardHolders = 4
	maxBoard     = 40
)

// rowsOf lays claims out with what may be shown of their statements; those of
// which nothing may be are left out.
func rowsOf(claims []model.Claim, ledger []model.Ledger, a access) []boardRow {
	byClaim := map[string][]model.Ledger{}
	for _, l := range ledger {
		if a.words(l.Source) {
			byClaim[l.Claim] = append(byClaim[l.Claim], l)
		}
	}
	var rows []boardRow
	for _, c := range claims {
		if list := byClaim[c.ID]; len(list) > 0 {
			rows = append(rows, rowOf(c, list))
		}
	}
	return rows
}

// boardOf is a board of at most limit rows. Claims that only one speaker makes
// in one origin are counted, not shown.
func boardOf(rows []boardRow, limit int) board {
	var b board
	for i := range rows {
		switch {
		case rows[i].alone():
			b.Single++
		case len(b.Rows) == limit:
			b.More++
		default:
			b.Rows = append(b.Rows, rows[i])
		}
	}
	return b
}

// rowOf lays one claim out; its Statement becomes the one whose words are shown.
func rowOf(c model.Claim, list []model.Ledger) boardRow {
	words := wordsOf(c, list)
	c.Statement = words.ID
	row := boardRow{Claim: c, Words: words.Text, Positions: model.Positions(list), Cells: make([]boardCell, sides)}
	for i := range row.Cells {
		row.Cells[i].Stance = model.Stances[i]
	}
	for _, former := range []bool{false, true} {
		for _, p := range row.Positions {
			h := holder{Position: p, Claim: c.ID}
			h.Crossed = h.Former() && slices.ContainsFunc(row.Positions, func(q model.Position) bool {
				return q.Reversal && q.Key == p.Key && !q.Since.Before(p.Until) && q.Stance.Side() != p.Stance.Side()
			})
			if h.Former() == former {
				row.place(h)
			}
		}
	}
	return row
}

func (r *boardRow) place(h holder) {
	if h.Reversal {
		r.Reversals++
	}
	i := stanceRank(h.Stance)
	if i >= sides {
		return
	}
	if c := &r.Cells[i]; len(c.Holders) < boardHolders {
		c.Holders = append(c.Holders, h)
	} else {
		c.More++
	}
}

// alone reports whether one speaker makes the claim in one origin.
func (r *boardRow) alone() bool {
	return (len(r.Positions) < 2 || r.voices() < 2 && r.Reversals == 0) && r.Origins < 2
}

// Both reports whether some uphold it and some dispute it. What one speaker
// alone says of another's words has no two sides, unless they changed theirs.
func (r boardRow) Both() bool {
	var has [3]bool
	for _, p := range r.Positions {
		has[p.Stance.Side()] = true
	}
	return has[model.Upholds] && has[model.Disputes] && (r.voices() > 1 || r.Reversals > 0)
}

// voices is how many speak of it themselves: whose words another reports counts
// as that other.
func (r *boardRow) voices() int {
	mouths := map[string]bool{}
	for _, p := range r.Positions {
		for i := range p.Said {
			mouths[strings.ToLower(cmp.Or(p.Said[i].Reporter, p.Said[i].Speaker))] = true
		}
	}
	return len(mouths)
}

// wordsOf is the statement whose words stand for a claim: the one chosen for
// it, or, where that may not be shown, the first that upholds it.
func wordsOf(c model.Claim, list []model.Ledger) *model.Ledger {
	best := -1
	for i := range list {
		if list[i].ID == c.Statement {
			return &list[i]
		}
		if best < 0 || list[best].Attitude.Side() != model.Upholds && list[i].Attitude.Side() == model.Upholds {
			best = i
		}
	}
	return &list[best]
}

// since is how long after one moment another came, in words; "" where that says
// nothing.
func since(from, to time.Time) string {
	d := to.Sub(from).Round(time.Minute)
	switch {
	case d < time.Minute:
		return ""
	case d < 2*time.Hour:
		return countWord(int(d/time.Minute), "minute", "minutes")
	case d < 48*time.Hour:
		return countWord(int(d.Round(time.Hour)/time.Hour), "hour", "hours")
	}
	return countWord(int(d.Round(24*time.Hour)/(24*time.Hour)), "day", "days")
}
