package story

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"crosscheck/internal/text"
)

const (
	maxText     = 64 << 10 // bytes of an article that are looked at
	titleWeight = 3        // a word of the title counts as three
	leadWeight  = 2        // a word of the first paragraphs as two
	leadBytes   = 600      // how long the first paragraphs are, bytes
	nameWeight  = 1.6      // a name weighs more: who and where
)

// lexeme is a word, a number or a mark of an article, as grouping looks at it.
type lexeme struct {
	raw     string
	low     string // as it is looked up
	stem    string // "" for marks and stop words
	kind    text.Kind
	at      int  // its first byte
	capital bool // written with a capital letter
	first   bool // opens a sentence, or what may be one
	name    bool // part of a name
}

// digest is what grouping takes from the text of an article.
type digest struct {
	counts   map[string]float32 // the weight of each stem
	kinds    map[string]kind
	written  map[string]string // the names among them, as they are written
	mentions []uint32          // hashes of what it names or says anywhere, sorted
	slots    []slot
}

// kind says what a term is.
type kind uint8

const (
	plain  kind = iota
	name        // one word of a name
	phrase      // two words of a name in a row
	number
)

// read takes from an article what it is compared by.
func read(title, body string) digest {
	body = clip(body, maxText)
	t, b := cut(title), cut(body)
	markNames(t, b)
	r := digest{counts: map[string]float32{}, kinds: map[string]kind{}, written: map[string]string{}}
	r.count(t, func(lexeme) float32 { return titleWeight })
	r.count(b, func(w lexeme) float32 {
		if w.at < leadBytes && w.kind == text.Word {
			return leadWeight
		}
		return 1
	})
	for s, n := range r.counts {
		w := float32(1 + math.Log(float64(n)))
		if k := r.kinds[s]; k == name || k == phrase {
			w *= nameWeight
		}
		r.counts[s] = w
	}
	r.findSlots(t, b)
	return r
}

// cut takes a text apart.
func cut(s string) []lexeme {
	toks := text.Tokenize(s)
	out := make([]lexeme, len(toks))
	first := true
	for i, tok := range toks {
		w := lexeme{raw: s[tok.Start:tok.End], kind: tok.Kind, at: tok.Start, first: first}
		if tok.Kind == text.Mark {
			first = first || strings.ContainsAny(w.raw, ".!?:“\"\n")
		} else {
			first = false
			w.low, w.capital = text.Lower(w.raw), startsUpper(w.raw)
			if len(w.low) > 1 && !text.IsStop(w.low) {
				w.stem = text.Stem(w.low)
			}
		}
		out[i] = w
	}
	return out
}

// bare is the word as it is written, without a possessive 's.
func (w lexeme) bare() string {
	return strings.TrimSuffix(strings.TrimSuffix(w.raw, "'s"), "’s")
}

func startsUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// headlineShare of the words of a title written with a capital make the
// capitals say nothing.
const headlineShare = 0.6

// markNames marks the words of names: those written with a capital inside a
// sentence, and the same words where a sentence or a headline hides it.
func markNames(title, body []lexeme) {
	names := map[string]bool{}
	see := func(ws []lexeme) {
		for _, w := range ws {
			if w.capital && !w.first && w.stem != "" {
				names[w.stem] = true
			}
		}
	}
	see(body)
	capitals, all := 0, 0
	for _, w := range title {
		if w.stem != "" && w.kind == text.Word {
			all++
			if w.capital {
				capitals++
			}
		}
	}
	if float64(capitals) < headlineShare*float64(all) {
		see(title)
	}
	for _, ws := range [][]lexeme{title, body} {
		for i := range ws {
			ws[i].name = ws[i].capital && names[ws[i].stem]
		}
	}
}

// count adds up the terms of some words.
func (r *digest) count(ws []lexeme, weight func(lexeme) float32) {
	for i, w := range ws {
		if w.stem == "" {
			continue
		}
		n := weight(w)
		r.counts[w.stem] += n
		switch {
		case w.kind == text.Number:
			r.kinds[w.stem] = number
		case w.name:
			r.kinds[w.stem], r.written[w.stem] = name, w.bare()
			if i > 0 && ws[i-1].name {
				p := ws[i-1].stem + " " + w.stem
				r.counts[p] += n
				r.kinds[p], r.written[p] = phrase, ws[i-1].bare()+" "+w.bare()
			}
		}
	}
}

// clip cuts s to at most n bytes, at a code point.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
