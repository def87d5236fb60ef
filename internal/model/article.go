package model

import "time"

// Readability says whether an article's text could be had.
type Readability string

// The states of a reading.
const (
	ReadOK      Readability = "ok"
	ReadPaywall Readability = "paywall" // only a teaser is served
	ReadEmpty   Readability = "empty"   // no article text on the page
)

// DateFrom says where a date was found, best evidence first.
type DateFrom string

// Where dates come from.
const (
	DateStructured DateFrom = "structured data" // JSON-LD, microdata
	DateMeta       DateFrom = "meta"            // meta elements
	DateTime       DateFrom = "time element"
	DateFeed       DateFrom = "feed"
	DateURL        DateFrom = "url"
	DateText       DateFrom = "text"  // a dateline the page shows
	DateGiven      DateFrom = "given" // told on the command line
)

// Origin is the source an article credits for its text.
type Origin struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// Article is the reading of a capture.
//
// Text is verbatim: paragraphs are joined by one blank line ("\n\n"), a line
// break inside a paragraph is "\n", and nothing is re-spelled.
type Article struct {
	ID            string // model.ID("article", Key)
	Key           string // normalised canonical URL
	Source        string // Source.ID, "" for a page read by hand
	URL           string
	Canonical     string
	Title         string
	Bylines       []string
	Outlet        string
	Published     time.Time
	PublishedFrom DateFrom
	Modified      time.Time
	Language      string // BCP 47 primary tag, "" when unknown
	Image         string // URL of the lead image
	Origin        Origin
	Text          string
	Readability   Readability
	Problem       string // why Readability is not ok, in words

	Capture    string // Capture.Hash
	Seen       time.Time
	FirstSeen  time.Time
	Revision   int  // 1 for the first version
	Future     bool // Published lay in the future when first seen
	Story      string
	CopyOf     string  // Article.ID of the origin it copies, or ""
	CopyShare  float64 // share of this article's text that stands in the origin, 0 to 1
	CopyFrom   string  // Article.ID of the text it seems taken from: the origin, or a copy of that
	CopyChange string  // what was cut or changed against the origin, in words
	Credit     string  // the agency the text is from, where its original was not collected
	Pinned     bool    // a person has put it into its story
}

// Revision is one version of an article.
type Revision struct {
	Article  string
	N        int
	Capture  string
	Title    string
	Text     string
	Modified time.Time
	Seen     time.Time
}
