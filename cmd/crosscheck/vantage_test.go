package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestVantageUsage(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := write("token", "wharf-7731\n")
	for _, c := range []struct {
		args   []string
		status int
		want   string
	}{
		{nil, exitUsage, "missing flags: --join=URL, --token-file=FILE"},
		{[]string{"--help"}, exitOK, "crosscheck vantage --join https://monitor.example.org --token-file token"},
		{[]string{"--join", "https://desk.example"}, exitUsage, "missing flags: --token-file=FILE"},
		{[]string{"--join", "desk.example", "--token-file", good}, exitUsage, "want an address such as"},
		{[]string{"--join", "http://desk.example", "--token-file", good}, exitUsage, "want https"},
		{[]string{"--join", "https://desk.example", "--token-file", filepath.Join(dir, "absent")}, exitUsage, "no such file"},
		{[]string{"--join", "https://desk.example", "--token-file", dir}, exitUsage, "not a file"},
		{[]string{"--join", "https://desk.example", "--token-file", write("empty", " \n")}, exitUsage, "holds no token"},
		{[]string{"--join", "https://desk.example", "--token-file", write("large", strings.Repeat("x", 5000))}, exitUsage, "larger than 4096 bytes"},
		{[]string{"--join", "https://desk.example", "--token-file", write("words", "a token")}, exitUsage, "want one word"},
	} {
		args := append([]string{"vantage", "--data", dir}, c.args...)
		if status, out, errOut := cmd(t, "", args...); status != c.status || !strings.Contains(out+errOut, c.want) {
			t.Errorf("crosscheck %s: status %d, want %d with %q in\n%s%s", strings.Join(args, " "), status, c.status, c.want, out, errOut)
		}
	}
}

// Until its token is revoked; then it ends, and says so.
func TestVantageRevoked(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "token")
	if err := os.WriteFile(file, []byte("wharf-7731\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked++; r.Header.Get("Authorization") != "Bearer wharf-7731" || r.URL.Path != "/api/v1/vantage/config" {
			t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
		}
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `{"title":"Forbidden"}`)
	}))
	defer server.Close()
	status, _, errOut := cmd(t, "", "vantage", "--join", server.URL, "--token-file", file, "--data", dir)
	spool := filepath.Join(dir, "vantage")
	for _, want := range []string{"everybody on this machine can read " + file, "measuring for " + server.URL, "revoked this vantage point", "stays in " + spool} {
		if !strings.Contains(errOut, want) {
			t.Errorf("no %q in\n%s", want, errOut)
		}
	}
	if status != exitFail || asked != 1 {
		t.Errorf("status %d after %d requests", status, asked)
	}
	if _, err := os.Stat(spool); err != nil {
		t.Error(err)
	}
}
