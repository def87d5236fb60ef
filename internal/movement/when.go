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

// monthly are words before the name of a month, which may be a person's.
var monthly = wordSet("in early late mid last since of during")

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

// when returns the day, month or year the clause of a group of verbs names, ""
// where it names none. A day of the week, or of a month without a year, is the
// last one up to the day of publication.
func (p *page) when(s text.Range, g group) string {
	if p.article.Published.IsZero() {
		return ""
	}
	end := p.clauseEnd(s, g)
	if day := p.day(g.verb+1, end); day != "" {
		return day
	}
	start := s.Start
	for i := s.Start; i < g.start; i++ {
		if (p.low[i] == "-" || p.low[i] == "–" || p.low[i] == "—") && !p.touches(i) {
			start = i // the day in a dateline is that of the report
		}
		if ending[p.low[i]] || p.pos[i] == tag.VBD {
			return ""
		}
	}
	return p.day(start, g.start)
}

// day returns the first day, month or year named between two tokens.
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
		if w == "last" && i+1 < end {
			switch p.low[i+1] {
			case "month":
				return pub.AddDate(0, 0, -pub.Day()).Format("2006-01")
			case "year":
				return pub.AddDate(-1, 0, 0).Format("2006")
			}
		}
		if m, ok := months[w]; ok && (p.pos[i] == tag.NNP || p.pos[i] == tag.NN) {
			for _, k := range []int{i - 1, i + 1} {
				if n := p.number(k, start, end); n >= 1 && n <= 31 {
					return form(p.past(m, n, i, end))
				}
			}
			if i > start && monthly[p.low[i-1]] {
				return p.past(m, 1, i, end).Format("2006-01")
			}
		}
		if y := p.number(i, start, end); y > 1900 && y <= pub.Year() && i > start && p.low[i-1] == "in" {
			return strconv.Itoa(y)
		}
	}
	return ""
}

// number is the whole number at token k, 0 where there is none.
func (p *page) number(k, start, end int) int {
	if k < start || k >= end || p.Tokens[k].Kind != text.Number {
		return 0
	}
	n, err := strconv.Atoi(p.Token(k))
	if err != nil {
		return 0
	}
	return n
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
