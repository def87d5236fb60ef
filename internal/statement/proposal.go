package statement

import (
	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

// proposal is an attribution before it is trimmed, resolved and dated: which
// tokens report, which name the source, which are reported.
type proposal struct {
	unit    int
	cue     text.Range // empty for a continued quotation
	source  text.Range // empty when none stands here
	named   text.Range // what the source stands for, where it is "who"
	content []text.Range
	lemma   string // of the cue
	stance  model.Stance
	after   text.Range // what stands between the cue and the content or behind it: channel and date
	leader  int        // number + 1 of the proposal whose speaker this one shares, 0 for none
}

// proposer finds the attributions of a page. The rules are one; a trained
// tagger is another: whatever it returns goes through the same filtering,
// trimming, resolution and dating.
type proposer interface {
	propose(p *page) []proposal
}
