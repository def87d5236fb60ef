package pair

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

// Said is what is read of a statement.
type Said struct {
	Article string
	Title   string
	Speaker string
	Key     string // who the speaker is across articles
	Stance  model.Stance
	Content string
	At      time.Time
}

// Reading is a statement taken apart.
type Reading struct {
	Article string
	Key     string
	Stance  model.Stance
	At      time.Time
	Pos     int // place among the statements of its article, set by whoever keeps them
	Tone    Tone

	terms   []term // of the content
	title   []term
	who     []term // of the speaker's name
	phrases []found
	nums    []number
	days    []string
	said    []uint32 // hashes of all words as they follow one another, 0 at the end of a sentence
	we      bool     // in the first person
	itself  bool     // may speak of its speaker: "we", "its"
	again   bool     // speaks of another or a second one
}

// term is a word that carries meaning.
type term struct {
	*Word
	name bool // stands as a name
}

// found is a phrase of the lexicon and the term at which it begins.
type found struct {
	at    int
	sense sense
}

// Reader reads statements. It keeps each word that is in no list once, for as
// long as a reading holds it. The zero value is ready; it is not safe for
// concurrent use.
type Reader struct {
	extra map[string]*Word
	held  map[*Word]int // how often readings hold a word of extra
}

const (
	maxTerms = 48      // words of a content that count
	maxSaid  = 96      // words that are compared as they follow one another
	maxTitle = 20      // words of a title
	maxWho   = 8       // words of a speaker's name
	maxBytes = 4 << 10 // how much of a text is looked at
)

// Read takes a statement apart.
func (r *Reader) Read(s Said) *Reading {
	out := &Reading{Article: s.Article, Key: s.Key, Stance: s.Stance, At: s.At}
	toks := tokens(s.Content)
	out.terms, out.phrases = r.terms(toks, maxTerms)
	out.title, _ = r.terms(tokens(s.Title), maxTitle)
	for i, t := range out.title { // capitals say little in a title
		out.title[i].name = t.name && slices.Contains(out.terms, t)
	}
	out.who, _ = r.terms(tokens(strings.TrimPrefix(s.Speaker, "unnamed: ")), maxWho)
	out.nums = r.numbers(toks)
	out.days = days(toks)
	out.Tone = tone(toks)
	for _, t := range toks {
		switch full := len(out.said) == maxSaid; {
		case full:
		case t.kind != text.Mark:
			out.said = append(out.said, hash(t.low))
		case strings.ContainsAny(t.raw, ".;!?"):
			out.said = append(out.said, 0)
		}
		out.we = out.we || firstPerson[t.low]
		out.itself = out.itself || firstPerson[t.low] || thirdPerson[t.low]
		out.again = out.again || again[t.low]
	}
	for w := range out.words {
		if r.extra[w.Stem] == w {
			r.held[w]++
		}
	}
	return out
}

// Release lets go of the words that only r holds.
func (r *Reader) Release(out *Reading) {
	for w := range out.words {
		if r.extra[w.Stem] != w {
			continue
		}
		if r.held[w]--; r.held[w] == 0 {
			delete(r.extra, w.Stem)
			delete(r.held, w)
		}
	}
}

// words yields the word of each term, of each amount's unit too.
func (r *Reading) words(yield func(*Word) bool) {
	for _, list := range [][]term{r.terms, r.title, r.who} {
		for _, t := range list {
			if !yield(t.Word) {
				return
			}
		}
	}
	for _, n := range r.nums {
		if n.unit != nil && !yield(n.unit) {
			return
		}
	}
}

// Keys are the words of the content and of the title, each once: what to look
// the statement up by.
func (r *Reading) Keys() []*Word {
	out := make([]*Word, 0, len(r.terms)+len(r.title))
	for _, list := range [][]term{r.terms, r.title} {
		for _, t := range list {
			if !slices.Contains(out, t.Word) {
				out = append(out, t.Word)
			}
		}
	}
	return out
}

// token is a word or a mark of a text.
type token struct {
	raw, low, stem string
	kind           text.Kind
	start          bool // first in its sentence
}

func tokens(s string) []token {
	s = clip(s, maxBytes)
	var out []token
	start := true
	for _, t := range text.Tokenize(s) {
		raw := s[t.Start:t.End]
		tok := token{raw: raw, low: text.Lower(raw), kind: t.Kind, start: start}
		if t.Kind == text.Mark {
			start = start || strings.ContainsAny(raw, ".!?:“\"")
		} else {
			start = false
			tok.stem = text.Stem(tok.low)
		}
		out = append(out, tok)
	}
	return out
}

func (r *Reader) word(stem string) *Word {
	if w := known().words[stem]; w != nil {
		return w
	}
	if w := r.extra[stem]; w != nil {
		return w
	}
	if r.extra == nil {
		r.extra, r.held = map[string]*Word{}, map[*Word]int{}
	}
	w := &Word{Stem: strings.Clone(stem), share: unknownShare}
	r.extra[w.Stem] = w
	return w
}

// terms are the words that carry meaning, each once, at most so many.
func (r *Reader) terms(toks []token, most int) ([]term, []found) {
	var out []term
	var phrases []found
	for i, t := range toks {
		if t.kind == text.Mark {
			continue
		}
		senses := phrasesAt(toks, i)
		value := amount(t)
		if value == "" && len(senses) == 0 && (utf8.RuneCountInString(t.low) < 2 || text.IsStop(t.low) || light[t.low]) {
			continue
		}
		stem := t.stem
		if value != "" {
			stem = value
		}
		at := slices.IndexFunc(out, func(o term) bool { return o.Stem == stem })
		if at < 0 && len(out) == most {
			continue
		}
		if at < 0 {
			at = len(out)
			out = append(out, term{Word: r.word(stem)})
		}
		w := out[at].Word
		name := t.kind == text.Word && upper(t.raw) && (!t.start || w.vector == nil) && !dayNames[t.low] && len(senses) == 0
		out[at].name = out[at].name || name
		for _, s := range senses {
			phrases = append(phrases, found{at, s})
		}
	}
	return out, phrases
}

// phrasesAt returns the senses of the phrases of the lexicon that begin at i.
func phrasesAt(toks []token, i int) []sense {
	var out []sense
	for _, p := range known().phrases[toks[i].stem] {
		if i+len(p.stems) <= len(toks) && !slices.ContainsFunc(indexes(len(p.stems)), func(k int) bool { return toks[i+k].stem != p.stems[k] }) {
			out = append(out, p.sense)
		}
	}
	return out
}

// indexes is 0 to n-1.
func indexes(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func upper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

var (
	firstPerson = text.Set("we our ours us i my me mine")
	thirdPerson = text.Set("its it his he she her their they")
	again       = text.Set("another second third again further renewed more additional new")
	// light words carry no meaning of their own; they are no stop words
	// elsewhere.
	light = text.Set(`say said tell told ask asked claim claimed according one also even still yet already much many make made take
		taken get got go come came thing way would could may might must shall let put see seen know like well just day today
		yesterday tomorrow week hour time now since ago till upon per ever never any every everyone somebody anybody anyone
		someone whoever whatever within such including first last next far long`)
	dayNames = text.Set(`monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
		september october november december`)
)

// days are the weekdays and months of a text, with the number beside them.
func days(toks []token) []string {
	var out []string
	for i, t := range toks {
		if t.kind != text.Word || !upper(t.raw) || !dayNames[t.low] {
			continue
		}
		d := t.low
		if i > 0 && toks[i-1].kind == text.Number {
			d += toks[i-1].low
		} else if i+1 < len(toks) && toks[i+1].kind == text.Number && len(toks[i+1].low) < 3 {
			d += toks[i+1].low
		}
		out = append(out, d)
	}
	return out
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

// NameCount is the number of words of the content that stand as names.
func (r *Reading) NameCount() int {
	n := 0
	for _, t := range r.terms {
		if t.name {
			n++
		}
	}
	return n
}
