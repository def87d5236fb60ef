package alert

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"crosscheck/internal/model"
)

// concerns reports whether an entry of a situation meets every condition of a
// rule but its thresholds.
func concerns(r *model.AlertRule, situation string, e *model.Entry) bool {
	switch {
	case !e.Gone.IsZero(): // what is no longer so is no news
	case r.Situation != "" && r.Situation != situation:
	case len(r.Kinds) > 0 && !slices.Contains(r.Kinds, e.Kind):
	case len(r.Places) > 0 && !slices.Contains(r.Places, e.Place):
	case len(r.Services) > 0 && !slices.Contains(r.Services, e.Service):
	case len(r.Speakers) > 0 && !isSpeaker(r.Speakers, e):
	case len(r.Words) > 0 && !hasAny(e.Text, r.Words):
	default:
		return true
	}
	return false
}

// isSpeaker reports whether one of the names or ids is that of the speaker.
func isSpeaker(names []string, e *model.Entry) bool {
	return e.SpeakerID != "" && slices.Contains(names, e.SpeakerID) || hasAny(e.Speaker, names)
}

// hasAny reports whether a text has one of some words and phrases.
func hasAny(text string, words []string) bool {
	folded := fold(text)
	return slices.ContainsFunc(words, func(w string) bool {
		stem, open := strings.CutSuffix(w, "*")
		want := strings.TrimSpace(fold(stem))
		switch {
		case want == "":
			return false
		case unspaced(want):
		case open:
			want = " " + want
		default:
			want = " " + want + " "
		}
		return strings.Contains(folded, want)
	})
}

// unspaced reports whether a word is of a script written without spaces, where
// no end of a word can be seen.
func unspaced(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
	})
}

// fold puts a text into words in lower case without accents, each between
// blanks.
func fold(text string) string {
	var b strings.Builder
	b.WriteByte(' ')
	for word := range strings.FieldsFuncSeq(norm.NFKD.String(text), func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.N, unicode.M)
	}) {
		for _, r := range word {
			if !unicode.Is(unicode.Mn, r) {
				b.WriteRune(unicode.ToLower(r))
			}
		}
		b.WriteByte(' ')
	}
	return b.String()
}
