package signal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"

	"crosscheck/internal/model"
)

var (
	net4 = netip.MustParsePrefix("192.0.2.0/24")
	net6 = netip.MustParsePrefix("2001:db8::/32")
)

// byValue lets cmp look into prefixes.
var byValue = cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })

// message is an update in the form of RIS Live.
func message(peer int, t time.Time, announced, withdrawn string) string {
	m := fmt.Sprintf(`{"type":"ris_message","data":{"timestamp":%.2f,"peer":"203.0.113.%d","peer_asn":"64496","id":"x-%d","host":"rrc00","type":"UPDATE","path":[64496,[64497,64498]],"community":[[64496,1]],"origin":"igp"`,
		float64(t.UnixMilli())/1000, peer, peer)
	if announced != "" {
		m += fmt.Sprintf(`,"announcements":[{"next_hop":"203.0.113.%d","prefixes":[%q]}]`, peer, announced)
	}
	if withdrawn != "" {
		m += fmt.Sprintf(`,"withdrawals":[%q]`, withdrawn)
	}
	return m + "}}"
}

func TestParseRIS(t *testing.T) {
	for _, c := range []struct {
		name, raw string
		want      risUpdate
		fault     string
	}{
		{"announced", message(1, at, "192.0.2.0/24", ""), risUpdate{at: at, peer: "rrc00 203.0.113.1", announced: []netip.Prefix{net4}}, ""},
		{"both", message(1, at.Add(500*time.Millisecond), "2001:db8::1/32", "192.0.2.0/24"), risUpdate{at: at.Add(500 * time.Millisecond), peer: "rrc00 203.0.113.1", announced: []netip.Prefix{net6}, withdrawn: []netip.Prefix{net4}}, ""},
		{"no prefix", message(1, at, "", "192.0.2.0/99"), risUpdate{at: at, peer: "rrc00 203.0.113.1"}, ""},
		{"a time that is none", strings.Replace(message(1, at, "", "192.0.2.0/24"), `"timestamp":1`, `"timestamp":1e300,"x":1`, 1), risUpdate{peer: "rrc00 203.0.113.1", withdrawn: []netip.Prefix{net4}}, ""},
		{"state of a peer", `{"type":"ris_message","data":{"timestamp":1772452800.1,"peer":"203.0.113.1","host":"rrc01","type":"RIS_PEER_STATE","state":"down"}}`, risUpdate{}, ""},
		{"acknowledged", `{"type":"ris_subscribe_ok","data":{"subscription":{"prefix":["192.0.2.0/24"]}}}`, risUpdate{}, ""},
		{"pong", `{"type":"pong"}`, risUpdate{}, ""},
		{"error", `{"type":"ris_error","data":{"message":"no such prefix","command":"ris_subscribe"}}`, risUpdate{}, "says: no such prefix"},
		{"broken", `{"type":"ris_message","data":`, risUpdate{}, "cannot be read"},
		{"another type", `{"type":"ris_message","data":[1]}`, risUpdate{}, "cannot be read"},
		{"nothing", ``, risUpdate{}, "cannot be read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := parseRIS([]byte(c.raw))
			if d := cmp.Diff(c.want, got, cmp.AllowUnexported(risUpdate{}), byValue); d != "" {
				t.Error(d)
			}
			if (err != nil) != (c.fault != "") || err != nil && (!errors.Is(err, model.ErrUnsupported) || !strings.Contains(err.Error(), c.fault)) {
				t.Errorf("error %v, want %q", err, c.fault)
			}
		})
	}
}

// say lets the peers from one to another lose net4, or get it back.
func (r *routes) say(from, to int, t time.Time, lost bool) bool {
	changed := false
	for peer := from; peer <= to; peer++ {
		u := risUpdate{at: t, peer: fmt.Sprint(peer), announced: []netip.Prefix{net4}}
		if lost {
			u.announced, u.withdrawn = nil, u.announced
		}
		changed = r.take(u, t) || changed
	}
	return changed
}

func TestRoutes(t *testing.T) {
	of := map[string][]netip.Prefix{"bank": {net4}}
	minute := func(n int) time.Time { return at.Add(time.Duration(n) * time.Minute) }
	gone := func(t time.Time, now time.Time) []model.Signal {
		return []model.Signal{{Source: RIS, Service: "bank", At: t, Ratio: 20, Stale: now.Sub(t) + 15*time.Minute}}
	}
	t.Run("half is not more than half", func(t *testing.T) {
		var r routes
		r.count(net4, 100)
		if r.say(1, 50, minute(0), true) {
			t.Error("gone when 50 of 100 lost it")
		}
		same(t, r.signals(of, minute(1)), nil)
		if !r.say(51, 51, minute(2), true) {
			t.Error("not gone when 51 of 100 lost it")
		}
		same(t, r.signals(of, minute(60)), gone(minute(2), minute(60)))
	})
	t.Run("one by one over hours", func(t *testing.T) {
		var r routes
		r.count(net4, 100)
		for i := range 90 {
			if r.say(i, i, minute(i), true) {
				t.Fatalf("gone at the loss %d, at one a minute", i)
			}
		}
	})
	t.Run("one peer again and again", func(t *testing.T) {
		var r routes
		r.count(net4, 20)
		for range 100 {
			if r.say(1, 1, minute(0), true) || r.say(1, 1, minute(0), false) {
				t.Fatal("gone when one peer lost it")
			}
		}
	})
	t.Run("back", func(t *testing.T) {
		var r routes
		r.count(net4, 100)
		r.say(1, 80, minute(0), true)
		if r.say(1, 20, minute(5), false) {
			t.Error("back when 40 see it")
		}
		if !r.say(21, 30, minute(6), false) {
			t.Error("not back when 50 see it")
		}
		same(t, r.signals(of, minute(6)), nil)
	})
	t.Run("few peers, none counted, not followed", func(t *testing.T) {
		for seen := range risPeers {
			var r routes
			r.count(net4, seen)
			if r.say(1, 100, minute(0), true) {
				t.Errorf("gone with %d peers", seen)
			}
		}
		var r routes
		if r.say(1, 100, minute(0), true) {
			t.Error("gone, and not followed")
		}
	})
	t.Run("a time that cannot be", func(t *testing.T) {
		var r routes
		r.count(net4, 10)
		for i := range 10 {
			r.take(risUpdate{at: at.Add(-time.Hour), peer: fmt.Sprint(i), withdrawn: []netip.Prefix{net4}}, at)
		}
		same(t, r.signals(of, at), gone(at, at))
	})
	t.Run("one of three prefixes", func(t *testing.T) {
		var r routes
		r.count(net4, 100)
		r.say(1, 100, minute(0), true)
		same(t, r.signals(map[string][]netip.Prefix{"bank": {net4, net6, netip.MustParsePrefix("198.51.100.0/24")}}, at), nil)
		same(t, r.signals(map[string][]netip.Prefix{"bank": {net4, net6}}, at), gone(at, at))
	})
	t.Run("forgotten in a gap", func(t *testing.T) {
		var r routes
		r.count(net4, 100)
		r.say(1, 100, minute(0), true)
		if !r.isGone(net4) {
			t.Error("not gone")
		}
		r.forget()
		same(t, r.signals(of, at), nil)
		r.keep(map[netip.Prefix]bool{net6: true})
		if r.say(1, 100, minute(0), true) {
			t.Error("gone, and not kept")
		}
	})
}

// stat answers as RIPEstat does, of a network that 12 peers see.
func stat(mux *http.ServeMux) {
	mux.HandleFunc("/network-info/data.json", func(w http.ResponseWriter, req *http.Request) {
		prefix := "192.0.2.0/24"
		if req.URL.Query().Get("resource") != "192.0.2.7" {
			prefix = ""
		}
		fmt.Fprintf(w, `{"status":"ok","status_code":200,"data":{"asns":["64500"],"prefix":%q}}`, prefix)
	})
	mux.HandleFunc("/routing-status/data.json", func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Query().Get("resource") != "192.0.2.0/24" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		fmt.Fprint(w, `{"status":"ok","data":{"resource":"192.0.2.0/24","visibility":{"v4":{"ris_peers_seeing":12,"total_ris_peers":14},"v6":{"ris_peers_seeing":0,"total_ris_peers":13}}}}`)
	})
}

func TestPrepare(t *testing.T) {
	mux := http.NewServeMux()
	stat(mux)
	services := []model.Service{
		{ID: "bank", Addresses: []netip.Addr{netip.MustParseAddr("192.0.2.7"), netip.MustParseAddr("198.51.100.1")}},
		{ID: "mill", Prefixes: []netip.Prefix{net6}, Addresses: []netip.Addr{netip.MustParseAddr("192.0.2.7")}},
		{ID: "port"},
	}
	f := newRIS(runner(t, mux), func() []model.Service { return services }, nil)
	f.prepare(t.Context())
	if f.fault == nil || !strings.Contains(f.fault.Error(), "status 400") {
		t.Errorf("fault %v, want that of the prefix that cannot be counted", f.fault)
	}
	if d := cmp.Diff(map[string][]netip.Prefix{"bank": {net4}, "mill": {net6}}, f.of, byValue); d != "" {
		t.Error(d)
	}
	if f.routes.of[net4].seen != 12 || len(f.counted) != 1 {
		t.Errorf("counted %v", f.counted)
	}
	services = services[2:]
	f.prepare(t.Context())
	if len(f.counted) != 0 || len(f.routes.of) != 0 || f.fault != nil {
		t.Errorf("counted %v, followed %v, fault %v, want nothing of services that are gone", f.counted, f.routes.of, f.fault)
	}
}

// TestStream listens to a local server that withdraws the network of a
// service.
func TestStream(t *testing.T) {
	mux := http.NewServeMux()
	stat(mux)
	subscribed := make(chan string, 1)
	mux.HandleFunc("/ris", func(w http.ResponseWriter, req *http.Request) {
		conn, err := websocket.Accept(w, req, nil)
		if err != nil {
			return
		}
		defer conn.CloseNow()
		_, raw, err := conn.Read(req.Context())
		if err != nil {
			return
		}
		subscribed <- string(raw)
		lines := []string{`{"type":"ris_subscribe_ok","data":{}}`, `not JSON`, message(99, at, "192.0.2.0/24", "")}
		for i := range 7 {
			lines = append(lines, message(i, at, "", "192.0.2.0/24"))
		}
		for _, line := range lines {
			if err := conn.Write(req.Context(), websocket.MessageText, []byte(line)); err != nil {
				return
			}
		}
		_, _, _ = conn.Read(req.Context()) // until the client leaves
	})
	got := make(chan model.Signal, 1)
	f := newRIS(runner(t, mux), func() []model.Service {
		return []model.Service{{ID: "bank", Prefixes: []netip.Prefix{net4}}}
	}, func(_ context.Context, s model.Signal) { got <- s })
	f.prepare(t.Context())
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- f.stream(ctx) }()
	var question map[string]any
	if err := json.Unmarshal([]byte(<-subscribed), &question); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"type": "ris_subscribe", "data": map[string]any{
		"prefix": "192.0.2.0/24", "moreSpecific": false, "lessSpecific": false, "type": "UPDATE", "socketOptions": map[string]any{"includeRaw": false},
	}}
	if d := cmp.Diff(want, question); d != "" {
		t.Error(d)
	}
	same(t, []model.Signal{<-got}, []model.Signal{{Source: RIS, Service: "bank", At: at, Ratio: 20, Stale: 15 * time.Minute}})
	if h := f.Health(); len(h) != 1 || !strings.Contains(h[0].Err, "ris: sends what cannot be read") || h[0].OK.IsZero() {
		t.Errorf("Health = %+v", h)
	}
	cancel()
	if err := <-ended; !errors.Is(err, model.ErrTemporary) || !errors.Is(err, context.Canceled) {
		t.Errorf("stream = %v", err)
	}
}

// TestStreamFails meets servers that are no RIS Live.
func TestStreamFails(t *testing.T) {
	for _, c := range []struct {
		name    string
		handler http.HandlerFunc
		want    string
	}{
		{"no web socket", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello") }, "connect"},
		{"hangs up", func(w http.ResponseWriter, req *http.Request) {
			if conn, err := websocket.Accept(w, req, nil); err == nil {
				_ = conn.Close(websocket.StatusGoingAway, "bye")
			}
		}, "ended"},
		{"a huge message", func(w http.ResponseWriter, req *http.Request) {
			conn, err := websocket.Accept(w, req, nil)
			if err != nil {
				return
			}
			defer conn.CloseNow()
			_ = conn.Write(req.Context(), websocket.MessageText, make([]byte, maxMessage+1))
			_, _, _ = conn.Read(req.Context())
		}, "ended"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newRIS(runner(t, c.handler), func() []model.Service { return nil }, nil)
			if err := f.stream(t.Context()); !errors.Is(err, model.ErrTemporary) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("stream = %v, want %q", err, c.want)
			}
		})
	}
}

// TestFollow tries a server that is down again, at longer and longer times.
func TestFollow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var tries []time.Duration
		transport := answer(func(req *http.Request) (*http.Response, error) {
			if strings.Contains(req.URL.Path, "routing-status") {
				return text(200, `{"data":{"visibility":{"v4":{"ris_peers_seeing":300}}}}`), nil
			}
			tries = append(tries, time.Since(start))
			return text(502, "bad gateway"), nil
		})
		r := New(quiet, Config{RIS: true, Transport: transport})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		services := []model.Service{{ID: "bank", Prefixes: []netip.Prefix{net4}}}
		err := r.Run(ctx, func() []model.Service { return services }, func(_ context.Context, s model.Signal) { t.Errorf("signal %+v", s) })
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Run = %v", err)
		}
		if len(tries) != 4 || tries[0] != 0 || tries[3]-tries[2] < 3*time.Minute {
			t.Errorf("tries at %v, want four in ten minutes, a minute, two and four apart", tries)
		}
		if h := r.Health(); len(h) != 1 || !strings.Contains(h[0].Err, "502") || !h[0].OK.IsZero() {
			t.Errorf("Health = %+v", h)
		}
	})
}

// TestSamples reads recorded messages, where they are at hand.
func TestSamples(t *testing.T) {
	path := filepath.Join(os.Getenv("CROSSCHECK_DATA"), "outages/mrt/libbgpstream/ris-live-stream.json")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("%v: set CROSSCHECK_DATA to a folder that has it", err)
	}
	updates, faults := 0, 0
	for line := range strings.Lines(string(raw)) {
		u, err := parseRIS([]byte(line))
		updates += len(u.announced)
		if err != nil {
			faults++
		}
	}
	if updates != 1 || faults != 2 {
		t.Errorf("%d prefixes announced and %d errors, want 1, and 2: an ris_error and a line that is cut off", updates, faults)
	}
}
