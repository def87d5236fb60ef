package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"crosscheck/internal/config"
	"crosscheck/internal/model"
	"crosscheck/internal/probe"
	"crosscheck/internal/probe/fakenet"
	"crosscheck/internal/store"
	"crosscheck/internal/testkit"
)

// reachStart is when the observations of these tests begin.
var reachStart = time.Date(2031, 3, 11, 8, 0, 0, 0, time.UTC)

// desk runs the program on a clock of its own, with vantage points that report
// to it.
type desk struct {
	t      *testing.T
	cfg    config.Config
	clock  atomic.Pointer[time.Time]
	app    *App
	stop   func()
	tokens map[string]string
}

// newDesk starts the program with services and vantage points in four networks
// of three countries.
func newDesk(t *testing.T, services ...config.Service) *desk {
	t.Helper()
	d := &desk{t: t, cfg: config.Default(), tokens: map[string]string{}}
	d.set(reachStart)
	d.cfg.Listen, d.cfg.Data, d.cfg.Services = "127.0.0.1:0", filepath.Join(t.TempDir(), "data"), services
	d.cfg.Vantage.ID = ""
	d.start()
	t.Cleanup(func() { d.stop() })
	admin := &Admin{d.app.store}
	for i, id := range []string{"fra-1", "osl-1", "rig-1", "sto-1"} {
		v := model.VantageFacts{Vantage: model.Vantage{ID: id, ASN: uint32(64500 + i), Country: []string{"DE", "NO", "LV", "NO"}[i]}}
		token, err := admin.IssueVantage(t.Context(), v)
		if err != nil {
			t.Fatal(err)
		}
		d.tokens[id] = token
	}
	return d
}

func (d *desk) now() time.Time      { return *d.clock.Load() }
func (d *desk) set(to time.Time)    { d.clock.Store(&to) }
func (d *desk) store() *store.Store { return d.app.store }

// start runs the program until stop.
func (d *desk) start() {
	d.t.Helper()
	a, err := New(d.t.Context(), testkit.Logger(d.t), Options{Config: d.cfg, Now: d.now, Tick: 5 * time.Millisecond})
	if err != nil {
		d.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	d.app = a
	d.stop = func() {
		cancel()
		if err := <-done; err != nil {
			d.t.Errorf("Run: %v", err)
		}
		d.stop = func() {}
	}
}

func (d *desk) restart() {
	d.t.Helper()
	d.stop()
	d.start()
}

// judged waits until everything that arrived, and the time until now, is judged
// and stored.
func (d *desk) judged() {
	d.t.Helper()
	testkit.Eventually(d.t, 20*time.Second, "everything judged", func() bool {
		last, err := d.store().LastArrival(d.t.Context())
		if err != nil {
			return false
		}
		w := d.app.watch
		w.mu.Lock()
		defer w.mu.Unlock()
		step := d.now().Add(-tickGrace).Truncate(tickEvery)
		return w.done.Observation == last && (!w.done.At.Before(step) || !step.After(w.heard)) && len(w.unsaved) == 0
	})
}

// post sends a report and returns the status and the answer.
func (d *desk) post(vantage string, body []byte, headers ...string) (int, receipt, string) {
	d.t.Helper()
	req, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.app.URL()+"/api/v1/vantage/observations", bytes.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+d.tokens[vantage])
	req.Header.Set("Content-Type", "application/x-ndjson")
	req.Header.Set("X-Vantage-Time", d.now().Format(time.RFC3339Nano))
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	var r receipt
	if res.StatusCode == http.StatusOK {
		if err := json.Unmarshal(text, &r); err != nil {
			d.t.Fatalf("%v in %s", err, text)
		}
	}
	return res.StatusCode, r, string(text)
}

// line is an observation as a vantage point sends it.
func (d *desk) line(vantage, service string, at time.Time, lost bool) string {
	o := model.Observation{At: at, Service: service, Vantage: vantage, Valid: true, Outcome: model.OutcomeOK, Status: 200, TTFB: 90}
	if lost {
		o.Outcome, o.Layer, o.Failure, o.Status, o.TTFB = model.OutcomeFail, model.LayerTCP, "generic_timeout_error", 0, 0
	}
	text, err := json.Marshal(o)
	if err != nil {
		d.t.Fatal(err)
	}
	return string(text) + "\n"
}

// round has every vantage point probe every service in a minute and report it.
func (d *desk) round(minute int, lost func(service string) bool) {
	d.t.Helper()
	at := reachStart.Add(time.Duration(minute) * time.Minute)
	d.set(at.Add(45 * time.Second))
	for i, id := range []string{"fra-1", "osl-1", "rig-1", "sto-1"} {
		var body strings.Builder
		for k, s := range d.cfg.Services {
			body.WriteString(d.line(id, s.ID, at.Add(time.Duration(5*i+k)*time.Second), lost(s.ID)))
		}
		if status, r, text := d.post(id, []byte(body.String())); status != http.StatusOK || r.Accepted != len(d.cfg.Services) {
			d.t.Fatalf("minute %d, %s: %d %s", minute, id, status, text)
		}
	}
	d.judged()
}

// verdicts returns everything that was judged of the services.
func (d *desk) verdicts() (out []model.Outage) {
	d.t.Helper()
	for _, s := range d.cfg.Services {
		list, err := d.store().Verdicts(d.t.Context(), s.ID, time.Time{}, reachStart.AddDate(1, 0, 0))
		if err != nil {
			d.t.Fatal(err)
		}
		out = append(out, list...)
	}
	return out
}

var threeServices = []config.Service{
	{ID: "bank", Name: "Landbank", Target: "https://bank.example/"},
	{ID: "port", Target: "port.example:22"},
	{ID: "town", Target: "dns:town.example"},
}

// TestOutageOverRestarts confirms an outage from what four vantage points post,
// once without a break and once with two restarts, one of them in the middle:
// the verdicts are the same.
func TestOutageOverRestarts(t *testing.T) {
	play := func(restarts ...int) (*desk, []model.Outage) {
		d := newDesk(t, threeServices...)
		for minute := range 60 {
			for _, r := range restarts {
				if r == minute {
					d.restart()
				}
			}
			d.round(minute, func(service string) bool { return service == "bank" && minute >= 20 && minute < 40 })
		}
		return d, d.verdicts()
	}
	d, want := play()
	outages, err := d.store().Outages(t.Context(), model.OutageQuery{})
	if err != nil || len(outages) != 1 {
		t.Fatalf("%d outages, %v", len(outages), err)
	}
	o := outages[0]
	onset, end := reachStart.Add(20*time.Minute), reachStart.Add(40*time.Minute)
	if o.ServiceName != "Landbank" || o.State != model.StateConfirmed || o.Class != model.ClassTCP || o.Onset.Sub(onset).Abs() > time.Minute ||
		o.End.Sub(end).Abs() > time.Minute || o.Confirmed.Sub(onset) > 5*time.Minute || len(o.Peak.Down) != 4 {
		t.Errorf("the outage is %+v", o)
	}
	facts, err := d.store().Service(t.Context(), "bank")
	if err != nil || facts.Now.State != model.StateResolved || facts.Availability != 2.0/3 {
		t.Errorf("the bank is %s, %v available, %v", facts.Now.State, facts.Availability, err)
	}
	_, got := play(23, 50)
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("with restarts (-without +with):\n%s", diff)
	}
	for _, page := range []string{"crosscheck_service_up{service=\"bank\"} 1", `crosscheck_service_state{service="town",state="up"} 1`, `crosscheck_observations_total{result="accepted"} 720`, `crosscheck_vantage_seen_seconds{vantage="fra-1"}`} {
		if text := get(t, d.app.URL()+"/metrics"); !strings.Contains(text, page) {
			t.Errorf("metrics lack %q", page)
		}
	}
}

// TestVerdictsLostInACrash takes the last verdicts' mark away, as a crash between
// storing observations and verdicts does: they are judged again, and none twice.
func TestVerdictsLostInACrash(t *testing.T) {
	d := newDesk(t, threeServices...)
	for minute := range 30 {
		d.round(minute, func(service string) bool { return service == "bank" && minute >= 20 })
	}
	want := d.verdicts()
	if _, err := d.store().SaveVerdicts(t.Context(), nil, store.Judged{}); err != nil {
		t.Fatal(err)
	}
	d.app.watch.mu.Lock()
	d.app.watch.saved = d.app.watch.done // nothing is stored on the way down
	d.app.watch.mu.Unlock()
	d.restart()
	d.judged()
	if diff := cmp.Diff(want, d.verdicts(), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("judged again (-before +after):\n%s", diff)
	}
}

// TestSilenceIsNoticed lets every vantage point fall silent: time alone makes the
// services unknown.
func TestSilenceIsNoticed(t *testing.T) {
	d := newDesk(t, threeServices...)
	for minute := range 10 {
		d.round(minute, func(string) bool { return false })
	}
	d.set(reachStart.Add(20 * time.Minute))
	d.judged()
	for _, s := range threeServices {
		f, err := d.store().Service(t.Context(), s.ID)
		if err != nil || f.Now.State != model.StateUnknown || f.Since.Before(reachStart.Add(9*time.Minute)) {
			t.Errorf("%s is %s since %s, %v", s.ID, f.Now.State, f.Since, err)
		}
	}
}

// TestReviewTakesLateObservations holds the reports of three vantage points back
// until an outage is over: nothing was confirmed at the time, the review does.
func TestReviewTakesLateObservations(t *testing.T) {
	d := newDesk(t, threeServices...)
	late := map[string]*strings.Builder{}
	lost := func(minute int, service string) bool { return service == "bank" && minute >= 20 && minute < 40 }
	for minute := range 115 {
		at := reachStart.Add(time.Duration(minute) * time.Minute)
		d.set(at.Add(45 * time.Second))
		for i, id := range []string{"fra-1", "osl-1", "rig-1", "sto-1"} {
			var body strings.Builder
			for k, s := range d.cfg.Services {
				body.WriteString(d.line(id, s.ID, at.Add(time.Duration(5*i+k)*time.Second), lost(minute, s.ID) && (i < 2 || minute > 22)))
			}
			if i >= 2 && minute > 21 && minute < 60 {
				if late[id] == nil {
					late[id] = &strings.Builder{}
				}
				late[id].WriteString(body.String())
				continue
			}
			if status, _, text := d.post(id, []byte(body.String())); status != http.StatusOK {
				t.Fatalf("minute %d: %d %s", minute, status, text)
			}
		}
		d.judged()
	}
	outages, err := d.store().Outages(t.Context(), model.OutageQuery{})
	if err != nil || len(outages) != 1 || outages[0].State == model.StateConfirmed || outages[0].End.IsZero() {
		t.Fatalf("before the review: %+v, %v", outages, err)
	}
	for id, body := range late {
		if status, r, text := d.post(id, []byte(body.String())); status != http.StatusOK || r.Accepted != 38*3 {
			t.Fatalf("late: %d %s", status, text)
		}
	}
	d.judged()
	if err := d.app.reviewOutages(t.Context()); err != nil {
		t.Fatal(err)
	}
	o, err := d.store().Outage(t.Context(), outages[0].ID)
	if err != nil || o.State != model.StateConfirmed || !o.Peak.Reviewed || len(o.Peak.Down) != 4 {
		t.Errorf("after the review: %+v, %v", o, err)
	}
	if ids, err := d.store().ToReview(t.Context(), reachStart, d.now(), reviewLate); err != nil || len(ids) != 0 {
		t.Errorf("still to review: %v, %v", ids, err)
	}
}

func TestIngest(t *testing.T) {
	d := newDesk(t, threeServices...)
	at := reachStart.Add(-time.Minute)
	good := d.line("fra-1", "bank", at, false)
	lines := good +
		"{nonsense\n" +
		"\n" +
		d.line("osl-1", "bank", at, false) +
		d.line("fra-1", "nobody", at, false) +
		d.line("fra-1", "bank", reachStart.Add(3*time.Minute), false) +
		d.line("fra-1", "bank", reachStart.AddDate(0, -1, 0), false) +
		`{"signal":"ioda","service":"bank","at":"2031-03-11T08:00:00Z","ratio":10,"stale_s":60}` + "\n" +
		`{"summary":{"service":"bank","from":"2031-03-11T06:00:00Z","to":"2031-03-11T07:00:00Z","ok":50,"fail":10,"slow":0,"refused":0,"invalid":0}}` + "\n" +
		`{"summary":{"service":"bank","from":"2031-03-11T06:00:00Z","to":"2031-03-11T05:00:00Z","ok":50}}` + "\n" +
		`{"summary":{"service":"bank","from":"2031-03-11T06:00:00Z","to":"2031-03-11T06:01:00Z","ok":500}}` + "\n" +
		strings.TrimSuffix(good, "\n")
	status, r, text := d.post("fra-1", []byte(lines))
	if status != http.StatusOK || r.Accepted != 2 || r.Duplicates != 1 || r.Skew != 0 || r.Config == "" || r.Suspect == nil {
		t.Fatalf("%d %s", status, text)
	}
	var got []string
	for _, x := range r.Rejected {
		got = append(got, fmt.Sprint(x.Line, " ", x.Error))
	}
	for i, want := range []string{"2 ", "4 this token is of vantage point fra-1", "5 this service is not measured", "6 it lies in the future", "7 it is older", "8 want an observation", "10 summary from", "11 summary: want counts"} {
		if i >= len(got) || !strings.HasPrefix(got[i], want) {
			t.Fatalf("rejected %q, want %q at %d", got, want, i)
		}
	}
	if _, r, _ := d.post("fra-1", []byte(lines)); r.Accepted != 0 || r.Duplicates != 3 {
		t.Errorf("the same again: %+v", r)
	}
	stored, err := d.store().LastObservations(t.Context(), "bank", at)
	if err != nil || len(stored) != 1 || stored[0].ASN != 64500 || stored[0].Country != "DE" || !stored[0].Valid {
		t.Errorf("stored %+v, %v", stored, err)
	}
	sums, err := d.store().Rollups(t.Context(), "bank", model.RollupCoarse, reachStart.Add(-2*time.Hour), reachStart.Add(-time.Hour))
	if err != nil || len(sums) != 1 || sums[0].OK != 50 || sums[0].Fail != 10 {
		t.Errorf("counts of the spool: %+v, %v", sums, err)
	}

	status, r, _ = d.post("osl-1", []byte(d.line("osl-1", "bank", at, true)), "X-Vantage-Time", d.now().Add(3*time.Second).Format(time.RFC3339Nano), "User-Agent", "crosscheck-vantage/v9")
	stored, _ = d.store().LastObservations(t.Context(), "bank", at)
	if status != http.StatusOK || r.Accepted != 1 || r.Skew != 3000 || len(stored) != 2 || stored[1].Valid {
		t.Errorf("with a clock three seconds ahead: %d %+v, stored %+v", status, r, stored)
	}
	vantages, err := d.store().Vantages(t.Context())
	if err != nil || vantages[1].Skew != 3*time.Second || !vantages[1].Seen.Equal(reachStart) || vantages[1].Version != "crosscheck-vantage/v9" {
		t.Errorf("%+v, %v", vantages, err)
	}
}

func TestIngestRefuses(t *testing.T) {
	d := newDesk(t, threeServices...)
	good := []byte(d.line("fra-1", "bank", reachStart, false))
	packed := func(body []byte, by string) []byte {
		var b bytes.Buffer
		var w io.WriteCloser = gzip.NewWriter(&b)
		if by == "zstd" {
			w, _ = zstd.NewWriter(&b)
		}
		if _, err := w.Write(body); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	bomb := bytes.Repeat([]byte(" "), maxReport+1)
	d.tokens["nobody"] = "ccv_wrong"
	for _, c := range []struct {
		name    string
		vantage string
		body    []byte
		headers []string
		status  int
		want    string
	}{
		{"gzip", "fra-1", packed(good, "gzip"), []string{"Content-Encoding", "gzip"}, 200, `"accepted":1`},
		{"zstd", "fra-1", packed(good, "zstd"), []string{"Content-Encoding", "zstd"}, 200, `"duplicates":1`},
		{"wrong token", "nobody", good, nil, 401, "not known"},
		{"no token", "fra-1", good, []string{"Authorization", ""}, 401, "Bearer TOKEN"},
		{"no clock", "fra-1", good, []string{"X-Vantage-Time", ""}, 400, "X-Vantage-Time"},
		{"other packing", "fra-1", good, []string{"Content-Encoding", "br"}, 415, "gzip"},
		{"not packed", "fra-1", good, []string{"Content-Encoding", "gzip"}, 400, "cannot be read"},
		{"torn", "fra-1", packed(good, "zstd")[:20], []string{"Content-Encoding", "zstd"}, 400, "cannot be read"},
		{"gzip bomb", "fra-1", packed(bomb, "gzip"), []string{"Content-Encoding", "gzip"}, 413, "8 MiB"},
		{"zstd bomb", "fra-1", packed(bomb, "zstd"), []string{"Content-Encoding", "zstd"}, 413, "8 MiB"},
		{"large", "fra-1", bomb, nil, 413, "8 MiB"},
		{"many lines", "fra-1", bytes.Repeat([]byte("x\n"), maxReportLines+1), nil, 413, "20000"},
	} {
		if status, _, text := d.post(c.vantage, c.body, c.headers...); status != c.status || !strings.Contains(text, c.want) {
			t.Errorf("%s: %d %s, want %d with %q", c.name, status, text, c.status, c.want)
		}
	}
	over := 0
	for range 2 * reportBurst {
		if status, _, _ := d.post("fra-1", good); status == http.StatusTooManyRequests {
			over++
		}
	}
	if over == 0 || over > 2*reportBurst-10 {
		t.Errorf("%d of %d reports at once were too many", over, 2*reportBurst)
	}
	if status, _, text := d.post("osl-1", good); status != http.StatusOK {
		t.Errorf("another vantage point waits too: %d %s", status, text)
	}
	if err := (&Admin{d.store()}).RevokeVantage(t.Context(), "osl-1"); err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, 10*time.Second, "the revoked token refused", func() bool {
		status, _, text := d.post("osl-1", good)
		return status == http.StatusForbidden && strings.Contains(text, `"error":"revoked"`)
	})
}

func TestVantageConfig(t *testing.T) {
	d := newDesk(t, config.Service{ID: "bank", Target: "https://bank.example/", Status: "200", Text: "Sign in", Slow: 2 * time.Second})
	ask := func(etag string) (int, string, string) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.app.URL()+"/api/v1/vantage/config", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+d.tokens["fra-1"])
		if etag != "" {
			req.Header.Set("If-None-Match", etag)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, res.Header.Get("ETag"), string(text)
	}
	status, etag, text := ask("")
	for _, want := range []string{
		`"vantage":{"id":"fra-1","asn":64500,"country":"DE","group":""}`, `"every_s":60,"suspect_s":20`, `{"address":"1.1.1.1:443","network":"Cloudflare"}`,
		`"services":[{"id":"bank","target":"https://bank.example/","status":"200","text":"Sign in","slow_ms":2000,"private":false}]`,
	} {
		if status != http.StatusOK || !strings.Contains(text, want) {
			t.Errorf("%d %s lacks %s", status, text, want)
		}
	}
	if status, _, text := ask(etag); status != http.StatusNotModified || text != "" {
		t.Errorf("unchanged: %d %q", status, text)
	}
	if _, r, _ := d.post("fra-1", nil); r.Config != etag {
		t.Errorf("a report is told configuration %s, want %s", r.Config, etag)
	}
	if err := (&Admin{d.store()}).Measure(t.Context(), &model.Service{ID: "port", Target: "port.example:22"}); err != nil {
		t.Fatal(err)
	}
	if status, now, _ := ask(etag); status != http.StatusOK || now == etag {
		t.Errorf("changed: %d, ETag %s", status, now)
	}
}

// TestSignalConfirms has two of four vantage points lose a service, which is
// probable and no more, until an outside source bears it out.
func TestSignalConfirms(t *testing.T) {
	d := newDesk(t, threeServices...)
	state := func() model.OutageState {
		f, err := d.store().Service(t.Context(), "bank")
		if err != nil {
			t.Fatal(err)
		}
		return f.Now.State
	}
	for minute := range 40 {
		at := reachStart.Add(time.Duration(minute) * time.Minute)
		d.set(at.Add(45 * time.Second))
		for i, id := range []string{"fra-1", "osl-1", "rig-1", "sto-1"} {
			if status, _, text := d.post(id, []byte(d.line(id, "bank", at.Add(time.Duration(5*i)*time.Second), minute >= 20 && i < 2))); status != http.StatusOK {
				t.Fatalf("%d %s", status, text)
			}
		}
		d.judged()
		if minute == 32 {
			if got := state(); got != model.StateProbable {
				t.Fatalf("before the signal it is %s", got)
			}
			if err := d.app.signal(t.Context(), model.Signal{Source: "ioda", Service: "bank", At: d.now(), Ratio: 12, Stale: time.Hour}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := state(); got != model.StateConfirmed {
		t.Errorf("after the signal it is %s", got)
	}
}

// TestOwnVantagePoint measures a service in a network inside the process.
func TestOwnVantagePoint(t *testing.T) {
	n, err := fakenet.New(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	resolver, public, private := netip.MustParseAddrPort("9.9.9.9:53"), netip.MustParseAddr("8.8.4.4"), netip.MustParseAddr("10.0.0.7")
	for name, a := range map[string]netip.Addr{"bank.example": public, "inside.example": private} {
		n.Resolve(resolver, name, fakenet.Answer{Addrs: []netip.Addr{a}})
		n.Listen(netip.AddrPortFrom(a, 443), fakenet.Host{TLS: fakenet.TLSGood, Name: name, Page: fakenet.Status(200, "Welcome")})
	}
	cfg := config.Default()
	cfg.Listen, cfg.Data = "127.0.0.1:0", filepath.Join(t.TempDir(), "data")
	cfg.Vantage.ID, cfg.Vantage.ASN, cfg.Vantage.Resolvers = "here", 64500, []string{"9.9.9.9"}
	for i, network := range []string{"A", "B", "C", "D", "E"} {
		address := netip.AddrPortFrom(netip.AddrFrom4([4]byte{8, 8, 9, byte(i)}), 443)
		n.Listen(address, fakenet.Host{})
		cfg.Vantage.Anchors = append(cfg.Vantage.Anchors, config.Anchor{Address: address.String(), Network: network})
	}
	cfg.Vantage.Every, cfg.Vantage.EverySuspect = 15*time.Second, 15*time.Second
	cfg.Services = []config.Service{
		{ID: "bank", Target: "https://bank.example/"}, {ID: "inside", Target: "https://inside.example/", Private: true}, {ID: "trap", Target: "https://inside.example/"},
	}
	a := start(t, Options{Config: cfg, Tick: 10 * time.Millisecond, Probe: probe.Config{Network: n, Roots: n.Roots()}})
	want := map[string]string{"bank": "ok ", "inside": "ok ", "trap": "fail dns_bogon_error"}
	testkit.Eventually(t, 60*time.Second, "every service measured", func() bool {
		for id, outcome := range want {
			list, err := a.store.LastObservations(t.Context(), id, time.Now())
			if err != nil || len(list) != 1 {
				return false
			}
			if got := fmt.Sprint(list[0].Outcome, " ", list[0].Failure); got != outcome || list[0].Vantage != "here" || list[0].ASN != 64500 || list[0].Evidence == nil {
				t.Fatalf("%s: %s, want %s; %+v", id, got, outcome, list[0])
			}
		}
		return true
	})
	if text := get(t, a.URL()+"/metrics"); !strings.Contains(text, `crosscheck_probes_total{outcome="ok"}`) {
		t.Error("probes are not counted")
	}
}

func TestServicesInsideAreRefused(t *testing.T) {
	for _, c := range []struct {
		s    config.Service
		want string // "": taken
	}{
		{config.Service{ID: "x", Target: "http://127.0.0.1:8080/"}, "a loopback address, not permitted (say that it is private"},
		{config.Service{ID: "x", Target: "https://[fd00::1]/"}, "a private address"},
		{config.Service{ID: "x", Target: "10.0.0.0/24"}, "a private address"},
		{config.Service{ID: "x", Target: "tcp:169.254.169.254:80", Private: true}, ""},
		{config.Service{ID: "x", Target: "http://10.0.0.1/", Private: true}, ""},
		{config.Service{ID: "x", Target: "http://168.63.129.16/", Private: true}, "internal address"},
		{config.Service{ID: "x", Target: "bank.example"}, ""},
		{config.Service{ID: "x", Target: "gopher://bank.example"}, "want an http or https URL"},
		{config.Service{ID: "x", Target: "bank.example", Status: "2xx"}, `status "2xx"`},
	} {
		cfg := config.Default()
		cfg.Services = []config.Service{c.s}
		_, err := ConfiguredServices(cfg)
		if c.want == "" && err != nil || c.want != "" && (!errors.Is(err, model.ErrInvalid) || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.s.Target, err, c.want)
		}
	}
}
