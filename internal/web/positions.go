package web

import (
	"cmp"
	"slices"
	"strings"

	"crosscheck/internal/model"
)

// position is who takes one stance in a story, each with the newest words.
type position struct {
	Stance  model.Stance
	Sayings []saying        // one a speaker, newest first
	Names   []model.Speaker // named without their words
	More    int             // speakers left out
}

// How much the board shows of one stance: words, and names without words.
const (
	boardWords = 3
	boardNames = 5
)

// sides is the stances that have a place on the board, left to right; the
// line runs through the middle.
const sides = 4

// positionsOf gives the four stances in their fixed order, also those nobody
// takes. It is nil where all named
// speakers only assert: without a second stance there is nothing to compare.
func positionsOf(list []saying) []position {
	out := make([]position, sides)
	for i := range out {
		out[i].Stance = model.Stances[i]
	}
	compared := false
	seen := map[string]bool{}
	for _, x := range latestFirst(list) {
		i := stanceRank(x.Stance)
		key := string(x.Stance) + "\x00" + speakerKey(&x.Statement)
		if i >= sides || x.unnamed() || seen[key] {
			continue
		}
		seen[key] = true
		compared = compared || i > 0
		out[i].add(x)
	}
	if !compared {
		return nil
	}
	return out
}

func (p *position) add(x saying) {
	switch {
	case len(p.Sayings) < boardWords:
		p.Sayings = append(p.Sayings, x)
	case len(p.Names) < boardNames:
		p.Names = append(p.Names, x.who())
	default:
		p.More++
	}
}

// latestFirst orders statements by article, the newest first, and within an
// article as it gives them: what an article says first is what it is about.
func latestFirst(list []saying) []saying {
	out := slices.Clone(list)
	slices.SortStableFunc(out, func(x, y saying) int {
		return cmp.Or(y.Dated().Compare(x.Dated()), cmp.Compare(x.Article, y.Article), x.N-y.N)
	})
	return out
}

// speakerKey tells the speakers of one story apart; those without a name by how
// they are described.
func speakerKey(s *model.Statement) string {
	if s.SpeakerType == model.SpeakerUnnamed {
		return strings.ToLower(strings.TrimSpace(s.Speaker))
	}
	return s.Voice()
}
