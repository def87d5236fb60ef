// Package web serves the pages: front, story, article, speaker, service, outage, search and
// source health, their feeds, the API in which programs read the same, and the
// stream of events that keeps an open page fresh. Every page is rendered on the server and works without JavaScript.
//
// What a public page may show of an article follows the licence of its
// source. A request that Config.Desk accepts sees everything.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/worldmap"

	"github.com/klauspost/compress/gzhttp"
)

// Store is what the pages read. An unknown id is a model.ErrNotFound.
type Store interface {
	Sources(ctx context.Context) ([]model.Source, error)
	// Licences returns the licence of every source by its ID, also of sources
	// that are no longer followed.
	Licences(ctx context.Context) (map[string]model.Licence, error)
	// Stories returns the stories whose Latest lies before the given time
	// (zero: all), newest first.
	Stories(ctx context.Context, limit int, before time.Time) ([]model.Story, error)
	Story(ctx context.Context, id string) (*model.Story, error)
	StoryArticles(ctx context.Context, id string) ([]model.Article, error)
	StoryLedger(ctx context.Context, id string) ([]model.Ledger, error)
	// StoryWhy returns why each article stands in its story, JSON, by article.
	StoryWhy(ctx context.Context, storyID string) (map[string]string, error)
	// Copies returns the articles that copy one of those given.
	Copies(ctx context.Context, origins ...string) ([]model.Article, error)
	Claims(ctx context.Context, q model.ClaimQuery) ([]model.Claim, error)
	// Claim answers with another ID where the claim has become part of another,
	// and so does Story.
	Claim(ctx context.Context, id string) (*model.Claim, error)
	// StoryClaims returns the claims of a story, disputed ones first.
	StoryClaims(ctx context.Context, storyID string) ([]model.Claim, error)
	// ClaimWhy returns why each statement stands in its claim, JSON, by statement.
	ClaimWhy(ctx context.Context, claimID string) (map[string]string, error)
	SpeakerClaims(ctx context.Context, speakerID string) ([]model.Claim, error)
	// ClaimLedger returns the statements of claims.
	ClaimLedger(ctx context.Context, ids ...string) ([]model.Ledger, error)
	// Decisions returns what people have decided about a story or claim, newest
	// first.
	Decisions(ctx context.Context, noun, id string, limit int) ([]model.Decision, error)
	// Decide carries out and keeps a decision and returns it whole.
	Decide(ctx context.Context, d model.Decision) (*model.Decision, error)
	Article(ctx context.Context, id string) (*model.Article, error)
	Revisions(ctx context.Context, articleID string) ([]model.Revision, error)
	// AllStatements returns the statements of an article and the positions among
	// them.
	AllStatements(ctx context.Context, articleID string) ([]model.Statement, error)
	// Movements returns what an article tells of movements, in text order.
	Movements(ctx context.Context, articleID string) ([]model.Movement, error)
	// EntrySources returns the articles entries of timelines quote, by Article.ID;
	// one that is gone is missing.
	EntrySources(ctx context.Context, entries []model.Entry) (map[string]model.EntrySource, error)
	// Speaker answers with another ID where the speaker has become part of
	// another.
	Speaker(ctx context.Context, q model.SpeakerQuery) (*model.SpeakerFacts, error)
	// SpeakerLedger returns a page of a speaker's statements, newest first, and
	// how many there are.
	SpeakerLedger(ctx context.Context, q model.SpeakerQuery) ([]model.Ledger, int, error)
	// Speakers returns speakers one of whose names has a word that begins with
	// the prefix, those with most statements first; for the public, those it may
	// read something of.
	Speakers(ctx context.Context, prefix string, public bool, limit, offset int) ([]model.Speaker, error)
	Capture(ctx context.Context, hash string) (model.Capture, error)
	CaptureBody(ctx context.Context, hash string) ([]byte, error)
	Search(ctx context.Context, q model.SearchQuery) (model.SearchResult, error)
	Outlets(ctx context.Context) ([]string, error)
	// Counts returns how many there are of each noun: "stories", "articles",
	// "origins", "statements", "sources". A missing key is not shown.
	Counts(ctx context.Context) (map[string]int64, error)
	DeadLetters(ctx context.Context, limit int) ([]DeadLetter, error)
	// AlertDoubts returns what rules of alerts name that is not known, in sentences.
	AlertDoubts(ctx context.Context) ([]string, error)
}

// DeadLetter is work that was given up.
type DeadLetter struct {
	Stage    string // what was to be done
	ID       string // of the thing it was to be done to
	Error    string // why it was given up, in words
	Attempts int
	At       time.Time // of the last attempt
}

// Places is the gazetteer.
type Places interface {
	// FindPlace returns the id of a place given by its name or id. A name of several
	// places is a model.ErrInvalid that lists them.
	FindPlace(given string) (int64, error)
	// PlaceName returns what a place is called, "" for an id nobody has.
	PlaceName(id int64) string
}

// Config sets the knobs of a Server. The zero value works.
type Config struct {
	Now     func() time.Time           // default time.Now
	Desk    func(r *http.Request) bool // who sees everything; default: requests from the machine itself
	Metrics http.Handler               // served at /metrics to the desk; nil: no such page
	Version string
	Title   string // the site's name in titles and feeds; default "crosscheck"
	BaseURL string // absolute address of the front, for feeds; "": links are relative, but for readers on this machine
	// Reach is what is measured; nil: nothing is.
	Reach Reach
	// Report says in one sentence what was judged of the service called name;
	// default: its state in a word.
	Report func(o model.Outage, name string) string
	// Unknowns lists what a verdict leaves open, in sentences; default: nothing.
	Unknowns func(o model.Outage) []string
	// Ready reports why the service is not ready; nil: it always is.
	Ready func(ctx context.Context) error
	// Vantage answers vantage points: what they report, and what they are to
	// measure. It lets in whoever has a token. nil: there are no such addresses.
	Vantage    http.Handler
	Situations Situations    // nil: no situations are followed
	Places     Places        // nil: places are known by their numbers alone
	Outlines   *worldmap.Own // the desk's own, for the maps; nil: none
	Briefings  Briefings     // nil: there are none
}

// reportPath is where vantage points send what they observed.
const reportPath = "/api/v1/vantage/observations"

// Server answers every request to the site. It is safe for concurrent use.
type Server struct {
	lg     *slog.Logger
	st     Store
	cfg    Config
	assets assets
	pages  pages
	hub    *hub
	api    apiSpec
	root   http.Handler
}

// New returns a ready Server that reads from st.
func New(lg *slog.Logger, st Store, cfg Config) *Server {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Title == "" {
		cfg.Title = "crosscheck"
	}
	cfg.BaseURL = strings.TrimRight(cfg.BaseURL, "/")
	if cfg.Desk == nil {
		cfg.Desk = fromThisMachine
	}
	if cfg.Report == nil {
		cfg.Report = func(o model.Outage, name string) string { return name + ": " + wordOf(o.State).word + "." }
	}
	if cfg.Unknowns == nil {
		cfg.Unknowns = func(model.Outage) []string { return nil }
	}
	s := &Server{lg: lg, st: st, cfg: cfg, hub: newHub()}
	s.assets = loadAssets()
	s.pages = parsePages(s.assets, cfg.Now)
	s.root = s.routes()
	return s
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.root.ServeHTTP(w, r)
}

// Notify tells every open page that something changed. It never blocks.
func (s *Server) Notify(event string) { s.hub.notify(event) }

// Close ends the open event streams, so that a graceful stop need not wait
// for them. The other pages go on working.
func (s *Server) Close() { s.hub.close() }

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for pattern, h := range map[string]handler{
		"GET /{$}":                    s.front,
		"GET /story/{id}":             s.story,
		"GET /story/{id}/feed.rss":    s.rss(s.storyFeed),
		"GET /story/{id}/feed.json":   s.json(s.storyFeed),
		"GET /claim/{id}":             s.claim,
		"GET /claim/{id}/feed.rss":    s.rss(s.claimFeed),
		"GET /claim/{id}/feed.json":   s.json(s.claimFeed),
		"GET /claims":                 s.claims,
		"GET /claims/feed.rss":        s.rss(s.claimsFeed),
		"GET /claims/feed.json":       s.json(s.claimsFeed),
		"POST /desk/{noun}/{id}":      s.decide,
		"GET /article/{id}":           s.article,
		"GET /article/{id}/capture":   s.capture,
		"GET /speaker/{id}":           s.speaker,
		"GET /speakers":               s.speakers,
		"GET /services":               s.services,
		"GET /services/feed.rss":      s.rss(s.outagesFeed),
		"GET /services/feed.json":     s.json(s.outagesFeed),
		"GET /service/{id}":           s.service,
		"GET /service/{id}/feed.rss":  s.rss(s.serviceFeed),
		"GET /service/{id}/feed.json": s.json(s.serviceFeed),
		"GET /service/{id}/badge.svg": s.badge,
		"GET /service/{id}/chart.svg": s.chartImage,
		"GET /outage/{id}":            s.outage,
		"GET /sources":                s.sources,
		"GET /search":                 s.search,
		"GET /feed.rss":               s.rss(s.frontFeed),
		"GET /feed.json":              s.json(s.frontFeed),
		"GET /healthz":                s.healthz,
		"GET /metrics":                s.metrics,
		"GET /robots.txt":             s.robots,
		"GET /favicon.ico":            s.favicon,
		"GET /static/{name}":          s.static,
		"GET /api":                    s.apiPage,
		apiRoot + "/openapi.json":     s.spec("application/openapi+json", func(a apiSpec) []byte { return a.json }),
		apiRoot + "/openapi.yaml":     s.spec("application/openapi+yaml", func(a apiSpec) []byte { return a.yaml }),
		apiRoot + "/":                 s.noSuchCall,
		"/":                           s.nothing,

		"GET /situations":                    s.situations,
		"GET /situations/new":                s.newSituation,
		"GET /situation/{id}":                s.situation,
		"GET /situation/{id}/edit":           s.editSituation,
		"POST /desk/situation/{id}":          s.saveSituation,
		"POST /desk/situation/{id}/member":   s.pinMember,
		"GET /situation/{id}/briefing/{n}":   s.briefing,
		"POST /desk/situation/{id}/briefing": s.saveBriefing,
		"GET /situation/{id}/timeline":       s.timeline,
		"GET /situation/{id}/entry/{entry}":  s.entry,
		"GET /situation/{id}/articles":       s.situationArticles,
		"GET /situation/{id}/map.svg":        s.mapSVG,
		"GET /situation/{id}/places.geojson": s.placesGeoJSON,
		"GET /situation/{id}/feed.rss":       s.rss(s.situationFeed),
		"GET /situation/{id}/feed.atom":      s.atom(s.situationFeed),
		"GET /situation/{id}/feed.json":      s.json(s.situationFeed),
	} {
		mux.Handle(pattern, s.handle(h))
	}
	if s.cfg.Vantage != nil {
		mux.Handle("POST "+reportPath, s.cfg.Vantage)
		mux.Handle("GET /api/v1/vantage/config", s.cfg.Vantage)
	}
	s.api = specOf(s.operations(mux))
	zip, err := gzhttp.NewWrapper(gzhttp.MinSize(600), gzhttp.ContentTypeFilter(gzhttp.CompressAllContentTypeFilter))
	if err != nil {
		panic(err) // the options above are constants
	}
	zipped := zip(mux)
	return s.guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/events" { // a stream: neither buffered nor compressed
			s.handle(s.events).ServeHTTP(w, r)
			return
		}
		zipped.ServeHTTP(w, r)
	}))
}

// forwarding lists headers that a proxy adds: with one of them a request comes
// from elsewhere, whatever its address says.
var forwarding = []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via", "Cf-Connecting-Ip"}

// fromThisMachine is the default Config.Desk: a loopback address, no sign of a
// proxy, and a Host that names this machine (else a page elsewhere could point
// its own name here and read along, and a proxy beside the program would let
// everybody in).
func fromThisMachine(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !peer.Addr().Unmap().IsLoopback() || !r.ProtoAtLeast(1, 1) {
		return false
	}
	for _, h := range forwarding {
		if len(r.Header.Values(h)) > 0 {
			return false
		}
	}
	return loopbackHost(r.Host)
}

func loopbackHost(host string) bool {
	name := (&url.URL{Host: host}).Hostname()
	if ip, err := netip.ParseAddr(name); err == nil {
		return ip.Unmap().IsLoopback()
	}
	return strings.EqualFold(name, "localhost") || strings.HasSuffix(strings.ToLower(name), ".localhost")
}
