package statement

import (
	"slices"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

// nounCues finds what a noun of communication reports of its owner: "rejected
// Moscow’s claim that X" holds a statement of Moscow’s, "claims by the army that
// X" one of the army’s. What the network found at the noun is left to it.
func (f *finder) nounCues(p *page, found []proposal) []proposal {
	taken := map[int]bool{}
	for i := range found {
		for k := found[i].cue.Start; k < found[i].cue.End && found[i].reject == ""; k++ {
			taken[k] = true
		}
	}
	var out []proposal
	for i := 1; i+3 < len(p.low); i++ {
		stance, ok := f.nouns[p.low[i]]
		if !ok || taken[i] || p.quoted[i] >= 0 || p.opens[i] || !claimNouns[p.low[i]] {
			continue
		}
		source, that := p.ownerOf(i)
		if that == 0 || p.low[that] != "that" {
			continue
		}
		end := p.clauseEnd(that+1, found)
		if end-that < 4 {
			continue
		}
		out = append(out, proposal{
			unit: p.unitOf(i), cue: text.Range{Start: i, End: i + 1}, source: source, lemma: p.low[i], stance: stance,
			content: []text.Range{{Start: that + 1, End: end}}, by: "rules, a noun",
		})
	}
	return out
}

// claimNouns are the nouns that take "that" and an owner.
var claimNouns = wordSet(`claim claims allegation allegations accusation accusations assertion assertions suggestion suggestions warning
	warnings insistence denial statement announcement declaration assurance assurances promise pledge argument complaint`)

// ownerOf returns whose the noun at token i is, and where "that" follows; 0 for
// nowhere.
func (p *page) ownerOf(i int) (text.Range, int) {
	if p.low[i+1] == "that" && possessive(p.low[i-1]) {
		s := i - 1
		for s > 0 && i-s < 7 && p.Tokens[s-1].Kind == text.Word && (upper(p.Token(s-1)) || roleNouns[p.low[s-1]] || orgNouns[p.low[s-1]]) && !p.opens[s] && !prepositions[p.low[s-1]] {
			s--
		}
		if s > 0 && determiners[p.low[s-1]] {
			s--
		}
		return text.Range{Start: s, End: i}, i + 1
	}
	if p.low[i+1] != "by" {
		return text.Range{}, 0
	}
	for j := i + 2; j < min(i+10, len(p.low)); j++ {
		if p.low[j] == "that" {
			return text.Range{Start: i + 2, End: j}, j
		}
		if p.Tokens[j].Kind == text.Mark && p.low[j] != "-" || p.opens[j] {
			break
		}
	}
	return text.Range{}, 0
}

// clauseEnd is where a clause that starts at token i ends: with what another
// proposal reports around it, or with the sentence.
func (p *page) clauseEnd(i int, found []proposal) int {
	u := &p.units[p.unitOf(i)]
	end := u.items[len(u.items)-1].End
	for k := range found {
		for _, c := range found[k].content {
			if found[k].reject == "" && c.Start <= i && i < c.End {
				end = min(end, c.End)
			}
		}
	}
	if k := slices.IndexFunc(p.low[i:end], func(w string) bool { return w == ";" }); k > 0 {
		end = i + k
	}
	return end
}

// colons finds what a colon sets behind a speaker and a channel, without a verb:
// "The army, in a statement on Monday: “…”".
func (p *page) colons(found []proposal) []proposal {
	near := byUnit(found)
	var out []proposal
	for n := range p.units {
		u := &p.units[n]
		if u.heading || len(u.items) > maxItems {
			continue
		}
		end := p.nounPhraseAfter(u, 0, len(u.items))
		if end == 0 || p.folded(u, end) != "," {
			continue
		}
		channel := 0
		for k := end + 1; k+1 < min(len(u.items), end+14); k++ {
			if channelNouns[p.folded(u, k)] && channel == 0 {
				channel = k
			}
			if p.folded(u, k) != ":" || !u.isQuote(k+1) || channel == 0 {
				continue
			}
			content := u.items[k+1].Range
			if !slices.ContainsFunc(near[n], func(i int) bool { return found[i].reject == "" && found[i].touches(content) }) {
				out = append(out, proposal{
					unit: n, cue: u.items[channel].Range, source: u.tokens(0, end), lemma: p.folded(u, channel),
					stance: model.StanceAsserts, content: []text.Range{content}, by: "rules, a colon",
				})
			}
			break
		}
	}
	return out
}
