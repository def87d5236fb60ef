// Package config reads crosscheck's configuration: defaults, then a YAML
// file, then the environment; the command line's flags are applied last by the
// caller. Unknown keys are errors that name the nearest right one, and all
// faults are reported at once.
package config

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// Config is the whole configuration of the service.
type Config struct {
	Listen   string   `yaml:"listen"`   // address of the web server, "host:port"
	Data     string   `yaml:"data"`     // folder of the database, captures and bus
	Database string   `yaml:"database"` // PostgreSQL DSN; empty: SQLite under Data
	Bus      string   `yaml:"bus"`      // NATS URL; empty: embedded under Data
	Title    string   `yaml:"title"`    // of the site
	BaseURL  string   `yaml:"base_url"` // public address, for feeds
	Log      string   `yaml:"log"`      // debug, info, warn or error
	Roles    []string `yaml:"roles"`    // all, or some of collect, read, judge, web
	Fetch    Fetch    `yaml:"fetch"`
	Collect  Collect  `yaml:"collect"`
	Alerts   Alerts   `yaml:"alerts"`
	Places   []Place  `yaml:"places"`   // added to the gazetteer
	Outlines string   `yaml:"outlines"` // GeoJSON file with outlines of the desk's own for the maps; empty: none
	Sources  []Source `yaml:"sources"`  // followed from the start; what stands here wins

	Services []Service `yaml:"services"` // measured from the start; what stands here wins
	Vantage  Vantage   `yaml:"vantage"`
	Signals  Signals   `yaml:"signals"`
	Keep     Keep      `yaml:"keep"`
}

// Fetch bounds what the program takes from the web.
type Fetch struct {
	UserAgent string            `yaml:"user_agent"`
	Allow     []string          `yaml:"allow"`    // networks of the desk's own, as prefixes ("10.1.0.0/16")
	Hosts     map[string]string `yaml:"hosts"`    // host → address:port, consulted before DNS
	MaxBody   int64             `yaml:"max_body"` // bytes, after decompression
	Timeout   time.Duration     `yaml:"timeout"`  // of one request with its redirects
	PerHost   int               `yaml:"per_host"` // requests to one host at a time
	Pace      time.Duration     `yaml:"pace"`     // least time between two requests to one host
}

// Collect bounds how often sources are polled.
type Collect struct {
	Min time.Duration `yaml:"min"`
	Max time.Duration `yaml:"max"`
}

// Signals says which outside observers of the internet are asked about the
// networks of the services: none by default, since asking tells them what is
// watched.
type Signals struct {
	IODA           bool   `yaml:"ioda"`
	RIS            bool   `yaml:"ris"`  // RIPE RIS Live, and RIPEstat for the prefixes
	OONI           bool   `yaml:"ooni"` // learns the names of the services' sites
	RadarTokenFile string `yaml:"radar_token_file"`
}

// RadarToken reads the token of Cloudflare Radar, "" where none is configured.
// The error is an ErrInvalid that names the key and not the token.
func (s *Signals) RadarToken() (string, error) {
	if s.RadarTokenFile == "" {
		return "", nil
	}
	return secret("signals.radar_token_file", s.RadarTokenFile)
}

// Alerts says how alerts are brought to people. The rules are not in the
// configuration: crosscheck alert add FILE.
type Alerts struct {
	Mail              Mail              `yaml:"mail"`
	WebhookSecretFile string            `yaml:"webhook_secret_file"` // signs webhooks; "": none are sent
	Chats             map[string]string `yaml:"chats"`               // name → file with the address shoutrrr knows the chat by
}

// Mail is the server that takes e-mail.
type Mail struct {
	Server       string `yaml:"server"` // host:port; "": no e-mail is sent
	TLS          string `yaml:"tls"`    // starttls, tls or none
	User         string `yaml:"user"`
	PasswordFile string `yaml:"password_file"`
	From         string `yaml:"from"`
}

// AlertSecrets are the secrets that alerts need, each "" where it is not
// configured.
type AlertSecrets struct {
	MailPassword string
	Webhook      string
	Chats        map[string]string // name → address
}

// Secrets reads the files with secrets. Every fault is in the one error, an
// ErrInvalid that names the keys and no secret.
func (a *Alerts) Secrets() (AlertSecrets, error) {
	out := AlertSecrets{Chats: map[string]string{}}
	var faults []error
	read := func(key, path string) string {
		if path == "" {
			return ""
		}
		text, err := secret(key, path)
		faults = append(faults, err)
		return text
	}
	out.MailPassword = read("alerts.mail.password_file", a.Mail.PasswordFile)
	out.Webhook = read("alerts.webhook_secret_file", a.WebhookSecretFile)
	for name, path := range a.Chats {
		if path == "" {
			faults = append(faults, model.Errorf(model.ErrInvalid, "alerts.chats.%s: want a file", name))
		}
		out.Chats[name] = read("alerts.chats."+name, path)
	}
	if len(out.Webhook) > 0 && len(out.Webhook) < minSecret {
		faults = append(faults, model.Errorf(model.ErrInvalid, "alerts.webhook_secret_file: want at least %d characters", minSecret))
	}
	return out, errors.Join(faults...)
}

// minSecret is the least length of a secret that signs, bytes.
const minSecret = 16

func (a *Alerts) validate() error {
	_, err := a.Secrets()
	faults := []error{err}
	if !slices.Contains([]string{"starttls", "tls", "none"}, a.Mail.TLS) {
		faults = append(faults, model.Errorf(model.ErrInvalid, "alerts.mail.tls %q: want starttls, tls or none", a.Mail.TLS))
	}
	if a.Mail.Server != "" {
		if _, _, err := net.SplitHostPort(a.Mail.Server); err != nil {
			faults = append(faults, model.Errorf(model.ErrInvalid, "alerts.mail.server %q: want host:port, such as mail.example.org:587", a.Mail.Server))
		}
		if _, err := mail.ParseAddress(a.Mail.From); err != nil {
			faults = append(faults, model.Errorf(model.ErrInvalid, "alerts.mail.from %q: want an address, such as alerts@example.org", a.Mail.From))
		}
	}
	return errors.Join(faults...)
}

// maxSecret bounds a file with a secret, bytes.
const maxSecret = 4 << 10

// secret reads a secret of one line from a file, for the key that names it.
func secret(key, path string) (string, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return "", model.Errorf(model.ErrInvalid, "%s: %w", key, err)
	}
	text := strings.TrimSpace(string(raw))
	if text == "" || len(raw) > maxSecret || strings.ContainsAny(text, "\r\n") {
		return "", model.Errorf(model.ErrInvalid, "%s %s: want one line", key, path)
	}
	return text, nil
}

// Place is a place of the desk's own.
type Place struct {
	Name    string   `yaml:"name"`
	Aliases []string `yaml:"aliases"`
	Kind    string   `yaml:"kind"`    // city, region, country or sea; empty: city
	Country string   `yaml:"country"` // two letters
	Lat     float64  `yaml:"lat"`
	Lon     float64  `yaml:"lon"`
}

// Source is a source to follow, as a file names it.
type Source struct {
	URL      string `yaml:"url"`
	Kind     string `yaml:"kind"`
	Outlet   string `yaml:"outlet"`
	Country  string `yaml:"country"`
	Language string `yaml:"language"`
	Licence  string `yaml:"licence"`
}

// Model returns the source in the program's vocabulary, not yet validated.
func (s Source) Model() model.Source {
	return model.Source{
		URL: s.URL, Kind: model.SourceKind(s.Kind), Outlet: s.Outlet,
		Country: s.Country, Language: s.Language, Licence: model.Licence(s.Licence),
	}
}

// RoleNames lists the roles a process can take.
var RoleNames = []string{"all", "collect", "read", "judge", "web"}

// Default is the configuration without a file: everything embedded under
// ./data, served to this machine only.
func Default() Config {
	return Config{
		Listen: "127.0.0.1:8080", Data: "data", Title: "crosscheck", Log: "info", Roles: []string{"all"},
		Fetch:   Fetch{MaxBody: 5 << 20, Timeout: 30 * time.Second, PerHost: 2, Pace: time.Second},
		Collect: Collect{Min: time.Minute, Max: time.Hour},
		Vantage: Vantage{ID: "server", Every: time.Minute, EverySuspect: 20 * time.Second},
		Keep:    Keep{Observations: 14 * 24 * time.Hour, Fine: 90 * 24 * time.Hour},
		Alerts:  Alerts{Mail: Mail{TLS: "starttls"}},
	}
}

// Load returns the defaults overlaid with the file (when path is not empty)
// and the environment. Every fault found is in the one error returned.
func Load(path string, getenv func(string) string) (Config, error) {
	cfg := Default()
	var faults []error
	if path != "" {
		data, err := os.ReadFile(path)
		if err != nil {
			return cfg, model.Errorf(model.ErrInvalid, "configuration %s: %w", path, err)
		}
		if err := Parse(data, &cfg); err != nil {
			faults = append(faults, fmt.Errorf("configuration %s: %w", path, err))
		}
	}
	applyEnv(&cfg, getenv)
	if err := cfg.Validate(); err != nil {
		faults = append(faults, err)
	}
	return cfg, errors.Join(faults...)
}

func applyEnv(cfg *Config, getenv func(string) string) {
	for name, field := range map[string]*string{
		"CROSSCHECK_LISTEN": &cfg.Listen, "CROSSCHECK_DATA": &cfg.Data, "CROSSCHECK_DATABASE": &cfg.Database,
		"CROSSCHECK_BUS": &cfg.Bus, "CROSSCHECK_LOG": &cfg.Log, "CROSSCHECK_BASE_URL": &cfg.BaseURL,
	} {
		if v := getenv(name); v != "" {
			*field = v
		}
	}
}

// Validate reports every fault of the configuration at once, each naming its
// key, as ErrInvalid.
func (c *Config) Validate() error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, model.Errorf(model.ErrInvalid, format, args...))
	}
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		fault("listen %q: want host:port, such as 127.0.0.1:8080", c.Listen)
	}
	if c.Data == "" {
		fault("data: want a folder")
	}
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, c.Log) {
		fault("log %q: want debug, info, warn or error", c.Log)
	}
	if c.BaseURL != "" {
		if u, err := url.Parse(c.BaseURL); err != nil || u.Host == "" {
			fault("base_url %q: want an address such as https://news.example.org", c.BaseURL)
		}
	}
	for _, r := range c.Roles {
		if !slices.Contains(RoleNames, r) {
			fault("roles %q: %s", r, suggest(r, RoleNames))
		}
	}
	if len(c.Roles) == 0 {
		fault("roles: want at least one of %s", strings.Join(RoleNames, ", "))
	}
	_, err := c.Signals.RadarToken()
	faults = append(faults, c.Fetch.validate(), c.Collect.validate(), c.Vantage.validate(), c.Keep.validate(), c.Alerts.validate(), err)
	for i, s := range c.Sources {
		m := s.Model()
		if err := m.Validate(); err != nil {
			fault("sources[%d]: %w", i, err)
		}
	}
	ids := map[string]bool{}
	for i, s := range c.Services {
		if _, err := s.Model(); err != nil {
			fault("services[%d]: %w", i, err)
		} else if ids[s.ID] {
			fault("services[%d]: %q stands here twice", i, s.ID)
		}
		ids[s.ID] = true
	}
	return errors.Join(faults...)
}

func (f *Fetch) validate() error {
	var faults []error
	if _, err := f.Prefixes(); err != nil {
		faults = append(faults, err)
	}
	for host, addr := range f.Hosts {
		if _, err := netip.ParseAddrPort(addr); err != nil {
			faults = append(faults, model.Errorf(model.ErrInvalid, "fetch.hosts %s: %q is no address:port", host, addr))
		}
	}
	if f.MaxBody < 1<<10 || f.MaxBody > 1<<30 {
		faults = append(faults, model.Errorf(model.ErrInvalid, "fetch.max_body %d: want 1024 to 1073741824 bytes", f.MaxBody))
	}
	if f.Timeout <= 0 {
		faults = append(faults, model.Errorf(model.ErrInvalid, "fetch.timeout %s: want a duration such as 30s", f.Timeout))
	}
	if f.PerHost < 1 {
		faults = append(faults, model.Errorf(model.ErrInvalid, "fetch.per_host %d: want at least 1", f.PerHost))
	}
	return errors.Join(faults...)
}

// Prefixes parses Allow; a bare address stands for itself alone.
func (f *Fetch) Prefixes() ([]netip.Prefix, error) {
	var out []netip.Prefix
	var faults []error
	for _, s := range f.Allow {
		p, err := netip.ParsePrefix(s)
		if a, aerr := netip.ParseAddr(s); err != nil && aerr == nil {
			p, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err != nil {
			faults = append(faults, model.Errorf(model.ErrInvalid, "fetch.allow %q: want a network such as 10.1.0.0/16", s))
			continue
		}
		out = append(out, p)
	}
	return out, errors.Join(faults...)
}

func (c *Collect) validate() error {
	if c.Min <= 0 || c.Max < c.Min {
		return model.Errorf(model.ErrInvalid, "collect: min %s and max %s: want 0 < min ≤ max", c.Min, c.Max)
	}
	return nil
}
