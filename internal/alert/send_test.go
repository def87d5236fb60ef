package alert

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crosscheck/internal/model"
)

// denial is an alert as a message carries it.
func denial(text string) model.AlertItem {
	return model.AlertItem{
		Alert: "a1", Rule: "r1", RuleName: "Garrison", Situation: "s1", Event: "claim:c1", Why: "new", Kind: model.EntryDenied,
		Origins: 3, Speakers: 2, At: start, Link: "https://monitor.example/claim/c1",
		Entry: model.AlertEntry{
			ID: "e1", Kind: model.EntryDenied, Text: text, Speaker: "Ada Brandt", Stance: model.StanceDenies, Outlet: "Islemere Post",
			Said: start.Add(-time.Hour), Seen: start,
		},
	}
}

func single(text string) Message {
	return Message{ID: "d1", Kind: KindAlert, At: start, Alerts: []model.AlertItem{denial(text)}}
}

func TestMessage(t *testing.T) {
	m := single("No troops\r\nwere moved.")
	if got, want := m.Subject(), "[Garrison] denied: No troops were moved."; got != want {
		t.Errorf("Subject = %q, want %q", got, want)
	}
	want := `DENIED (new) · rule Garrison
“No troops were moved.”
Ada Brandt · Islemere Post · said 2 Mar 2026 11:00 UTC · seen 2 Mar 2026 12:00 UTC
carried by 3 independent origins; 2 speakers
https://monitor.example/claim/c1
`
	if d := cmp.Diff(want, m.Text(1000)); d != "" {
		t.Error(d)
	}
	m.Kind = KindDigest
	for range 9 {
		m.Alerts = append(m.Alerts, denial(strings.Repeat("long ", 1000)))
	}
	m.Alerts[9].RuleName = "Harbour"
	if got, want := m.Subject(), "10 alerts: Garrison, Harbour"; got != want {
		t.Errorf("Subject = %q, want %q", got, want)
	}
	if text := m.Text(1500); len(text) > 1600 || !strings.HasSuffix(text, "\nand 7 more\n") {
		t.Errorf("Text of %d bytes ends with %q", len(text), text[len(text)-20:])
	}
	reversal := model.AlertItem{RuleName: "x", Kind: model.EntryReversal, Entry: model.AlertEntry{Kind: model.EntryReversal, Before: model.StanceDenies, Stance: model.StanceConfirms}}
	if text := about(&reversal); !strings.Contains(text, "denies before, confirms now") {
		t.Errorf("about a reversal: %s", text)
	}
	lost := model.AlertItem{RuleName: "x", Kind: model.EntryConfirmed, Entry: model.AlertEntry{Kind: model.EntryConfirmed, Text: "Confirmed: loss."}}
	if text := about(&lost); strings.Contains(text, "“") || !strings.Contains(text, "\nConfirmed: loss.\n") {
		t.Errorf("about an outage, which nobody's words report: %s", text)
	}
}

// hook is a webhook that answers with one status after the other.
type hook struct {
	statuses []int
	mu       sync.Mutex
	got      []*http.Request
	bodies   [][]byte
}

func (h *hook) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.got = append(h.got, req)
	h.bodies = append(h.bodies, body)
	status := http.StatusNoContent
	if n := len(h.got) - 1; n < len(h.statuses) {
		status = h.statuses[n]
	}
	if status/100 == 3 {
		w.Header().Set("Location", "/elsewhere")
	}
	w.WriteHeader(status)
}

// open checks a signature as a receiver would.
func open(t *testing.T, secret, header string, body []byte) {
	t.Helper()
	stamp, sum, ok := strings.Cut(header, ",v1=")
	stamp, isStamp := strings.CutPrefix(stamp, "t=")
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "%s.%s", stamp, body)
	if !ok || !isStamp || sum != hex.EncodeToString(mac.Sum(nil)) {
		t.Errorf("signature %q does not hold", header)
	}
}

func TestWebhook(t *testing.T) {
	h := &hook{statuses: []int{500, 302}}
	srv := httptest.NewServer(h)
	defer srv.Close()
	now := start
	w := NewWebhook(srv.Client().Transport, "a secret of some length", func() time.Time { return now })
	to := srv.URL + "/hush-hush?key=hush"
	m := single("No troops were moved.")
	for i, want := range []string{"status 500", "status 302", ""} {
		now = start.Add(time.Duration(i) * time.Minute)
		err := w.Send(t.Context(), to, m)
		if (err != nil) != (want != "") || err != nil && (!errors.Is(err, model.ErrTemporary) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hush")) {
			t.Errorf("try %d: %v, want %q", i, err, want)
		}
	}
	if len(h.got) != 3 {
		t.Fatalf("%d requests, want 3: no redirect is followed", len(h.got))
	}
	for i, req := range h.got {
		if req.Method != http.MethodPost || req.Header.Get("Content-Type") != "application/json" || req.Header.Get("Idempotency-Key") != "d1" {
			t.Errorf("request %d: %s %v", i, req.Method, req.Header)
		}
		sig := req.Header.Get("X-Crosscheck-Signature")
		open(t, "a secret of some length", sig, h.bodies[i])
		if want := fmt.Sprintf("t=%d,", start.Unix()+int64(60*i)); !strings.HasPrefix(sig, want) {
			t.Errorf("signature %q, want the time of the try %s", sig, want)
		}
	}
	var got Message
	if err := json.Unmarshal(h.bodies[2], &got); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(m, got); d != "" {
		t.Error(d)
	}
}

func TestWebhookUnreachable(t *testing.T) {
	blocked := errors.New("refused to connect to 10.0.0.1: a private address")
	w := NewWebhook(roundTrip(func(*http.Request) (*http.Response, error) { return nil, blocked }), "s", time.Now)
	err := w.Send(t.Context(), "http://10.0.0.1/hush", single("x"))
	if !errors.Is(err, blocked) || !errors.Is(err, model.ErrTemporary) || strings.Contains(err.Error(), "hush") {
		t.Errorf("Send = %v", err)
	}
	if err := w.Send(t.Context(), "http://[::1/hush", single("x")); !errors.Is(err, model.ErrInvalid) || strings.Contains(err.Error(), "hush") {
		t.Errorf("Send = %v", err)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// postbox is a small SMTP server.
type postbox struct {
	addr   string
	auth   bool // refuses who does not say the password "hush"
	refuse bool // takes no message

	mu   sync.Mutex
	mail []string
}

func openPostbox(t *testing.T, p *postbox) *postbox {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.addr = l.Addr().String()
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { p.serve(conn) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		wg.Wait()
	})
	return p
}

func (p *postbox) serve(conn net.Conn) {
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second)) // a client that hangs fails its test, not all of them
	r := bufio.NewReader(conn)
	say := func(text string) { _, _ = io.WriteString(conn, text+"\r\n") }
	say("220 mail.example")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		switch verb := strings.ToUpper(strings.Fields(line + " x")[0]); {
		case verb == "EHLO" && p.auth:
			say("250-mail.example\r\n250 AUTH PLAIN")
		case verb == "EHLO", verb == "MAIL", verb == "RCPT", verb == "RSET":
			say("250 ok")
		case verb == "AUTH":
			say("535 the password hush is wrong")
		case verb == "DATA" && p.refuse:
			say("452 no room")
		case verb == "DATA":
			say("354 go on")
			p.take(r)
			say("250 taken")
		case verb == "QUIT":
			say("221 bye")
			return
		default:
			say("500 what?")
		}
	}
}

func (p *postbox) take(r *bufio.Reader) {
	var b strings.Builder
	for {
		line, err := r.ReadString('\n')
		if err != nil || line == ".\r\n" {
			break
		}
		b.WriteString(line)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mail = append(p.mail, b.String())
}

func (p *postbox) letters() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.mail
}

func TestMail(t *testing.T) {
	p := openPostbox(t, &postbox{})
	s, err := NewMail(MailConfig{Server: p.addr, TLS: "none", From: "alerts@monitor.example"})
	if err != nil {
		t.Fatal(err)
	}
	m := single("No troops\r\nBcc: everybody@example.org\r\n\r\nwere moved.")
	if err := s.Send(t.Context(), "mailto:desk@example.org", m); err != nil {
		t.Fatal(err)
	}
	letters := p.letters()
	if len(letters) != 1 {
		t.Fatalf("%d letters, want 1", len(letters))
	}
	head, body, _ := strings.Cut(letters[0], "\r\n\r\n")
	for _, want := range []string{
		"From: <alerts@monitor.example>", "To: <desk@example.org>", "Subject: [Garrison] denied: No troops Bcc: everybody@example.org were moved.",
		"Message-ID: <d1@monitor.example>", "References: <a1@monitor.example>", "Auto-Submitted: auto-generated", "Date: Mon, 02 Mar 2026 12:00:00 +0000",
	} {
		if !strings.Contains(strings.ReplaceAll(head, "\r\n ", " "), want) {
			t.Errorf("the letter lacks %q:\n%s", want, head)
		}
	}
	if strings.Contains(head, "\r\nBcc:") {
		t.Errorf("the words of an entry made a header:\n%s", head)
	}
	if !strings.Contains(body, "carried by 3 independent origins; 2 speakers") {
		t.Errorf("body:\n%s", body)
	}
}

func TestMailFaults(t *testing.T) {
	down, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = down.Close()
	plain := openPostbox(t, &postbox{})
	for _, c := range []struct {
		name string
		cfg  MailConfig
		want string
	}{
		{"down", MailConfig{Server: down.Addr().String(), TLS: "none"}, "refused"},
		{"full", MailConfig{Server: openPostbox(t, &postbox{refuse: true}).addr, TLS: "none"}, "no room"},
		{"no STARTTLS where it is required", MailConfig{Server: plain.addr, TLS: "starttls"}, "STARTTLS"},
		{"no TLS where it is required", MailConfig{Server: plain.addr, TLS: "tls"}, "TLS"},
		{"wrong password", MailConfig{Server: openPostbox(t, &postbox{auth: true}).addr, TLS: "none", User: "desk", Password: "hush"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.cfg.From = "alerts@monitor.example"
			s, err := NewMail(c.cfg)
			if err != nil {
				t.Fatal(err)
			}
			err = s.Send(t.Context(), "mailto:desk@example.org", single("x"))
			if !errors.Is(err, model.ErrTemporary) || !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(c.want)) || strings.Contains(err.Error(), "hush") {
				t.Errorf("Send = %v, want %q", err, c.want)
			}
		})
	}
	for _, cfg := range []MailConfig{{Server: "mail.example"}, {Server: "mail.example:smtp"}, {Server: "mail.example:25", From: "alerts"}} {
		if _, err := NewMail(cfg); !errors.Is(err, model.ErrInvalid) {
			t.Errorf("NewMail(%+v) = %v", cfg, err)
		}
	}
	s, err := NewMail(MailConfig{Server: plain.addr, TLS: "none", From: "alerts@monitor.example"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(t.Context(), "mailto:nobody", single("x")); !errors.Is(err, model.ErrInvalid) {
		t.Errorf("to nobody: %v", err)
	}
}

func TestChat(t *testing.T) {
	h := &hook{statuses: []int{500}}
	srv := httptest.NewServer(h)
	defer srv.Close()
	address := "generic://" + strings.TrimPrefix(srv.URL, "http://") + "/hush-hush?disabletls=yes&$token=hushkey"
	c, err := NewChat(map[string]string{"desk": address})
	if err != nil {
		t.Fatal(err)
	}
	m := single("No troops were moved.")
	if err := c.Send(t.Context(), "chat:desk", m); !errors.Is(err, model.ErrTemporary) || strings.Contains(err.Error(), "hush") {
		t.Errorf("Send to a chat that is down = %v", err)
	}
	if err := c.Send(t.Context(), "chat:desk", m); err != nil {
		t.Error(err)
	}
	if len(h.bodies) != 2 || !strings.Contains(string(h.bodies[1]), "No troops were moved.") {
		t.Errorf("the chat got %s", h.bodies)
	}
	srv.Close()
	if err := c.Send(t.Context(), "chat:desk", m); !errors.Is(err, model.ErrTemporary) || strings.Contains(err.Error(), "hush") {
		t.Errorf("Send to a chat that is gone = %v", err)
	}
	if err := c.Send(t.Context(), "chat:other", m); !errors.Is(err, model.ErrUnsupported) {
		t.Errorf("Send to a chat that is not there = %v", err)
	}
	if _, err := NewChat(map[string]string{"desk": "pigeon://hush-hush@hushhost/hushkey"}); !errors.Is(err, model.ErrInvalid) || strings.Contains(err.Error(), "hush") {
		t.Errorf("NewChat = %v", err)
	}
}

func TestSenders(t *testing.T) {
	var s Senders
	for to, want := range map[string]string{"mailto:a@b.example": "alerts.mail", "https://x.example/hush": "alerts.webhook_secret_file", "chat:x": "alerts.chats"} {
		if err := s.Check(to); !errors.Is(err, model.ErrUnsupported) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("Check(%q) = %v, want %q", to, err, want)
		}
	}
	ok := &box{}
	s = Senders{Mail: ok}
	r := model.AlertRule{ID: "r", Name: "Garrison", To: []string{"mailto:a@b.example", "chat:x"}}
	errs := s.Test(t.Context(), &r, start)
	if errs[0] != nil || errs[1] == nil || len(ok.got) != 1 {
		t.Errorf("Test = %v, and %v arrived", errs, ok.got)
	}
	if m := ok.got[0]; m.Kind != KindTest || m.Subject() != "[Garrison] test" || !strings.Contains(m.Text(100), "test of the rule “Garrison”") {
		t.Errorf("the test is %+v", m)
	}
}

// box keeps what is sent, or fails.
type box struct {
	fail error
	mu   sync.Mutex
	got  []Message
	to   []string
}

func (b *box) Send(_ context.Context, to string, m Message) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.to = append(b.to, to)
	if b.fail != nil {
		return b.fail
	}
	b.got = append(b.got, m)
	return nil
}
