package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	t.Chdir(t.TempDir())
	file := filepath.Join(".", "token")
	if err := os.WriteFile(file, []byte("wharf-7731"), 0o600); err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		args   []string
		status int
		want   string
	}{
		{nil, exitUsage, "missing flags"},
		{[]string{"--help"}, exitOK, "crosscheck-vantage --join https://monitor.example.org"},
		{[]string{"--join", "https://desk.example", "--token-file", "absent"}, exitUsage, "no such file"},
		{[]string{"--jion", "https://desk.example"}, exitUsage, "did you mean"},
		{[]string{"--join", "http://127.0.0.1:1", "--token-file", file}, exitOK, "measuring for http://127.0.0.1:1"},
	} {
		var out bytes.Buffer
		if status := run(ended, c.args, &out, &out); status != c.status || !strings.Contains(out.String(), c.want) {
			t.Errorf("%q: status %d, want %d with %q in\n%s", c.args, status, c.status, c.want, &out)
		}
	}
	if _, err := os.Stat(defaultSpool); err != nil {
		t.Error(err)
	}
}
