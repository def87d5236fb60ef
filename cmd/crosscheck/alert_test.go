package main

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/store"
)

const garrison = `
- name: Garrison
  kinds: [denied]
  words: ["garrison*"]
  min_origins: 2
  quiet: {from: "22:00", to: "07:00", zone: Europe/Berlin}
  to: [https://hooks.example/hush, chat:desk]
- name: Bank
  situation: autum
  places: [1]
  services: [bank]
  digest: 1h
  to: desk@example.org
`

func TestAlert(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	rules := filepath.Join(dir, "rules.yaml")
	if err := os.WriteFile(rules, []byte(garrison), 0o600); err != nil {
		t.Fatal(err)
	}
	do := func(want int, args ...string) string {
		t.Helper()
		status, out, errOut := cmd(t, garrison, append([]string{"--data", data, "alert"}, args...)...)
		if status != want {
			t.Errorf("crosscheck alert %s: status %d, want %d\n%s%s", strings.Join(args, " "), status, want, out, errOut)
		}
		if strings.Contains(out+errOut, "hush") {
			t.Errorf("crosscheck alert %s prints a secret:\n%s%s", strings.Join(args, " "), out, errOut)
		}
		return out + errOut
	}
	has := func(text string, wants ...string) {
		t.Helper()
		for _, w := range wants {
			if !strings.Contains(text, w) {
				t.Errorf("lacks %q:\n%s", w, text)
			}
		}
	}
	has(do(exitOK, "list"), "no rules yet")
	has(do(exitOK, "add", rules), "watching for Garrison", "watching for Bank", `warning: rule "Bank" names situation "autum", which there is not`, "place 1, which is not in", `service "bank", which is not measured`,
		"alerts.webhook_secret_file is not configured", "alerts.chats is not configured", "alerts.mail is not configured")
	has(do(exitOK, "list"), "kinds denied; words garrison*; origins from 2; not from 22:00", "https://hooks.example/…, chat:desk", "services bank; digest every 1h0m0s", `warning: rule "Bank" names service "bank"`)
	has(do(exitOK, "add", "-"), "watching for Bank")
	has(do(exitFail, "test", "Garrison"), "https://hooks.example/…: ", "not configured")
	fill(t, data)
	has(do(exitOK, "dry-run"), "Garrison", "denied", "The garrison was empty.", "2 rules would have told 2 times of 2 entries")
	has(do(exitOK, "dry-run", rules, "--since", "30m"), "2 rules would have told 0 times of 0 entries")
	has(do(exitUsage, "dry-run", "--since", "soon"), `--since "soon"`)
	has(do(exitOK, "list"), "Not delivered:", "given up", "no such user")
	has(do(exitOK, "remove", "Garrison"), "no longer watching for Garrison")
	has(do(exitFail, "remove", "Garrison"), "crosscheck alert list")
	has(do(exitUsage, "add", "/dev/null"), "/dev/null", "want keys")
	do(exitFail, "add", filepath.Join(dir, "none"))
}

// fill puts two entries, and a delivery that was given up, into the store.
func fill(t *testing.T, data string) {
	t.Helper()
	st, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), store.Config{Dir: data})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	at := time.Now().Add(-2 * time.Hour)
	entries := []model.Entry{
		{ID: "e1", Kind: model.EntryDenied, Claim: "c1", Text: "The garrison\nwas empty.", Origins: 2},
		{ID: "e2", Kind: model.EntryDenied, Claim: "c2", Text: "The garrisons were empty.", Origins: 1},
	}
	given := model.Delivery{ID: "d1", Rule: "r", To: "chat:desk", Item: model.AlertItem{RuleName: "Garrison"}, Since: at, Due: at, Tries: 9, Err: "no such user", State: model.DeliveryGivenUp, Done: at}
	if err := st.KeepAlerts(t.Context(), "s1", at, entries, nil, []model.Delivery{given}); err != nil {
		t.Fatal(err)
	}
}

func TestAlertTest(t *testing.T) {
	dir := t.TempDir()
	got := ""
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		got = string(body)
	}))
	defer srv.Close()
	for name, text := range map[string]string{
		"secret": "a secret of some length",
		"c.yaml": fmt.Sprintf("data: %s/data\nfetch: {allow: [127.0.0.1]}\nalerts: {webhook_secret_file: %s/secret}\n", dir, dir),
		"r.yaml": "name: Garrison\nwords: [garrison]\nto: " + srv.URL,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"add", filepath.Join(dir, "r.yaml")}, {"test", "Garrison"}} {
		status, out, errOut := cmd(t, "", append([]string{"-c", filepath.Join(dir, "c.yaml"), "alert"}, args...)...)
		if status != exitOK || errOut != "" {
			t.Fatalf("crosscheck alert %v: status %d\n%s%s", args, status, out, errOut)
		}
	}
	if !strings.Contains(got, `"kind":"test"`) || !strings.Contains(got, `"rule_name":"Garrison"`) {
		t.Errorf("the webhook got %q", got)
	}
}
