package place

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold is the form under which a name is looked up: lower case, letters without
// their marks, hyphens as spaces, without points and apostrophes, "saint" as
// "st", single spaces. It is its own fixed point.
func fold(name string) string {
	if plain(name) {
		return name
	}
	ascii := true
	for i := 0; i < len(name); i++ {
		ascii = ascii && name[i] < utf8.RuneSelf
	}
	if !ascii {
		name = norm.NFKD.String(name)
	}
	b := make([]byte, 0, len(name)+8)
	space := false
	for _, r := range name {
		switch {
		case unicode.IsSpace(r) || r == '-' || r == '–' || r == '‑' || r == '/':
			space = len(b) > 0
			continue
		case r == '.' || r == ',' || r == '\'' || r == '’' || r == '‘' || r == '`' || r == 'ʻ' || r == 'ʼ' || r == '"' || unicode.Is(unicode.Mn, r):
			continue
		}
		if space {
			b, space = append(b, ' '), false
		}
		if s, ok := plainLetters[unicode.ToLower(r)]; ok {
			b = append(b, s...)
			continue
		}
		b = utf8.AppendRune(b, unicode.ToLower(r))
	}
	return saint(string(b))
}

// plainLetters are letters that do not come apart into a plain one and marks.
var plainLetters = map[rune]string{'ß': "ss", 'ø': "o", 'ł': "l", 'ı': "i", 'æ': "ae", 'œ': "oe", 'đ': "d", 'ð': "d", 'þ': "th", 'ə': "e", 'ħ': "h"}

// plain reports whether a name is its own folded form already.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
		case c == ' ' && i > 0 && i+1 < len(s) && s[i-1] != ' ':
		default:
			return false
		}
	}
	return !strings.Contains(s, "saint")
}

// saint writes the words saint and sainte as English papers do.
func saint(s string) string {
	if !strings.Contains(s, "saint") {
		return s
	}
	words := strings.Split(s, " ")
	for i, w := range words {
		switch w {
		case "saint":
			words[i] = "st"
		case "sainte":
			words[i] = "ste"
		}
	}
	return strings.Join(words, " ")
}
