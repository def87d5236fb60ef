package bus

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"crosscheck/internal/model"
)

// Consumer is a stage's end of the bus.
type Consumer struct {
	Name    string // durable: what was not acknowledged under it waits for it
	Subject string
	Workers int // handlers at a time; 0: 1
	// Handle works on one id. Its context ends when Consume's does.
	Handle func(ctx context.Context, id string) error
	// Dead is told what is given up, before it is; nil: it is only logged. Its
	// context does not end with Consume's.
	Dead func(ctx context.Context, id string, attempts int, err error)
}

// The timing of deliveries.
const (
	pullWait    = 20 * time.Second // one request for a message
	brokenPause = time.Second      // after a request the server could not answer
	maxPending  = 50_000           // messages under way or waiting to be tried again
)

// Consume handles the messages of a subject until ctx is done or the bus is
// closed, and the handlers under way have returned. Then it returns nil; an
// error means that it could not begin.
func (b *Bus) Consume(ctx context.Context, c Consumer) error {
	if err := b.enter(); err != nil {
		return err
	}
	defer b.workers.Done()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(b.ctx, cancel)()
	cons, err := b.js.CreateOrUpdateConsumer(ctx, streamName, jetstream.ConsumerConfig{
		Durable:       c.Name,
		FilterSubject: prefix + c.Subject,
		DeliverPolicy: jetstream.DeliverAllPolicy,
		AckPolicy:     jetstream.AckExplicitPolicy,
		AckWait:       b.retry.silence,
		MaxDeliver:    -1, // counted here, so that giving up is told
		MaxAckPending: maxPending,
	})
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return model.Errorf(model.ErrTemporary, "bus: consumer %s: %w", c.Name, err)
	}
	w := worker{bus: b, c: c, cons: cons, tally: b.tally(c.Name)}
	var all sync.WaitGroup
	for range max(c.Workers, 1) {
		all.Go(func() { w.run(ctx) })
	}
	all.Wait()
	return nil
}

// enter counts a Consume in, unless the bus is closed.
func (b *Bus) enter() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return errors.New("bus: closed")
	}
	b.workers.Add(1)
	return nil
}

// worker handles one message after the other.
type worker struct {
	bus   *Bus
	c     Consumer
	cons  jetstream.Consumer
	tally *tally
}

func (w worker) run(ctx context.Context) {
	for ctx.Err() == nil {
		msg, err := w.next(ctx)
		switch {
		case err == nil:
			w.deliver(ctx, msg)
		case errors.Is(err, nats.ErrTimeout), errors.Is(err, context.DeadlineExceeded), ctx.Err() != nil:
		default:
			w.bus.lg.Warn("bus: no message to be had", "consumer", w.c.Name, "error", err)
			pause(ctx, brokenPause)
		}
	}
}

// next waits for a message. Asking for one at a time means that none waits in
// a buffer while its time to be acknowledged runs out.
func (w worker) next(ctx context.Context) (jetstream.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, pullWait)
	defer cancel()
	return w.cons.Next(jetstream.FetchContext(ctx))
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// deliver hands a message to the handler and answers the server as the error's
// kind says.
func (w worker) deliver(ctx context.Context, msg jetstream.Msg) {
	id, attempt := string(msg.Data()), 1
	if meta, err := msg.Metadata(); err == nil {
		attempt = int(meta.NumDelivered)
	}
	var err error
	if attempt > w.bus.retry.attempts {
		// Each time before, the whole program ended under it.
		err = model.Errorf(model.ErrInvalid, "handled %d times without an answer", attempt-1)
	} else {
		err = w.handle(ctx, msg, id)
	}
	if answer := w.settle(ctx, msg, id, attempt, err); answer != nil {
		w.bus.lg.Warn("bus: acknowledge", "consumer", w.c.Name, "id", id, "error", answer)
	}
}

// settle acknowledges, returns or gives up a message.
func (w worker) settle(ctx context.Context, msg jetstream.Msg, id string, attempt int, err error) error {
	act := verdict(err)
	switch {
	case act == done:
		w.tally.handled.Add(1)
		return msg.Ack()
	case act == again && ctx.Err() != nil:
		return msg.Nak() // broken off by the stop, not by a fault of its own
	case act == again && attempt < w.bus.retry.attempts:
		w.tally.retried.Add(1)
		delay := w.bus.retry.delay(attempt)
		w.bus.lg.Info("bus: trying again later", "consumer", w.c.Name, "id", id, "attempt", attempt, "delay", delay, "error", err)
		return msg.NakWithDelay(delay)
	}
	w.tally.dead.Add(1)
	w.bus.lg.Warn("bus: given up", "consumer", w.c.Name, "id", id, "attempts", attempt, "error", err)
	w.bury(ctx, id, attempt, err)
	return msg.TermWithReason("given up")
}

func (w worker) bury(ctx context.Context, id string, attempts int, err error) {
	if w.c.Dead == nil {
		return
	}
	defer w.recovered(id, new(error))
	w.c.Dead(context.WithoutCancel(ctx), id, attempts, err)
}

// handle calls the handler, and tells the server meanwhile that it is at work.
func (w worker) handle(ctx context.Context, msg jetstream.Msg, id string) (err error) {
	w.tally.busy.Add(1)
	defer w.tally.busy.Add(-1)
	done := make(chan struct{})
	var reporter sync.WaitGroup
	reporter.Go(func() { report(msg, w.bus.retry.silence/3, done) })
	defer reporter.Wait()
	defer close(done)
	defer w.recovered(id, &err)
	return w.c.Handle(ctx, id)
}

// report says every so often that a message is being worked on, until done is
// closed. A report that does not arrive costs a second delivery, which handlers bear.
func report(msg jetstream.Msg, every time.Duration, done <-chan struct{}) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
			_ = msg.InProgress()
		}
	}
}

// recovered turns a panic into a temporary error.
func (w worker) recovered(id string, err *error) {
	if p := recover(); p != nil {
		w.bus.lg.Error("bus: handler panicked", "consumer", w.c.Name, "id", id, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		*err = model.Errorf(model.ErrTemporary, "panic: %v", p)
	}
}
