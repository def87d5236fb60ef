// Package alert tells people what they asked to be told: it holds the entries
// of timelines against their rules, makes one alert of each event, and brings
// it to them by e-mail, webhook or chat. An alert is told again only when its
// event rises. What cannot be delivered waits in the store and is tried again
// for three days. docs/alerts.md describes rules and deliveries.
package alert

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"crosscheck/internal/model"
)

// Store keeps rules, alerts, the outbox and the entries taken.
type Store interface {
	// AlertRules returns every rule.
	AlertRules(ctx context.Context) ([]model.AlertRule, error)
	// AlertsByID returns those there are.
	AlertsByID(ctx context.Context, ids []string) ([]model.Alert, error)
	// KeepAlerts stores what came of entries that became known at a time, all
	// of it or nothing.
	KeepAlerts(ctx context.Context, situation string, at time.Time, entries []model.Entry, alerts []model.Alert, deliveries []model.Delivery) error
	// DueDeliveries returns waiting ones to be tried by a time that nobody has
	// claimed beyond it, the oldest first.
	DueDeliveries(ctx context.Context, by time.Time, limit int) ([]model.Delivery, error)
	// ClaimDeliveries claims deliveries until a time and returns the ids of those
	// that were due and claimed by nobody else.
	ClaimDeliveries(ctx context.Context, ids []string, now, until time.Time) (claimed []string, err error)
	// NextDelivery is when the next one is to be tried, zero when none waits.
	NextDelivery(ctx context.Context) (time.Time, error)
	// KeepDeliveries stores what became of deliveries, and ends their claims.
	KeepDeliveries(ctx context.Context, deliveries []model.Delivery) error
	// PruneAlerts forgets what is older: entries, alerts, finished deliveries.
	PruneAlerts(ctx context.Context, before time.Time) error
}

// Config is how an Engine works. Senders is required.
type Config struct {
	Senders Senders
	Link    func(situation string, e *model.Entry) string // address of the page that shows an entry, or ""; nil: none
	Now     func() time.Time                              // default time.Now
}

// Engine holds entries against the rules of a store and delivers. It is safe
// for concurrent use, and several may work on one store: what is to be told has
// the same ids, and each delivery is claimed by who sends it.
type Engine struct {
	lg    *slog.Logger
	store Store
	cfg   Config
	now   func() time.Time
	wake  chan struct{} // something may be due
	mu    sync.Mutex    // one Take at a time
}

// New returns an Engine; nothing is delivered before Run.
func New(lg *slog.Logger, store Store, cfg Config) *Engine {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Engine{lg: lg, store: store, cfg: cfg, now: cfg.Now, wake: make(chan struct{}, 1)}
}

// Take holds entries of a situation's timeline against the rules and puts what
// is to be told into the outbox, once for each event. An entry may be given
// again: it counts when more origins carry it. Nothing is lost or told twice when it fails and is
// called again.
func (g *Engine) Take(ctx context.Context, situation string, entries []model.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	rules, err := g.store.AlertRules(ctx)
	if err != nil {
		return fmt.Errorf("alert: rules: %w", err)
	}
	now := g.now().UTC()
	inOrder := slices.SortedStableFunc(slices.Values(entries), func(a, b model.Entry) int {
		return cmp.Or(a.Seen.Compare(b.Seen), a.At.Compare(b.At))
	})
	t := &taking{rules: rules, situation: situation, link: g.cfg.Link, alerts: map[string]model.Alert{}}
	known, err := g.store.AlertsByID(ctx, t.ids(inOrder))
	if err != nil {
		return fmt.Errorf("alert: %w", err)
	}
	for _, a := range known {
		t.alerts[a.ID] = a
	}
	for i := range inOrder {
		t.take(&inOrder[i], now, func(r *model.AlertRule, e *model.Entry) bool {
			return !e.Seen.IsZero() && e.Seen.Before(r.Created)
		})
	}
	deliveries := newest(t.deliveries)
	if err := g.store.KeepAlerts(ctx, situation, now, inOrder, t.changed(), deliveries); err != nil {
		return fmt.Errorf("alert: %w", err)
	}
	if len(deliveries) > 0 {
		g.poke()
	}
	return nil
}

// poke lets Run look whether something is due.
func (g *Engine) poke() {
	select {
	case g.wake <- struct{}{}:
	default:
	}
}

// taking is one call of Take, or a replay.
type taking struct {
	rules      []model.AlertRule
	situation  string
	link       func(string, *model.Entry) string
	alerts     map[string]model.Alert
	dirty      []string // ids of those that changed, in order
	deliveries []model.Delivery
}

// ids are those of the alerts the entries may belong to.
func (t *taking) ids(entries []model.Entry) []string {
	var out []string
	for i := range t.rules {
		for k := range entries {
			if concerns(&t.rules[i], t.situation, &entries[k]) {
				out = append(out, alertID(&t.rules[i], t.situation, eventOf(&entries[k])))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// take holds one entry against every rule that it is not too old for.
func (t *taking) take(e *model.Entry, at time.Time, old func(*model.AlertRule, *model.Entry) bool) {
	for i := range t.rules {
		r := &t.rules[i]
		if !concerns(r, t.situation, e) || old(r, e) {
			continue
		}
		a, why, changed := weigh(r, t.alerts[alertID(r, t.situation, eventOf(e))], t.situation, e, at)
		if !changed {
			continue
		}
		t.alerts[a.ID] = a
		if !slices.Contains(t.dirty, a.ID) {
			t.dirty = append(t.dirty, a.ID)
		}
		if why != "" {
			t.tell(r, &a, e, why, at)
		}
	}
}

// tell puts an alert on its way to everybody the rule names.
func (t *taking) tell(r *model.AlertRule, a *model.Alert, e *model.Entry, why string, at time.Time) {
	it := item(r, a, e, why, at)
	if t.link != nil {
		it.Link = t.link(t.situation, e)
	}
	when, gather := due(r, at)
	for _, to := range r.To {
		t.deliveries = append(t.deliveries, model.Delivery{
			ID: model.ID("delivery", a.ID, fmt.Sprint(a.Told), to), Rule: r.ID, To: to, Item: it,
			Gather: gather, Since: when, Due: when, State: model.DeliveryWaiting,
		})
	}
}

// newest leaves of the deliveries of one alert to one recipient the last one,
// which is new where the first one was.
func newest(list []model.Delivery) []model.Delivery {
	at := map[[2]string]int{}
	var out []model.Delivery
	for _, d := range list {
		key := [2]string{d.Item.Alert, d.To}
		i, known := at[key]
		if !known {
			at[key] = len(out)
			out = append(out, d)
			continue
		}
		if out[i].Item.Why == whyNew {
			d.Item.Why = whyNew
		}
		out[i] = d
	}
	return out
}

func (t *taking) changed() []model.Alert {
	out := make([]model.Alert, len(t.dirty))
	for i, id := range t.dirty {
		out[i] = t.alerts[id]
	}
	return out
}

// Replay returns what rules would have told of the entries of a situation, in
// the order in which it would have been told, as if the rules had been there
// from the start. The entries are taken in the order in which they became
// known: Seen, or At where that is missing.
func Replay(rules []model.AlertRule, situation string, entries []model.Entry) []model.Delivery {
	known := func(e *model.Entry) time.Time {
		if e.Seen.IsZero() {
			return e.At
		}
		return e.Seen
	}
	t := &taking{rules: rules, situation: situation, alerts: map[string]model.Alert{}}
	for _, e := range slices.SortedStableFunc(slices.Values(entries), func(a, b model.Entry) int {
		return cmp.Or(known(&a).Compare(known(&b)), a.At.Compare(b.At))
	}) {
		t.take(&e, known(&e).UTC(), func(*model.AlertRule, *model.Entry) bool { return false })
	}
	slices.SortStableFunc(t.deliveries, func(a, b model.Delivery) int { return a.Due.Compare(b.Due) })
	return t.deliveries
}
