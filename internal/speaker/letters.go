package speaker

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Letters that no decomposition takes to Latin ones: Cyrillic and Greek as
// newspapers write them, and Latin letters of their own.
var latin = strings.NewReplacer(
	"а", "a", "б", "b", "в", "v", "г", "g", "ґ", "g", "д", "d", "е", "e", "ё", "yo", "є", "ye", "ж", "zh", "з", "z", "и", "i", "і", "i",
	"ї", "i", "й", "y", "к", "k", "л", "l", "м", "m", "н", "n", "о", "o", "п", "p", "р", "r", "с", "s", "т", "t", "у", "u", "ў", "u",
	"ф", "f", "х", "kh", "ц", "ts", "ч", "ch", "ш", "sh", "щ", "shch", "ъ", "", "ы", "y", "ь", "", "э", "e", "ю", "yu", "я", "ya",
	"ј", "j", "љ", "lj", "њ", "nj", "ћ", "c", "ђ", "dj", "џ", "dzh",
	"α", "a", "β", "v", "γ", "g", "δ", "d", "ε", "e", "ζ", "z", "η", "i", "θ", "th", "ι", "i", "κ", "k", "λ", "l", "μ", "m", "ν", "n",
	"ξ", "x", "ο", "o", "π", "p", "ρ", "r", "σ", "s", "ς", "s", "τ", "t", "υ", "y", "φ", "f", "χ", "ch", "ψ", "ps", "ω", "o",
	"ø", "o", "ł", "l", "ß", "ss", "đ", "d", "ı", "i", "æ", "ae", "œ", "oe", "þ", "th", "ð", "d", "ə", "a",
)

// How papers without accents often write accented letters; some write all of
// them so, some only those of one kind.
var (
	hissing  = strings.NewReplacer("ş", "sh", "š", "sh", "ç", "ch", "č", "ch", "ć", "ch", "ž", "zh")
	rounding = strings.NewReplacer("ö", "oe", "ø", "oe", "ü", "ue", "ä", "ae", "å", "aa", "đ", "dj")
)

// plain lowers a word and reduces it to letters without accents.
func plain(word string) string {
	if isASCII(word) {
		return strings.Map(lowerASCII, word)
	}
	word = latin.Replace(strings.Map(unaccented, norm.NFKD.String(strings.ToLower(norm.NFC.String(word)))))
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, word)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func lowerASCII(r rune) rune {
	switch {
	case 'A' <= r && r <= 'Z':
		return r + 'a' - 'A'
	case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
		return r
	}
	return -1
}

func unaccented(r rune) rune {
	if unicode.Is(unicode.Mn, r) && r < 0x0400 {
		return -1
	}
	return r
}

// sounds is what transliterations write differently, longest first.
var sounds = strings.NewReplacer(
	"shch", "S", "tsch", "C", "dzh", "Z", "tch", "C", "sch", "S", "sh", "S", "sz", "S", "ch", "C", "cz", "C", "zh", "Z", "dj", "Z",
	"kh", "h", "gh", "g", "ph", "f", "dh", "d", "th", "t", "ck", "k", "ts", "T", "tz", "T", "oe", "o", "ue", "u", "ae", "a", "ou", "u", "oo", "u",
	"yo", "e", "ye", "e", "x", "ks", "w", "v", "y", "i", "j", "i",
)

// endings are those of Slavic surnames that have several spellings.
var endings = []struct{ is, as string }{{"enka", "enko"}, {"off", "ov"}, {"eff", "ev"}, {"yov", "ev"}, {"iev", "ev"}, {"ah", "a"}}

// skeleton is a plain word as far as transliterations agree on it.
func skeleton(word string) string {
	for _, e := range endings {
		if len(word) > len(e.is)+1 && strings.HasSuffix(word, e.is) {
			word = strings.TrimSuffix(word, e.is) + e.as
			break
		}
	}
	if rest, ok := strings.CutPrefix(word, "je"); ok && rest != "" {
		word = "e" + rest
	} else if rest, ok := strings.CutPrefix(word, "ie"); ok && rest != "" {
		word = "e" + rest
	}
	return single(sounds.Replace(word))
}

// single writes every doubled letter once.
func single(s string) string {
	var b strings.Builder
	var last rune
	for _, r := range s {
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// forms are the skeletons a word as written may have; two words with one in
// common are spellings of one name.
func forms(word string) []string {
	written := []string{plain(word)}
	if !isASCII(word) {
		low := norm.NFC.String(strings.ToLower(word))
		written = append(written, plain(hissing.Replace(low)), plain(rounding.Replace(low)), plain(hissing.Replace(rounding.Replace(low))))
	}
	var out []string
	for _, w := range written {
		for _, q := range []string{"k", "g"} { // Qaddafi: Kaddafi or Gaddafi
			if f := skeleton(strings.ReplaceAll(w, "q", q)); !slices.Contains(out, f) {
				out = append(out, f)
			}
			if !strings.Contains(w, "q") {
				break
			}
		}
	}
	return out
}

func sharesForm(a, b []string) bool {
	return slices.ContainsFunc(a, func(f string) bool { return slices.Contains(b, f) })
}

// vowels that Arabic names do not tell apart, nor the letters g and k for qaf.
var looseSounds = strings.NewReplacer("e", "a", "o", "u", "g", "k")

func loose(form string) string { return looseSounds.Replace(form) }

var coarseSounds = strings.NewReplacer(
	"a", "", "e", "", "i", "", "o", "", "u", "", "h", "", "g", "k", "q", "k", "S", "s", "C", "s", "Z", "s", "T", "s", "z", "s", "c", "s",
)

// coarse is the consonants of a word, by which candidates are looked up: every
// spelling of a name has the same. Words of a single consonant keep their
// vowels.
func coarse(word string) string {
	sk := skeleton(strings.ReplaceAll(plain(word), "dj", "d")) // đ
	if c := single(coarseSounds.Replace(sk)); len(c) > 1 {
		return c
	}
	return loose(sk)
}
