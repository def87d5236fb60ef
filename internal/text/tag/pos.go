package tag

// POS is a part of speech: a tag of the Penn Treebank, as the English Web
// Treebank extends it.
type POS uint8

// The parts of speech.
const (
	CC   POS = iota // coordinating conjunction
	CD              // cardinal number
	DT              // determiner
	EX              // existential there
	FW              // foreign word
	IN              // preposition or subordinating conjunction
	JJ              // adjective
	JJR             // adjective, comparative
	JJS             // adjective, superlative
	LS              // list item marker
	MD              // modal
	NN              // noun, singular or mass
	NNS             // noun, plural
	NNP             // proper noun, singular
	NNPS            // proper noun, plural
	PDT             // predeterminer
	GEN             // possessive ending that stands alone, POS in the treebank
	PRP             // personal pronoun
	PRPS            // possessive pronoun, PRP$ in the treebank
	RB              // adverb
	RBR             // adverb, comparative
	RBS             // adverb, superlative
	RP              // particle
	SYM             // symbol
	TO              // to
	UH              // interjection
	VB              // verb, base form
	VBD             // verb, past tense
	VBG             // verb, gerund or present participle
	VBN             // verb, past participle
	VBP             // verb, present, not third person singular
	VBZ             // verb, present, third person singular
	WDT             // wh-determiner
	WP              // wh-pronoun
	WPS             // possessive wh-pronoun, WP$ in the treebank
	WRB             // wh-adverb

	Comma      // ,
	Stop       // . ? !
	Colon      // : ; - …
	OpenQuote  // opening quotation mark
	CloseQuote // closing quotation mark
	OpenParen  // opening bracket
	CloseParen // closing bracket
	Currency   // $
	Hyphen     // hyphen inside a word
	Filler     // superfluous punctuation
	Address    // e-mail or web address
	Part       // part of a word that is wrongly cut, or a prefix

	numPOS = iota
)

// posNames are the tags as treebanks write them.
var posNames = [numPOS]string{
	"CC", "CD", "DT", "EX", "FW", "IN", "JJ", "JJR", "JJS", "LS", "MD", "NN", "NNS", "NNP", "NNPS", "PDT",
	"POS", "PRP", "PRP$", "RB", "RBR", "RBS", "RP", "SYM", "TO", "UH", "VB", "VBD", "VBG", "VBN", "VBP", "VBZ",
	"WDT", "WP", "WP$", "WRB", ",", ".", ":", "``", "''", "-LRB-", "-RRB-", "$", "HYPH", "NFP", "ADD", "GW",
}

// String returns the tag as treebanks write it.
func (p POS) String() string {
	if int(p) < len(posNames) {
		return posNames[p]
	}
	return "?"
}

// ParsePOS returns the part of speech a treebank writes as s, and whether
// there is one.
func ParsePOS(s string) (POS, bool) {
	if s == "AFX" {
		return Part, true
	}
	for i, name := range posNames {
		if name == s {
			return POS(i), true
		}
	}
	return 0, false
}
