package config

import (
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"crosscheck/internal/model"
)

func none(string) string { return "" }

func load(t *testing.T, text string) (Config, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "crosscheck.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Load(path, none)
}

func TestLoad(t *testing.T) {
	cfg, err := load(t, `
listen: 0.0.0.0:9000
fetch:
  timeout: 10s
  allow: [10.1.0.0/16, 192.168.1.7]
sources:
  - url: https://www.example.org/feed.xml
    licence: full
`)
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Listen = "0.0.0.0:9000"
	want.Fetch.Timeout = 10 * time.Second
	want.Fetch.Allow = []string{"10.1.0.0/16", "192.168.1.7"}
	want.Sources = []Source{{URL: "https://www.example.org/feed.xml", Licence: "full"}}
	if d := cmp.Diff(want, cfg); d != "" {
		t.Error(d)
	}
	prefixes, err := cfg.Fetch.Prefixes()
	if err != nil || len(prefixes) != 2 || prefixes[1].Bits() != 32 {
		t.Errorf("Prefixes() = %v, %v", prefixes, err)
	}
}

// TestNothingInFile holds files that say nothing against the defaults.
func TestNothingInFile(t *testing.T) {
	for _, text := range []string{"", "\n", "# nothing yet\n", "---\n", "null\n"} {
		cfg, err := load(t, text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if d := cmp.Diff(Default(), cfg); d != "" {
			t.Errorf("%q: %s", text, d)
		}
	}
}

// TestExample holds the example file and docs/operating.md against the program:
// the one has every key with its default, the other the keys at the top.
func TestExample(t *testing.T) {
	text, err := os.ReadFile("../../crosscheck.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	cfg := Default()
	empty := Config{}
	if err := Parse(text, &empty); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(cfg, empty, cmpopts.EquateEmpty()); d != "" {
		t.Error(d)
	}
	var walk func(of reflect.Type)
	walk = func(of reflect.Type) {
		for i := range of.NumField() {
			f := of.Field(i)
			key := f.Tag.Get("yaml")
			if !regexp.MustCompile(`(?m)(^|[ {#-])` + key + `: ?`).Match(text) {
				t.Errorf("the example lacks %s.%s", of.Name(), key)
			}
			inner := f.Type
			if inner.Kind() == reflect.Slice {
				inner = inner.Elem()
			}
			if inner.Kind() == reflect.Struct {
				walk(inner)
			}
		}
	}
	walk(reflect.TypeFor[Config]())
	page, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	for i := range reflect.TypeFor[Config]().NumField() {
		if key := reflect.TypeFor[Config]().Field(i).Tag.Get("yaml"); !strings.Contains(string(page), "`"+key) {
			t.Errorf("docs/operating.md lacks %s", key)
		}
	}
}

func TestEnvironmentOverridesFile(t *testing.T) {
	cfg, err := Load("", func(k string) string {
		return map[string]string{"CROSSCHECK_LISTEN": "[::1]:1"}[k]
	})
	if err != nil || cfg.Listen != "[::1]:1" {
		t.Errorf("Load = %q, %v", cfg.Listen, err)
	}
}

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"unknown keys, all at once", "lisen: x\nfetch:\n  time_out: 3s\n", []string{"line 1", `did you mean listen?`, "line 3", `"fetch.time_out"`, "did you mean timeout?"}},
		{"unknown key in a list", "sources:\n  - url: https://a.example/\n    licens: full\n", []string{"did you mean licence?"}},
		{"several wrong values", "log: loud\nlisten: nowhere\nfetch: {per_host: 0}\ncollect: {min: 2h}\n", []string{"log \"loud\"", "listen \"nowhere\"", "fetch.per_host 0", "collect: min 2h0m0s"}},
		{"wrong source", "sources: [{url: pigeon}]\n", []string{"sources[0]", "pigeon"}},
		{"wrong role", "roles: [collects]\n", []string{"did you mean collect?"}},
		{"wrong network", "fetch: {allow: [home]}\n", []string{`fetch.allow "home"`}},
		{"not YAML", "listen: [\n", []string{"configuration"}},
		{"unknown keys and wrong values", "lisen: x\nlog: loud\n", []string{"did you mean listen?", `log "loud"`}},
		{"tabs", "fetch:\n\tpace: 1s\n", []string{"found a tab: indent with spaces"}},
		{"not text", "listen: \xff\n", []string{"is not text in UTF-8"}},
		{"list for a text", "title: [a, b]\n", []string{"want a text"}},
		{"text for a number", "fetch: {per_host: many}\n", []string{"want a number"}},
		{"wrong type", "fetch: {timeout: soon}\n", []string{"timeout"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := load(t, c.text)
			if !errors.Is(err, model.ErrInvalid) {
				t.Fatalf("error %v, want an ErrInvalid", err)
			}
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("error lacks %q:\n%v", w, err)
				}
			}
		})
	}
	if _, err := Load("/nonexistent/crosscheck.yaml", none); !errors.Is(err, model.ErrInvalid) {
		t.Errorf("missing file: %v", err)
	}
}

func TestRadarToken(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct {
		name, path, want, fault string
	}{
		{"none", "", "", ""},
		{"one line", file("good", " hush-1\n"), "hush-1", ""},
		{"empty", file("empty", "\n"), "", "want one line"},
		{"two lines", file("two", "hush-1\nhush-2\n"), "", "want one line"},
		{"missing", filepath.Join(dir, "missing"), "", "signals.radar_token_file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg, err := load(t, "signals: {ris: true, radar_token_file: '"+c.path+"'}\n")
			if c.fault != "" {
				if !errors.Is(err, model.ErrInvalid) || !strings.Contains(err.Error(), c.fault) || strings.Contains(err.Error(), "hush") {
					t.Errorf("Load: %v, want %q and no secret", err, c.fault)
				}
				return
			}
			if err != nil || cfg.Signals.IODA || !cfg.Signals.RIS {
				t.Fatalf("Load = %+v, %v", cfg.Signals, err)
			}
			if token, err := cfg.Signals.RadarToken(); token != c.want || err != nil {
				t.Errorf("RadarToken = %q, %v, want %q", token, err, c.want)
			}
		})
	}
}

func TestAlerts(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"password": "hush-1", "secret": "hush-2 of some length", "short": "hush-3", "chat": "generic://hush-4.example"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	in := func(text string) string { return strings.ReplaceAll(text, "DIR", dir) }
	cfg, err := load(t, in(`
alerts:
  mail: {server: "mail.example:587", user: desk, password_file: DIR/password, from: Desk <desk@example.org>}
  webhook_secret_file: DIR/secret
  chats: {desk: DIR/chat}
`))
	if err != nil {
		t.Fatal(err)
	}
	got, err := cfg.Alerts.Secrets()
	want := AlertSecrets{MailPassword: "hush-1", Webhook: "hush-2 of some length", Chats: map[string]string{"desk": "generic://hush-4.example"}}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("Secrets: %v\n%s", err, d)
	}
	_, err = load(t, in(`
alerts:
  mail: {server: mail.example, tls: maybe, from: nobody, password_file: DIR/none}
  webhook_secret_file: DIR/short
  chats: {desk: "", night: DIR/none}
`))
	for _, w := range []string{
		`alerts.mail.server "mail.example"`, `alerts.mail.tls "maybe"`, `alerts.mail.from "nobody"`, "alerts.mail.password_file",
		"alerts.webhook_secret_file: want at least 16", "alerts.chats.desk: want a file", "alerts.chats.night",
	} {
		if err == nil || !strings.Contains(err.Error(), w) || strings.Contains(err.Error(), "hush") {
			t.Errorf("error lacks %q, or has a secret:\n%v", w, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("listen: 127.0.0.1:1\nfetch: {allow: [10.0.0.0/8]}\n"))
	f.Add([]byte("sources: [{url: https://a.example/}]\nunknown: {a: [b]}\n"))
	f.Add([]byte("a: &a [*a]\n---\n? : x"))
	f.Fuzz(func(t *testing.T, data []byte) {
		cfg := Default()
		if err := Parse(data, &cfg); err == nil {
			_ = cfg.Validate()
		}
	})
}

func TestServices(t *testing.T) {
	cfg, err := load(t, `
services:
  - id: bank
    target: https://bank.example
    slow: 1500ms
    aliases: [Landbank]
    prefixes: [192.0.2.0/24, "2001:db8::/32"]
    maintenance:
      - {from: "2031-03-11T02:00:00Z", to: "2031-03-11T04:00:00+01:00"}
vantage: {id: fra-1, asn: 3320, country: DE, resolvers: [9.9.9.9, "192.0.2.1:5353"], anchors: [{address: "a.example:443", network: A}]}
keep: {observations: 24h}
`)
	if err != nil {
		t.Fatal(err)
	}
	got, err := cfg.Services[0].Model()
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2031, 3, 11, 2, 0, 0, 0, time.UTC)
	want := model.Service{
		ID: "bank", Name: "bank", Target: "https://bank.example", Slow: 1500 * time.Millisecond, Aliases: []string{"Landbank"},
		Prefixes:    []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::/32")},
		Maintenance: []model.TimeInterval{{Start: at, End: at.Add(time.Hour)}},
	}
	if d := cmp.Diff(want, got, cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); d != "" {
		t.Errorf("service (-want +got):\n%s", d)
	}
	resolvers, err := cfg.Vantage.ResolverAddrs()
	if err != nil || len(resolvers) != 2 || resolvers[0].Port() != 53 || resolvers[1].Port() != 5353 {
		t.Errorf("resolvers %v, %v", resolvers, err)
	}
	if v := cfg.Vantage; v.ASN != 3320 || v.Every != time.Minute || v.Anchors[0].Network != "A" || cfg.Keep.Observations != 24*time.Hour || cfg.Keep.Fine != 90*24*time.Hour {
		t.Errorf("%+v, %+v", v, cfg.Keep)
	}
}

func TestReachFaults(t *testing.T) {
	_, err := load(t, `
services:
  - {id: bank, target: x, maintenance: [{from: now, to: "2031-03-11T02:00:00Z"}]}
  - {id: shop}
  - {id: twin, target: a.example}
  - {id: twin, target: b.example}
vantage: {country: germany, every: 5s, anchors: [{address: nowhere}], resolvers: [dns.example]}
keep: {fine: 1h}
`)
	if !errors.Is(err, model.ErrInvalid) {
		t.Fatalf("%v, want an ErrInvalid", err)
	}
	for _, want := range []string{`maintenance from "now"`, `service "shop": target is missing`, `"twin" stands here twice`, `vantage country "germany"`, "every 5s", `"nowhere"`, `"dns.example"`, "keep.fine 1h0m0s"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not among the faults:\n%v", want, err)
		}
	}
}
