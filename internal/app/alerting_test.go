package app

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/config"
	"crosscheck/internal/model"
	"crosscheck/internal/store"
	"crosscheck/internal/testkit"
)

// TestAlerts takes an entry and waits for it at a webhook on an allowed
// network, and for the refusal of one that is not.
func TestAlerts(t *testing.T) {
	arrived := make(chan string, 8)
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		arrived <- string(body)
	}))
	defer srv.Close()
	cfg := config.Default()
	cfg.BaseURL = "https://monitor.example/"
	cfg.Fetch.Allow = []string{"127.0.0.1/32"}
	cfg.Alerts.WebhookSecretFile = filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(cfg.Alerts.WebhookSecretFile, []byte("a secret of some length\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	fetcher, err := newFetcher(testkit.Logger(t), cfg.Fetch)
	if err != nil {
		t.Fatal(err)
	}
	defer fetcher.Close()
	st, err := store.Open(t.Context(), testkit.Logger(t), store.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	engine, err := newAlerts(testkit.Logger(t), st, &cfg, fetcher.Transport(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	rule := model.AlertRule{Name: "Garrison", Words: []string{"garrison"}, To: []string{srv.URL, "http://169.254.169.254/latest"}}
	if err := rule.Validate(); err != nil {
		t.Fatal(err)
	}
	if err := st.SaveAlertRule(t.Context(), &rule); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- engine.Run(ctx) }()
	if err := engine.Take(ctx, "s1", []model.Entry{{ID: "e1", Kind: model.EntryDenied, Claim: "c1", Text: "The garrison was empty."}}); err != nil {
		t.Fatal(err)
	}
	body := <-arrived
	for _, want := range []string{`"The garrison was empty."`, `"https://monitor.example/situation/s1/entry/e1"`, `"kind":"denied"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the webhook got %s, want %s in it", body, want)
		}
	}
	var refused []model.Delivery
	testkit.Eventually(t, 10*time.Second, "the refusal to be kept", func() bool {
		list, err := st.Deliveries(t.Context(), model.DeliveryWaiting, 9)
		refused = list
		return err == nil && len(list) == 1 && list[0].Tries > 0
	})
	if !strings.Contains(refused[0].Err, "a link-local address") || strings.Contains(refused[0].Err, "latest") {
		t.Errorf("refused with %q", refused[0].Err)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("Run = %v", err)
	}
}

func TestLinkTo(t *testing.T) {
	for _, c := range []struct {
		base  string
		entry model.Entry
		want  string
	}{
		{"https://m.example/", model.Entry{ID: "e", Claim: "c", Story: "s", Article: "a"}, "https://m.example/situation/the%20strait/entry/e"},
		{"https://m.example", model.Entry{ID: "a/b"}, "https://m.example/situation/the%20strait/entry/a%2Fb"},
		{"https://m.example", model.Entry{ID: "e", Outage: "o"}, "https://m.example/outage/o"},
		{"", model.Entry{Claim: "c"}, ""},
	} {
		if got := linkTo(c.base)("the strait", &c.entry); got != c.want {
			t.Errorf("linkTo(%q)(%+v) = %q, want %q", c.base, c.entry, got, c.want)
		}
	}
}

func TestSendersOfConfiguration(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "chat")
	if err := os.WriteFile(bad, []byte("pigeon://hush-hush@x/y"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, cfg := range map[string]config.Alerts{
		"alerts.chats desk":          {Chats: map[string]string{"desk": bad}},
		"alerts.mail.password_file":  {Mail: config.Mail{PasswordFile: filepath.Join(dir, "none")}},
		"mail server":                {Mail: config.Mail{Server: "mail.example"}},
		"alerts.webhook_secret_file": {WebhookSecretFile: filepath.Join(dir, "none")},
	} {
		if _, err := newSenders(&cfg, nil); !errors.Is(err, model.ErrInvalid) || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "hush") {
			t.Errorf("newSenders: %v, want %q", err, name)
		}
	}
	s, err := newSenders(&config.Alerts{Mail: config.Mail{Server: "mail.example:25", TLS: "starttls", From: "a@b.example"}}, nil)
	if err != nil || s.Check("mailto:a@b.example") != nil || s.Check("https://x.example") == nil {
		t.Errorf("newSenders = %+v, %v", s, err)
	}
}
