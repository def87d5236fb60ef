// Package bus carries ids between the stages: NATS JetStream, embedded in the
// process (no socket) or dialled. The database holds the facts; what the bus
// loses in the worst case is made good by a sweep over the database's marks.
//
// Handlers are func(ctx, id) error and must be idempotent. The kind of their
// error alone decides whether a message is done, tried again later or given up.
package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"crosscheck/internal/model"
)

// Config says where the bus runs.
type Config struct {
	Dir string // folder of the embedded server, made when missing
	URL string // NATS cluster to dial instead; empty: embedded
}

// The stream that carries everything, and its bounds: messages are some 200
// bytes, so these hold more than half a million of them.
const (
	streamName  = "CROSSCHECK"
	prefix      = "crosscheck."
	maxBytes    = 128 << 20
	maxAge      = 72 * time.Hour
	dedupWindow = 2 * time.Minute
)

// Bus is a connection to the stream.
type Bus struct {
	lg     *slog.Logger
	srv    *server.Server // nil when dialled
	unlock func() error
	nc     *nats.Conn
	js     jetstream.JetStream

	ctx     context.Context // ends with Close
	stop    context.CancelFunc
	workers sync.WaitGroup
	retry   retryPolicy

	mu      sync.Mutex
	closed  bool
	closing sync.Once
	tallies map[string]*tally
}

// Open starts the embedded server under cfg.Dir, or dials cfg.URL, and makes
// the stream. A folder that cannot be used as it is, because it is damaged or
// from another version, is moved aside with a warning: nothing in it is a fact.
func Open(ctx context.Context, lg *slog.Logger, cfg Config) (*Bus, error) {
	b := &Bus{lg: lg, unlock: func() error { return nil }, retry: defaultRetry, tallies: map[string]*tally{}}
	// The bus outlives the context it was opened with: stages finish their
	// messages after it has ended, and Close comes last.
	b.ctx, b.stop = context.WithCancel(context.WithoutCancel(ctx))
	open := b.embed
	if cfg.URL != "" {
		open = b.dial
	}
	if err := open(ctx, cfg); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// dial connects to a cluster. A stream that is there is left as its operator
// made it.
func (b *Bus) dial(ctx context.Context, cfg Config) (err error) {
	b.nc, err = nats.Connect(cfg.URL, append(b.options(), nats.MaxReconnects(-1))...)
	if err != nil {
		return model.Errorf(model.ErrTemporary, "bus: connect to %s: %w", redact(cfg.URL), err)
	}
	if b.js, err = jetstream.New(b.nc); err != nil {
		return fmt.Errorf("bus: %w", err)
	}
	_, err = b.js.Stream(ctx, streamName)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		_, err = b.js.CreateStream(ctx, streamConfig())
	}
	if err != nil {
		return model.Errorf(model.ErrTemporary, "bus: stream %s at %s: %w", streamName, redact(cfg.URL), err)
	}
	return nil
}

// redact takes the credentials out of the URLs, separated by commas, of a cluster.
func redact(urls string) string {
	list := strings.Split(urls, ",")
	for i, u := range list {
		if at := strings.LastIndexByte(u, '@'); at >= 0 {
			list[i] = u[at+1:]
		}
	}
	return strings.Join(list, ",")
}

// options are those of every connection.
func (b *Bus) options() []nats.Option {
	return []nats.Option{
		nats.Name("crosscheck"),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			b.lg.Warn("bus: connection", "error", err)
		}),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				b.lg.Warn("bus: connection lost", "error", err)
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) { b.lg.Info("bus: connected again") }),
	}
}

func streamConfig() jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Name:       streamName,
		Subjects:   []string{prefix + ">"},
		Storage:    jetstream.FileStorage,
		Retention:  jetstream.LimitsPolicy,
		Discard:    jetstream.DiscardOld,
		MaxBytes:   maxBytes,
		MaxAge:     maxAge,
		Duplicates: dedupWindow,
	}
}

// Publish sends id on subject ("item.new"). The same subject, id and version
// within two minutes are sent once.
func (b *Bus) Publish(ctx context.Context, subject, id, version string) error {
	if subject == "" || id == "" || strings.ContainsAny(subject, " *>\t\r\n") {
		return model.Errorf(model.ErrInvalid, "bus: publish %q on subject %q", id, subject)
	}
	_, err := b.js.Publish(ctx, prefix+subject, []byte(id), jetstream.WithMsgID(subject+"/"+id+"/"+version))
	if err != nil {
		return model.Errorf(model.ErrTemporary, "bus: publish %s on %s: %w", id, subject, err)
	}
	return nil
}

// Close ends every Consume, waits for the handlers under way, and stops the
// embedded server, whose messages stay for the next start. A second Close does
// nothing.
func (b *Bus) Close() (err error) {
	b.closing.Do(func() { err = b.close() })
	return err
}

func (b *Bus) close() error {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	b.stop()
	b.workers.Wait()
	if b.nc != nil {
		if !b.nc.IsClosed() {
			// Acknowledgements still on their way; without them messages come twice.
			if err := b.nc.FlushTimeout(5 * time.Second); err != nil {
				b.lg.Warn("bus: flush", "error", err)
			}
		}
		b.nc.Close()
	}
	if b.srv != nil {
		b.srv.Shutdown()
		b.srv.WaitForShutdown()
	}
	return b.unlock()
}
