package collect

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	clock   = `(?:(?P<hour>\d{1,2})[:.h](?P<min>\d{2})(?:[:.](?P<sec>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[ap]\.?m\.?)?)`
	zoneRef = `(?P<zone>[a-z]*\s*[+−-]?\s*[\d:]*.*)`
	weekday = `^(?:\pL+\.?,?\s+)?`
)

// dateForms are the shapes of date feeds use, most exact first.
var dateForms = []*regexp.Regexp{
	// 2026-03-02T10:00:00.123+01:00, 20260302T100000Z, 2026/03/02 10:00, 2026-03-02
	regexp.MustCompile(weekday + `(?P<year>\d{4})(?P<sep>[-/.]?)(?P<month>\d{1,2})[-/.]?(?P<day>\d{1,2})(?:(?:\s*t\s*|,?\s+)` + clock + `\s*` + zoneRef + `|\s*(?:z|[+-]\d{2}:?\d{2}))?$`),
	regexp.MustCompile(`^(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})t?(?P<hour>\d{2})(?P<min>\d{2})(?P<sec>\d{2})?\s*` + zoneRef + `$`),
	// Mon, 02 Mar 2026 10:00:00 +0100, 2. März 2026, 10:00, 02-Mar-26 10:00:00 GMT
	regexp.MustCompile(weekday + `(?P<day>\d{1,2})(?:st|nd|rd|th|\.|,|º)?[\s-]+(?:de\s+)?(?P<month>\pL+)\.?,?[\s-]+(?:de\s+)?(?P<year>\d{4}|\d{2})(?:,?\s+(?:-\s+|at\s+|um\s+|à\s+)?` + clock + `\s*` + zoneRef + `)?$`),
	// March 2, 2026 10:00 am EST
	regexp.MustCompile(weekday + `(?P<month>\pL+)\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})(?:,?\s+(?:-\s+|at\s+)?` + clock + `\s*` + zoneRef + `)?$`),
	// Mon Mar  2 10:00:00 +0100 2026, Mon Mar 2 10:00:00 CET 2026
	regexp.MustCompile(weekday + `(?P<month>\pL+)\s+(?P<day>\d{1,2})\s+` + clock + `\s+(?P<zone>[a-z+\-\d:]*)\s*(?P<year>\d{4})$`),
	// 02.03.2026 10:00; with slashes only where one number can be no month
	regexp.MustCompile(`^(?P<day>\d{1,2})(?P<sep>[./-])(?P<month>\d{1,2})[./-](?P<year>\d{4})(?:,?\s+(?:-\s+)?` + clock + `\s*` + zoneRef + `)?$`),
}

// months are the first letters of the months' names in the languages feeds
// are seen in, longest first where one begins another.
var months = []struct {
	prefix string
	month  time.Month
}{
	{"jan", 1},
	{"ene", 1},
	{"gen", 1},
	{"янв", 1},
	{"січ", 1},
	{"sty", 1},
	{"oca", 1},
	{"feb", 2},
	{"fév", 2},
	{"fev", 2},
	{"фев", 2},
	{"лют", 2},
	{"lut", 2},
	{"şub", 2},
	{"mar", 3},
	{"mär", 3},
	{"mrz", 3},
	{"maa", 3},
	{"mrt", 3},
	{"мар", 3},
	{"бер", 3},
	{"apr", 4},
	{"avr", 4},
	{"abr", 4},
	{"апр", 4},
	{"кві", 4},
	{"kwi", 4},
	{"nis", 4},
	{"may", 5},
	{"mai", 5},
	{"mei", 5},
	{"mag", 5},
	{"maj", 5},
	{"мая", 5},
	{"май", 5},
	{"тра", 5},
	{"juin", 6},
	{"jun", 6},
	{"giu", 6},
	{"июн", 6},
	{"чер", 6},
	{"cze", 6},
	{"haz", 6},
	{"juil", 7},
	{"jul", 7},
	{"lug", 7},
	{"июл", 7},
	{"лип", 7},
	{"lip", 7},
	{"tem", 7},
	{"aug", 8},
	{"aoû", 8},
	{"aou", 8},
	{"ago", 8},
	{"авг", 8},
	{"сер", 8},
	{"sie", 8},
	{"ağu", 8},
	{"sep", 9},
	{"set", 9},
	{"сен", 9},
	{"вер", 9},
	{"wrz", 9},
	{"eyl", 9},
	{"oct", 10},
	{"okt", 10},
	{"out", 10},
	{"ott", 10},
	{"окт", 10},
	{"жов", 10},
	{"paź", 10},
	{"eki", 10},
	{"nov", 11},
	{"ноя", 11},
	{"лис", 11},
	{"lis", 11},
	{"kas", 11},
	{"dec", 12},
	{"dez", 12},
	{"déc", 12},
	{"dic", 12},
	{"дек", 12},
	{"гру", 12},
	{"gru", 12},
	{"ara", 12},
}

// zones are the abbreviations whose offset is not in doubt in a feed, in
// minutes east of Greenwich. RFC 822 defines the American ones.
var zones = map[string]int{
	"z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "mez": 60, "cest": 120, "mesz": 120,
	"eet": 120, "eest": 180, "msk": 180, "trt": 180, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360,
	"pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600, "jst": 540, "kst": 540, "sgt": 480, "hkt": 480,
	"aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780, "sast": 120, "wib": 420, "pkt": 300,
}

// ParseDate reads a date in any of the many ways feeds write it. A date
// without a zone, or with one nobody can tell, is taken to be in UTC; a date
// without a time of day is midnight. It returns false, and no guess, for what
// it cannot read, for days no calendar has, for the Unix epoch that software
// writes when it has no date, and where day and month could be either.
func ParseDate(s string) (time.Time, bool) {
	s = strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(s, "\u202f", " ")), " "))
	if s == "" || len(s) > 100 {
		return time.Time{}, false
	}
	if t, ok := unixDate(s); ok {
		return t, true
	}
	for _, form := range dateForms {
		if m := form.FindStringSubmatch(s); m != nil {
			return dateParts{form, m}.time()
		}
	}
	return time.Time{}, false
}

// unixDate reads seconds or milliseconds since 1970.
func unixDate(s string) (time.Time, bool) {
	if len(s) != 10 && len(s) != 13 {
		return time.Time{}, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 || s[0] == '0' {
		return time.Time{}, false
	}
	if len(s) == 13 {
		return time.UnixMilli(n).UTC(), true
	}
	return time.Unix(n, 0).UTC(), true
}

// dateParts are the named parts of a match.
type dateParts struct {
	form  *regexp.Regexp
	match []string
}

// get returns the first part of the name that is not empty.
func (p dateParts) get(name string) string {
	for i, n := range p.form.SubexpNames() {
		if n == name && p.match[i] != "" {
			return p.match[i]
		}
	}
	return ""
}

// number returns a part as a number, 0 when it is empty.
func (p dateParts) number(name string) int {
	n, _ := strconv.Atoi(p.get(name)) // digits only, by the expression
	return n
}

func (p dateParts) time() (time.Time, bool) {
	year, day := p.number("year"), p.number("day")
	month, ok := p.month()
	if !ok {
		return time.Time{}, false
	}
	if p.get("sep") == "/" && len(p.get("year")) == 4 && strings.Index(p.match[0], p.get("year")) > 4 {
		if day, month, ok = untangle(day, int(month)); !ok {
			return time.Time{}, false
		}
	}
	if len(p.get("year")) == 2 {
		year += 1900
		if year < 1970 {
			year += 100
		}
	}
	hour, ok := p.hour()
	minute, second := p.number("min"), p.number("sec")
	if !ok || minute > 59 || second > 60 || year < 1900 || year > 2200 {
		return time.Time{}, false
	}
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	if t.Day() != day || t.Month() != month || t.Unix() == 0 {
		return time.Time{}, false
	}
	east := zoneOffset(p.get("zone"))
	clock := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second
	return t.Add(clock - time.Duration(east)*time.Minute).UTC(), true
}

// month reads a number or a name.
func (p dateParts) month() (time.Month, bool) {
	word := p.get("month")
	if n, err := strconv.Atoi(word); err == nil {
		return time.Month(n), n > 0
	}
	for _, m := range months {
		if strings.HasPrefix(word, m.prefix) {
			return m.month, true
		}
	}
	return 0, false
}

// hour reads the hour on the 24 hour clock. 24:00 is the midnight that ends
// the day.
func (p dateParts) hour() (int, bool) {
	hour := p.number("hour")
	half := p.get("half")
	switch {
	case half == "":
		return hour, hour < 24 || hour == 24 && p.number("min") == 0
	case hour > 12:
		return hour, hour < 24 // "15:04 pm": the clock is right, the letters idle
	case half[0] == 'p':
		return hour%12 + 12, true
	}
	return hour % 12, true
}

// untangle tells day from month in a date with slashes, where it can be told.
func untangle(a, b int) (day int, month time.Month, ok bool) {
	switch {
	case a > 12 && b <= 12:
		return a, time.Month(b), true
	case b > 12 && a <= 12:
		return b, time.Month(a), true
	case a == b:
		return a, time.Month(b), true
	}
	return 0, 0, false
}

var numericZone = regexp.MustCompile(`^([+−-])\s*(\d{1,2}):?(\d{2})?(?:$|\D)`)

// zoneOffset is the offset a zone states, in minutes east of Greenwich; 0 for
// a zone that is missing, unknown or impossible. A number counts for more than
// the letters beside it ("GMT+0100", "+0530 IST").
func zoneOffset(zone string) int {
	zone = strings.TrimSpace(zone)
	letters := strings.TrimLeft(zone, "( ")
	n := 0
	for n < len(letters) && letters[n] >= 'a' && letters[n] <= 'z' {
		n++
	}
	name := letters[:n]
	if m := numericZone.FindStringSubmatch(strings.TrimSpace(zone[len(zone)-len(letters)+n:])); m != nil {
		hours, _ := strconv.Atoi(m[2])
		minutes, _ := strconv.Atoi(m[3])
		if hours > 14 || minutes > 59 {
			return 0
		}
		if m[1] == "+" {
			return hours*60 + minutes
		}
		return -(hours*60 + minutes)
	}
	return zones[name]
}
