package net

import (
	"math"

	"crosscheck/internal/text"
)

// The kinds of span, as numbers into the probabilities of a token.
const (
	isSource = iota
	isCue
	isContent
	kinds
)

// span is a labelled stretch of a run.
type span struct {
	text.Range // tokens of the run
	kind       int
	p          float64
}

// follows reports whether label c may stand behind label p: the inside of a
// span only behind its beginning or its inside. 0 is no span, then come a
// beginning and an inside for every kind.
func follows(p, c int) bool { return c == 0 || c%2 == 1 || p == c || p == c-1 }

// setMoves turns the scores of transitions into factors.
func (n *Net) setMoves() {
	for p := range labels {
		for c := range labels {
			if follows(p, c) {
				n.moves[p*labels+c] = math.Exp(float64(n.trans[p*labels+c]))
			}
		}
	}
}

// never is the score of what cannot be.
const never = -1e9

// decode finds the best sequence of labels.
func (n *Net) decode(r *run, s *scratch) {
	s.back, s.labels = resize(s.back, len(r.seq)), resize(s.labels, len(r.seq))
	score := [labels]float64{0, never, never, never, never, never, never}
	for t, w := range r.seq {
		score = n.advance(&score, s.logits[t*panel:], w == 0, &s.back[t])
	}
	best := uint8(0)
	for c := range score {
		if score[c] > score[best] {
			best = uint8(c)
		}
	}
	for t := len(r.seq) - 1; t >= 0; t-- {
		s.labels[t], best = best, s.back[t][best]
	}
}

// advance scores the labels of one token; a mark can only be outside.
func (n *Net) advance(score *[labels]float64, logits []float32, mark bool, back *[labels]uint8) [labels]float64 {
	next := [labels]float64{never, never, never, never, never, never, never}
	*back = [labels]uint8{}
	for c := range labels {
		if mark && c > 0 {
			break
		}
		for p := range labels {
			if v := score[p] + float64(n.trans[p*labels+c]); follows(p, c) && v > next[c] {
				next[c], back[c] = v, uint8(p)
			}
		}
		if !mark {
			next[c] += float64(logits[c])
		}
	}
	return next
}

// marginals finds for every token how probable each kind of span is, by the
// forward and the backward pass over the same scores.
func (n *Net) marginals(r *run, s *scratch) {
	size := len(r.seq)
	s.alpha, s.emit, s.sure = resize(s.alpha, size), resize(s.emit, size), resize(s.sure, size)
	at := [labels]float64{1}
	for t, w := range r.seq {
		s.emit[t] = emission(s.logits[t*panel:], w == 0)
		var next [labels]float64
		for p, v := range at {
			for c := range labels {
				next[c] += v * n.moves[p*labels+c]
			}
		}
		at = times(&next, &s.emit[t])
		s.alpha[t] = at
	}
	beta := [labels]float64{1, 1, 1, 1, 1, 1, 1}
	for t := size - 1; t >= 0; t-- {
		p := times(&s.alpha[t], &beta)
		s.sure[t] = [kinds]float64{p[1] + p[2], p[3] + p[4], p[5] + p[6]}
		behind := times(&beta, &s.emit[t])
		for p := range labels {
			beta[p] = 0
			for c, v := range behind {
				beta[p] += n.moves[p*labels+c] * v
			}
		}
	}
}

// emission is the factor of each label for one token.
func emission(logits []float32, mark bool) (e [labels]float64) {
	if mark {
		e[0] = 1
		return e
	}
	top := logits[0]
	for _, v := range logits[:labels] {
		top = max(top, v)
	}
	for c := range e {
		e[c] = float64(exp(logits[c] - top))
	}
	return e
}

// times multiplies two rows and makes the products sum to one.
func times(a, b *[labels]float64) (out [labels]float64) {
	sum := 0.0
	for c := range out {
		out[c] = a[c] * b[c]
		sum += out[c]
	}
	for c := range out {
		out[c] /= sum
	}
	return out
}

// spans reads the spans off the labels.
func (n *Net) spans(r *run, s *scratch) {
	s.spans = s.spans[:0]
	for i := 0; i < len(r.seq); {
		j := i + 1
		if b := s.labels[i]; b%2 == 1 {
			kind := int(b / 2)
			p := s.sure[i][kind]
			for ; j < len(r.seq) && s.labels[j] == b+1; j++ {
				p = min(p, s.sure[j][kind])
			}
			s.spans = append(s.spans, span{text.Range{Start: i, End: j}, kind, p})
		}
		i = j
	}
}
