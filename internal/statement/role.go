package statement

import (
	"strings"

	"crosscheck/internal/text"
)

// roleOf reads the role of the person named by tokens k to end, the run
// starting at i: the title or noun before the name, or the apposition behind
// or before it.
func (c *cast) roleOf(i, k, end int) string {
	p := c.p
	if k > i {
		if r := p.titleText(i, k); r != "" {
			return r
		}
	}
	if s := p.roleBefore(i); s < i {
		return p.Text[p.Tokens[s].Start:p.Tokens[i-1].End]
	}
	if r := p.apposition(end); r != "" {
		return r
	}
	return p.appositionBefore(i, end)
}

// titleText is the title in tokens i to k; a bare form of address is none.
func (p *page) titleText(i, k int) string {
	switch p.low[i] {
	case "mr", "mrs", "ms", "miss":
		return ""
	}
	for k > i && (determiners[p.low[i]] || conjunctions[p.low[i]] || prepositions[p.low[i]] || p.opens[i] && adverb(p.low[i])) {
		i++ // "When President | Olm"
	}
	for j := i; j < k; j++ {
		if titles[p.low[j]] || roleNouns[p.low[j]] || acronym(p.Token(j)) {
			return p.Text[p.Tokens[i].Start:p.Tokens[k-1].End]
		}
	}
	return ""
}

// roleBefore returns where the role in front of token i starts: "foreign
// ministry spokesman | Ivo Brandt".
func (p *page) roleBefore(i int) int {
	if i == 0 || !roleNouns[p.low[i-1]] || p.Tokens[i-1].Kind != text.Word {
		return i
	}
	j := i - 1
	for j > 0 && i-j < 7 && (p.Tokens[j-1].Kind == text.Word || p.low[j-1] == "-") {
		w := p.low[j-1]
		if determiners[w] || prepositions[w] || conjunctions[w] || auxiliaries[w] || adverbs[w] || pronouns[w] || w == "and" || strings.HasSuffix(w, "ed") || p.isReporting(w) {
			break
		}
		j--
	}
	return j
}

func (p *page) isReporting(w string) bool {
	return w == "said" || w == "says" || w == "told" || w == "wrote"
}

// maxRole bounds an apposition that is read as a role.
const maxRole = 16

// apposition reads the role behind a name: ", director of the institute,".
func (p *page) apposition(end int) string {
	if end+1 >= len(p.Tokens) || p.low[end] != "," {
		if end+2 >= len(p.Tokens) || p.low[end] != "of" && p.low[end] != "from" {
			return ""
		}
		return p.affiliation(end)
	}
	i := end + 1
	if p.Tokens[i].Kind == text.Number && i+2 < len(p.Tokens) && p.low[i+1] == "," {
		i += 2 // the age
	}
	if determiners[p.low[i]] {
		i++
	}
	j := i
	found := false
	for j < len(p.Tokens) && j < i+maxRole {
		w := p.low[j]
		if w == "," || w == "." && !p.abbreviation(j) || w == ";" || w == "who" || w == "which" || w == "—" || w == "(" || openMark(w) || w == "”" {
			break
		}
		if p.isReporting(w) || auxiliaries[w] || pronouns[w] || w == "whose" || w == "where" {
			return ""
		}
		found = found || roleNouns[w] || titles[w] || p.agentNoun(j)
		j++
	}
	if !found || j == i || j == i+maxRole {
		return ""
	}
	return p.Text[p.Tokens[i].Start:p.Tokens[j-1].End]
}

// agentNoun reports whether token i is a lower-case noun for what someone does,
// behind an article: "a pharmacist", "a retired forester".
func (p *page) agentNoun(i int) bool {
	w := p.low[i]
	if upper(p.Token(i)) || prepositions[w] || adverb(w) {
		return false
	}
	for _, end := range []string{"er", "or", "ist", "ian", "man", "woman", "eer", "ant"} {
		if len(w) > len(end)+2 && strings.HasSuffix(w, end) {
			return true
		}
	}
	return false
}

// affiliation is the body that "of" puts behind a name: "Olm of the Coast
// Institute".
func (p *page) affiliation(at int) string {
	i := at + 1
	if p.low[i] == "the" {
		i++
	}
	if i >= len(p.Tokens) || !upper(p.Token(i)) {
		return ""
	}
	end := p.bodyRun(i, p.nameRun(i))
	return p.Text[p.Tokens[at].Start:p.Tokens[end-1].End]
}

// appositionBefore reads the role set before a name by a comma: "The head of
// the service, | Oda Remmel,".
func (p *page) appositionBefore(i, end int) string {
	if i < 5 || p.low[i-1] != "," || end < len(p.low) && p.Tokens[end].Kind == text.Word && !p.isCue[end] && !prepositions[p.low[end]] && p.low[end] != "who" && !auxiliaries[p.low[end]] {
		return ""
	}
	found := false
	j := i - 1
	for j > 0 && i-j < maxRole {
		w := p.low[j-1]
		if p.Tokens[j-1].Kind == text.Mark && w != "-" && w != "(" && w != ")" && w != "’" || p.isCue[j-1] || auxiliaries[w] || pronouns[w] || conjunctions[w] {
			break
		}
		j--
		found = found || roleNouns[w]
		if found && (determiners[w] || p.opens[j]) && !(j > 0 && prepositions[p.low[j-1]] && j-1 > 0 && !p.opens[j-1]) {
			if w == "the" || w == "a" || w == "an" || possessors[w] {
				j++
			}
			last := i - 2
			if p.low[last] == ")" && p.low[last-2] == "(" {
				last -= 3
			}
			return p.Text[p.Tokens[j].Start:p.Tokens[max(j, last)].End]
		}
	}
	return ""
}

func (p *page) abbreviation(i int) bool {
	return i > 0 && p.Tokens[i-1].End == p.Tokens[i].Start && (p.Tokens[i-1].End-p.Tokens[i-1].Start == 1 || titles[p.low[i-1]])
}

// office notes a person whom his office names at the start of a clause: "the
// minister took off his glasses".
func (c *cast) office(i int) {
	p := c.p
	if i < 1 || !roleNouns[p.low[i]] || pluralNoun(p.low[i]) || p.low[i-1] != "the" || p.quoted[i] >= 0 || i+1 < len(p.low) && prepositions[p.low[i+1]] {
		return
	}
	if !p.opens[i-1] && p.low[max(0, i-2)] != "," {
		return
	}
	for k := len(c.seen) - 1; k >= max(0, len(c.seen)-sightings); k-- {
		if who := c.seen[k].who; who.person() && c.roleFits(who, p.low[i], text.Range{Start: i - 1, End: i + 1}) {
			c.seen = append(c.seen, sighting{token: i, who: who, opens: true})
			return
		}
	}
}

// roleFits reports whether a person's known roles hold the head of a mention
// and all its other words.
func (c *cast) roleFits(who *entity, head string, r text.Range) bool {
	if !who.about[head] && !(head == "spokesperson" && (who.about["spokesman"] || who.about["spokeswoman"])) {
		return false
	}
	for i := r.Start; i < r.End && c.p.low[i] != head; i++ {
		w := strings.TrimSuffix(c.p.low[i], "'s")
		if determiners[w] || adverbs[w] || c.p.Tokens[i].Kind == text.Mark || who.about[w] || demonym(who.about, w) {
			continue
		}
		return false
	}
	return true
}

// demonym reports whether a word of the set and w share a long beginning:
// Kestria, Kestrian.
func demonym(set words, w string) bool {
	for f := range set {
		if n := min(len(f), len(w)) - 2; n >= 3 && len(f) > n && len(w) > n && f[:n] == w[:n] {
			return true
		}
	}
	return false
}

// likeOffices are the words that may stand for one another's office.
var likeOffices = map[string][]string{
	"minister":  {"secretary", "premier"},
	"secretary": {"minister"},
	"leader":    {"president", "premier", "chancellor", "chairman", "minister", "chief", "head"},
	"chief":     {"head", "director", "commander", "secretary", "general", "chairman"},
	"head":      {"chief", "director", "chairman"},
	"official":  {"deputy", "director", "head", "secretary", "spokesman", "spokeswoman"},
	"diplomat":  {"ambassador", "envoy", "minister"},
	"envoy":     {"ambassador", "representative"},
	"analyst":   {"director", "researcher", "fellow"},
	"commander": {"general", "colonel", "gen", "col", "chief"},
	"general":   {"gen", "commander"},
	"bishop":    {"archbishop", "cardinal"},
	"governor":  {"head"},
	"president": {"leader"},
}
