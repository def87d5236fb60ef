package alert

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crosscheck/internal/model"
	"crosscheck/internal/store"
)

var quiet = slog.New(slog.DiscardHandler)

// desk is an engine on a store of its own, with a clock that the test moves.
type desk struct {
	*Engine
	t    *testing.T
	dir  string
	st   *store.Store
	now  time.Time
	mail *box
	web  *box
}

// openDesk opens an engine in a folder, with rules.
func openDesk(t *testing.T, rules ...model.AlertRule) *desk {
	t.Helper()
	d := &desk{t: t, dir: t.TempDir(), now: start, mail: &box{}, web: &box{}}
	d.restart()
	for i := range rules {
		if err := rules[i].Validate(); err != nil {
			t.Fatal(err)
		}
		if err := d.st.SaveAlertRule(t.Context(), &rules[i]); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = d.st.Close() })
	return d
}

// restart closes the store and opens it again, as a start of the program does.
func (d *desk) restart() {
	d.t.Helper()
	if d.st != nil {
		if err := d.st.Close(); err != nil {
			d.t.Fatal(err)
		}
	}
	var err error
	if d.st, err = store.Open(d.t.Context(), quiet, store.Config{Dir: d.dir}); err != nil {
		d.t.Fatal(err)
	}
	d.Engine = New(quiet, d.st, Config{
		Senders: Senders{Mail: d.mail, Web: d.web}, Now: func() time.Time { return d.now },
		Link: func(_ string, e *model.Entry) string { return "https://monitor.example/" + e.Claim },
	})
}

// take moves the clock to when an entry became known and takes it.
func (d *desk) take(entries ...model.Entry) {
	d.t.Helper()
	d.now = entries[len(entries)-1].Seen
	if err := d.Take(d.t.Context(), "s", entries); err != nil {
		d.t.Fatal(err)
	}
}

// at moves the clock and delivers what is due.
func (d *desk) at(minutes int) {
	d.t.Helper()
	d.now = after(minutes)
	if _, err := d.flush(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
}

// said is what arrived in a box: the entry and why, or how many of a digest.
func (b *box) said() []string {
	var out []string
	for _, m := range b.got {
		var parts []string
		for _, a := range m.Alerts {
			parts = append(parts, a.Entry.ID+" "+a.Why)
		}
		out = append(out, m.Kind+": "+strings.Join(parts, "; "))
	}
	return out
}

func (d *desk) want(b *box, want ...string) {
	d.t.Helper()
	if diff := cmp.Diff(want, b.said()); diff != "" {
		d.t.Error(diff)
	}
}

func (d *desk) deliveries(state model.DeliveryState) []model.Delivery {
	d.t.Helper()
	list, err := d.st.Deliveries(d.t.Context(), state, 1000)
	if err != nil {
		d.t.Fatal(err)
	}
	return list
}

func toMail(r model.AlertRule) model.AlertRule {
	r.Name, r.To = "Garrison", []string{"mailto:desk@example.org"}
	if len(r.Kinds)+len(r.Words) == 0 {
		r.Words = []string{"words", "report"}
	}
	return r
}

func TestTake(t *testing.T) {
	d := openDesk(t, toMail(model.AlertRule{}))
	d.take(entry("a", model.EntryAsserted, 0, 1, "A"))
	d.at(0)
	d.take(entry("a", model.EntryAsserted, 0, 1, "A"))                   // again
	d.take(entry("b", model.EntryStatement, 1, 1, "B"))                  // no rise
	d.take(model.Entry{ID: "x", Kind: model.EntryStory, Seen: after(1)}) // of no concern
	d.restart()
	d.take(entry("a", model.EntryAsserted, 0, 1, "A"), entry("c", model.EntryDenied, 2, 1, "C"))
	d.at(2)
	d.at(3)
	d.want(d.mail, "alert: a new", "alert: c denied, after asserted")
	if link := d.mail.got[1].Alerts[0].Link; link != "https://monitor.example/c" {
		t.Errorf("link %q", link)
	}
	if a, b := d.mail.got[0], d.mail.got[1]; a.ID == b.ID || a.Alerts[0].Alert != b.Alerts[0].Alert {
		t.Errorf("messages %s and %s of alerts %s and %s, want two of one", a.ID, b.ID, a.Alerts[0].Alert, b.Alerts[0].Alert)
	}
}

// TestAtOnce takes a whole history in one go.
func TestAtOnce(t *testing.T) {
	d := openDesk(t, toMail(model.AlertRule{}))
	d.take(entry("a", model.EntryAsserted, 0, 1, "A"), entry("b", model.EntryDenied, 1, 1, "B"), entry("c", model.EntryReversal, 2, 1, "A"), outage("o1", model.EntryOnset, 3))
	d.take(entry("e", model.EntryReversal, 5, 3, "B"))
	d.at(5)
	d.want(d.mail, "alert: c new", "alert: o1 new", "alert: e carried by 3 independent origins, after 1")
}

// TestBeforeTheRule takes what was known before the rule was made.
func TestBeforeTheRule(t *testing.T) {
	d := openDesk(t, toMail(model.AlertRule{Created: after(5)}))
	d.take(entry("a", model.EntryAsserted, 0, 1, "A"), entry("b", model.EntryDenied, 6, 1, "B"))
	d.at(6)
	d.want(d.mail, "alert: b new")
}

func TestRetry(t *testing.T) {
	d := openDesk(t, toMail(model.AlertRule{}))
	d.mail.fail = errors.New("the mail server is down")
	d.take(entry("a", model.EntryAsserted, 0, 1, "A"))
	d.at(0)
	d.at(0)
	if len(d.mail.to) != 1 {
		t.Errorf("%d tries at once, want 1", len(d.mail.to))
	}
	if list := d.deliveries(model.DeliveryWaiting); len(list) != 1 || list[0].Tries != 1 || list[0].Err != "the mail server is down" || !list[0].Due.After(start) {
		t.Errorf("waiting: %+v", list)
	}
	d.restart()
	for m := 1; m < 60; m++ {
		d.at(m)
	}
	if n := len(d.mail.to); n < 6 || n > 9 {
		t.Errorf("%d tries in an hour, want about 7, further and further apart", n)
	}
	d.mail.fail = nil
	d.at(180)
	d.want(d.mail, "alert: a new")
	if list := d.deliveries(model.DeliverySent); len(list) != 1 || list[0].Err != "" || !list[0].Done.Equal(after(180)) {
		t.Errorf("sent: %+v", list)
	}
	d.at(181)
	d.want(d.mail, "alert: a new")
}

func TestGiveUp(t *testing.T) {
	d := openDesk(t, toMail(model.AlertRule{}))
	d.mail.fail = errors.New("no such user")
	d.take(entry("a", model.EntryAsserted, 0, 1, "A"))
	const day = 24 * 60
	for m := 0; m <= 3*day+120; m += 30 {
		d.at(m)
	}
	list := d.deliveries(model.DeliveryGivenUp)
	if len(list) != 1 || list[0].Err != "no such user" || list[0].Tries < 30 {
		t.Fatalf("given up: %+v", list)
	}
	if waiting := d.deliveries(model.DeliveryWaiting); len(waiting) != 0 {
		t.Errorf("still waiting: %+v", waiting)
	}
	d.mail.fail = nil
	d.at(4 * day)
	d.want(d.mail)
}

// TestOneWayDown delivers to one recipient while another cannot be reached, and
// keeps the order of what waits.
func TestOneWayDown(t *testing.T) {
	r := toMail(model.AlertRule{})
	r.To = append(r.To, "https://hooks.example/x")
	d := openDesk(t, r)
	d.web.fail = errors.New("unreachable")
	d.take(entry("a", model.EntryAsserted, 0, 1, "A"))
	d.take(entry("b", model.EntryDenied, 0, 1, "B"))
	d.at(0)
	d.want(d.mail, "alert: a new", "alert: b denied, after asserted")
	if len(d.web.to) != 1 {
		t.Errorf("%d tries at what cannot be reached, want 1 in a round", len(d.web.to))
	}
	d.web.fail = nil
	d.at(1)
	d.want(d.web, "alert: a new", "alert: b denied, after asserted")
}

// TestQuiet gathers the alerts of a night into one digest, of each event what
// is newest.
func TestQuiet(t *testing.T) {
	r := toMail(model.AlertRule{Quiet: model.QuietHours{From: "12:30", To: "14:00"}})
	d := openDesk(t, r)
	d.take(entry("a", model.EntryAsserted, 0, 1, "A"))
	d.at(0)
	d.take(entry("b", model.EntryDenied, 40, 1, "B"))
	d.take(outage("o1", model.EntryOnset, 50))
	d.take(entry("c", model.EntryReversal, 60, 1, "A"))
	for m := 40; m < 120; m++ {
		d.at(m)
	}
	d.want(d.mail, "alert: a new")
	d.restart()
	d.at(120)
	d.want(d.mail, "alert: a new", "digest: c reversal, after denied; o1 new")
	if waiting := d.deliveries(model.DeliveryWaiting); len(waiting) != 0 {
		t.Errorf("still waiting: %+v", waiting)
	}
}

func TestDigest(t *testing.T) {
	d := openDesk(t, toMail(model.AlertRule{Digest: time.Hour}))
	d.take(entry("a", model.EntryAsserted, 5, 1, "A"))
	d.at(59)
	d.want(d.mail)
	d.at(60)
	d.want(d.mail, "alert: a new")
	many := make([]model.Entry, 700) // more than one round takes
	for i := range many {
		many[i] = entry(fmt.Sprint(i), model.EntryAsserted, 70, 1, "A")
		many[i].Claim = fmt.Sprint(i)
	}
	d.take(many...)
	d.now = after(120)
	more, err := d.flush(t.Context())
	if err != nil || !more {
		t.Fatalf("flush = %v, %v, want that there is more", more, err)
	}
	d.at(120)
	n := 0
	for _, m := range d.mail.got[1:] {
		n += len(m.Alerts)
	}
	if n != 700 || len(d.mail.got) != 3 {
		t.Errorf("%d alerts in %d messages, want 700 in 2", n, len(d.mail.got)-1)
	}
}

// broken is a store that fails at one thing.
type broken struct {
	Store
	keep, deliveries error
}

func (b *broken) KeepAlerts(ctx context.Context, s string, at time.Time, e []model.Entry, a []model.Alert, d []model.Delivery) error {
	if b.keep != nil {
		return b.keep
	}
	return b.Store.KeepAlerts(ctx, s, at, e, a, d)
}

func (b *broken) KeepDeliveries(ctx context.Context, d []model.Delivery) error {
	if b.deliveries != nil {
		return b.deliveries
	}
	return b.Store.KeepDeliveries(ctx, d)
}

// TestStoreFails takes again what could not be stored, and sends again, under
// the same id, what could not be entered as sent.
func TestStoreFails(t *testing.T) {
	d := openDesk(t, toMail(model.AlertRule{}))
	b := &broken{Store: d.st, keep: errors.New("the disk is full")}
	d.Engine = New(quiet, b, Config{Senders: Senders{Mail: d.mail}, Now: func() time.Time { return d.now }})
	e := []model.Entry{entry("a", model.EntryAsserted, 0, 1, "A")}
	if err := d.Take(t.Context(), "s", e); !errors.Is(err, b.keep) {
		t.Errorf("Take = %v", err)
	}
	b.keep = nil
	d.take(e...)
	b.deliveries = errors.New("the disk is full")
	if _, err := d.flush(t.Context()); !errors.Is(err, b.deliveries) {
		t.Errorf("flush = %v", err)
	}
	b.deliveries = nil
	d.at(1)
	d.at(2)
	d.want(d.mail, "alert: a new", "alert: a new")
	if d.mail.got[0].ID != d.mail.got[1].ID {
		t.Errorf("sent as %s and %s, want the same id", d.mail.got[0].ID, d.mail.got[1].ID)
	}
}

// TestNotConfigured keeps what is for a recipient that no way leads to.
func TestNotConfigured(t *testing.T) {
	r := toMail(model.AlertRule{})
	r.To = []string{"chat:desk"}
	d := openDesk(t, r)
	d.take(entry("a", model.EntryAsserted, 0, 1, "A"))
	d.at(0)
	if list := d.deliveries(model.DeliveryWaiting); len(list) != 1 || !strings.Contains(list[0].Err, "alerts.chats") {
		t.Errorf("waiting: %+v", list)
	}
}

// TestRun delivers by itself, on the real clock, and stops.
func TestRun(t *testing.T) {
	d := openDesk(t, toMail(model.AlertRule{}))
	arrived := make(chan Message)
	d.Engine = New(quiet, d.st, Config{Senders: Senders{Mail: sendTo(arrived)}})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- d.Run(ctx) }()
	for i := range 3 {
		e := entry(fmt.Sprint(i), model.EntryAsserted, 0, 1, "A")
		e.Claim = fmt.Sprint(i)
		if err := d.Take(ctx, "s", []model.Entry{e}); err != nil {
			t.Fatal(err)
		}
		if m := <-arrived; m.Alerts[0].Entry.ID != e.ID {
			t.Errorf("%s arrived, want %s", m.Alerts[0].Entry.ID, e.ID)
		}
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("Run = %v", err)
	}
}

type sendTo chan Message

func (c sendTo) Send(ctx context.Context, _ string, m Message) error {
	select {
	case c <- m:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// TestDryRun replays what the engine has taken and compares it with what it
// told.
func TestDryRun(t *testing.T) {
	r := toMail(model.AlertRule{MinOrigins: 2})
	d := openDesk(t, r)
	d.take(entry("a", model.EntryAsserted, 0, 1, "A"))
	grown := entry("a", model.EntryAsserted, 3, 2, "A")
	d.take(grown)
	d.take(entry("b", model.EntryDenied, 4, 1, "B"))
	d.at(4)
	taken, err := d.st.AlertEntries(t.Context(), "", start)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, x := range Replay([]model.AlertRule{r}, "s", taken["s"]) {
		got = append(got, "alert: "+x.Item.Entry.ID+" "+x.Item.Why)
	}
	d.want(d.mail, got...)
	if !slices.Equal(got, []string{"alert: a new", "alert: b denied, after asserted"}) {
		t.Errorf("replayed %q", got)
	}
}

type sendBy func(m Message) error

func (f sendBy) Send(_ context.Context, _ string, m Message) error { return f(m) }

// TestTwoEngines has two engines on one store: a delivery that one is at is not
// the other's, unless the first one died over it.
func TestTwoEngines(t *testing.T) {
	d := openDesk(t, toMail(model.AlertRule{}))
	other := New(quiet, d.st, Config{Senders: Senders{Mail: d.mail}, Now: func() time.Time { return d.now }})
	flush := func(g *Engine) {
		t.Helper()
		if _, err := g.flush(t.Context()); err != nil {
			t.Error(err)
		}
	}
	var sent []string
	fails := errors.New("no")
	d.Engine = New(quiet, d.st, Config{Now: func() time.Time { return d.now }, Senders: Senders{Mail: sendBy(func(m Message) error {
		sent = append(sent, m.Alerts[0].Entry.ID)
		flush(other) // takes what is not this engine's
		return fails
	})}})
	a, b := entry("a", model.EntryAsserted, 0, 1, "A"), entry("b", model.EntryAsserted, 0, 1, "B")
	b.Claim = "another"
	d.take(a, b)
	if err := other.Take(t.Context(), "s", []model.Entry{a, b}); err != nil {
		t.Fatal(err)
	}
	flush(d.Engine)
	if len(sent) != 1 || len(d.mail.got) != 1 || d.mail.got[0].Alerts[0].Entry.ID == sent[0] {
		t.Fatalf("one sent %v, the other %v: want one each", sent, d.mail.said())
	}
	flush(other)
	if len(d.mail.got) != 1 {
		t.Errorf("what failed is tried again before its time: %v", d.mail.said())
	}

	// An engine that dies over a delivery leaves its claim.
	c := entry("c", model.EntryAsserted, 10, 1, "C")
	c.Claim = "third"
	d.take(c)
	due, err := d.st.DueDeliveries(t.Context(), d.now, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range due {
		mine, err := d.st.ClaimDeliveries(t.Context(), []string{x.ID}, d.now, d.now.Add(claimFor))
		if err != nil || len(mine) != 1 {
			t.Fatalf("claimed %v, %v", mine, err)
		}
	}
	d.mail.got = nil
	flush(other)
	next, err := d.st.NextDelivery(t.Context())
	if err != nil || len(d.mail.got) > 0 || !next.Equal(d.now.Add(claimFor)) {
		t.Errorf("sent %v, next at %v, %v: want nothing before the claim ends", d.mail.said(), next, err)
	}
	d.now = next
	flush(other)
	if got := d.mail.said(); len(got) != len(due) || !slices.Contains(got, "alert: c new") {
		t.Errorf("after the claim has ended: %v", got)
	}
}
