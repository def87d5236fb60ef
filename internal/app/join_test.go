package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/config"
	"crosscheck/internal/model"
	"crosscheck/internal/probe/fakenet"
	"crosscheck/internal/testkit"
	"crosscheck/internal/vantage"
)

// TestVantagePointJoins runs a vantage point against the program: it measures
// what it is told, brings what an earlier run left in its spool, and ends when
// its token is revoked.
func TestVantagePointJoins(t *testing.T) {
	d := newDesk(t, config.Service{ID: "bank", Target: "5.0.1.1:22"})
	now := time.Now()
	d.set(now)
	n, err := fakenet.New(now)
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	n.Listen(netip.MustParseAddrPort("5.0.1.1:22"), fakenet.Host{})
	spool := t.TempDir()
	hour := now.Truncate(time.Hour).Add(-3 * time.Hour).UTC()
	left, err := json.Marshal(map[string]any{"summaries": []any{map[string]any{
		"service": "bank", "from": hour, "to": hour.Add(time.Hour), "ok": 50, "fail": 7, "slow": 2, "refused": 0, "invalid": 1,
	}}})
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"summaries.json": string(left), "000000000001.ndjson": d.line("fra-1", "bank", now.Add(-time.Hour), true) + `{"at":"2031-`,
	} {
		if err := os.WriteFile(filepath.Join(spool, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var log bytes.Buffer
	run := func(ctx context.Context) error {
		agent, err := vantage.New(slog.New(slog.NewTextHandler(&log, nil)), vantage.Config{
			Join: d.app.URL(), Token: d.tokens["fra-1"], Spool: spool, Network: n, Version: "test",
		})
		if err != nil {
			return err
		}
		return agent.Run(ctx)
	}
	done := make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { done <- run(ctx) }()
	testkit.Eventually(t, 30*time.Second, "the spool and a fresh observation arrive", func() bool {
		d.set(time.Now())
		all, err := d.store().Observations(t.Context(), []string{"bank"}, now.Add(-2*time.Hour), now.Add(time.Hour))
		segments, _ := filepath.Glob(filepath.Join(spool, "*.*"))
		return err == nil && len(all) == 2 && all[1].Valid && all[1].Outcome == model.OutcomeOK && all[1].ASN == 64500 && len(segments) == 1 // the configuration
	})
	cancel()
	if err := <-done; err != nil || strings.Contains(log.String(), "rejects") {
		t.Errorf("Run: %v\n%s", err, &log)
	}
	if err := (&Admin{d.app.store}).RevokeVantage(t.Context(), "fra-1"); err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, 30*time.Second, "a revoked vantage point is turned away", func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		return errors.Is(run(ctx), model.ErrForbidden)
	})
}
