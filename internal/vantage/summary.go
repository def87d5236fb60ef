package vantage

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"crosscheck/internal/model"
)

// summary stands for observations that had to leave the spool: of one service,
// in the half-open span [From, To). Each is counted once: invalid, or by its
// outcome.
type summary struct {
	Service string    `json:"service"`
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
	OK      int       `json:"ok"`
	Fail    int       `json:"fail"`
	Slow    int       `json:"slow"`
	Refused int       `json:"refused"`
	Invalid int       `json:"invalid"`
}

// maxSummaries bounds the summaries that are kept: two weeks of a hundred
// services. Beyond, they are of two hours each, then of four, and so on.
const maxSummaries = 32 << 10

// maxWidth is the longest span of a summary: the server takes 31 days.
const maxWidth = 512 * time.Hour

// summaries counts observations by service and hour.
type summaries struct {
	width time.Duration
	of    map[summaryKey]*summary
}

type summaryKey struct {
	service string
	start   time.Time
}

func newSummaries() *summaries {
	return &summaries{width: time.Hour, of: map[summaryKey]*summary{}}
}

// add counts the observations of a segment and returns how many there were.
func (s *summaries) add(lines []byte) (n int) {
	for line := range bytes.Lines(lines) {
		var o model.Observation
		if json.Unmarshal(line, &o) != nil || o.Service == "" {
			continue
		}
		n++
		from := o.At.UTC().Truncate(time.Second)
		one := summary{Service: o.Service, From: from, To: from.Add(time.Second)}
		switch {
		case !o.Valid:
			one.Invalid = 1
		case o.Outcome == model.OutcomeOK:
			one.OK = 1
		case o.Outcome == model.OutcomeSlow:
			one.Slow = 1
		case o.Outcome == model.OutcomeRefused:
			one.Refused = 1
		default:
			one.Fail = 1
		}
		s.merge(one)
	}
	s.bound()
	return n
}

func (s *summaries) merge(one summary) {
	key := summaryKey{one.Service, one.From.Truncate(s.width)}
	sum := s.of[key]
	if sum == nil {
		s.of[key] = &one
		return
	}
	if one.From.Before(sum.From) {
		sum.From = one.From
	}
	if one.To.After(sum.To) {
		sum.To = one.To
	}
	sum.OK, sum.Fail, sum.Slow = sum.OK+one.OK, sum.Fail+one.Fail, sum.Slow+one.Slow
	sum.Refused, sum.Invalid = sum.Refused+one.Refused, sum.Invalid+one.Invalid
}

// bound makes the spans longer until there are few enough.
func (s *summaries) bound() {
	for len(s.of) > maxSummaries && s.width < maxWidth {
		old := s.of
		s.of, s.width = map[summaryKey]*summary{}, 2*s.width
		for _, one := range old {
			s.merge(*one)
		}
	}
}

// list returns the summaries, the oldest first.
func (s *summaries) list() []summary {
	all := make([]summary, 0, len(s.of))
	for _, one := range s.of {
		all = append(all, *one)
	}
	slices.SortFunc(all, func(a, b summary) int {
		return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Service, b.Service))
	})
	return all
}

// summaryLines are summaries as they are sent, one a line.
func summaryLines(all []summary) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	for _, s := range all {
		_ = enc.Encode(map[string]summary{"summary": s}) // into memory, of plain fields
	}
	return b.Bytes()
}
