package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// hour is the observations of one service from four vantage points, for an
// hour; from the thirtieth minute on the connection is refused.
func hour() []string {
	start := time.Date(2026, 3, 2, 17, 0, 0, 0, time.UTC)
	var lines []string
	for m := range 60 {
		for v := range 4 {
			at := start.Add(time.Duration(m)*time.Minute + time.Duration(v)*15*time.Second).Format(time.RFC3339)
			outcome := `"outcome":"ok","layer":"","failure":"","status":200`
			if m >= 30 {
				outcome = `"outcome":"fail","layer":"tcp","failure":"connection_refused","status":0`
			}
			lines = append(lines, fmt.Sprintf(`{"at":%q,"service":"bank","vantage":"v%d","asn":%d,"country":%q,"valid":true,%s,"dns_ms":12,"tcp_ms":20,"tls_ms":31,"ttfb_ms":80}`,
				at, v, 3320+v, []string{"DE", "FR"}[v%2], outcome))
		}
	}
	return lines
}

type change struct {
	State    string
	Onset    *time.Time
	End      *time.Time
	Class    string
	Down, Up []string
	Excluded []struct{ Vantage, Why string }
	Rule     string
	Reviewed bool
	Report   string
}

func changes(t *testing.T, out string) []change {
	t.Helper()
	var all []change
	for _, line := range strings.Split(strings.TrimSpace(out), "\n") {
		var c change
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		all = append(all, c)
	}
	return all
}

func TestJudge(t *testing.T) {
	status, out, errOut := cmd(t, strings.Join(hour(), "\n"), "judge")
	if status != exitOK || errOut != "" {
		t.Fatalf("status %d, %s", status, errOut)
	}
	all := changes(t, out)
	last := all[len(all)-1]
	if all[0].State != "up" || all[0].Onset != nil || last.State != "confirmed" || last.Class != "tcp" || last.End != nil || len(last.Down) != 4 || last.Rule != "v1" {
		t.Errorf("changes:\n%s", out)
	}
	if onset := time.Date(2026, 3, 2, 17, 30, 0, 0, time.UTC); last.Onset == nil || last.Onset.Sub(onset).Abs() > time.Minute {
		t.Errorf("onset %v, want about %v", last.Onset, onset)
	}
	if want := "Confirmed: loss of connectivity to bank from 17:30 UTC (±1 min), seen from 4 of 4 vantage points (4 networks, 2 countries); failing at TCP."; last.Report != want {
		t.Errorf("report %q, want %q", last.Report, want)
	}
	for _, want := range []string{`"excluded":[]`, `"down":[]`, `"onset":null`, `"end":null`} {
		if !strings.Contains(strings.SplitN(out, "\n", 2)[0], want) {
			t.Errorf("first line lacks %s:\n%s", want, out)
		}
	}
}

func TestJudgeBadLines(t *testing.T) {
	lines := hour()
	lines[3] = "{"
	lines[10] = strings.Repeat("x", maxObservation+5)
	lines = append(lines, `{"service":"bank"}`)
	status, out, errOut := cmd(t, strings.Join(lines, "\n"), "judge")
	if status != exitFail || !strings.Contains(out, `"confirmed"`) {
		t.Errorf("status %d\n%s", status, out)
	}
	for _, want := range []string{"line 4: ", "line 11: longer than", "line 241: valid is missing", "3 of 241 lines could not be read"} {
		if !strings.Contains(errOut, want) {
			t.Errorf("no %q in\n%s", want, errOut)
		}
	}
}

func TestJudgeReview(t *testing.T) {
	lines := hour()
	file := filepath.Join(t.TempDir(), "hour.jsonl")
	late := append(append([]string{}, lines[120:]...), lines[:120]...)
	if err := os.WriteFile(file, []byte(strings.Join(late, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	status, out, errOut := cmd(t, "", "judge", "--review", file)
	if status != exitOK || errOut != "" {
		t.Fatalf("status %d, %s", status, errOut)
	}
	all := changes(t, out)
	if last := all[len(all)-1]; last.State != "confirmed" || !last.Reviewed {
		t.Errorf("last change %+v", last)
	}
	if _, out, _ := cmd(t, "", "judge", "--text", "--review", file); !strings.Contains(out, "Reviewed: Confirmed: loss of connectivity to bank") {
		t.Errorf("text:\n%s", out)
	}
	if status, _, errOut := cmd(t, "", "judge", filepath.Join(t.TempDir(), "absent")); status != exitFail || !strings.Contains(errOut, "no such file") {
		t.Errorf("status %d, %s", status, errOut)
	}
}
