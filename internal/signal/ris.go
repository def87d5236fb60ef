package signal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/sync/errgroup"

	"crosscheck/internal/model"
)

const (
	// risEvery is how often what is gone is said again.
	risEvery = 5 * time.Minute
	// risCount is how often the peers of a prefix are counted anew.
	risCount = 6 * time.Hour
	// risPing is how often the other end must show that it is there; a prefix
	// that stands still sends nothing.
	risPing = 30 * time.Second
	// maxMessage bounds a message, bytes.
	maxMessage = 1 << 20
	// maxServicePrefixes are followed for one service, and maxPrefixes for all.
	maxServicePrefixes = 8
	maxPrefixes        = 1024
)

// ris is what is known of the routes to the services.
type ris struct {
	*Runner
	services func() []model.Service
	deliver  func(context.Context, model.Signal)
	routes   routes
	prefix   map[netip.Addr]netip.Prefix // looked up
	counted  map[netip.Prefix]time.Time
	of       map[string][]netip.Prefix // service → its prefixes
	fault    error                     // of the last preparation
}

func newRIS(r *Runner, services func() []model.Service, deliver func(context.Context, model.Signal)) *ris {
	return &ris{Runner: r, services: services, deliver: deliver, prefix: map[netip.Addr]netip.Prefix{}, counted: map[netip.Prefix]time.Time{}}
}

// follow listens to RIS Live until ctx is done.
func (r *Runner) follow(ctx context.Context, services func() []model.Service, deliver func(context.Context, model.Signal)) {
	f := newRIS(r, services, deliver)
	for fails := 0; ; {
		start := time.Now()
		f.prepare(ctx)
		wait := jitter(risEvery)
		if len(f.counted) == 0 && f.fault != nil {
			f.note(ctx, f.fault)
		}
		if len(f.counted) > 0 {
			err := f.stream(ctx)
			f.note(ctx, err)
			f.routes.forget()
			if fails++; time.Since(start) > risEvery {
				fails = 0 // it held for a while
			}
			wait = backOff(risPing, fails, err)
		}
		if !pause(ctx, wait) {
			return
		}
	}
}

// note keeps how RIS answered.
func (f *ris) note(ctx context.Context, err error) {
	if err != nil {
		err = fmt.Errorf("%s: %w", RIS, err)
	}
	f.Runner.note(ctx, RIS, err)
}

// prepare finds the prefixes of the services and counts the peers of those not
// counted lately. What can be found counts, in spite of a fault.
func (f *ris) prepare(ctx context.Context) {
	var faults []error
	wanted := map[netip.Prefix]bool{}
	f.of = map[string][]netip.Prefix{}
	for _, s := range f.services() {
		prefixes, err := f.prefixes(ctx, &s)
		faults = append(faults, err)
		for _, p := range prefixes {
			if len(wanted) < maxPrefixes {
				wanted[p] = true
			}
			if wanted[p] {
				f.of[s.ID] = append(f.of[s.ID], p)
			}
		}
	}
	for p := range f.counted {
		if !wanted[p] {
			delete(f.counted, p)
		}
	}
	f.routes.keep(wanted)
	var due []netip.Prefix
	for p := range wanted {
		if f.now().Sub(f.counted[p]) >= risCount && !f.routes.isGone(p) {
			due = append(due, p)
		}
	}
	slices.SortFunc(due, netip.Prefix.Compare)
	faults = append(faults, each(ctx, due, func(p netip.Prefix) error {
		seen, err := f.peers(ctx, p)
		if err == nil {
			f.routes.count(p, seen)
			f.counted[p] = f.now()
		}
		return err
	}))
	f.fault = errors.Join(faults...)
}

// prefixes are those a service states, or else those announced for its
// addresses, as RIPEstat knows them.
func (f *ris) prefixes(ctx context.Context, s *model.Service) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, p := range s.Prefixes {
		out = append(out, p.Masked())
	}
	var err error
	if len(out) == 0 {
		err = each(ctx, s.Addresses[:min(len(s.Addresses), maxServicePrefixes)], func(a netip.Addr) error {
			p, known := f.prefix[a]
			if !known {
				var err error
				if p, err = f.covering(ctx, a); err != nil {
					return err
				}
				f.prefix[a] = p
			}
			if p.IsValid() {
				out = append(out, p)
			}
			return nil
		})
	}
	slices.SortFunc(out, netip.Prefix.Compare)
	out = slices.Compact(out)
	return out[:min(len(out), maxServicePrefixes)], err
}

// covering asks RIPEstat for the prefix announced for an address; the zero
// prefix is none.
func (r *Runner) covering(ctx context.Context, a netip.Addr) (netip.Prefix, error) {
	var answer struct {
		Data struct {
			Prefix string `json:"prefix"`
		} `json:"data"`
	}
	if err := r.get(ctx, r.base.stat+"/network-info/data.json?sourceapp=crosscheck&resource="+a.String(), "", &answer); err != nil {
		return netip.Prefix{}, err
	}
	found := prefixes([]string{answer.Data.Prefix})
	if len(found) == 0 || !found[0].Contains(a) {
		return netip.Prefix{}, nil
	}
	return found[0], nil
}

// peers asks RIPEstat how many peers of RIS with a full table see a prefix.
func (r *Runner) peers(ctx context.Context, p netip.Prefix) (int, error) {
	var answer struct {
		Data struct {
			Visibility map[string]struct {
				Seeing int `json:"ris_peers_seeing"`
			} `json:"visibility"` // "v4" and "v6"
		} `json:"data"`
	}
	if err := r.get(ctx, r.base.stat+"/routing-status/data.json?sourceapp=crosscheck&resource="+url.QueryEscape(p.String()), "", &answer); err != nil {
		return 0, err
	}
	family := "v6"
	if p.Addr().Is4() {
		family = "v4"
	}
	return answer.Data.Visibility[family].Seeing, nil
}

// stream listens until the connection fails; its error is never nil.
func (f *ris) stream(ctx context.Context) error {
	dial, done := context.WithTimeout(ctx, askTimeout)
	defer done()
	conn, _, err := websocket.Dial(dial, f.base.ris, &websocket.DialOptions{HTTPClient: f.client})
	if err != nil {
		return model.Errorf(model.ErrTemporary, "connect: %w", cause(err))
	}
	defer conn.CloseNow()
	conn.SetReadLimit(maxMessage)
	if err := f.subscribe(ctx, conn, nil); err != nil {
		return err
	}
	f.note(ctx, f.fault)
	g, ctx := errgroup.WithContext(ctx)
	messages := make(chan []byte, 256)
	g.Go(func() error { return listen(ctx, conn, messages) })
	g.Go(func() error { return alive(ctx, conn) })
	g.Go(func() error { return f.hear(ctx, conn, messages) })
	return model.Errorf(model.ErrTemporary, "the connection ended: %w", g.Wait())
}

// hear judges what comes, and takes up what changes in the services.
func (f *ris) hear(ctx context.Context, conn *websocket.Conn, messages <-chan []byte) error {
	tick := time.NewTicker(risEvery)
	defer tick.Stop()
	for {
		select {
		case raw := <-messages:
			u, err := parseRIS(raw)
			if err != nil {
				f.note(ctx, err)
			}
			if f.routes.take(u, f.now()) {
				f.Runner.deliver(ctx, f.routes.signals(f.of, f.now()), f.deliver)
			}
		case <-tick.C:
			f.Runner.deliver(ctx, f.routes.signals(f.of, f.now()), f.deliver)
			before := maps.Clone(f.counted)
			f.prepare(ctx)
			f.note(ctx, f.fault)
			if err := f.subscribe(ctx, conn, before); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// subscribe asks for the updates of the prefixes that were not asked for yet.
func (f *ris) subscribe(ctx context.Context, conn *websocket.Conn, before map[netip.Prefix]time.Time) error {
	for p := range f.counted {
		if _, known := before[p]; known {
			continue
		}
		if err := subscribe(ctx, conn, p); err != nil {
			return model.Errorf(model.ErrTemporary, "subscribe to %s: %w", p, err)
		}
	}
	return nil
}

// subscribe asks for the updates of one prefix.
func subscribe(ctx context.Context, conn *websocket.Conn, p netip.Prefix) error {
	raw, err := json.Marshal(map[string]any{"type": "ris_subscribe", "data": map[string]any{
		"prefix": p.String(), "moreSpecific": false, "lessSpecific": false, "type": "UPDATE",
		"socketOptions": map[string]bool{"includeRaw": false},
	}})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	return conn.Write(ctx, websocket.MessageText, raw)
}

// listen hands on the messages until the connection ends.
func listen(ctx context.Context, conn *websocket.Conn, to chan<- []byte) error {
	for {
		_, raw, err := conn.Read(ctx)
		if err != nil {
			return err
		}
		select {
		case to <- raw:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// alive asks the other end whether it is there until it is not.
func alive(ctx context.Context, conn *websocket.Conn) error {
	for pause(ctx, risPing) {
		ping, cancel := context.WithTimeout(ctx, askTimeout)
		err := conn.Ping(ping)
		cancel()
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}
