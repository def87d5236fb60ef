package pair

import (
	"math"
	"strconv"
	"strings"

	"crosscheck/internal/text"
)

// number is an amount and the word that it counts.
type number struct {
	value float64
	unit  *Word // nil where no word follows
}

var (
	smallNumbers = map[string]float64{
		"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
		"thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
		"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
	}
	scales   = map[string]float64{"dozen": 12, "hundred": 100, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
	articles = text.Set("a an one")
	ordinals = text.Set("st nd rd th")
	clocks   = text.Set("am pm a.m p.m o'clock o’clock local gmt utc")
)

// amount is the value of a number in digits or in one word from two on, "" for
// anything else.
func amount(t token) string {
	if t.kind == text.Number {
		return strings.ReplaceAll(t.low, ",", "")
	}
	v, ok := smallNumbers[t.low]
	if !ok {
		if v, ok = scales[t.low]; !ok {
			return ""
		}
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// numbers are the amounts of a text and what they count: "three dozen",
// "410 million". Days of a month, years, times of the day and versions are no
// amounts.
func (r *Reader) numbers(toks []token) []number {
	var out []number
	for i := 0; i < len(toks); {
		value, n := amountAt(toks[i:])
		if n == 0 {
			i++
			continue
		}
		from := i
		i += n
		if isDate(toks, from, i, value) || isClock(toks, from, i) || isCode(toks, from, n) {
			continue
		}
		a := number{value: value}
		for k, t := range toks[i:min(i+4, len(toks))] {
			if t.raw == "%" {
				a.unit = r.word("cent")
				break
			}
			if k == 0 && ordinals[t.low] { // "12th package"
				continue
			}
			if t.kind == text.Word && !text.IsStop(t.low) && !light[t.low] && amount(t) == "" {
				a.unit = r.word(t.stem)
				break
			}
		}
		out = append(out, a)
	}
	return out
}

// amountAt is the amount at the head of a list of tokens and how many of them
// it takes, 0 for none.
func amountAt(toks []token) (value float64, n int) {
	low := func(k int) string {
		if k < len(toks) {
			return toks[k].low
		}
		return ""
	}
	var whole, part float64
	switch {
	case toks[0].kind == text.Number:
		v, err := strconv.ParseFloat(strings.ReplaceAll(toks[0].low, ",", ""), 64)
		if err != nil {
			return 0, 0
		}
		part, n = v, 1
	case smallNumbers[low(0)] > 0:
	case articles[low(0)] && scales[low(1)] > 0:
		part, n = 1, 1
	default:
		return 0, 0
	}
	for n < len(toks) {
		k := n
		if k > 0 && (low(k) == "-" || low(k) == "and" && whole+part >= 100) {
			k++
		}
		small, scale := smallNumbers[low(k)], scales[low(k)]
		if n > 0 && k > n && low(k) == "one" {
			small = 1
		}
		switch {
		case scale >= 1e3:
			whole, part = whole+part*scale, 0
		case scale > 0:
			part *= scale
		case small > 0 && (n == 0 || small < 10 && tens(part) || math.Mod(part, 100) == 0 && whole+part >= 100):
			part += small
		default:
			return whole + part, n
		}
		n = k + 1
	}
	return whole + part, n
}

// tens reports whether a number below ten can be said behind v: "forty-one".
func tens(v float64) bool {
	v = math.Mod(v, 100)
	return v >= 20 && math.Mod(v, 10) == 0
}

// isDate reports whether the number that stands from one token to another is
// the day of a month or a year.
func isDate(toks []token, from, to int, v float64) bool {
	month := func(k int) bool {
		return k >= 0 && k < len(toks) && upper(toks[k].raw) && dayNames[toks[k].low]
	}
	if to < len(toks) && ordinals[toks[to].low] {
		to++
	}
	return v <= 31 && (month(from-1) || month(to)) ||
		toks[from].kind == text.Number && v >= 1900 && v < 2100 && len(toks[from].low) == 4 && (month(from-1) || from > 0 && text.IsStop(toks[from-1].low))
}

// isClock reports whether a number is part of a time of the day.
func isClock(toks []token, from, to int) bool {
	next := func(k int) string {
		if k >= 0 && k < len(toks) {
			return toks[k].raw
		}
		return ""
	}
	colon := func(k, side int) bool {
		return next(k) == ":" && k+side >= 0 && k+side < len(toks) && toks[k+side].kind == text.Number
	}
	return colon(to, 1) || colon(from-1, -1) || to < len(toks) && clocks[toks[to].low]
}

// isCode reports whether a number in digits belongs to a name: "Resolution
// 2254", "R-17".
func isCode(toks []token, from, n int) bool {
	if n != 1 || toks[from].kind != text.Number || from == 0 {
		return false
	}
	before := toks[from-1]
	if before.raw == "-" && from > 1 {
		before = toks[from-2]
	}
	return before.kind == text.Word && !before.start && upper(before.raw) && !dayNames[before.low] && !text.IsStop(before.low)
}

const (
	rounding = 0.03 // by how much of it an amount may differ from a rounded one
	rounded  = 100  // amounts below are not rounded
)

// rounds reports whether two amounts are the same but for rounding.
func (n number) rounds(o number) bool {
	return n.value == o.value || min(n.value, o.value) >= rounded && math.Abs(n.value-o.value) <= rounding*max(n.value, o.value)
}
