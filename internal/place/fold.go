package place

import (
	"strings"
	"sync"
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
	return saint(string(appendFolded(make([]byte, 0, len(name)+8), name)))
}

// appendFolded appends the folded form but for the word saint.
func appendFolded(b []byte, name string) []byte {
	table := letters()
	space, start := false, len(b)
	for i, r := range name {
		var s string
		switch {
		case r < utf8.RuneSelf:
			switch c := byte(r); {
			case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			case 'A' <= c && c <= 'Z':
				r += 'a' - 'A'
			case c == ' ' || '\t' <= c && c <= '\r' || c == '-' || c == '/':
				space = len(b) > start
				continue
			case c == '.' || c == ',' || c == '\'' || c == '`' || c == '"':
				continue
			}
		case r < tableEnd:
			s = table[r]
			r = -1
		case r == '–' || r == '‑' || unicode.IsSpace(r):
			space = len(b) > start
			continue
		case r == '’' || r == '‘' || r == 'ʻ' || r == 'ʼ':
			continue
		default:
			_, n := utf8.DecodeRuneInString(name[i:])
			s, r = foldLetter(name[i:i+n]), -1
		}
		if space && (r >= 0 || s != "") {
			b, space = append(b, ' '), false
		}
		if r >= 0 {
			b = append(b, byte(r))
		} else {
			b = append(b, s...)
		}
	}
	return b
}

// tableEnd is the end of the letters kept folded in a table: the Latin ones.
const tableEnd = 0x250

var letters = sync.OnceValue(func() *[tableEnd]string {
	var t [tableEnd]string
	for r := rune(utf8.RuneSelf); r < tableEnd; r++ {
		if !unicode.IsSpace(r) {
			t[r] = foldLetter(string(r))
		}
	}
	return &t
})

// foldLetter is the plain form of one letter beyond ASCII, "" for a mark.
func foldLetter(letter string) string {
	var b []byte
	for _, r := range norm.NFKD.String(letter) {
		switch l := unicode.ToLower(r); {
		case unicode.Is(unicode.Mn, r) || unicode.IsSpace(r) || strings.ContainsRune(".,'’‘`\"ʻʼ-–‑/", r):
		case plainLetters[l] != "":
			b = append(b, plainLetters[l]...)
		default:
			b = utf8.AppendRune(b, l)
		}
	}
	return string(b)
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
