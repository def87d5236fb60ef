package movement

import (
	"strconv"
	"time"

	"crosscheck/internal/text"
	"crosscheck/internal/text/tag"
)

var weekdays = map[string]time.Weekday{
	"sunday": 0, "monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6,
}

var months = map[string]time.Month{
	"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9, "october": 10,
	"november": 11, "december": 12,
}

// time reports whether a phrase names a time.
func (p *page) time(r text.Range) bool {
	for i := r.Start; i < r.End; i++ {
		w := singular(p.low[i])
		if _, ok := weekdays[p.low[i]]; ok || w == "hour" || w == "day" || w == "week" || w == "month" || w == "year" || w == "yesterday" || w == "today" ||
			w == "morning" || w == "evening" || w == "night" || w == "afternoon" {
			return true
		}
	}
	return false
}

// when returns the day the clause of a group of verbs names, "" where it names
// none. A day of the week is the last one up to the day of publication.
func (p *page) when(s text.Range, g group) string {
	if p.article.Published.IsZero() {
		return ""
	}
	end := p.clauseEnd(s, g)
	if day := p.day(g.verb+1, end); day != "" {
		return day
	}
	for i := s.Start; i < g.start; i++ {
		if ending[p.low[i]] || p.pos[i] == tag.VBD {
			return ""
		}
	}
	return p.day(s.Start, g.start)
}

// day returns the first day named between two tokens.
func (p *page) day(start, end int) string {
	pub := p.article.Published
	form := func(t time.Time) string { return t.Format(time.DateOnly) }
	for i := start; i < end; i++ {
		w := p.low[i]
		if day, ok := weekdays[w]; ok {
			if i > start && (p.low[i-1] == "next" || p.low[i-1] == "since" || p.low[i-1] == "until" || p.low[i-1] == "every") {
				return ""
			}
			back := (int(pub.Weekday()) - int(day) + 7) % 7
			return form(pub.AddDate(0, 0, -back))
		}
		switch w {
		case "yesterday":
			return form(pub.AddDate(0, 0, -1))
		case "today", "overnight", "tonight":
			return form(pub)
		}
		if m, ok := months[w]; ok {
			for _, k := range []int{i - 1, i + 1} {
				if k < start || k >= end || p.Tokens[k].Kind != text.Number {
					continue
				}
				if n, err := strconv.Atoi(p.Token(k)); err == nil && n >= 1 && n <= 31 {
					return form(p.past(m, n, i, end))
				}
			}
		}
	}
	return ""
}

// past is the day of a month in the year named after it, or the last such day
// up to the day of publication.
func (p *page) past(m time.Month, day, at, end int) time.Time {
	for k := at + 1; k < min(at+4, end); k++ {
		if y, err := strconv.Atoi(p.Token(k)); err == nil && y > 1900 && y < 2200 {
			return time.Date(y, m, day, 0, 0, 0, 0, time.UTC)
		}
	}
	pub := p.article.Published
	t := time.Date(pub.Year(), m, day, 0, 0, 0, 0, time.UTC)
	if t.After(pub) {
		t = time.Date(pub.Year()-1, m, day, 0, 0, 0, 0, time.UTC)
	}
	return t
}
