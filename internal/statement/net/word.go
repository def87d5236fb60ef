package net

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// entry is what the vocabulary knows of a word: its row of the word vectors,
// its own row, the class of its share of cues.
type entry struct {
	glove, own uint16
	cue        uint8
}

type vocab map[string]entry

// The features of a word, in the order of the embeddings.
const (
	featGlove = iota
	featOwn
	featSuffix
	featPrefix
	featShape
	featClitic
	featCue
	wordFeatures
)

// The sizes of the hashed tables, less the row for nothing.
const (
	hashAffix = 4096
	hashShape = 512
)

// unlisted is the own row of every word the vocabulary gives none.
const unlisted = 2

// role is what a token is to the places around it.
type role uint8

const (
	isMark     role = 1 << iota // a paragraph starts
	isUpper                     // starts with an upper-case letter
	isLong                      // more than one rune
	isStop                      // . ! ?
	isOpening                   // “
	isClosing                   // ”
	isStraight                  // "
)

const isQuote = isOpening | isClosing | isStraight

// word is a token without its place.
type word struct {
	ids  [wordFeatures]uint16
	role role
}

// markWord is the paragraph mark.
var markWord = word{[wordFeatures]uint16{0, 1, 1, 1, 1, 9, 0}, isMark | isLong}

var clitics = map[string]uint16{"'s": 1, "'re": 3, "'ve": 4, "'ll": 5, "'d": 6, "'m": 7}

const (
	cliticNot   = 2
	cliticOther = 8
)

var negated = map[string]string{"can't": "can", "won't": "will", "shan't": "shall"}

// vectorOf spells a mark as the word vectors do.
var vectorOf = map[string]string{"“": `"`, "”": `"`, "‘": "'", "’": "'", "–": "--", "—": "--", "…": "..."}

// speller turns tokens into words; its buffers are reused.
type speller struct{ low, shape []byte }

// read returns the features of a token.
func (s *speller) read(v vocab, token string) word {
	if !norm.NFC.IsNormalString(token) {
		token = norm.NFC.String(token)
	}
	runes := utf8.RuneCountInString(token)
	s.lower(token, runes)
	base, clitic, cut := splitClitic(s.low)
	spelled := base
	if x, ok := vectorOf[string(base)]; ok {
		spelled = []byte(x)
	}
	own := v[string(base)].own
	if own == 0 {
		own = unlisted
	}
	s.shapeOf(token, runes-cut)
	return word{
		ids: [wordFeatures]uint16{
			featGlove:  v[string(spelled)].glove,
			featOwn:    own,
			featSuffix: 1 + hash('s', suffix(base), hashAffix),
			featPrefix: 1 + hash('p', prefix(base), hashAffix),
			featShape:  1 + hash('h', s.shape, hashShape),
			featClitic: clitic,
			featCue:    uint16(v[string(s.low)].cue),
		},
		role: roleOf(token, runes),
	}
}

// lower folds a token rune by rune; İ, whose lower case is two runes, stays.
func (s *speller) lower(token string, runes int) {
	s.low = s.low[:0]
	for _, r := range token {
		if r != 'İ' {
			r = unicode.ToLower(r)
		}
		if r == '’' && runes > 1 {
			r = '\''
		}
		s.low = utf8.AppendRune(s.low, r)
	}
}

// splitClitic returns the word before the clitic, which one it is, and how
// many runes were cut off.
func splitClitic(low []byte) (base []byte, clitic uint16, cut int) {
	p := bytes.IndexByte(low, '\'')
	if p <= 0 {
		return low, 0, 0
	}
	if bytes.HasSuffix(low, []byte("n't")) {
		if b, ok := negated[string(low)]; ok {
			return []byte(b), cliticNot, 3
		}
		return low[:len(low)-3], cliticNot, 3
	}
	if c, ok := clitics[string(low[p:])]; ok {
		return low[:p], c, len(low) - p
	}
	return low, cliticOther, 0
}

// shapeOf writes the shape of the first n runes: letters and digits as
// classes, runs cut to two.
func (s *speller) shapeOf(token string, n int) {
	s.shape = s.shape[:0]
	var last, before rune = -1, -1
	for _, r := range token {
		if n--; n < 0 {
			return
		}
		switch {
		case upper(r):
			r = 'X'
		case lower(r):
			r = 'x'
		case unicode.Is(unicode.Nd, r):
			r = 'd'
		}
		if r == last && r == before {
			continue
		}
		before, last = last, r
		s.shape = utf8.AppendRune(s.shape, r)
	}
}

func upper(r rune) bool {
	return unicode.IsUpper(r) || r > 0x7f && unicode.Is(unicode.Other_Uppercase, r)
}

func lower(r rune) bool {
	return unicode.IsLower(r) || r > 0x7f && unicode.Is(unicode.Other_Lowercase, r)
}

// suffix returns the last three runes of b, prefix the first three.
func suffix(b []byte) []byte {
	i := len(b)
	for range 3 {
		_, n := utf8.DecodeLastRune(b[:i])
		i -= n
	}
	return b[i:]
}

func prefix(b []byte) []byte {
	i := 0
	for range 3 {
		_, n := utf8.DecodeRune(b[i:])
		i += n
	}
	return b[:i]
}

// hash is FNV-1a over kind and b, folded to a power of two.
func hash(kind byte, b []byte, size uint32) uint16 {
	const prime = 16777619
	x := (uint32(2166136261) ^ uint32(kind)) * prime
	for _, c := range b {
		x = (x ^ uint32(c)) * prime
	}
	return uint16((x ^ x>>15) & (size - 1))
}

func roleOf(token string, runes int) role {
	var out role
	if runes > 1 {
		out |= isLong
	}
	if r, _ := utf8.DecodeRuneInString(token); upper(r) {
		out |= isUpper
	}
	switch token {
	case ".", "!", "?":
		out |= isStop
	case "“":
		out |= isOpening
	case "”":
		out |= isClosing
	case `"`:
		out |= isStraight
	}
	return out
}
