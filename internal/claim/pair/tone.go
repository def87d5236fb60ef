package pair

import (
	"strings"

	"crosscheck/internal/text"
)

// Tone says how a content speaks, read from its words alone.
type Tone struct {
	Negated   bool // its first clause is negated
	Anywhere  bool // some clause is
	Dismisses bool // calls something false
	Doubts    bool // says that it is not known or not shown
}

var (
	negations = set(`not no never nobody none nothing neither nor cannot without isn't aren't wasn't weren't don't doesn't didn't
		won't wouldn't can't couldn't hasn't haven't hadn't shouldn't nowhere hardly`)
	dismissals = set(`fake false falsehood lie lies liar propaganda invention invented fantasy fiction hoax staged staging fabrication
		fabricated baseless groundless untrue nonsense hysteria unfounded disinformation misinformation slander absurd ridiculous rubbish
		bogus fairy myth farce smear concocted`)
	// Phrases, their words joined by a blank, matched on lower case.
	dismissing = []string{"not true", "made up", "nothing of the sort", "nothing of the kind", "no truth", "not a word", "fairy tale", "fairy tales", "fairytale", "nothing to do with"}
	doubting   = []string{
		"no evidence", "no proof", "no sign", "no signs", "no indication", "no indications", "no information", "no knowledge", "not seen",
		"remains to be seen", "too early", "cannot confirm", "could not confirm", "cannot verify", "not been verified", "believe it when",
		"hard to believe", "not aware", "nobody had shown", "not been shown", "no reason to believe", "until they do", "with caution",
		"unverified", "unconfirmed", "not yet clear", "unclear", "do not know", "does not know",
	}
	affirming = []string{"no doubt", "not only", "not just", "no longer", "no less", "no fewer", "not merely", "no more than", "no later", "nothing but", "no matter", "why not", "not so much", "not until", "no one else"}
)

// tone reads the tone of a content.
func tone(toks []token) Tone {
	var t Tone
	words := make([]string, 0, len(toks))
	first, clause := -1, len(toks)
	for i, tok := range toks {
		if tok.kind == text.Mark && strings.ContainsAny(tok.raw, ".;!?") && clause == len(toks) {
			clause = i
		}
		words = append(words, tok.low)
	}
	line := " " + strings.Join(words, " ") + " "
	for _, p := range affirming {
		line = strings.ReplaceAll(line, " "+p+" ", " _ ")
	}
	for i, w := range strings.Fields(line) {
		if negations[w] {
			t.Anywhere = true
			if first < 0 {
				first = i
			}
		}
		t.Dismisses = t.Dismisses || dismissals[w]
	}
	t.Negated = first >= 0 && first < clause
	t.Dismisses = t.Dismisses || contains(line, dismissing)
	t.Doubts = contains(line, doubting)
	return t
}

func contains(line string, phrases []string) bool {
	for _, p := range phrases {
		if strings.Contains(line, " "+p+" ") {
			return true
		}
	}
	return false
}
