package tag

import (
	"strconv"
	"strings"
)

var (
	dayNames     = hashes("today", "yesterday", "tomorrow", "tonight")
	nearNames    = hashes("this", "last", "next", "past", "previous", "coming", "recent", "following")
	agoNames     = hashes("ago", "earlier", "later")
	yearCues     = hashes("in", "since", "of", "until", "till", "by", "from", "before", "after", "during", "early", "late", "mid", "around", "between")
	monthCues    = hashes("in", "since", "of", "until", "till", "by", "from", "before", "after", "during", "early", "late", "mid", "last", "this", "next", "through", "to")
	dayParts     = hashes("morning", "afternoon", "evening", "night")
	vagueMonths  = hashes("may", "march", "august", "mar", "jan", "jun", "april", "june")
	secondPeriod = hashes("second", "fall", "spring", "quarter", "quarters", "nights")
	sHash        = hashOf("s")
)

// dateAt finds a date, a day, or a span of time.
func dateAt(l line, i int) int {
	if l.touches(i) && !l.word(i-1).is(mark) {
		return 0
	}
	for _, f := range []func(line, int) int{numericDate, weekdayDate, dayMonth, monthDay, yearAlone, nearPeriod, countedPeriod} {
		if n := f(l, i); n > 0 {
			return n
		}
	}
	if l.among(i, dayNames...) {
		return 1
	}
	return 0
}

// numericDate finds 2022-02-15, 15/02/2022 and 15.02.2022.
func numericDate(l line, i int) int {
	if !l.isNumber(i) {
		return 0
	}
	if s := l.str(i); strings.Count(s, ".") == 2 && len(s) >= 6 && len(s) <= 10 {
		return 1
	}
	sep := l.str(i + 1)
	if (sep != "-" && sep != "/") || l.str(i+3) != sep || !l.isNumber(i+2) || !l.isNumber(i+4) {
		return 0
	}
	for k := 1; k < 5; k++ {
		if !l.touches(i + k) {
			return 0
		}
	}
	if !isYear(l, i) && !isYear(l, i+4) && len(l.str(i+4)) != 2 {
		return 0
	}
	return 5
}

// weekdayDate finds a weekday with what stands behind it: its date, or a part
// of the day.
func weekdayDate(l line, i int) int {
	if !l.has(i, weekday) || !l.word(i).is(capital) {
		return 0
	}
	j := i + 1
	if len(l.str(i)) <= 5 && l.str(j) == "." && l.touches(j) {
		j++
	}
	k := j
	if l.str(k) == "," {
		k++
	}
	if n := max(dayMonth(l, k), monthDay(l, k)); n > 0 && (n > 1 || k == j) {
		return k + n - i
	}
	if l.among(j, dayParts...) {
		return j + 1 - i
	}
	if len(l.str(i)) < 6 {
		return 0
	}
	return j - i
}

// dayMonth finds 15 February [2022].
func dayMonth(l line, i int) int {
	n := dayNumber(l, i)
	if n == 0 {
		return 0
	}
	if ofHere := l.str(i+n) == "of" && l.has(i+n+1, month); ofHere {
		n++
	}
	m := monthAt(l, i+n)
	if m == 0 {
		return 0
	}
	return withYear(l, i, i+n+m)
}

// monthDay finds February 15[, 2022], February 2022 and February.
func monthDay(l line, i int) int {
	m := monthAt(l, i)
	if m == 0 {
		return 0
	}
	j := i + m
	if n := dayNumber(l, j); n > 0 {
		j += n
		if k := dayNumber(l, j+1); l.hyphen(j) && k > 0 {
			j += 1 + k
		}
		return withYear(l, i, j)
	}
	if isYear(l, j) {
		return j + 1 - i
	}
	if l.str(j) == "of" && isYear(l, j+1) {
		return j + 2 - i
	}
	clear := !l.among(i, vagueMonths...) && len(l.str(i)) > 4
	if clear || l.among(i-1, monthCues...) && l.word(i).pos == NNP {
		return m
	}
	return 0
}

func monthAt(l line, i int) int {
	if !l.has(i, month) || !l.word(i).is(capital) {
		return 0
	}
	if len(l.str(i)) <= 4 && l.str(i+1) == "." && l.touches(i+1) {
		return 2
	}
	return 1
}

// withYear takes in the year behind a date that ends at j.
func withYear(l line, i, j int) int {
	k := j
	if l.str(k) == "," {
		k++
	}
	if isYear(l, k) {
		return k + 1 - i
	}
	return j - i
}

func dayNumber(l line, i int) int {
	if !l.isNumber(i) {
		return 0
	}
	if n, err := strconv.Atoi(l.str(i)); err != nil || n < 1 || n > 31 || len(l.str(i)) > 2 {
		return 0
	}
	if l.touches(i+1) && l.among(i+1, ordinalEnds...) {
		return 2
	}
	return 1
}

func isYear(l line, i int) bool {
	s := l.str(i)
	return l.isNumber(i) && len(s) == 4 && (s[0] == '1' || s[0] == '2' && s[1] <= '1') && strings.Trim(s, "0123456789") == ""
}

// yearAlone finds a year behind a preposition, and a decade.
func yearAlone(l line, i int) int {
	if !isYear(l, i) {
		return 0
	}
	if l.touches(i+1) && l.among(i+1, sHash) {
		return 2
	}
	if l.among(i-1, yearCues...) && !l.has(i+1, measure|scale) && l.word(i+1).pos != NNS {
		return 1
	}
	return 0
}

// nearPeriod finds last week, the past 24 hours, next Monday.
func nearPeriod(l line, i int) int {
	if !l.among(i, nearNames...) {
		return 0
	}
	if n := countedPeriod(l, i+1); n > 0 {
		return 1 + n
	}
	if n := monthAt(l, i+1); n > 0 {
		return 1 + n
	}
	if l.has(i+1, period) && !l.among(i+1, secondPeriod...) || l.has(i+1, weekday) {
		return 2
	}
	return 0
}

// countedPeriod finds two weeks, 24 hours, ten days ago.
func countedPeriod(l line, i int) int {
	n := count(l, i)
	if n == 0 {
		return 0
	}
	if l.hyphen(i+n) && l.touches(i+n+1) {
		n++
	}
	if !l.has(i+n, period) || l.among(i+n, secondPeriod...) {
		return 0
	}
	n++
	if l.among(i+n, agoNames...) {
		n++
	}
	return n
}
