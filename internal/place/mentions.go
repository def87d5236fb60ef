package place

import (
	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

// Use is what a name of a place is used for.
type Use string

// The uses.
const (
	UsePlace       Use = ""            // the place itself
	UseActor       Use = "actor"       // who governs or acts for it: "Moscow said", "with Tehran", "Springfield police"
	UseInstitution Use = "institution" // part of the name of something else: "Houston Police Department"
)

// Name is a name of a place in a text.
type Name struct {
	text.Span // bytes of Article.Text
	Place     model.Place
	Known     bool // false: it could not be told which place, and Place is empty
	Use       Use
}

// Names returns the names of places in an article, in text order and without
// overlap, whatever they are used for. Statements are the article's, if they are
// known: they say who speaks. It is safe for concurrent use; time is linear in
// the length of the text but for texts of very many different names.
func Names(a *model.Article, statements []model.Statement) []Name {
	p := newPage(must(), a.Text)
	cands := p.accept()
	names := p.resolveAll(cands, home(p.g, a))
	for i := range names {
		names[i].Use = p.use(&cands[i], &names[i], statements)
	}
	return names
}

// Mentions returns the places an article names as places: not the capital that
// speaks for its government, nor the city in the name of its police.
func Mentions(a *model.Article, statements []model.Statement) []model.Mention {
	var out []model.Mention
	for _, n := range Names(a, statements) {
		if n.Use == UsePlace {
			out = append(out, model.Mention{Article: a.ID, Start: n.Start, End: n.End, Name: n.Of(a.Text), Place: n.Place})
		}
	}
	return out
}

// accept returns the candidates that are names of places, without overlap.
func (p *page) accept() []candidate {
	cands := p.candidates()
	p.weigh(cands)
	var out []candidate
	end := 0
	for i := range cands {
		if c := &cands[i]; c.Start >= end && c.score > threshold {
			out = append(out, *c)
			end = c.End
		}
	}
	return out
}

// joined are what joins the places of a list.
var joined = wordSet("and or , &")

// weigh scores the candidates. What is surely a place in one sentence is likelier
// one in the others.
func (p *page) weigh(cands []candidate) {
	seen := p.survey(cands)
	surest, ends, starts := map[string]*candidate{}, map[int]float64{}, map[int]float64{}
	for i := range cands {
		c := &cands[i]
		c.f = p.features(c, seen)
		for k, v := range c.f {
			c.alone += finding[k] * v
		}
		starts[c.Start] = max(starts[c.Start], c.alone)
		ends[c.End] = max(ends[c.End], c.alone)
		if s := surest[c.folded]; s == nil || s.alone < c.alone {
			surest[c.folded] = c
		}
	}
	for i := range cands {
		c := &cands[i]
		c.score = c.alone
		if s := surest[c.folded]; s != c && s.alone > 0 {
			c.score += elsewhere * min(s.alone, 3)
		}
		if joined[p.word(c.Start-1)] && ends[c.Start-1] > 0 || joined[p.word(c.End)] && starts[c.End+1] > 0 {
			c.score += listed
		}
		if c.f[afterTitle] == 1 {
			c.score -= 4
		}
	}
}

// resolveAll says which place each accepted candidate names.
func (p *page) resolveAll(cands []candidate, groups []*group) []Name {
	byName := map[string]*group{}
	for i := range cands {
		c := &cands[i]
		gr := byName[c.folded]
		if gr == nil {
			gr = p.g.newGroup(c.means)
			gr.fixed = make([]float64, len(gr.means))
			for k, m := range gr.means {
				gr.fixed[k] = p.g.known(m)
			}
			byName[c.folded] = gr
			groups = append(groups, gr)
		}
		gr.count++
		if qs := p.qualifiers(c); len(qs) > 0 {
			for k, m := range gr.means {
				if p.g.insideAny(m.entry, qs) {
					gr.fixed[k] += inside
				}
			}
		}
	}
	for _, gr := range groups {
		gr.narrow(p.g)
	}
	p.g.resolve(groups)
	out := make([]Name, len(cands))
	for i := range cands {
		c := &cands[i]
		out[i].Span = c.span
		gr := byName[c.folded]
		best := 0
		for k := range gr.p {
			if gr.p[k] > gr.p[best] {
				best = k
			}
		}
		if len(gr.p) > 0 && gr.p[best] >= leastSure {
			out[i].Place, out[i].Known = p.g.place(gr.means[best].entry), true
		}
	}
	return out
}

func (g *gazetteer) insideAny(i uint32, around []meaning) bool {
	for in := g.in[i]; in != 0; in = g.in[in-1] {
		for _, q := range around {
			if q.entry == in-1 {
				return true
			}
		}
	}
	return false
}
