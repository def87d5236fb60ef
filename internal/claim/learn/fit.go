package main

import (
	"cmp"
	"math"
	"slices"

	"crosscheck/internal/claim/pair"
	"crosscheck/internal/model"
)

const (
	steps   = 600
	rate    = 0.03
	penalty = 0.001 // of the squares of the weights
)

// held are the features whose weights stay 0: what different amounts count is
// fixed by convention (pair.Weights.Score), and invented statements seldom repeat
// one another word for word, as those of whole real articles do.
func held(whole bool) []int {
	out := []int{slices.Index(pair.Names, "other amounts of one thing")}
	if !whole {
		out = append(out, pair.Verbatim()...)
	}
	return out
}

// coverAt is where the nearness stands that first goes by.
var coverAt = slices.Index(pair.Names, "with speaker")

// first describes a statement as the first of a claim. Only the fitting needs
// it: the program asks for a least score instead.
func first(a *pair.Reading, before int, best, here float64) []float64 {
	against, denies := is(a.Against()), is(a.Stance == model.StanceDenies)
	open := is(a.Stance == model.StanceDemands || a.Stance == model.StanceAsks)
	return []float64{
		1, denies, is(a.Stance == model.StanceDoubts), open, is(a.Stance == model.StanceConfirms), against,
		is(before == 0), math.Log1p(float64(before)), best, best * best, here,
		against * (1 - best), denies * (1 - here), is(before > 0) * (1 - here),
	}
}

func is(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// fit maximises the likelihood of the right choices.
func fit(choices []choice, held []int) pair.Weights {
	n := len(pair.Names)
	hold := func(params []float64) {
		for _, k := range held {
			params[k] = 0
		}
	}
	var all float64
	for _, c := range choices {
		all += c.share
	}
	params := ascend(n+len(choices[0].first), func(params, grad []float64) {
		hold(params)
		for i := range choices {
			choices[i].gradient(params[:n], params[n:], grad)
		}
		for k := range grad {
			grad[k] = grad[k]/all - penalty*params[k]
		}
	})
	hold(params)
	return params[:n]
}

// ascend finds the parameters, n of them, where a function is greatest, from its
// gradient (Adam).
func ascend(n int, gradient func(params, grad []float64)) []float64 {
	params, m, v := make([]float64, n), make([]float64, n), make([]float64, n)
	for step := 1; step <= steps; step++ {
		grad := make([]float64, n)
		gradient(params, grad)
		c1, c2 := 1-math.Pow(.9, float64(step)), 1-math.Pow(.99, float64(step))
		for k, g := range grad {
			m[k] = .9*m[k] + .1*g
			v[k] = .99*v[k] + .01*g*g
			params[k] += rate * m[k] / c1 / (math.Sqrt(v[k]/c2) + 1e-8)
		}
	}
	return params
}

// gradient adds that of the log likelihood of one choice, and of the mean one of
// its pairs.
func (c *choice) gradient(w pair.Weights, first, grad []float64) {
	scores := make([]float64, len(c.pairs)+1)
	for i, f := range c.pairs {
		scores[i] = w.Score(f)
	}
	last := len(c.pairs)
	for k, x := range c.first {
		scores[last] += first[k] * x
	}
	odds := slices.Clone(scores)
	most := slices.Max(scores)
	var all, good float64
	known := slices.Contains(c.right, true)
	for i := range scores {
		scores[i] = math.Exp(scores[i] - most)
		all += scores[i]
		if c.is(i, known) {
			good += scores[i]
		}
	}
	for i, s := range scores {
		g := -s / all
		if c.is(i, known) {
			g += s / max(good, 1e-12)
		}
		f, at := c.first, len(w)
		if i < last {
			f, at = c.pairs[i], 0
			g += c.alone(odds[i], i) / float64(last)
		}
		for k, x := range f {
			grad[at+k] += c.share * g * x
		}
	}
}

// alone is the gradient of a pair by itself, whatever else stands to choice: it
// ties the scores to odds that are the same in streams of other kinds.
func (c *choice) alone(odds float64, i int) float64 {
	p := 1 / (1 + math.Exp(-odds))
	if c.right[i] {
		return rightCounts * (1 - p)
	}
	return -p
}

// rightCounts is what a pair of one claim counts beside one that is not.
const rightCounts = 2

// is reports whether choice i is right: "none of them", the last one, where no
// earlier statement is known to be of the claim.
func (c *choice) is(i int, known bool) bool {
	if i == len(c.pairs) {
		return !known
	}
	return c.right[i]
}

// precision is the average precision of the pairs of a stream, by their score.
func precision(s []choice, w pair.Weights) float64 {
	type scored struct {
		score float64
		right bool
	}
	var list []scored
	for _, c := range s {
		for i, f := range c.pairs {
			list = append(list, scored{w.Score(f), c.right[i]})
		}
	}
	slices.SortStableFunc(list, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	hits, sum := 0, 0.0
	for rank, p := range list {
		if p.right {
			hits++
			sum += float64(hits) / float64(rank+1)
		}
	}
	return sum / float64(hits)
}
