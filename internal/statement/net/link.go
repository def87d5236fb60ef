package net

import (
	"math"

	"crosscheck/internal/text"
)

// nearest is how many spans compete for a link.
const nearest = 10

// The two kinds of link: a cue picks its source, a content its cue.
const (
	toSource = iota
	toCue
)

// pick is the span another one links to, -1 for none.
type pick struct {
	span int
	p    float64
}

// counts are how many of a kind stand before a place.
type counts [kinds]int32

// The kinds of token that the linker counts.
const (
	countStops = iota
	countQuotes
)

// linkAll appends the attributions of a run.
func (n *Net) linkAll(out []Attribution, r *run, s *scratch) []Attribution {
	n.represent(r, s)
	s.picks = resize(s.picks, len(s.spans))
	for from, i := 0, 1; from < len(s.spans); i++ {
		to := from
		for to < len(s.spans) && s.spans[to].Start < int(r.marks[i]) {
			to++
		}
		for a := from; a < to; a++ {
			s.picks[a] = n.pick(s, a, from, to)
		}
		out = collect(out, r, s, from, to)
		from = to
	}
	return out
}

// represent prepares what the links are scored by: the projections of every
// span and the counts before every token and span.
func (n *Net) represent(r *run, s *scratch) {
	const in = taps * width
	rows := len(s.spans)
	padded := pad(rows, tileRows)
	s.reps = grow(s.reps, padded*in)
	s.parts = grow(s.parts, padded*linkParts*linkWidth)
	clear(s.reps)
	for i, x := range s.spans {
		represent(s.reps[i*in:(i+1)*in], s.y[(1+x.Start)*width:(1+x.End)*width])
	}
	n.link.fill(s.parts, padded)
	n.link.addTo(n.kernels, s.parts, s.reps, padded, in)
	s.counts, s.spanOf = resize(s.counts, len(r.seq)+1), resize(s.spanOf, rows+1)
	s.counts[0], s.spanOf[0] = counts{}, counts{}
	for t := range r.seq {
		c, is := s.counts[t], r.role(t)
		if is&isStop != 0 {
			c[countStops]++
		}
		if is&isQuote != 0 {
			c[countQuotes]++
		}
		s.counts[t+1] = c
	}
	for i, x := range s.spans {
		c := s.spanOf[i]
		c[x.kind]++
		s.spanOf[i+1] = c
	}
}

// represent sets rep to the first, the last and the mean of the rows of h.
func represent(rep, h []float32) {
	copy(rep, h[:width])
	copy(rep[width:], h[len(h)-width:])
	rows := len(h) / width
	mean := rep[2*width:]
	for t := range rows {
		addRow(mean, h[t*width:])
	}
	for i := range mean {
		mean[i] /= float32(rows)
	}
}

// pick chooses what span a links to among the spans from from to to, its
// paragraph's.
func (n *Net) pick(s *scratch, a, from, to int) pick {
	link, want := toSource, isSource
	switch s.spans[a].kind {
	case isSource:
		return pick{span: -1}
	case isContent:
		link, want = toCue, isCue
	}
	v := s.part(a, 2*link)
	none := dot(v, n.noneW[link]) + n.noneB[link]
	best, top := -1, none
	var scores [nearest + 1]float32
	scores[0] = none
	count := 1
	for left, right := a-1, a+1; count <= nearest; count++ {
		k := s.closer(a, &left, &right, from, to, want)
		if k < 0 {
			break
		}
		score := n.score(s, link, a, k, v)
		scores[count] = score
		if score > top {
			best, top = k, score
		}
	}
	sum := float32(0)
	for _, x := range scores[:count] {
		sum += exp(x - top)
	}
	return pick{best, float64(1 / sum)}
}

// closer returns the next span of a kind outwards from a, and moves the ends
// of the search; of two as far away the first. It returns -1 where no more are.
func (s *scratch) closer(a int, left, right *int, from, to, want int) int {
	for *left >= from && s.spans[*left].kind != want {
		*left--
	}
	for *right < to && s.spans[*right].kind != want {
		*right++
	}
	switch {
	case *left < from && *right >= to:
		return -1
	case *right >= to || *left >= from && s.spans[a].Start-s.spans[*left].End <= s.spans[*right].Start-s.spans[a].End:
		*left--
		return *left + 1
	}
	*right++
	return *right - 1
}

// score is how well span k fits anchor a.
func (n *Net) score(s *scratch, link, a, k int, v []float32) float32 {
	x, c := k, a // the source or content, and the cue
	if link == toCue {
		x, c = a, k
	}
	after, lo, hi := 0, x, c
	if x > c {
		after, lo, hi = 1, c, x
	}
	between := func(kind int) int { return int(s.spanOf[hi][kind] - s.spanOf[lo+1][kind]) }
	begin, end := s.spans[lo].End, s.spans[hi].Start
	in := func(kind int) int { return int(s.counts[end][kind] - s.counts[begin][kind]) }
	features := [len(linkFeatures)]int{
		int(bucket(end-begin)) + buckets*after,
		min(3, between(isCue)) + 4*after,
		min(3, between(s.spans[x].kind)) + 4*after,
		min(2, in(countStops)) + 3*after,
		min(3, in(countQuotes)) + 4*after,
	}
	score := dot(v, s.part(k, 2*link+1)) / float32(math.Sqrt(linkWidth))
	for i, f := range features {
		score += n.linkFeat[i][link*linkFeatures[i]+f]
	}
	return score
}

// part returns projection p of a span.
func (s *scratch) part(span, p int) []float32 {
	return s.parts[(span*linkParts+p)*linkWidth:][:linkWidth]
}

func dot(a, b []float32) (sum float32) {
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}

// collect appends the attributions of the spans of one paragraph.
func collect(out []Attribution, r *run, s *scratch, from, to int) []Attribution {
	first := len(out)
	at := make(map[int]int, to-from) // from a cue to its attribution
	for i := from; i < to; i++ {
		x, picked := s.spans[i], s.picks[i]
		switch {
		case x.kind == isCue:
			at[i] = len(out)
			out = append(out, Attribution{Cue: r.span(x, 0)})
			if picked.span >= 0 {
				out[len(out)-1].Source = r.span(s.spans[picked.span], picked.p)
			}
		case x.kind == isContent && picked.span < 0:
			out = append(out, Attribution{Content: []Span{r.span(x, picked.p)}})
		}
	}
	if first == len(out) {
		return out
	}
	for i := from; i < to; i++ {
		if k, ok := at[s.picks[i].span]; ok && s.spans[i].kind == isContent {
			out[k].Content = append(out[k].Content, r.span(s.spans[i], s.picks[i].p))
		}
	}
	return out
}

// span moves a span from the run to the document.
func (r *run) span(x span, link float64) Span {
	return Span{
		Range: text.Range{Start: int(r.tokens[x.Start]), End: int(r.tokens[x.End-1]) + 1},
		P:     x.p, Link: link,
	}
}
