package bus

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"crosscheck/internal/model"
)

// startTimeout is how long the embedded server may take to be ready.
const startTimeout = 30 * time.Second

// embed starts the server under cfg.Dir, a second time on an empty folder when
// the first is of no use.
func (b *Bus) embed(ctx context.Context, cfg Config) error {
	if err := os.MkdirAll(cfg.Dir, 0o755); err != nil {
		return model.Errorf(model.ErrTemporary, "bus: folder %s: %w", cfg.Dir, err)
	}
	if err := writable(cfg.Dir); err != nil {
		return err
	}
	unlock, err := lockDir(cfg.Dir)
	if err != nil {
		return err
	}
	b.unlock = unlock
	store := filepath.Join(cfg.Dir, "jetstream")
	first := b.start(ctx, cfg.Dir)
	if first == nil || ctx.Err() != nil {
		return first
	}
	b.halt()
	aside := fmt.Sprintf("%s.damaged-%s", store, time.Now().UTC().Format("20060102T150405.000"))
	if err := os.Rename(store, aside); err != nil {
		return errors.Join(first, fmt.Errorf("bus: move aside: %w", err))
	}
	b.lg.Warn("bus: folder not usable, beginning an empty one; a sweep will send again what it held",
		"moved_to", aside, "error", first)
	return b.start(ctx, cfg.Dir)
}

// writable says in words why a folder cannot be written to: a server that fails
// to write is no sign of damage.
func writable(dir string) error {
	f, err := os.CreateTemp(dir, "probe-*")
	if err != nil {
		return model.Errorf(model.ErrTemporary, "bus: folder %s is not writable: %w", dir, err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// start runs the server on dir, connects to it and makes the stream.
func (b *Bus) start(ctx context.Context, dir string) error {
	srv, err := server.NewServer(&server.Options{
		ServerName:             "crosscheck",
		DontListen:             true,
		JetStream:              true,
		StoreDir:               dir, // the server makes "jetstream" in it
		JetStreamMaxMemory:     8 << 20,
		JetStreamMaxStore:      2 * maxBytes,
		NoSigs:                 true,
		DisableJetStreamBanner: true,
	})
	if err != nil {
		return fmt.Errorf("bus: server on %s: %w", dir, err)
	}
	b.srv = srv
	log := &serverLog{lg: b.lg}
	srv.SetLoggerV2(log, false, false, false)
	srv.Start()
	if fatal := log.fatal.Load(); fatal != nil {
		return fmt.Errorf("bus: server on %s: %s", dir, *fatal)
	}
	if !srv.ReadyForConnections(startTimeout) {
		return fmt.Errorf("bus: server on %s is not ready after %s", dir, startTimeout)
	}
	if b.nc, err = nats.Connect("", append(b.options(), nats.InProcessServer(srv))...); err != nil {
		return fmt.Errorf("bus: connect in-process: %w", err)
	}
	if b.js, err = jetstream.New(b.nc); err != nil {
		return fmt.Errorf("bus: %w", err)
	}
	if _, err = b.js.CreateOrUpdateStream(ctx, streamConfig()); err != nil {
		return fmt.Errorf("bus: stream in %s: %w", dir, err)
	}
	return b.checkConsumers(ctx, dir)
}

// checkConsumers finds consumers that have a folder but that the server could
// not read back: it would not let them be made again either.
func (b *Bus) checkConsumers(ctx context.Context, dir string) error {
	folders, err := os.ReadDir(filepath.Join(dir, "jetstream", "$G", "streams", streamName, "obs"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("bus: %w", err)
	}
	for _, f := range folders {
		if _, err := b.js.Consumer(ctx, streamName, f.Name()); err != nil {
			return fmt.Errorf("bus: consumer %s in %s: %w", f.Name(), dir, err)
		}
	}
	return nil
}

// halt undoes start.
func (b *Bus) halt() {
	if b.nc != nil {
		b.nc.Close()
		b.nc = nil
	}
	if b.srv != nil {
		b.srv.Shutdown()
		b.srv.WaitForShutdown()
		b.srv = nil
	}
}

// serverLog passes on what the embedded server has to complain about.
type serverLog struct {
	lg    *slog.Logger
	fatal atomic.Pointer[string] // why the server cannot run; Open reports it
}

func (l *serverLog) say(level slog.Level, format string, v []any) {
	l.lg.Log(context.Background(), level, "bus: server", "said", strings.TrimSpace(fmt.Sprintf(format, v...)))
}

// Fatalf notes why the server cannot run.
func (l *serverLog) Fatalf(f string, v ...any) {
	why := fmt.Sprintf(f, v...)
	l.fatal.CompareAndSwap(nil, &why)
}

func (l *serverLog) Noticef(f string, v ...any) { l.say(slog.LevelDebug, f, v) }
func (l *serverLog) Warnf(f string, v ...any)   { l.say(slog.LevelWarn, f, v) }
func (l *serverLog) Errorf(f string, v ...any)  { l.say(slog.LevelError, f, v) }
func (l *serverLog) Debugf(f string, v ...any)  { l.say(slog.LevelDebug, f, v) }
func (l *serverLog) Tracef(f string, v ...any)  { l.say(slog.LevelDebug, f, v) }
