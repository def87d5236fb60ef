package story

import (
	"cmp"
	"math"
	"slices"
	"time"
)

const (
	// maxStories are looked at as a whole.
	maxStories = 8
	// storyDepth articles of a story, the nearest ones, are half of its nearness:
	// one chance resemblance does not carry a large story.
	storyDepth = 3
	// profileSize articles of a story, the newest ones, are the other half.
	profileSize = 16
	// A story that hangs together well takes less that is less like it: barShare
	// of the mean likeness of its barSample newest articles, where barPrior pairs
	// more, at the threshold, stand for what is not known of a small story.
	barShare  = 0.45
	barSample = 8
	barPrior  = 2
	// ageFloor is what age leaves of nearness at most.
	ageFloor = 0.5
)

// view is how a story looks from the article asked about.
type view struct {
	story   *cluster
	near    likely  // the nearest article
	score   float32 // nearness, 0 to 1
	bar     float32 // the least score that joins
	clashes []clash // what speaks against it, counted in score
	raw     float32 // the score without that
	hand    float32 // nearness to the nearest article alone, where a person put that there
}

// views are the stories nearest to the article asked about, the nearest first.
func (g *Grouper) views() []view {
	near := map[*cluster][]likely{}
	var order []*cluster
	for _, c := range g.candidates() {
		if s := g.likeness(c); s > 0 {
			st := g.stories[c.story]
			if near[st] == nil {
				order = append(order, st)
			}
			near[st] = append(near[st], likely{c, s})
		}
	}
	for _, m := range near {
		slices.SortStableFunc(m, nearer)
	}
	slices.SortStableFunc(order, func(a, b *cluster) int {
		return cmp.Or(nearer(near[a][0], near[b][0]), cmp.Compare(a.id, b.id))
	})
	out := make([]view, 0, maxStories)
	for _, st := range order[:min(len(order), maxStories)] {
		out = append(out, g.view(st, near[st]))
	}
	slices.SortStableFunc(out, func(a, b view) int { return cmp.Compare(b.score, a.score) })
	return out
}

func nearer(a, b likely) int { return cmp.Compare(b.score, a.score) }

// view looks at a story from the article asked about, with what is known of its
// articles near that.
func (g *Grouper) view(st *cluster, near []likely) view {
	e := g.query.e
	all := slices.Clone(near)
	var mean float32
	profile := g.newest(st, profileSize, e)
	for _, c := range profile {
		i := slices.IndexFunc(near, func(m likely) bool { return m.e == c })
		if i < 0 {
			i = len(all)
			all = append(all, likely{c, g.likeness(c)})
		}
		mean += all[i].score / float32(len(profile))
	}
	if len(all) == 0 {
		return view{story: st, bar: 1}
	}
	slices.SortStableFunc(all, nearer)
	var top float32
	gap := time.Duration(math.MaxInt64)
	for i, m := range all {
		if n := min(len(all), storyDepth); i < n {
			top += m.score / float32(n)
		}
		gap = min(gap, m.e.at.Sub(e.at).Abs())
	}
	v := view{story: st, near: all[0], bar: g.bar(st)}
	v.raw = (top + mean) / 2 * g.decay(gap)
	factor, against := contradiction(e, all)
	v.score, v.clashes = v.raw*factor, against
	if v.near.e.pinned {
		v.hand = v.near.score * g.decay(v.near.e.at.Sub(e.at).Abs())
		for _, c := range clashes(e, v.near.e) {
			v.hand *= c.factor
		}
	}
	return v
}

// contradiction is what speaks against e among some articles, and what that
// leaves of nearness. A matter in which as many agree with e as not is left out,
// and so are places and owners where anything is agreed on: an event can have several.
func contradiction(e *entry, all []likely) (factor float32, against []clash) {
	type matter struct {
		worst         clash
		agree, differ int
	}
	var matters []matter
	for _, m := range all {
		for _, c := range clashes(e, m.e) {
			i := slices.IndexFunc(matters, func(m matter) bool { return m.worst.a.like(c.a) })
			if i < 0 {
				i = len(matters)
				matters = append(matters, matter{worst: c})
			}
			t := &matters[i]
			if c.factor < t.worst.factor {
				t.worst = c
			}
			if c.factor < 1 {
				t.differ++
			} else {
				t.agree++
			}
		}
	}
	factor = 1
	agreed := slices.ContainsFunc(matters, func(m matter) bool { return m.agree > 0 })
	for _, t := range matters {
		if t.differ > t.agree && !(agreed && t.worst.a.soft()) {
			factor *= t.worst.factor
			against = append(against, t.worst)
		}
	}
	return factor, against
}

// bar is the least nearness that joins a story.
func (g *Grouper) bar(st *cluster) float32 {
	least := float32(g.cfg.Threshold)
	sum, pairs := barPrior*least, float32(barPrior)
	list := g.newest(st, barSample, nil)
	for i, a := range list[:max(0, len(list)-1)] {
		done := g.ask(a)
		for _, b := range list[i+1:] {
			sum += barShare * g.likeness(b)
			pairs++
		}
		done()
	}
	return max(least, sum/pairs)
}

// decay is what a time between two articles leaves of their nearness.
func (g *Grouper) decay(gap time.Duration) float32 {
	return ageFloor + (1-ageFloor)*float32(math.Exp2(-float64(gap)/float64(g.cfg.HalfLife)))
}
