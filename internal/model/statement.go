package model

// SpeakerType says what kind of speaker a statement is attributed to.
type SpeakerType string

// The types of speaker.
const (
	SpeakerPerson       SpeakerType = "person"
	SpeakerOrganisation SpeakerType = "organisation"
	SpeakerUnnamed      SpeakerType = "unnamed"
	SpeakerDocument     SpeakerType = "document"
)

// Kind says how the content is reported.
type Kind string

// The kinds of report.
const (
	KindDirect   Kind = "direct"
	KindIndirect Kind = "indirect"
	KindMixed    Kind = "mixed"
)

// Stance is the speaker's attitude to the content.
type Stance string

// The stances.
const (
	StanceAsserts  Stance = "asserts"
	StanceConfirms Stance = "confirms"
	StanceDenies   Stance = "denies"
	StanceDoubts   Stance = "doubts"
	StanceDemands  Stance = "demands"
	StanceAsks     Stance = "asks"
)

// Stances lists every stance in the order pages show them.
var Stances = []Stance{StanceAsserts, StanceConfirms, StanceDenies, StanceDoubts, StanceDemands, StanceAsks}

// Class parts what was communicated from what is only held.
type Class string

// The classes. A position is a belief, wish or plan that a text attributes to
// someone without saying that it was communicated ("wants", "believes"); it is
// kept beside the statements and not shown as one.
const (
	ClassStatement Class = ""
	ClassPosition  Class = "position"
)

// Statement is an attributed act of communication, or a position, in one
// article. All spans are byte offsets into that article's Text.
type Statement struct {
	ID          string // model.ID("statement", article ID, revision, N)
	Article     string
	Revision    int
	N           int    // position in the article, from 1
	Content     []Span // what was said, without outer quotation marks; in text order, at least one
	Cue         Span   // the reporting words; zero when the statement continues an earlier one
	Mention     Span   // the speaker as written here; zero when none stands here
	Speaker     string // the name in full as the article gives it, "unnamed: …" when it gives none
	SpeakerType SpeakerType
	Role        string
	Kind        Kind
	Stance      Stance
	Channel     string // how it was said ("statement", "Telegram", "reporters"), or ""
	SaidOn      string // YYYY-MM-DD when the text states it, or ""
	Class       Class
	Outer       int    // N of the statement that reports this one ("A said B had denied …"), 0 for none
	SpeakerID   string // Speaker.ID, filled by the store; "" for a speaker without a name of its own
	Claim       string // Claim.ID, filled by the store; "" before the claim stage
	Attitude    Stance // to the claim's proposition, with Claim
}

// Span is the smallest span that holds every content span of the statement.
func (s *Statement) Span() Span {
	if len(s.Content) == 0 {
		return Span{}
	}
	return Span{s.Content[0].Start, s.Content[len(s.Content)-1].End}
}
