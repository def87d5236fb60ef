package web

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"crosscheck/internal/model"
)

// maxOptions bounds the speakers a reader can pick from.
const maxOptions = 100

// picked is which of an article's statements the reader wants to see. It is all
// in the address, so that it can be passed on.
type picked struct {
	Speaker   string // key of the option; "" is all
	Stance    model.Stance
	Positions bool // what is held beside what is said
	Speakers  []option
	Stances   []option
	Opinions  int // positions there are
	Shown, Of int
}

// option is a choice with the number of statements it stands for.
type option struct {
	Value, Name string
	N           int
	On          bool
}

// pickOf reads the choice from an address; what it does not know is not asked
// for.
func pickOf(v url.Values) picked {
	p := picked{Speaker: v.Get("speaker"), Positions: v.Get("positions") == "1"}
	if st := model.Stance(v.Get("stance")); slices.Contains(model.Stances, st) {
		p.Stance = st
	}
	return p
}

// optionKey tells the speakers of an article apart in an address.
func optionKey(st *model.Statement) string {
	return cmp.Or(st.SpeakerID, strings.TrimSpace(st.Speaker))
}

// from fills in what there is to choose from, each choice counted under the
// others.
func (p picked) from(list []model.Statement) picked {
	at := map[string]int{}
	for i := range list {
		st := &list[i]
		if st.Class == model.ClassPosition {
			p.Opinions++
		}
		if !p.kind(st) {
			continue
		}
		p.Of++
		key := optionKey(st)
		if n, known := at[key]; known {
			p.Speakers[n].N++
		} else if key != "" && len(p.Speakers) < maxOptions {
			at[key] = len(p.Speakers)
			p.Speakers = append(p.Speakers, option{key, speakerName(st.Speaker), 1, key == p.Speaker})
		}
	}
	for _, st := range model.Stances {
		n := 0
		for i := range list {
			if p.kind(&list[i]) && list[i].Stance == st {
				n++
			}
		}
		if n > 0 || st == p.Stance {
			p.Stances = append(p.Stances, option{string(st), string(st), n, st == p.Stance})
		}
	}
	p.Shown = len(p.apply(list))
	return p
}

func (p picked) kind(st *model.Statement) bool {
	return p.Positions || st.Class == model.ClassStatement
}

// apply keeps the statements picked.
func (p picked) apply(list []model.Statement) []model.Statement {
	var out []model.Statement
	for i := range list {
		st := &list[i]
		if p.kind(st) && (p.Stance == "" || st.Stance == p.Stance) && (p.Speaker == "" || optionKey(st) == p.Speaker) {
			out = append(out, *st)
		}
	}
	return out
}

// Narrow reports whether some statements are left out by choice.
func (p picked) Narrow() bool { return p.Speaker != "" || p.Stance != "" }

// Choice reports whether there is anything to choose between.
func (p picked) Choice() bool { return len(p.Speakers) > 1 || len(p.Stances) > 1 }
