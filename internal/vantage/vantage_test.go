package vantage

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/probe"
	"crosscheck/internal/probe/fakenet"
	"crosscheck/internal/testkit"
)

func TestMeasures(t *testing.T) {
	d := newDesk("bank tcp:5.0.1.1:22", "mill tcp:5.0.1.2:22")
	at(t, d, func(p *place) {
		p.start()
		time.Sleep(10 * time.Minute)
		if err := p.stop(); err != nil {
			p.Error(err)
		}
		all := d.observations(t)
		whole(t, of(all, "bank"), 10*time.Minute)
		whole(t, of(all, "mill"), 10*time.Minute)
		o := all[0]
		if !o.Valid || o.Outcome != model.OutcomeOK || o.Vantage != "quay-1" || o.ASN != 64500 || o.Country != "DE" || o.Group != "rack" {
			p.Errorf("observation %+v", o)
		}
		if d.gets != 1 {
			p.Errorf("the configuration was asked for %d times, want once: answers say that it holds", d.gets)
		}
	})
}

// What failed is told at once, the rest every few seconds.
func TestFailuresGoAtOnce(t *testing.T) {
	d := newDesk()
	at(t, d, func(p *place) {
		a := p.start()
		time.Sleep(time.Minute + 3*time.Second)
		o := model.Observation{At: time.Now(), Service: "bank", Vantage: "quay-1", Valid: true, Outcome: model.OutcomeOK}
		a.observe(t.Context(), probe.Report{Observation: o})
		synctest.Wait()
		if n := len(d.observations(t)); n != 0 {
			p.Errorf("%d observations sent alone", n)
		}
		o.At, o.Outcome = o.At.Add(time.Millisecond), model.OutcomeFail
		a.observe(t.Context(), probe.Report{Observation: o})
		synctest.Wait()
		if n := len(d.observations(t)); n != 2 {
			p.Errorf("%d observations sent at once, want 2", n)
		}
		posts := len(d.requests)
		for range 1000 { // a thousand more within a second
			o.At = o.At.Add(time.Millisecond)
			a.observe(t.Context(), probe.Report{Observation: o})
			time.Sleep(time.Millisecond)
		}
		time.Sleep(flushHurry)
		synctest.Wait()
		if n := len(d.observations(t)); n != 1002 || len(d.requests)-posts > 2 {
			p.Errorf("%d observations in %d more requests, want 1002 in 2", n, len(d.requests)-posts)
		}
		o.At, o.Outcome = o.At.Add(time.Millisecond), model.OutcomeOK
		a.observe(t.Context(), probe.Report{Observation: o})
		time.Sleep(flushEvery)
		synctest.Wait()
		if n := len(d.observations(t)); n != 1003 {
			p.Errorf("%d observations after %v, want 1003", n, flushEvery)
		}
		p.stop()
	})
}

// The server is away for an hour; the vantage point is started anew in the
// middle of it.
func TestServerAway(t *testing.T) {
	d := newDesk("bank tcp:5.0.1.1:22", "mill tcp:5.0.1.2:22")
	at(t, d, func(p *place) {
		p.start()
		time.Sleep(5 * time.Minute)
		d.do(func() { d.away = true })
		time.Sleep(30 * time.Minute)
		if err := p.stop(); err != nil {
			p.Error(err)
		}
		p.start()
		time.Sleep(30 * time.Minute)
		before := len(d.observations(t))
		d.do(func() { d.away = false })
		time.Sleep(5 * time.Minute)
		p.stop()
		all := d.observations(t)
		whole(t, of(all, "bank"), 70*time.Minute)
		whole(t, of(all, "mill"), 70*time.Minute)
		if d.doubles > 0 {
			p.Errorf("%d observations were sent twice", d.doubles)
		}
		if tries := len(d.requests); tries > 300 {
			p.Errorf("%d requests in 70 minutes", tries)
		}
		// What was kept comes in its order; what is fresh may come between.
		back, fresh := all[before:], time.Now().Add(-6*time.Minute)
		last := time.Time{}
		for _, o := range back {
			if o.At.Before(fresh) {
				if o.At.Before(last.Add(-5 * time.Second)) { // two probes of one batch may end in another order
					p.Errorf("%v after %v", o.At, last)
				}
				last = o.At
			}
		}
		if n := strings.Count(p.log.String(), "the server is away"); n != 2 {
			p.Errorf("said %d times, want once a start:\n%s", n, p.log)
		}
		p.says("the server is there again")
		if left, _ := filepath.Glob(filepath.Join(p.cfg.Spool, "*"+segmentExt)); len(left) > 0 {
			p.Errorf("left in the spool: %v", left)
		}
	})
}

// What is fresh does not wait behind what was kept.
func TestFreshGoesAhead(t *testing.T) {
	d := newDesk()
	at(t, d, func(p *place) {
		d.away = true
		a := p.start()
		time.Sleep(time.Minute)
		old := strings.Repeat("x", 100)
		for i := range 3 * segmentSize / 100 {
			o := model.Observation{At: time.Now().Add(time.Duration(i-20000) * time.Millisecond), Service: "bank", Vantage: "quay-1", Valid: true, Outcome: model.OutcomeOK, Failure: old}
			a.observe(t.Context(), probe.Report{Observation: o})
			if i%500 == 0 {
				a.spill()
			}
		}
		a.spill()
		sent := 0
		d.do(func() {
			d.away = false
			d.refuse = func(http.ResponseWriter) bool {
				if sent++; sent == 2 { // after the configuration, before the spool is sent whole
					go a.observe(t.Context(), probe.Report{Observation: model.Observation{At: time.Now(), Service: "fresh", Vantage: "quay-1", Valid: true, Outcome: model.OutcomeFail}})
				}
				time.Sleep(flushHurry)
				return false
			}
		})
		time.Sleep(10 * time.Minute)
		p.stop()
		all := d.observations(t)
		for i, o := range all {
			if o.Service == "fresh" && i < len(all)/2 {
				return
			}
		}
		p.Errorf("the fresh failure came late, or not, of %d", len(all))
	})
}

func TestTurnedAway(t *testing.T) {
	for want, status := range map[string]int{"does not know this token": http.StatusUnauthorized, "revoked": http.StatusForbidden} {
		d := newDesk("bank tcp:5.0.1.1:22")
		at(t, d, func(p *place) {
			p.start()
			time.Sleep(5*time.Minute + time.Second)
			before := len(d.observations(t))
			d.do(func() { d.refuse = func(w http.ResponseWriter) bool { w.WriteHeader(status); return true } })
			err := <-p.done
			if !errors.Is(err, model.ErrForbidden) || !strings.Contains(err.Error(), want) {
				p.Errorf("Run: %v, want %q", err, want)
			}
			d.do(func() { d.refuse = nil })
			p.start()
			time.Sleep(10 * time.Second)
			p.stop()
			if n := len(d.observations(t)); n <= before {
				p.Errorf("%d observations, %d before: the spool was not kept", n, before)
			}
		})
	}
}

// A gate on the way is not the server: its pages turn nobody away, and accept
// nothing.
func TestGateOnTheWay(t *testing.T) {
	for _, status := range []int{http.StatusOK, http.StatusForbidden, http.StatusUnauthorized, http.StatusNotFound, http.StatusInternalServerError} {
		d := newDesk("bank tcp:5.0.1.1:22")
		at(t, d, func(p *place) {
			d.refuse = func(w http.ResponseWriter) bool {
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				w.WriteHeader(status)
				fmt.Fprint(w, "<html><title>Sign in to this network</title></html>")
				return true
			}
			gate := d.refuse
			p.start()
			time.Sleep(5 * time.Minute)
			d.do(func() { d.refuse = nil })
			time.Sleep(5 * time.Minute)
			d.do(func() { d.refuse = gate })
			time.Sleep(5 * time.Minute)
			d.do(func() { d.refuse = nil })
			time.Sleep(5 * time.Minute)
			if err := p.stop(); err != nil {
				p.Error(err)
			}
			whole(t, of(d.observations(t), "bank"), 14*time.Minute)
		})
	}
}

func TestRetryAfter(t *testing.T) {
	d := newDesk("bank tcp:5.0.1.1:22")
	at(t, d, func(p *place) {
		p.start()
		time.Sleep(5*time.Minute + time.Second)
		d.do(func() {
			d.requests = nil
			d.refuse = func(w http.ResponseWriter) bool {
				w.Header().Set("Retry-After", "600")
				w.WriteHeader(http.StatusServiceUnavailable)
				return true
			}
		})
		time.Sleep(19 * time.Minute)
		d.do(func() {
			if len(d.requests) != 2 {
				p.Errorf("%d requests in 19 minutes, asked to wait 10 each time", len(d.requests))
			}
			d.refuse = nil
		})
		time.Sleep(10 * time.Minute)
		p.stop()
		whole(t, of(d.observations(t), "bank"), 34*time.Minute)
	})
	now := time.Date(2026, 3, 2, 17, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "soon": 0, "-5": 0, "30": 30 * time.Second, "999999": time.Hour, "99999999999999999999": 0,
		now.Add(time.Minute).Format(http.TimeFormat): time.Minute, now.Add(-time.Minute).Format(http.TimeFormat): 0,
	} {
		if got := retryAfter(value, now); got != want {
			t.Errorf("retryAfter(%q) = %v, want %v", value, got, want)
		}
	}
}

func TestTooLarge(t *testing.T) {
	d := newDesk()
	at(t, d, func(p *place) {
		d.limit = 60_000
		a := p.start()
		for i := range 1000 {
			o := model.Observation{At: time.Now().Add(time.Duration(i) * time.Millisecond), Service: "bank", Vantage: "quay-1", Valid: true, Outcome: model.OutcomeOK}
			if i == 500 {
				o.Failure = strings.Repeat("x", maxAlone)
			}
			a.observe(t.Context(), probe.Report{Observation: o})
		}
		time.Sleep(time.Minute)
		p.stop()
		if n := len(d.observations(t)); n != 999 {
			p.Errorf("%d observations arrived, want all but one of 1000", n)
		}
		p.says("a single observation too large")
	})
	// One that takes nothing at all loses nothing.
	d = newDesk("bank tcp:5.0.1.1:22")
	at(t, d, func(p *place) {
		d.limit = 1
		p.start()
		time.Sleep(10 * time.Minute)
		d.do(func() { d.limit = 0 })
		time.Sleep(5 * time.Minute)
		p.stop()
		whole(t, of(d.observations(t), "bank"), 15*time.Minute)
	})
}

func TestClockSkew(t *testing.T) {
	for _, skew := range []bool{false, true} {
		for _, ahead := range []time.Duration{-time.Hour, -5 * time.Second, 5 * time.Second, 30 * time.Second} {
			d := newDesk("bank tcp:5.0.1.1:22")
			at(t, d, func(p *place) {
				d.skew = skew
				p.start()
				time.Sleep(5*time.Minute + time.Second)
				d.do(func() { d.ahead = ahead })
				time.Sleep(5 * time.Minute)
				d.do(func() { d.ahead = 500 * time.Millisecond })
				time.Sleep(5 * time.Minute)
				p.stop()
				valid, invalid := 0, 0
				for _, o := range d.observations(t) {
					if o.Valid {
						valid++
					} else {
						invalid++
					}
				}
				if valid < 8 || invalid < 3 || invalid > 7 {
					p.Errorf("clock off by %v for five of fifteen minutes: %d valid, %d not", ahead, valid, invalid)
				}
				p.says("this clock differs")
				p.says("agrees with the server's again")
			})
		}
	}
}

func TestSuspects(t *testing.T) {
	d := newDesk("bank tcp:5.0.1.1:22", "mill tcp:5.0.1.2:22")
	at(t, d, func(p *place) {
		p.start()
		time.Sleep(5 * time.Minute)
		d.do(func() { d.suspect = []string{"bank", "nobody"} })
		time.Sleep(5 * time.Minute)
		d.order("bank tcp:5.0.1.1:22", "mill tcp:5.0.1.2:22", "yard tcp:5.0.1.3:22")
		time.Sleep(5 * time.Minute)
		d.do(func() { d.suspect = nil })
		time.Sleep(5 * time.Minute)
		p.stop()
		all := d.observations(t)
		if n := len(of(all, "bank")); n < 35 || n > 45 {
			p.Errorf("bank: %d observations, want 10 and 3 a minute for 10 minutes", n)
		}
		if n := len(of(all, "mill")); n < 18 || n > 22 {
			p.Errorf("mill: %d observations in 20 minutes", n)
		}
		yard := of(all, "yard")
		if n := len(yard); n < 9 || n > 12 || yard[0].Outcome != model.OutcomeFail {
			p.Errorf("yard: %d observations of the second half: %+v", n, yard)
		}
		if d.gets != 2 {
			p.Errorf("the configuration was asked for %d times, want twice", d.gets)
		}
	})
}

// A configuration that cannot be followed changes nothing.
func TestMalformedConfig(t *testing.T) {
	d := newDesk("bank tcp:5.0.1.1:22")
	good := d.config
	at(t, d, func(p *place) {
		p.start()
		time.Sleep(5 * time.Minute)
		for _, bad := range []string{
			`{"vantage":`, `[]`, `null`, `{}`, `{"vantage":{"id":"quay-1","country":"Germany"}}`, `{"vantage":{"id":"quay-1","asn":-1}}`,
			strings.Replace(good, `{"address":"5.0.0.1:443","network":"A"},`, "", 1), strings.Replace(good, "5.0.0.1:443", "5.0.0.1", 1),
		} {
			d.set(bad)
			time.Sleep(5 * time.Minute)
		}
		p.says("not followed")
		d.set(strings.Replace(good, `"services":[`, `"services":[{"id":"odd","target":"pigeon://x"},{"id":"","target":"tcp:5.0.1.1:22"},{"id":"bank","target":"dns:x","status":"9"},`, 1))
		time.Sleep(5 * time.Minute)
		p.says(`service \"odd\"`)
		if err := p.stop(); err != nil {
			p.Error(err)
		}
		whole(t, of(d.observations(t), "bank"), 50*time.Minute)
	})
}

// A change of the vantage point itself begins anew.
func TestNewIdentity(t *testing.T) {
	d := newDesk("bank tcp:5.0.1.1:22")
	at(t, d, func(p *place) {
		p.start()
		time.Sleep(5 * time.Minute)
		d.set(strings.Replace(d.config, `"asn":64500`, `"asn":64501`, 1))
		time.Sleep(5 * time.Minute)
		p.stop()
		n := map[uint32]int{}
		for _, o := range d.observations(t) {
			n[o.ASN]++
		}
		if n[64500] < 4 || n[64501] < 4 {
			p.Errorf("observations by network: %v", n)
		}
	})
}

func TestPrivate(t *testing.T) {
	for _, allow := range []bool{false, true} {
		d := newDesk("bank tcp:5.0.1.1:22", "yard tcp:10.0.0.5:22 private", "sly tcp:10.0.0.5:22")
		at(t, d, func(p *place) {
			p.cfg.AllowPrivate = allow
			p.start()
			time.Sleep(3 * time.Minute)
			p.stop()
			yard := netip.MustParseAddrPort("10.0.0.5:22")
			if dialled := p.net.Dials(yard) > 0; dialled != allow {
				p.Errorf("allowed %v, dialled %v", allow, dialled)
			}
			all := d.observations(t)
			if n := len(of(all, "yard")); allow != (n > 0) {
				p.Errorf("allowed %v: %d observations of a private service", allow, n)
			}
			for _, o := range of(all, "sly") { // not marked as private by the server
				if o.Valid {
					p.Errorf("a private address passed for a public one: %+v", o)
				}
			}
			if !allow {
				p.says("--allow-private permits it")
			}
		})
	}
}

// The time a request carries is not that of the connection, which may take long.
func TestTimeOfRequest(t *testing.T) {
	d := newDesk()
	d.skew = true
	server := httptest.NewServer(d)
	defer server.Close()
	u, err := parseJoin(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	transport := newTransport(u)
	dial := transport.DialContext
	var connected time.Time
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		connected = time.Now()
		return conn, err
	}
	x, err := newClient(u, token, "", transport).observations(t.Context(), []byte(observationLine(1)))
	if err != nil || x.sent.Before(connected) {
		t.Errorf("sent %v, connected %v: %v", x.sent, connected, err)
	}
	sent, err := time.Parse(time.RFC3339Nano, d.times[0])
	if err != nil || !sent.Equal(x.sent) {
		t.Errorf("sent %v, %s says the header: %v", x.sent, d.times[0], err)
	}
}

// Over a real connection, with TLS, in real time.
func TestTLS(t *testing.T) {
	d := newDesk("bank tcp:5.0.1.1:22")
	server := httptest.NewUnstartedServer(d)
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	n, err := fakenet.New(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	n.Listen(netip.MustParseAddrPort("5.0.1.1:22"), fakenet.Host{})
	defer n.Close()
	run := func(cfg Config) *Agent {
		t.Helper()
		cfg.Token, cfg.Network = token, n
		a, err := New(testkit.Logger(t), cfg)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	a := run(Config{Join: server.URL, Transport: server.Client().Transport, Spool: t.TempDir()})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	testkit.Eventually(t, 20*time.Second, "an observation", func() bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		return len(a.pending) > 0 || len(d.observations(t)) > 0
	})
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if all := d.observations(t); len(all) != 1 || !all[0].Valid {
		t.Errorf("observations %+v", all)
	}
	// A certificate nobody vouches for, and a server that sends elsewhere.
	a = run(Config{Join: server.URL})
	if _, err := a.client.orders(t.Context(), ""); !errors.Is(err, model.ErrTemporary) || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("an unknown certificate: %v", err)
	}
	other := httptest.NewServer(http.RedirectHandler(server.URL, http.StatusFound))
	defer other.Close()
	a = run(Config{Join: other.URL, Transport: server.Client().Transport})
	if _, err := a.client.orders(t.Context(), ""); !errors.Is(err, model.ErrTemporary) || !strings.Contains(err.Error(), "redirects to "+server.URL) {
		t.Errorf("a redirect: %v", err)
	}
}

func TestNew(t *testing.T) {
	for _, c := range []struct{ join, token, want string }{
		{"https://desk.example", token, ""},
		{"https://desk.example:8443/crosscheck", token, ""},
		{"http://127.0.0.1:8080", token, ""},
		{"http://[::1]:8080", token, ""},
		{"http://localhost:8080", token, ""},
		{"http://desk.example", token, "want https"},
		{"http://192.0.2.1", token, "want https"},
		{"http://127.0.0.1.desk.example", token, "want https"},
		{"desk.example", token, "want an address such as"},
		{"ftp://desk.example", token, "want an address such as"},
		{"https://user:secret@desk.example", token, "want no user"},
		{"https://desk.example/?a=b", token, "want no user"},
		{"https://desk.example", "", "one word"},
		{"https://desk.example", "two words", "one word"},
		{"https://desk.example", "a\nb", "one word"},
	} {
		_, err := New(testkit.Logger(t), Config{Join: c.join, Token: c.token})
		if c.want == "" && err != nil || c.want != "" && (!errors.Is(err, model.ErrInvalid) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret")) {
			t.Errorf("New(%q, %q): %v, want %q", c.join, c.token, err, c.want)
		}
	}
	if err := onlyLoopback("tcp", "192.0.2.1:80", nil); err == nil {
		t.Error("http left this machine")
	}
}

func TestOneAtATime(t *testing.T) {
	cfg := Config{Join: "https://desk.example", Token: token, Spool: t.TempDir()}
	if _, err := New(testkit.Logger(t), cfg); err != nil {
		t.Fatal(err)
	}
	if _, err := New(testkit.Logger(t), cfg); !errors.Is(err, model.ErrConflict) {
		t.Errorf("a second vantage point on one spool: %v", err)
	}
}

// A folder that cannot be used costs the spool, not the measurement.
func TestUnusableSpool(t *testing.T) {
	d := newDesk("bank tcp:5.0.1.1:22")
	at(t, d, func(p *place) {
		file := filepath.Join(p.cfg.Spool, "file")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			p.Fatal(err)
		}
		p.cfg.Spool = filepath.Join(file, "spool")
		p.start()
		time.Sleep(5 * time.Minute)
		d.do(func() { d.away = true })
		time.Sleep(10 * time.Minute)
		d.do(func() { d.away = false })
		time.Sleep(5 * time.Minute)
		p.stop()
		whole(t, of(d.observations(t), "bank"), 20*time.Minute)
		p.says("the spool cannot be used")
	})
}

func TestCut(t *testing.T) {
	lines := []byte(strings.Repeat("12345\n", 5))
	for most, want := range map[int]int{1: 6, 6: 6, 11: 6, 12: 12, 29: 24, 30: 30, 1000: 30} {
		if got := cut(lines, most); got != want {
			t.Errorf("cut to %d: %d bytes, want %d", most, got, want)
		}
	}
	many := []byte(strings.Repeat("1\n", maxLines+5))
	if got := cut(many, maxBatch); got != 2*maxLines {
		t.Errorf("cut %d lines: %d bytes", maxLines+5, got)
	}
}
