package statement

import (
	"strconv"
	"time"

	"crosscheck/internal/text"
)

// saidOn is the day a statement was made, where its sentence states one next
// to the cue: a weekday is the last such day at or before publication.
func (p *page) saidOn(pr *proposal) string {
	if pr.cue.Len() == 0 || pr.outer > 0 && p.quoted[pr.cue.Start] >= 0 {
		return ""
	}
	r := p.around(pr)
	for i := r.Start; i < r.End; i++ {
		if q := p.quoted[i]; q >= 0 {
			i = p.outer[q].Tokens.End - 1
			continue
		}
		if pr.inContent(i) || pr.inSource(i) {
			continue
		}
		if day := p.dayAt(i, r.End); day != "" && p.nearCue(pr, i) {
			return day
		}
	}
	return ""
}

// nearCue reports whether token i stands in the reporting clause: behind the
// cue without a comma between, or before it at the start of the sentence.
func (p *page) nearCue(pr *proposal, i int) bool {
	first := p.units[pr.unit].items[0].Start
	lo, hi := i+1, pr.cue.Start
	if i > pr.cue.Start {
		lo, hi = pr.cue.End, i
	}
	if hi-lo > 30 {
		return false
	}
	if i > pr.cue.Start && p.endsClause(i) {
		return true
	}
	for j := lo; j < hi; j++ {
		w := p.low[j]
		if pr.inSource(j) {
			continue
		}
		if pr.inContent(j) || p.quoted[j] >= 0 || w == ";" || w == "who" || w == "which" || w == "when" || w == "since" || w == "until" {
			return false
		}
		if w == "," && (i > pr.cue.Start || i > first+4 && !(i < first+16 && p.fronted(j))) {
			return false
		}
	}
	return true
}

// endsClause reports whether the day at token i ends the clause that a colon
// sets before a quotation: "when reporters stopped her on Tuesday: “…”".
func (p *page) endsClause(i int) bool {
	for j := i + 1; j+1 < min(i+6, len(p.low)); j++ {
		if p.low[j] == ":" && p.Tokens[j-1].End == p.Tokens[j].Start {
			return p.quoted[j+1] >= 0 || p.opens[j+1]
		}
		if p.Tokens[j].Kind == text.Mark && p.low[j] != ":" {
			return false
		}
	}
	return false
}

// dayAt reads the date that starts at token i.
func (p *page) dayAt(i, end int) string {
	w := p.low[i]
	switch {
	case isDay(w):
		return p.weekday(dayNames[w], i)
	case w == "this" && i+1 < end && (p.low[i+1] == "morning" || p.low[i+1] == "afternoon" || p.low[i+1] == "evening"),
		w == "earlier" && i+3 < end && p.low[i+1] == "in" && p.low[i+3] == "day":
		if p.article.Published.IsZero() {
			return ""
		}
		return p.article.Published.Format(time.DateOnly)
	case w == "today" || w == "yesterday" || w == "tonight":
		if p.article.Published.IsZero() {
			return ""
		}
		t := p.article.Published
		if w == "yesterday" {
			t = t.AddDate(0, 0, -1)
		}
		return t.Format(time.DateOnly)
	case monthNames[w] > 0 && i+1 < end && upper(p.Token(i)):
		if d := p.number(i + 1); d > 0 {
			return p.date(d, monthNames[w], p.yearAfter(i+2, end))
		}
	case p.Tokens[i].Kind == text.Number && i+1 < end && monthNames[p.low[i+1]] > 0:
		if d := p.number(i); d > 0 {
			return p.date(d, monthNames[p.low[i+1]], p.yearAfter(i+2, end))
		}
	case p.Tokens[i].Kind == text.Number && i+4 < end && len(w) == 4 && p.low[i+1] == "-" && p.low[i+3] == "-":
		iso := p.Text[p.Tokens[i].Start:p.Tokens[i+4].End]
		if _, err := time.Parse(time.DateOnly, iso); err == nil {
			return iso
		}
	}
	return ""
}

// number reads a day of the month at token i, 0 for none.
func (p *page) number(i int) int {
	n, err := strconv.Atoi(p.low[i])
	if err != nil || n < 1 || n > 31 {
		return 0
	}
	return n
}

// yearAfter reads a year at token i or behind a comma, 0 for none.
func (p *page) yearAfter(i, end int) int {
	if i < end && p.low[i] == "," {
		i++
	}
	if i >= end || p.Tokens[i].Kind != text.Number || len(p.low[i]) != 4 {
		return 0
	}
	n, _ := strconv.Atoi(p.low[i])
	return n
}

// date completes a day and month with the year of the last such day at or
// before publication.
func (p *page) date(day, month, year int) string {
	pub := p.article.Published
	if year == 0 {
		if pub.IsZero() {
			return ""
		}
		year = pub.Year()
		if time.Date(year, time.Month(month), day, 0, 0, 0, 0, pub.Location()).After(pub) {
			year--
		}
	}
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if t.Day() != day {
		return ""
	}
	return t.Format(time.DateOnly)
}

// weekday is the last such day at or before publication; "last Tuesday" on a
// Tuesday is a week ago.
func (p *page) weekday(day, i int) string {
	pub := p.article.Published
	if pub.IsZero() || i > 0 && (p.low[i-1] == "next" || p.low[i-1] == "every" || p.low[i-1] == "each" || p.low[i-1] == "by" || p.low[i-1] == "until") {
		return ""
	}
	back := (int(pub.Weekday()) - day + 7) % 7
	if back == 0 && i > 0 && p.low[i-1] == "last" {
		back = 7
	}
	return pub.AddDate(0, 0, -back).Format(time.DateOnly)
}
