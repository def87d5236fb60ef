// Command probeload is the load bench of probing: many TLS services on the
// loopback, a prober of them, and a scraper for exporters. scripts/probe_load.sh
// puts them together.
//
//	probeload serve -n 1000 -dir DIR        serves until killed; writes ca.pem and targets; -mute: accepts and says nothing
//	probeload probe -dir DIR                probes the targets until killed
//	probeload scrape -dir DIR -url PREFIX   gets PREFIX + target, each once a minute
//	probeload desk -dir DIR                 the server's side of a vantage point that probes the targets, until killed; writes desk.url
package main

import (
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/probe"
	"crosscheck/internal/probe/fakenet"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errors.New("want serve, probe, scrape or desk")
	}
	flags := flag.NewFlagSet(args[0], flag.ExitOnError)
	n := flags.Int("n", 1000, "services")
	dir := flags.String("dir", ".", "folder of ca.pem and targets")
	mute := flags.Bool("mute", false, "answer no hello")
	prefix := flags.String("url", "", "what stands before the target")
	_ = flags.Parse(args[1:]) // exits by itself
	switch args[0] {
	case "serve":
		return serve(ctx, *n, *dir, *mute)
	case "probe":
		return observe(ctx, *dir)
	case "scrape":
		return scrape(ctx, *dir, *prefix)
	case "desk":
		return desk(ctx, *dir)
	}
	return fmt.Errorf("%s: want serve, probe, scrape or desk", args[0])
}

// body is a page of an ordinary size, bytes.
var body = "<html><head><title>A service</title></head><body>" + strings.Repeat("<p>Opening hours and prices.</p>", 600) + "</body></html>"

// serve answers on n ports and prints, at the end, the requests of each visitor.
func serve(ctx context.Context, n int, dir string, mute bool) error {
	world, err := fakenet.New(time.Now())
	if err != nil {
		return err
	}
	cert, err := world.Certificate(fakenet.TLSGood, "127.0.0.1")
	if err != nil {
		return err
	}
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: world.Authority()})
	if err := os.WriteFile(filepath.Join(dir, "ca.pem"), ca, 0o600); err != nil {
		return err
	}
	var mu sync.Mutex
	visits := map[string]int{}
	server := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			visits[r.UserAgent()]++
			mu.Unlock()
			_, _ = io.WriteString(w, body)
		}),
		ErrorLog: log.New(io.Discard, "", 0), ReadHeaderTimeout: time.Minute,
	}
	var targets strings.Builder
	var wg sync.WaitGroup
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		fmt.Fprintf(&targets, "https://%s/\n", l.Addr())
		if mute {
			continue // the system accepts, nobody reads
		}
		wg.Go(func() { _ = server.Serve(tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{*cert}})) })
	}
	if err := os.WriteFile(filepath.Join(dir, "targets"), []byte(targets.String()), 0o600); err != nil {
		return err
	}
	<-ctx.Done()
	err = server.Close()
	wg.Wait()
	for who, count := range visits {
		fmt.Printf("%d\t%s\n", count, who)
	}
	return err
}

func targetsOf(dir string) ([]string, error) {
	b, err := os.ReadFile(filepath.Join(dir, "targets"))
	return strings.Fields(string(b)), err
}

// observe probes as a vantage point does.
func observe(ctx context.Context, dir string) error {
	lines, err := targetsOf(dir)
	if err != nil {
		return err
	}
	ca, err := os.ReadFile(filepath.Join(dir, "ca.pem"))
	if err != nil {
		return err
	}
	cfg := probe.Config{
		Vantage: model.Vantage{ID: "bench"}, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Roots: x509.NewCertPool(),
	}
	cfg.Roots.AppendCertsFromPEM(ca)
	var targets []probe.Target
	for i, line := range lines {
		t, err := probe.ParseTarget(line)
		if err != nil {
			return err
		}
		targets = append(targets, t)
		if u, err := url.Parse(line); err == nil && i < 6 {
			cfg.Anchors = append(cfg.Anchors, probe.Anchor{Address: u.Host, Network: u.Port()})
		}
	}
	p, err := probe.New(cfg)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	outcomes := map[model.Outcome]int{}
	s := probe.NewScheduler(p, probe.Schedule{}, func(_ context.Context, r probe.Report) {
		line, err := json.Marshal(r.Observation) // what a vantage point sends
		mu.Lock()
		defer mu.Unlock()
		if err == nil && len(line) > 0 && r.Valid {
			outcomes[r.Outcome]++
		}
	})
	s.Set(targets)
	s.Run(ctx)
	fmt.Println("observations:", outcomes)
	return nil
}

// scrape asks an exporter about each target once a minute, spread evenly.
func scrape(ctx context.Context, dir, prefix string) error {
	targets, err := targetsOf(dir)
	if err != nil {
		return err
	}
	tick := time.NewTicker(time.Minute / time.Duration(len(targets)))
	defer tick.Stop()
	good, bad := 0, 0
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			fmt.Printf("scrapes: %d good, %d bad\n", good, bad)
			return nil
		case <-tick.C:
		}
		if scrapeOne(ctx, prefix+url.QueryEscape(targets[i%len(targets)])) {
			good++
		} else {
			bad++
		}
	}
}

func scrapeOne(ctx context.Context, address string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return err == nil && strings.Contains(string(b), "\nprobe_success 1")
}

// desk gives a vantage point the targets as its services, the first six as its
// anchors, and counts what it sends by outcome.
func desk(ctx context.Context, dir string) error {
	config, err := deskConfig(dir)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	counts := map[string]int{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v1/vantage/config", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", `"1"`)
		_, _ = w.Write(config)
	})
	mux.HandleFunc("POST /api/v1/vantage/observations", func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		n := 0
		z, err := gzip.NewReader(r.Body)
		for in := json.NewDecoder(z); err == nil; {
			var o model.Observation
			if err = in.Decode(&o); err == nil {
				n++
				counts[fmt.Sprintf("%s valid=%v", o.Outcome, o.Valid)]++
			}
		}
		fmt.Fprintf(w, `{"accepted":%d,"config":"1"}`, n)
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "desk.url"), []byte("http://"+l.Addr().String()), 0o600); err != nil {
		return err
	}
	server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(l)
	}()
	<-ctx.Done()
	err = server.Close()
	<-done
	fmt.Println("observations received:", counts)
	return err
}

// deskConfig is what a server tells a vantage point to measure.
func deskConfig(dir string) ([]byte, error) {
	lines, err := targetsOf(dir)
	if err != nil {
		return nil, err
	}
	type entry map[string]any
	var services, anchors []entry
	for i, line := range lines {
		services = append(services, entry{"id": fmt.Sprintf("service-%d", i), "target": line, "private": true})
		if u, err := url.Parse(line); err == nil && i < 6 {
			anchors = append(anchors, entry{"address": u.Host, "network": u.Port()})
		}
	}
	return json.Marshal(entry{"vantage": entry{"id": "bench"}, "every_s": 60, "suspect_s": 20, "anchors": anchors, "services": services})
}
