package story

import (
	"cmp"
	"slices"

	"crosscheck/internal/model"
)

const (
	// maxMoved articles at most change their story by a merge: the work per
	// article is bounded, and a person merges what is larger.
	maxMoved = 500
	// mergeSample articles of the smaller story, the newest ones, decide whether
	// it is the other.
	mergeSample = 8
	// mergeGain is how much nearer a story must be than an article that joins:
	// what has grown apart has its reasons.
	mergeGain = 1.3
	// maxNear stories are asked whether they, or an article of theirs, belong
	// with the one an article joined.
	maxNear = 4
	// moveGain is how much nearer another story must be to an article inside
	// one to take it.
	moveGain = 1.25
	// splitSample articles of a story, the newest ones, are looked at for a
	// second event; splitPart of them make one, if their mean likeness to the
	// others is less than splitShare of the threshold.
	splitSample = 24
	splitPart   = 2
	splitShare  = 0.9
)

// changes are the articles that changed their story, in that order, and why.
type changes struct {
	order []*entry
	why   map[*entry]Why
}

// move puts articles into a story, with their copies unless a person put those
// where they are.
func (g *Grouper) move(list []*entry, story string, why Why, c *changes) {
	going := map[string]bool{} // articles
	from := map[*cluster]bool{}
	for _, e := range list {
		going[e.id] = true
		from[g.stories[e.story]] = true
	}
	for st := range from {
		for _, x := range st.members {
			if going[x.copyOf] && !going[x.id] && !x.pinned {
				list = append(list, x)
			}
		}
	}
	slices.SortFunc(list, bySeq)
	for _, e := range list {
		if e.story != story {
			g.shift(e, story, why, c)
		}
	}
}

func (g *Grouper) shift(e *entry, story string, why Why, c *changes) {
	g.leave(e)
	g.join(e, story)
	if _, ok := c.why[e]; !ok {
		c.order = append(c.order, e)
	}
	c.why[e] = why
}

// revise looks, after e has joined its story, whether that is now the same as
// one near it, takes single articles from those, or has become two.
func (g *Grouper) revise(e *entry, near []view, c *changes) {
	near = near[:min(len(near), maxNear)]
	for _, v := range near {
		g.merge(g.stories[e.story], v.story, c)
	}
	for _, v := range near {
		g.attract(e, v.near.e, c)
	}
	g.split(g.stories[e.story], c)
}

// merge makes two stories one, if they are one event. The one whose first
// article is earlier keeps its name, or the one a person has laid hands on.
func (g *Grouper) merge(a, b *cluster, c *changes) {
	if a == b || len(b.members) == 0 || a.pinned > 0 && b.pinned > 0 {
		return
	}
	small, large := a, b
	if len(small.members) > len(large.members) {
		small, large = large, small
	}
	score, x, y := g.affinity(small, large)
	if score < mergeGain*max(g.bar(small), g.bar(large)) {
		return
	}
	keep, gone := a, b
	if b.pinned > 0 || a.pinned == 0 && before(earliest(b.members), earliest(a.members)) < 0 {
		keep, gone = b, a
	}
	if len(gone.members) <= maxMoved {
		g.move(slices.Clone(gone.members), keep.id, g.why(x, y, score), c)
	}
}

// affinity is the mean nearness of the newest articles of a story to another
// story, and the two articles that are nearest.
func (g *Grouper) affinity(small, large *cluster) (mean float32, x, y *entry) {
	sample := g.newest(small, mergeSample, nil)
	var top float32
	for _, e := range sample {
		done := g.ask(e)
		v := g.view(large, nil)
		done()
		mean += v.score / float32(len(sample))
		if v.near.score > top {
			top, x, y = v.near.score, e, v.near.e
		}
	}
	return mean, x, y
}

// attract moves one article from its story into that of e, where it is nearer
// to that.
func (g *Grouper) attract(e, x *entry, c *changes) {
	if g.docs[x.id] != x || x.story == e.story || x.pinned || len(g.stories[x.story].members) < 2 {
		return
	}
	done := g.ask(x)
	here, there := g.view(g.stories[x.story], nil), g.view(g.stories[e.story], nil)
	done()
	if there.score >= there.bar && there.score > moveGain*here.score {
		g.move([]*entry{x}, e.story, g.why(x, there.near.e, there.score), c)
	}
}

// split takes the second event out of a story that has become two. The part
// with the earliest article keeps the name, and so does every part a person
// has laid hands on.
func (g *Grouper) split(st *cluster, c *changes) {
	sample := g.newest(st, splitSample, nil)
	if len(sample) < 2*splitPart {
		return
	}
	slices.Reverse(sample)
	parts := slices.DeleteFunc(g.parts(sample), func(p []*entry) bool { return len(p) < splitPart })
	slices.SortFunc(parts, func(a, b []*entry) int { return before(earliest(a), earliest(b)) })
	if len(parts) < 2 {
		return
	}
	keep := max(0, slices.IndexFunc(parts, handled))
	for i, p := range parts {
		if i == keep || handled(p) {
			continue
		}
		first := earliest(p)
		name := g.newStory(first.id)
		for _, e := range p {
			why := Why{}
			if e != first {
				done := g.ask(first)
				why = g.why(e, first, g.likeness(e))
				done()
			}
			g.move([]*entry{e}, name, why, c)
		}
	}
}

// handled reports whether a person has put one of the articles where it is.
func handled(list []*entry) bool {
	return slices.ContainsFunc(list, func(e *entry) bool { return e.pinned })
}

// newStory is the name of a story that begins with an article.
func (g *Grouper) newStory(article string) string {
	id := model.ID("story", article)
	for g.stories[id] != nil { // the article began another one, and left it
		id = model.ID("story", id)
	}
	return id
}

// parts joins articles to groups by mean likeness (average linkage), as long as
// that is near enough for one story.
func (g *Grouper) parts(list []*entry) [][]*entry {
	like := g.likenesses(list)
	parts := make([][]*entry, len(list))
	for i, e := range list {
		parts[i] = []*entry{e}
	}
	for len(parts) > 1 {
		best, x, y := float32(-1), 0, 0
		for i := range parts {
			for j := range i {
				if like[i][j] > best {
					best, x, y = like[i][j], i, j
				}
			}
		}
		if best < splitShare*float32(g.cfg.Threshold) {
			break
		}
		a, b := float32(len(parts[y])), float32(len(parts[x]))
		for k := range parts {
			s := (a*like[y][k] + b*like[x][k]) / (a + b)
			like[y][k], like[k][y] = s, s
		}
		parts[y] = append(parts[y], parts[x]...)
		parts = slices.Delete(parts, x, x+1)
		like = slices.Delete(like, x, x+1)
		for k := range like {
			like[k] = slices.Delete(like[k], x, x+1)
		}
	}
	return parts
}

// likenesses are the likenesses of articles to one another, less what speaks
// against them.
func (g *Grouper) likenesses(list []*entry) [][]float32 {
	like := make([][]float32, len(list))
	for i, a := range list {
		like[i] = make([]float32, len(list))
		done := g.ask(a)
		for j, b := range list[:i] {
			s := g.likeness(b)
			for _, c := range clashes(a, b) {
				s *= c.factor
			}
			like[i][j], like[j][i] = s, s
		}
		done()
	}
	return like
}

// earliest is the article of a list that was published first.
func earliest(list []*entry) *entry { return slices.MinFunc(list, before) }

func before(a, b *entry) int {
	return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.seq, b.seq))
}
