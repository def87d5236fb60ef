package statement

import (
	"strings"

	"crosscheck/internal/model"
)

// kindOf reads the kind from the quotation marks: direct when more than nine
// tenths of the words stand inside them, indirect when next to none does.
func (p *page) kindOf(pr *proposal) model.Kind {
	words, inside := 0, 0
	for _, r := range pr.content {
		for i := r.Start; i < r.End; i++ {
			if p.Tokens[i].Kind == 2 {
				continue
			}
			words++
			if p.quoted[i] >= 0 {
				inside++
			}
		}
	}
	switch {
	case inside*10 > words*9:
		return model.KindDirect
	case inside*50 < words:
		return model.KindIndirect
	}
	return model.KindMixed
}

// doubtful are the openings by which a speaker withholds belief.
var doubtful = []string{
	"have not seen any sign", "have not yet seen any sign", "have seen no sign", "see no sign", "has seen no sign", "had seen no sign",
	"has not seen any sign", "had not seen any sign", "had not yet seen any sign", "has not yet seen any sign", "do not see any sign",
	"no evidence", "not yet see", "not yet seen", "haven't seen", "hasn't seen", "hadn't seen", "not seen any", "seen no evidence", "no proof",
	"cannot confirm", "can't confirm", "could not confirm", "unable to confirm", "unable to verify", "cannot verify", "could not verify",
	"remains to be seen", "too early to say", "not convinced", "sceptical", "skeptical", "i doubt", "we doubt", "have doubts",
	"nothing we measure says", "not clear whether", "unclear whether",
}

// denials are what a denial says in so many words.
var denials = []string{
	"nothing to do with", "is not true", "are not true", "is a lie", "are lies", "is false", "are false", "was not us",
	"we did not do", "completely untrue", "absolutely untrue", "is untrue", "are untrue", "is nonsense", "is fake", "no truth",
	"categorically", "pure invention", "fabricat",
}

// confirmations are what a confirmation says in so many words.
var confirmations = []string{"i can confirm", "we can confirm", "i confirm", "we confirm", "can confirm that"}

// stanceOf is the attitude of the speaker to the content: what the cue says,
// or, where the cue only reports, what the content says in so many words.
func (p *page) stanceOf(pr *proposal) model.Stance {
	if pr.stance != model.StanceAsserts && pr.cue.Len() > 0 {
		return pr.stance
	}
	if len(pr.content) == 0 {
		return model.StanceAsserts
	}
	r := pr.content[0]
	s := " " + strings.Join(p.low[r.Start:min(r.End, r.Start+40)], " ") + " "
	switch {
	case contains(s, doubtful):
		return model.StanceDoubts
	case contains(s, denials):
		return model.StanceDenies
	case contains(s, confirmations):
		return model.StanceConfirms
	}
	return model.StanceAsserts
}

func contains(s string, list []string) bool {
	for _, x := range list {
		if strings.Contains(s, x) {
			return true
		}
	}
	return false
}
