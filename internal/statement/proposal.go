package statement

import (
	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

// proposal is an attribution before it is trimmed, resolved and dated: which
// tokens report, which name the source, which are reported.
type proposal struct {
	unit       int
	cue        text.Range // empty for a continued quotation
	source     text.Range // empty when none stands here
	named      text.Range // what the source stands for, where it is "who"
	content    []text.Range
	via        text.Range // who passed it on: "quoted by | Interfax | as saying"
	lemma      string     // of the cue
	stance     model.Stance
	class      model.Class
	coordinate bool    // the second of two reports with one subject: "said X and urged Y"
	leader     int     // number + 1 of the proposal whose speaker this one shares, 0 for none
	outer      int     // number + 1 of the proposal that reports this one, 0 for none
	by         string  // what found it
	score      float64 // how sure the network is, 0 where it was not asked
	reject     string  // why it is no statement, "" for one
}

// kept returns the proposals that were not rejected, with leaders and outers
// renumbered; those that followed a rejected one go with it.
func kept(props []proposal) []proposal {
	moved := make([]int, len(props)+1)
	var out []proposal
	for i, pr := range props {
		if pr.reject != "" || pr.leader > 0 && props[pr.leader-1].reject != "" {
			continue
		}
		out = append(out, pr)
		moved[i+1] = len(out)
	}
	return renumber(out, moved)
}

// renumber moves the references of proposals to their new numbers.
func renumber(props []proposal, moved []int) []proposal {
	for i := range props {
		props[i].leader, props[i].outer = moved[props[i].leader], moved[props[i].outer]
	}
	return props
}
