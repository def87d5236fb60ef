package alert

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"crosscheck/internal/model"
)

const (
	// giveUpAfter is how long a delivery is tried.
	giveUpAfter = 3 * 24 * time.Hour
	// firstRetry and lastRetry are the least and the most time between tries.
	firstRetry = 30 * time.Second
	lastRetry  = time.Hour
	// sendTimeout bounds one try.
	sendTimeout = 30 * time.Second
	// claimFor is how long a delivery is somebody's who tries it: longer than
	// that takes. After a crash it is tried again when this is over.
	claimFor = 4 * sendTimeout
	// batch is how many deliveries are looked at in one round.
	batch = 500
	// atOnce is how many recipients are served at a time.
	atOnce = 4
	// look is how often the outbox is looked into when nothing is said to be
	// due: another program may have put something there.
	look = time.Minute
	// keep is how long what is over is kept.
	keep = 90 * 24 * time.Hour
)

// Run delivers until ctx is done, and returns its error. A store that fails is
// logged and asked again.
func (g *Engine) Run(ctx context.Context) error {
	var pruned time.Time
	for ctx.Err() == nil {
		wait := look
		more, err := g.flush(ctx)
		if err == nil && g.now().Sub(pruned) > 24*time.Hour {
			pruned = g.now()
			err = g.store.PruneAlerts(ctx, pruned.Add(-keep))
		}
		if err == nil {
			wait, err = g.untilNext(ctx)
		}
		switch {
		case err != nil && ctx.Err() == nil:
			g.lg.ErrorContext(ctx, "alerts are not delivered", "error", err)
		case more:
			continue
		}
		t := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-g.wake:
		case <-t.C:
		}
		t.Stop()
	}
	return ctx.Err()
}

// untilNext is the time until something is due.
func (g *Engine) untilNext(ctx context.Context) (time.Duration, error) {
	next, err := g.store.NextDelivery(ctx)
	if err != nil || next.IsZero() {
		return look, err
	}
	return max(time.Millisecond, min(look, next.Sub(g.now()))), nil
}

// flush tries everything that is due once, and reports whether there may be
// more.
func (g *Engine) flush(ctx context.Context) (more bool, err error) {
	list, err := g.store.DueDeliveries(ctx, g.now(), batch)
	if err != nil {
		return false, err
	}
	byRecipient := map[string][]model.Delivery{}
	for _, d := range list {
		byRecipient[d.To] = append(byRecipient[d.To], d)
	}
	eg, ctx := errgroup.WithContext(ctx)
	eg.SetLimit(atOnce)
	for to, of := range byRecipient {
		eg.Go(func() error { return g.serve(ctx, to, of) })
	}
	return len(list) == batch, eg.Wait()
}

// serve brings one recipient what is due, what is gathered in one message. When
// a try fails, the rest waits with it.
func (g *Engine) serve(ctx context.Context, to string, list []model.Delivery) error {
	parcels := pack(list)
	for i, p := range parcels {
		p, err := g.claim(ctx, p)
		if err != nil {
			return err
		}
		if len(p) == 0 {
			continue
		}
		err = g.send(ctx, to, p)
		if err != nil && ctx.Err() != nil { // it is tried again after the start
			return errors.Join(ctx.Err(), g.store.KeepDeliveries(context.WithoutCancel(ctx), p))
		}
		now := g.now().UTC()
		for k := range p {
			settle(&p[k], err, now)
		}
		if err != nil {
			rest, err := g.claim(ctx, slices.Concat(parcels[i+1:]...))
			if err != nil {
				return errors.Join(err, g.store.KeepDeliveries(context.WithoutCancel(ctx), p))
			}
			for k := range rest {
				rest[k].Due = p[0].Due
				settleOld(&rest[k], now)
			}
			p = append(p, rest...)
			g.report(ctx, to, p)
		}
		// What was sent is entered even while the program stops.
		if kerr := g.store.KeepDeliveries(context.WithoutCancel(ctx), p); kerr != nil || err != nil {
			return kerr
		}
	}
	return nil
}

// claim makes deliveries this engine's, and leaves out those that are another's.
func (g *Engine) claim(ctx context.Context, p []model.Delivery) ([]model.Delivery, error) {
	ids := make([]string, len(p))
	for i := range p {
		ids[i] = p[i].ID
	}
	now := g.now()
	mine, err := g.store.ClaimDeliveries(ctx, ids, now, now.Add(claimFor))
	return slices.DeleteFunc(p, func(d model.Delivery) bool { return !slices.Contains(mine, d.ID) }), err
}

// pack makes one parcel of what is gathered, and one of each other delivery,
// the oldest first.
func pack(list []model.Delivery) [][]model.Delivery {
	slices.SortStableFunc(list, func(a, b model.Delivery) int {
		return cmp.Or(a.Since.Compare(b.Since), a.Item.At.Compare(b.Item.At), a.Item.Entry.Seen.Compare(b.Item.Entry.Seen), cmp.Compare(a.Item.Told, b.Item.Told))
	})
	var gathered []model.Delivery
	var out [][]model.Delivery
	for _, d := range list {
		if d.Gather {
			gathered = append(gathered, d)
		} else {
			out = append(out, []model.Delivery{d})
		}
	}
	if len(gathered) > 0 {
		out = append(out, gathered)
	}
	return out
}

// send makes one message of a parcel and tries to deliver it.
func (g *Engine) send(ctx context.Context, to string, p []model.Delivery) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	return g.cfg.Senders.Send(ctx, to, messageOf(p, g.now().UTC()))
}

// settle enters how a try went.
func settle(d *model.Delivery, err error, now time.Time) {
	d.Tries++
	if err == nil {
		d.State, d.Err, d.Done = model.DeliverySent, "", now
		return
	}
	d.Err = err.Error()
	d.Due = now.Add(retryAfter(d.Tries))
	settleOld(d, now)
}

// settleOld gives up what has been tried for long enough.
func settleOld(d *model.Delivery, now time.Time) {
	if now.Sub(d.Since) >= giveUpAfter {
		d.State, d.Done = model.DeliveryGivenUp, now
	}
}

// retryAfter doubles with each try; a random part, at most a quarter, is taken
// off so that what failed together does not come back together.
func retryAfter(tries int) time.Duration {
	wait := firstRetry
	for range tries - 1 {
		wait = min(2*wait, lastRetry)
	}
	return wait - time.Duration(rand.Float64()*float64(wait)/4)
}

// report logs a failure once for a recipient, louder when something is given
// up.
func (g *Engine) report(ctx context.Context, to string, p []model.Delivery) {
	given := 0
	for _, d := range p {
		if d.State == model.DeliveryGivenUp {
			given++
		}
	}
	args := []any{"to", model.HideRecipient(to), "alerts", len(p), "tries", p[0].Tries, "error", p[0].Err}
	if given > 0 {
		g.lg.ErrorContext(ctx, "alerts given up", append(args, "given_up", given)...)
		return
	}
	g.lg.WarnContext(ctx, "alert not delivered, will be tried again", args...)
}

// messageOf makes a message of deliveries: of each alert the newest.
func messageOf(p []model.Delivery, at time.Time) Message {
	m := Message{ID: p[0].ID, Kind: KindAlert, At: at}
	if len(p) > 1 {
		ids := make([]string, len(p))
		for i, d := range p {
			ids[i] = d.ID
		}
		m.ID, m.Kind = model.ID("digest", ids...), KindDigest
	}
	newest := map[string]int{}
	for _, d := range p {
		if i, known := newest[d.Item.Alert]; known {
			m.Alerts[i] = d.Item
			continue
		}
		newest[d.Item.Alert] = len(m.Alerts)
		m.Alerts = append(m.Alerts, d.Item)
	}
	return m
}

// Test sends a message to everybody a rule names, at once and without the
// outbox, and returns what became of it by recipient, in the order of the rule.
func (s Senders) Test(ctx context.Context, r *model.AlertRule, now time.Time) []error {
	m := Message{ID: model.ID("test", r.ID, fmt.Sprint(now.UnixNano())), Kind: KindTest, At: now.UTC(), Alerts: []model.AlertItem{{
		Rule: r.ID, RuleName: r.Name, Why: "test", At: now.UTC(),
	}}}
	out := make([]error, len(r.To))
	for i, to := range r.To {
		ctx, cancel := context.WithTimeout(ctx, sendTimeout)
		out[i] = s.Send(ctx, to, m)
		cancel()
	}
	return out
}
