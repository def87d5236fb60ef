package article

import (
	"strings"
	"time"
)

// parseDate reads a date written in a page's data or shown to its readers.
// Dates that can be read in two ways, such as 3/4/2024, are refused.
func parseDate(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if len(s) < 6 || len(s) > 200 {
		return time.Time{}, false
	}
	if t, ok := parseISO(s); ok {
		return plausible(t)
	}
	if t, ok := parseWords(s); ok {
		return plausible(t)
	}
	return time.Time{}, false
}

// plausible refuses years no page on the web can state.
func plausible(t time.Time) (time.Time, bool) {
	return t, t.Year() >= 1990 && t.Year() <= 2100
}

// parseISO reads 2006-01-02 with anything RFC 3339 allows after it, and the
// common departures from it.
func parseISO(s string) (time.Time, bool) {
	if len(s) >= 8 && isDigits(s[:8]) {
		if t, err := time.Parse("20060102", s[:8]); err == nil {
			return t, true
		}
	}
	if len(s) < 8 || !isDigits(s[:4]) || (s[4] != '-' && s[4] != '/' && s[4] != '.') {
		return time.Time{}, false
	}
	d, ok := ymd(s)
	if !ok {
		return time.Time{}, false
	}
	return clock(d, s[min(len(s), 10):]), true
}

func ymd(s string) (time.Time, bool) {
	sep := s[4:5]
	part := strings.SplitN(s, sep, 3)
	if len(part) < 3 || len(part[2]) < 1 {
		return time.Time{}, false
	}
	day := part[2]
	if len(day) > 2 {
		day = strings.TrimRight(day[:2], "T ,")
	}
	t, err := time.Parse("2006-1-2", part[0]+"-"+part[1]+"-"+day)
	return t, err == nil
}

// clock adds the time of day and zone that follow a date.
func clock(d time.Time, rest string) time.Time {
	rest = strings.TrimLeft(rest, "T ,at")
	for _, layout := range [...]string{"15:04:05Z07:00", "15:04:05-0700", "15:04:05 -0700", "15:04:05 Z07:00", "15:04Z07:00", "15:04-0700", "15:04 -0700", "15:04:05 MST", "15:04:05", "15:04 MST", "15:04", "3:04 PM MST", "3:04 PM", "3:04PM", "3:04pm", "3:04 pm"} {
		t, err := time.Parse(layout, stripFraction(rest))
		if err == nil {
			return time.Date(d.Year(), d.Month(), d.Day(), t.Hour(), t.Minute(), t.Second(), 0, t.Location())
		}
	}
	return d
}

// stripFraction drops fractions of a second.
func stripFraction(s string) string {
	i := strings.IndexByte(s, '.')
	if i < 0 {
		return s
	}
	j := i + 1
	for j < len(s) && s[j] >= '0' && s[j] <= '9' {
		j++
	}
	return s[:i] + s[j:]
}

func isDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// months are the first letters of the months' names.
var months = map[string]time.Month{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
	"mär": 3, "mai": 5, "okt": 10, "dez": 12, "fév": 2, "fev": 2, "avr": 4, "aoû": 8, "déc": 12, "ene": 1, "abr": 4, "ago": 8, "dic": 12,
	"set": 9, "out": 10, "gen": 1, "mag": 5, "giu": 6, "lug": 7, "ott": 10, "maa": 3, "mei": 5, "янв": 1, "фев": 2, "мар": 3, "апр": 4, "мая": 5, "июн": 6,
	"июл": 7, "авг": 8, "сен": 9, "окт": 10, "ноя": 11, "дек": 12,
}

// month reads a month's name.
func month(w string) (time.Month, bool) {
	r := []rune(strings.ToLower(w))
	if len(r) < 3 || len(r) > 10 {
		return 0, false
	}
	if s := string(r); s == "juin" {
		return 6, true
	} else if strings.HasPrefix(s, "juil") {
		return 7, true
	}
	m, ok := months[string(r[:3])]
	return m, ok
}

// parseWords reads "5 March 2024", "March 5, 2024" and the like, wherever they
// stand in a short string, and unambiguous numeric dates.
func parseWords(s string) (time.Time, bool) {
	type word struct {
		s  string
		at int
	}
	var words []word
	for i := 0; i < len(s); {
		j := i
		for j < len(s) && !strings.ContainsRune(" ,\t\n\u00a0()|", rune(s[j])) {
			j++
		}
		if j > i {
			words = append(words, word{strings.Trim(s[i:j], ".:"), j})
		}
		i = j + 1
	}
	for i, w := range words {
		if t, ok := numeric(w.s); ok {
			return clock(t, s[w.at:]), true
		}
		if t, ok := parseISO(w.s); ok && len(w.s) > 9 && !isDigits(w.s) {
			return t, true
		}
		m, ok := month(w.s)
		if !ok {
			continue
		}
		if i+2 < len(words) {
			if t, ok := dmy(words[i+1].s, m, words[i+2].s); ok {
				return clock(t, s[words[i+2].at:]), true
			}
		}
		if i > 0 && i+1 < len(words) {
			if t, ok := dmy(words[i-1].s, m, words[i+1].s); ok {
				return clock(t, s[words[i+1].at:]), true
			}
		}
		if i > 1 && words[i-1].s == "de" && i+2 < len(words) {
			if t, ok := dmy(words[i-2].s, m, words[i+2].s); ok {
				return t, true
			}
		}
	}
	return time.Time{}, false
}

func dmy(day string, m time.Month, year string) (time.Time, bool) {
	day = strings.TrimRight(strings.ToLower(day), "sthndr.ºe")
	if len(year) > 4 && (year[4] < '0' || year[4] > '9') {
		year = year[:4]
	}
	if !isDigits(day) || len(day) > 2 || len(year) != 4 || !isDigits(year) {
		return time.Time{}, false
	}
	d := atoi(day)
	t := time.Date(atoi(year), m, d, 0, 0, 0, 0, time.UTC)
	return t, t.Day() == d
}

// numeric reads 31.12.2024, 12/31/2024 and 31/12/2024.
func numeric(s string) (time.Time, bool) {
	for _, sep := range [...]string{".", "/", "-"} {
		p := strings.Split(s, sep)
		if len(p) != 3 || len(p[2]) != 4 || !isDigits(p[0]) || !isDigits(p[1]) || !isDigits(p[2]) || len(p[0]) > 2 || len(p[1]) > 2 {
			continue
		}
		a, b := atoi(p[0]), atoi(p[1])
		switch {
		case sep == "." || a > 12 || a == b:
			return dmy(p[0], time.Month(min(b, 13)), p[2])
		case b > 12 && a >= 1:
			return dmy(p[1], time.Month(a), p[2])
		}
	}
	return time.Time{}, false
}

// atoi reads a short run of digits.
func atoi(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n
}
