package model

import (
	"net/url"
	"strings"
	"time"
)

// SourceKind says how a source is read.
type SourceKind string

// The kinds of source.
const (
	SourceFeed    SourceKind = "feed"    // RSS, Atom or JSON Feed
	SourceSitemap SourceKind = "sitemap" // news sitemap
	SourcePage    SourceKind = "page"    // a single page watched for change
)

// Licence says how much of a source's text public pages may show.
type Licence string

// The licences, from least to most.
const (
	LicenceLink    Licence = "link"    // headline, outlet, times and the link only
	LicenceExcerpt Licence = "excerpt" // and statements with their sentences, and a short excerpt
	LicenceFull    Licence = "full"    // the whole text
)

// Source is where reports come from.
type Source struct {
	ID       string // model.ID("source", URL)
	Kind     SourceKind
	URL      string
	Outlet   string  // the name readers see; never empty once stored
	Country  string  // ISO 3166 alpha-2, or ""
	Language string  // BCP 47 primary tag, or ""
	Licence  Licence // "" is LicenceExcerpt
	Paused   bool
	Added    time.Time
	State    SourceState
}

// SourceState is what polling has learnt about a source.
type SourceState struct {
	ETag         string
	LastModified string        // the header, verbatim
	Interval     time.Duration // the present polling interval
	NextPoll     time.Time
	LastAttempt  time.Time
	LastSuccess  time.Time
	LastError    string // in words; "" after a success
	Failures     int    // polls failed in a row
	ItemsPerDay  float64
	Items        int64 // items ever taken
	Title        string
}

// Validate fills defaults and reports the first fault of a source as an
// ErrInvalid naming the field.
func (s *Source) Validate() error {
	u, err := url.Parse(s.URL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return Errorf(ErrInvalid, "source URL %q: want an absolute http or https URL", s.URL)
	}
	switch s.Kind {
	case "":
		s.Kind = SourceFeed
	case SourceFeed, SourceSitemap, SourcePage:
	default:
		return Errorf(ErrInvalid, "source kind %q: want feed, sitemap or page", s.Kind)
	}
	if s.Country = strings.ToUpper(strings.TrimSpace(s.Country)); !validCountry(s.Country) {
		return Errorf(ErrInvalid, "source country %q: want two letters or nothing", s.Country)
	}
	switch s.Licence {
	case "":
		s.Licence = LicenceExcerpt
	case LicenceLink, LicenceExcerpt, LicenceFull:
	default:
		return Errorf(ErrInvalid, "source licence %q: want link, excerpt or full", s.Licence)
	}
	if s.Outlet = strings.TrimSpace(s.Outlet); s.Outlet == "" {
		s.Outlet = strings.TrimPrefix(u.Hostname(), "www.")
	}
	s.ID = ID("source", s.URL)
	return nil
}

// Item is one entry a source lists: what a feed says about an article before
// the article's own page has been read.
type Item struct {
	ID        string // model.ID("item", Key)
	Key       string // normalised URL; the same item in two feeds has one key
	Source    string // Source.ID of the source that listed it first
	URL       string
	GUID      string
	Title     string
	Byline    string
	Published time.Time // as stated; zero when not stated
	Updated   time.Time // as stated; zero when not stated
	Summary   string    // HTML or text, as the feed gives it
	Content   string    // full HTML where the feed carries it
	Future    bool      // Published lay more than an hour ahead of our clock when seen
	Seen      time.Time
}

// Fingerprint changes when the source says that the item changed.
func (it *Item) Fingerprint() string {
	return ID("fingerprint", it.Title, it.Published.UTC().Format(time.RFC3339), it.Updated.UTC().Format(time.RFC3339), it.Summary, it.Content)
}
