package bus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"crosscheck/internal/model"
)

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// fastRetry makes a test of retries short.
var fastRetry = retryPolicy{attempts: 3, first: time.Millisecond, factor: 2, most: time.Millisecond, silence: 300 * time.Millisecond}

func open(t *testing.T, dir string) *Bus {
	t.Helper()
	b, err := Open(t.Context(), quiet(), Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	b.retry = fastRetry
	t.Cleanup(func() { b.Close() })
	return b
}

func publish(t *testing.T, b *Bus, ids ...string) {
	t.Helper()
	for _, id := range ids {
		if err := b.Publish(t.Context(), "item.new", id, "1"); err != nil {
			t.Fatal(err)
		}
	}
}

// desk is a consumer that notes what it gets.
type desk struct {
	mu    sync.Mutex
	got   []string
	dead  []string
	serve func(id string, n int) error // n counts the deliveries of all ids
}

func (d *desk) consumer() Consumer {
	return Consumer{
		Name: "desk", Subject: "item.new", Workers: 2,
		Handle: func(_ context.Context, id string) error {
			d.mu.Lock()
			d.got = append(d.got, id)
			n := len(d.got)
			d.mu.Unlock()
			if d.serve == nil {
				return nil
			}
			return d.serve(id, n)
		},
		Dead: func(_ context.Context, id string, attempts int, err error) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.dead = append(d.dead, fmt.Sprintf("%s after %d: %v", id, attempts, err))
		},
	}
}

func (d *desk) seen() (got, dead []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Sorted(slices.Values(d.got)), slices.Clone(d.dead)
}

// consume runs c until the returned function is called, which waits for it.
func consume(t *testing.T, b *Bus, c Consumer) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- b.Consume(ctx, c) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Consume = %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// eventually polls until cond holds.
func eventually(t *testing.T, what string, cond func() bool) {
	t.Helper()
	deadline := time.NewTimer(20 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !cond() {
		select {
		case <-deadline.C:
			t.Fatalf("never came: %s", what)
		case <-tick.C:
		}
	}
}

// settled reports whether a consumer has nothing left to do.
func settled(t *testing.T, b *Bus) func() bool {
	return func() bool {
		n, err := b.Backlog(t.Context(), "desk")
		return err == nil && n == 0
	}
}

func TestDedupe(t *testing.T) {
	b := open(t, t.TempDir())
	publish(t, b, "a", "a", "b")
	if err := b.Publish(t.Context(), "item.new", "a", "2"); err != nil {
		t.Fatal(err)
	}
	var d desk
	consume(t, b, d.consumer())
	eventually(t, "all messages", settled(t, b))
	if got, _ := d.seen(); !slices.Equal(got, []string{"a", "a", "b"}) {
		t.Errorf("got %v, want a in two versions and b", got)
	}
}

func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		name  string
		err   error
		tries int
		dead  bool
	}{
		{"none", nil, 1, false},
		{"temporary", model.Errorf(model.ErrTemporary, "later"), 3, true},
		{"of no kind", errors.New("what"), 3, true},
		{"conflict", model.Errorf(model.ErrConflict, "both"), 3, true},
		{"invalid", model.Errorf(model.ErrInvalid, "bad"), 1, true},
		{"not found", fmt.Errorf("x: %w", model.ErrNotFound), 1, true},
		{"unsupported", model.ErrUnsupported, 1, true},
		{"forbidden", model.ErrForbidden, 1, true},
		{"too large", model.ErrTooLarge, 1, true},
		{"invalid for a temporary reason", model.Errorf(model.ErrInvalid, "x: %w", model.ErrTemporary), 3, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := open(t, t.TempDir())
			d := desk{serve: func(string, int) error { return c.err }}
			consume(t, b, d.consumer())
			publish(t, b, "a")
			eventually(t, "the end of the message", func() bool {
				got, dead := d.seen()
				return len(got) == c.tries && (len(dead) == 1) == c.dead && settled(t, b)()
			})
			got, dead := d.seen()
			if c.dead && dead[0] != fmt.Sprintf("a after %d: %v", c.tries, c.err) {
				t.Errorf("dead letter %q after %v", dead[0], got)
			}
			want := Stats{Retried: uint64(c.tries - 1)}
			if c.dead {
				want.Dead = 1
			} else {
				want.Handled = 1
			}
			if s := b.Stats()["desk"]; s != want {
				t.Errorf("stats = %+v, want %+v", s, want)
			}
		})
	}
}

func TestRetrySucceeds(t *testing.T) {
	b := open(t, t.TempDir())
	d := desk{serve: func(_ string, n int) error {
		if n < 3 {
			return model.ErrTemporary
		}
		return nil
	}}
	consume(t, b, d.consumer())
	publish(t, b, "a")
	eventually(t, "a success", func() bool { return b.Stats()["desk"].Handled == 1 })
	if _, dead := d.seen(); len(dead) != 0 {
		t.Errorf("dead letters %v", dead)
	}
}

func TestPanic(t *testing.T) {
	var log bytes.Buffer
	b, err := Open(t.Context(), slog.New(slog.NewTextHandler(&log, nil)), Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	b.retry = fastRetry
	d := desk{serve: func(_ string, n int) error {
		if n == 1 {
			panic("spilled ink")
		}
		return nil
	}}
	stop := consume(t, b, d.consumer())
	publish(t, b, "a")
	eventually(t, "a success", func() bool { return b.Stats()["desk"].Handled == 1 })
	stop()
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	if s := log.String(); !strings.Contains(s, "spilled ink") || !strings.Contains(s, "bus_test.go") {
		t.Errorf("log says nothing of the panic or where it was:\n%s", s)
	}
}

func TestPanicInDead(t *testing.T) {
	b := open(t, t.TempDir())
	d := desk{serve: func(string, int) error { return model.ErrInvalid }}
	c := d.consumer()
	c.Dead = func(context.Context, string, int, error) { panic("no desk") }
	consume(t, b, c)
	publish(t, b, "a", "b")
	eventually(t, "both given up", func() bool { return b.Stats()["desk"].Dead == 2 })
}

func TestRestartKeepsMessages(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir)
	var d desk
	stop := consume(t, b, d.consumer())
	publish(t, b, "a")
	eventually(t, "the first message", settled(t, b))
	stop()
	publish(t, b, "b", "c")
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b = open(t, dir)
	publish(t, b, "b") // still a duplicate
	consume(t, b, d.consumer())
	eventually(t, "the rest", settled(t, b))
	if got, _ := d.seen(); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("got %v, want a, b and c once each", got)
	}
}

func TestTwoConsumersGetEverything(t *testing.T) {
	b := open(t, t.TempDir())
	var one, two desk
	other := two.consumer()
	other.Name = "other"
	consume(t, b, one.consumer())
	consume(t, b, other)
	publish(t, b, "a")
	eventually(t, "both", func() bool {
		s := b.Stats()
		return s["desk"].Handled == 1 && s["other"].Handled == 1
	})
}

func TestStopWaitsForHandlers(t *testing.T) {
	for _, how := range []string{"cancel", "close"} {
		t.Run(how, func(t *testing.T) {
			dir := t.TempDir()
			b := open(t, dir)
			entered, finished := make(chan struct{}), false
			c := Consumer{Name: "desk", Subject: "item.new", Handle: func(ctx context.Context, _ string) error {
				close(entered)
				<-ctx.Done()
				finished = true
				return ctx.Err()
			}}
			stop := consume(t, b, c)
			publish(t, b, "a")
			<-entered
			if how == "cancel" {
				stop()
			} else if err := b.Close(); err != nil {
				t.Fatal(err)
			}
			stop()
			if !finished {
				t.Error("the handler was left behind")
			}
			b.Close()
			// What was broken off comes again.
			b = open(t, dir)
			var d desk
			consume(t, b, d.consumer())
			eventually(t, "the message again", func() bool { return b.Stats()["desk"].Handled == 1 })
		})
	}
}

func TestConsumeAfterClose(t *testing.T) {
	b := open(t, t.TempDir())
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if err := b.Consume(t.Context(), Consumer{Name: "desk", Subject: "item.new"}); err == nil {
		t.Error("Consume on a closed bus does not fail")
	}
	if err := b.Publish(t.Context(), "item.new", "a", ""); !errors.Is(err, model.ErrTemporary) {
		t.Errorf("Publish on a closed bus = %v, want an ErrTemporary", err)
	}
	if err := b.Close(); err != nil {
		t.Errorf("second Close = %v", err)
	}
}

func TestPublishInvalid(t *testing.T) {
	b := open(t, t.TempDir())
	for _, c := range [][2]string{{"", "a"}, {"item.new", ""}, {"item.*", "a"}, {"item new", "a"}} {
		if err := b.Publish(t.Context(), c[0], c[1], ""); !errors.Is(err, model.ErrInvalid) {
			t.Errorf("Publish(%q, %q) = %v, want an ErrInvalid", c[0], c[1], err)
		}
	}
}

func TestSecondProgram(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	_, err := Open(t.Context(), quiet(), Config{Dir: dir})
	if !errors.Is(err, model.ErrConflict) || !strings.Contains(err.Error(), dir) {
		t.Errorf("Open twice = %v, want an ErrConflict that names the folder", err)
	}
}

// spoil is a way to damage the bus's files.
var spoil = map[string]func(path string) error{
	"garbage":   func(p string) error { return os.WriteFile(p, []byte("not what was here\x00\xff"), 0o644) },
	"truncated": func(p string) error { return os.Truncate(p, 0) },
	"removed":   os.Remove,
	"a folder": func(p string) error {
		return errors.Join(os.Remove(p), os.Mkdir(p, 0o755))
	},
}

// Whatever happens to the folder, the bus starts and carries messages.
func TestDamagedFolder(t *testing.T) {
	for name, damage := range spoil {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			b := open(t, dir)
			var d desk
			stop := consume(t, b, d.consumer())
			publish(t, b, "a", "b", "c", "d", "e")
			eventually(t, "the first messages", settled(t, b))
			stop()
			b.Close()
			err := filepath.WalkDir(filepath.Join(dir, "jetstream"), func(path string, e fs.DirEntry, err error) error {
				if err != nil || e.IsDir() {
					return err
				}
				return damage(path)
			})
			if err != nil {
				t.Fatal(err)
			}
			b = open(t, dir)
			consume(t, b, d.consumer())
			publish(t, b, "z")
			eventually(t, "a message after the damage", func() bool {
				got, _ := d.seen()
				return slices.Contains(got, "z")
			})
		})
	}
}

func TestFolderReplacedByFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "jetstream"), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	b := open(t, dir)
	publish(t, b, "a")
	aside, err := filepath.Glob(filepath.Join(dir, "jetstream.damaged-*"))
	if err != nil || len(aside) != 1 {
		t.Errorf("moved aside: %v, %v, want one", aside, err)
	}
}

func TestDial(t *testing.T) {
	srv, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true})
	if err != nil {
		t.Fatal(err)
	}
	srv.Start()
	defer srv.WaitForShutdown()
	defer srv.Shutdown()
	if !srv.ReadyForConnections(10 * time.Second) {
		t.Fatal("the server is not ready")
	}
	for range 2 { // the second time the stream is there
		b, err := Open(t.Context(), quiet(), Config{URL: srv.ClientURL()})
		if err != nil {
			t.Fatal(err)
		}
		publish(t, b, "a")
		var d desk
		stop := consume(t, b, d.consumer())
		eventually(t, "the message", settled(t, b))
		stop()
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}
	_, err = Open(t.Context(), quiet(), Config{URL: "nats://user:secret@127.0.0.1:1"})
	if err == nil || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "127.0.0.1:1") {
		t.Errorf("Open(nobody there) = %v, want the address without the password", err)
	}
}

func TestDelay(t *testing.T) {
	for attempt, most := range map[int]time.Duration{1: 2 * time.Second, 2: 6 * time.Second, 4: 54 * time.Second, 20: 30 * time.Minute} {
		for range 100 {
			if d := defaultRetry.delay(attempt); d > most || d < most/2 {
				t.Fatalf("delay(%d) = %v, want between %v and %v", attempt, d, most/2, most)
			}
		}
	}
}

// A message that ends the program each time it is handled is given up in the
// end without being handled again.
func TestPoison(t *testing.T) {
	b := open(t, t.TempDir())
	d := desk{serve: func(string, int) error { return model.ErrTemporary }}
	stop := consume(t, b, d.consumer())
	publish(t, b, "a")
	eventually(t, "a first delivery", func() bool { return b.Stats()["desk"].Retried > 0 })
	stop()
	b.retry.attempts = 0
	consume(t, b, d.consumer())
	eventually(t, "the dead letter", func() bool { _, dead := d.seen(); return len(dead) == 1 })
}

func BenchmarkBus(b *testing.B) {
	bus, err := Open(b.Context(), quiet(), Config{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer bus.Close()
	ctx, cancel := context.WithCancel(b.Context())
	handled := make(chan struct{}, 1024)
	var all sync.WaitGroup
	all.Go(func() {
		if err := bus.Consume(ctx, Consumer{Name: "desk", Subject: "item.new", Workers: 2, Handle: func(context.Context, string) error {
			handled <- struct{}{}
			return nil
		}}); err != nil {
			b.Error(err)
		}
	})
	for i := 0; b.Loop(); i++ {
		if err := bus.Publish(ctx, "item.new", model.ID("item", fmt.Sprint(i)), ""); err != nil {
			b.Fatal(err)
		}
		<-handled
	}
	cancel()
	all.Wait()
}
