package speaker

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// body is an organisation's name taken apart.
type body struct {
	owned
	acronym  string // as given, in brackets or as the whole name; lower case
	initials string // of its words
	bare     bool   // the name is the acronym
	head     string // the name before "of" somebody, folded
	whole    string // the name, folded
}

// genericWords are those of bodies that every country or town has.
var genericWords = wordSet(`ministry department defence interior foreign affairs finance health education justice energy transport economy agriculture culture
	government parliament senate congress presidency president presidential office cabinet army navy air force forces armed military general staff police
	central national state federal supreme constitutional court bank prosecutor prosecutors fire service services security intelligence border guard guards coast
	emergency electoral election commission committee council city county regional municipal administration authority agency civil aviation embassy opposition
	ministerial digital environment trade labour internal external communications emergencies situations statistics bureau treasury customs railways party`)

// legalForms say nothing about which company it is.
var legalForms = wordSet(`inc ltd plc llc gmbh ag sa corp corporation company co limited pjsc jsc oao ooo spa nv bv ab oy`)

// wellKnown are acronyms that stand for one body everywhere.
var wellKnown = map[string]string{
	"un": "united nations", "eu": "european union", "who": "world health organisation", "imf": "international monetary fund",
	"nato": "north atlantic treaty organisation", "osce": "organisation security cooperation europe", "iaea": "international atomic energy agency",
	"icrc": "international committee red cross", "icc": "international criminal court", "wto": "world trade organisation", "au": "african union",
	"fbi": "federal bureau investigation", "cia": "central intelligence agency", "ap": "associated press", "afp": "agence france-presse",
	"bbc": "british broadcasting corporation", "unicef": "united nations children fund", "unhcr": "united nations high commissioner refugees",
}

// institutions are bodies of which a country has one.
var institutions = wordSet(`ministry government parliament senate presidency cabinet army navy police military embassy treasury`)

// institution reports whether words name a body of which a country has one.
func institution(words []string) bool {
	return generic(words) && (len(words) > 1 || institutions[words[0]])
}

func generic(words []string) bool {
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !genericWords[w] })
}

// parseBody takes a name apart; role says what the body belongs to, where the
// name does not.
func parseBody(name, role string) (body, bool) {
	var b body
	if i, j := strings.IndexByte(name, '('), strings.IndexByte(name, ')'); i > 0 && j > i {
		b.acronym = acronym(strings.TrimSpace(name[i+1 : j]))
	}
	name = strings.TrimSpace(stripBrackets(name))
	name = strings.TrimPrefix(strings.TrimPrefix(name, "the "), "The ")
	if a := acronym(name); a != "" {
		b.acronym, b.bare = a, true
		b.words = []string{a}
		return b, true
	}
	b.owned = parseOwned(name)
	if b.owner == "" && role != "" {
		b.owner = parseOwned(role).owner
		if b.owner == "" && properName(role) {
			b.owner = phraseOwned(role, "").owner
		}
	}
	if long, ok := wellKnown[b.owner]; ok { // "UN Security Council"
		b.owner = long
	}
	if words := strings.Fields(b.owner); generic(words) { // "the President's office"
		b.owner, b.words = "", append(words, b.words...)
	}
	b.initials, b.whole = initialsOf(name), folded(name)
	if i := strings.LastIndex(name, " of "); i > 0 && properName(name[i+4:]) {
		b.head = folded(name[:i])
	}
	kept := slices.DeleteFunc(slices.Clone(b.words), func(w string) bool { return legalForms[w] || w == "affairs" })
	if len(kept) > 0 {
		b.words = kept
	}
	slices.Sort(b.words)
	return b, len(b.words) > 0
}

// acronym is a word of capitals, lower-cased; "" where s is none.
func acronym(s string) string {
	s = strings.ReplaceAll(s, ".", "")
	if n := utf8.RuneCountInString(s); n < 2 || n > 8 || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsUpper(r) && !unicode.IsDigit(r) }) {
		return ""
	}
	return strings.ToLower(s)
}

// initialsOf are the first letters of a name's words, "" for fewer than two.
func initialsOf(name string) string {
	var out []rune
	for _, w := range meaning(foldedWords(name)) {
		r, _ := utf8.DecodeRuneInString(w)
		out = append(out, r)
	}
	if len(out) < 2 {
		return ""
	}
	return string(out)
}

// unowned reports whether the name is one that every country has, without the
// country.
func (b body) unowned() bool { return b.owner == "" && !b.bare && generic(b.words) }

// likeBodies compares two organisations and says why.
func likeBodies(a, b body) (likeness, string) {
	if a.bare || b.bare {
		return likeAcronym(a, b)
	}
	if !slices.Equal(a.words, b.words) {
		if a.head != "" && a.head == b.whole || b.head != "" && b.head == a.whole {
			return related, "only one says whose it is"
		}
		return unlike, "other names"
	}
	switch {
	case a.whole == b.whole && a.owner == b.owner && !a.unowned():
		return alike, "the same name"
	case a.owner == b.owner && a.unowned():
		return related, "every country has one, and neither says whose it is"
	case a.owner == "" && b.owner == "":
		return alike, "the same name"
	case a.owner == "" || b.owner == "":
		return related, "only one says whose it is"
	case sameOwner(a.owner, b.owner) && (institution(a.words) || len(a.words) > 1):
		return alike, "the same name"
	case sameOwner(a.owner, b.owner):
		return related, "a name of common words"
	}
	return unlike, "of different countries or owners"
}

func likeAcronym(a, b body) (likeness, string) {
	if a.bare && b.bare {
		if a.acronym == b.acronym {
			return alike, "the same acronym"
		}
		return unlike, "other acronyms"
	}
	short, long := a, b
	if b.bare {
		short, long = b, a
	}
	known, isKnown := parseBody(wellKnown[short.acronym], "")
	switch {
	case short.acronym == long.acronym:
		return alike, "the acronym stands in brackets"
	case long.acronym != "":
		return unlike, "another acronym"
	case short.acronym == long.whole: // Nato
		return alike, "the same name"
	case isKnown && slices.Equal(known.words, long.words) && known.owner == long.owner:
		return alike, "a well-known acronym"
	case short.acronym != long.initials || isKnown:
		return unlike, "other initials"
	case len(short.acronym) > 3:
		return alike, "the initials of the name"
	}
	return related, "the initials of the name, but few letters"
}
