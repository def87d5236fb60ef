package pair

import (
	"strings"

	"crosscheck/internal/text"
)

// Tone says how a content speaks, read from its words alone.
type Tone struct {
	Negated   bool // a main clause is negated
	Dismisses bool // calls something false
	Doubts    bool // says that it is not known or not shown
	Deprives  bool // says that something is prevented, ended or does not work
}

var (
	negations = text.Set(`not no never nobody none nothing neither nor cannot isn't aren't wasn't weren't don't doesn't didn't
		won't wouldn't can't couldn't hasn't haven't hadn't shouldn't nowhere hardly`)
	dismissals = text.Set(`fake false falsehood liar propaganda invention invented fantasy hoax staged staging fabrication
		fabricated baseless groundless untrue nonsense hysteria unfounded disinformation misinformation slander absurd ridiculous rubbish
		bogus fairy myth farce smear concocted concoction fable fictitious imaginary ludicrous libel defamation speculation gossip
		scaremongering incorrect distortion exaggerated exaggeration fantasies inventions rumours rumors`)
	// Phrases, their words joined by a blank, matched on lower case.
	dismissing = []string{"a lie", "all lies", "are lies", "of lies", "pure fiction", "a fiction", "publicity stunt", "a stunt", "unequivocally denied", "categorically denied", "flatly denied", "vehemently denied", "strongly denied", "not true", "made up", "nothing of the sort", "nothing of the kind", "no truth", "not a word", "fairy tale", "fairy tales", "fairytale", "no basis", "without foundation", "thin air", "simply wrong", "plain wrong", "is wrong", "are wrong", "was wrong", "were wrong", "not correct", "not the case"}
	doubting   = []string{
		"no evidence", "no proof", "no sign", "no signs", "no indication", "no indications", "no information", "no knowledge", "not seen",
		"remains to be seen", "too early", "cannot confirm", "could not confirm", "cannot verify", "not been verified", "not verified", "not yet verified", "yet to verify", "not yet been verified", "unable to verify", "not confirmed", "not yet confirmed", "not been confirmed", "not yet been confirmed", "no confirmation", "no verification", "yet to see", "not yet seen", "not see any", "not yet see", "believe it when",
		"hard to believe", "not aware", "nobody had shown", "not been shown", "no reason to believe", "until they do", "with caution",
		"unverified", "unconfirmed", "not yet clear", "unclear", "do not know", "does not know", "did not know", "cannot say", "could not say", "unable to confirm", "not in a position to", "no independent confirmation",
		"wait and see", "premature", "implausible", "sceptical", "skeptical", "not convinced", "open question", "nobody knows", "no one knows", "yet to be shown", "would be surprised", "cannot rule out", "could not rule out",
	}
	// depriving words take away what they are said of, as a negation does:
	// by their stems, and phrases.
	deprivation = stems(`suspend halt standstill stop cease cancel postpone freeze shut close closure ban prohibit bar forbid block
		outage offline unreachable unavailable inaccessible disrupt disruption fail failure blackout refuse reject decline impossible revoke
		abolish scrap unsold unpaid prevent`)
	depriving = []string{
		"called off", "call off", "on hold", "put off", "broken off", "break off", "out of order", "out of service", "out of the question",
		"ruled out", "not working", "shut down", "went down", "gone down", "is down", "are down", "knocked out", "without power", "cut off", "no longer",
		"remains in force", "stays in force",
	}
	affirming = []string{"no doubt", "not only", "not just", "no less", "no fewer", "not merely", "no more than", "no later", "nothing but", "no matter", "why not", "be ruled out", "be excluded", "never more than", "not be the last", "not even", "not so much", "not until", "not long", "not that", "not forever", "not least", "not to mention", "not surprisingly", "no problem", "no surprise", "no wonder", "no one else"}
)

// breaks begin a clause that is not the main one, behind clauseWords words.
var breaks = text.Set("and but which who whom whose where because unless until if when while since though although so nor")

var conditions = text.Set("unless without")

const clauseWords = 3

// tone reads the tone of a content: the main clause of each of its sentences
// for what is negated, all of it for the rest.
func tone(toks []token) Tone {
	var t Tone
	main, begun, sentence := true, 0, 0
	negatedIn := 0
	words := make([]string, 0, len(toks))
	for i, tok := range toks {
		if tok.kind == text.Mark {
			if strings.ContainsAny(tok.raw, ".;!?") {
				main, begun = true, len(words)
				sentence++
			}
			continue
		}
		words = append(words, tok.low)
		if breaks[tok.low] && len(words)-begun > clauseWords {
			main = false
		}
		t.Dismisses = t.Dismisses || dismissals[tok.low]
		t.Deprives = t.Deprives || deprivation[tok.stem] && main
		if negations[tok.low] && main && !numbered(toks[i:]) {
			t.Negated = true
			negatedIn = sentence
		}
		if conditions[tok.low] && t.Negated && negatedIn == sentence {
			t.Negated = false // "no deal without X" speaks for X
		}
	}
	line := " " + strings.Join(words, " ") + " "
	if contains(line, affirming) {
		t.Negated = false
	}
	t.Dismisses = t.Dismisses || contains(line, dismissing)
	t.Doubts = contains(line, doubting)
	t.Deprives = t.Deprives || contains(line, depriving)
	return t
}

// numbered reports whether "No" stands before a number: "No. 2".
func numbered(toks []token) bool {
	return len(toks) > 2 && toks[0].low == "no" && toks[1].raw == "." && toks[2].kind == text.Number
}

// stems is the set of the stems of some words.
func stems(words string) map[string]bool {
	m := map[string]bool{}
	for w := range text.Set(words) {
		m[text.Stem(w)] = true
	}
	return m
}

func contains(line string, phrases []string) bool {
	for _, p := range phrases {
		if strings.Contains(line, " "+p+" ") {
			return true
		}
	}
	return false
}
