package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// doer runs command lines on one data folder and wants a status of each.
func doer(t *testing.T) func(want int, stdin string, args ...string) string {
	data := t.TempDir()
	return func(want int, stdin string, args ...string) string {
		t.Helper()
		status, out, errOut := cmd(t, stdin, append(args, "--data", data)...)
		if status != want {
			t.Fatalf("crosscheck %s: status %d, want %d\n%s%s", strings.Join(args, " "), status, want, out, errOut)
		}
		return out + errOut
	}
}

func TestServices(t *testing.T) {
	do := doer(t)
	if out := do(exitOK, "", "service", "list"); !strings.Contains(out, "no services yet") {
		t.Errorf("empty list: %s", out)
	}
	do(exitOK, "", "service", "add", "bank", "https://bank.example/", "--name", "Landbank", "--alias", "landbank.example", "--alias", "the bank, the old one",
		"--country", "se", "--asn", "64500", "--prefix", "192.0.2.0/24", "--prefix", "2001:db8::/32", "--status", "200,403", "--text", "Sign in", "--slow", "1500ms")
	do(exitOK, "", "service", "add", "intranet", "http://10.1.0.7/", "--private")
	do(exitOK, "", "service", "maintenance", "bank", "2031-03-11T02:00", "2031-03-11T05:00+01:00")
	file := filepath.Join(t.TempDir(), "services.yaml")
	do(exitOK, "", "service", "export", file)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	do(exitOK, "", "service", "remove", "bank")
	do(exitOK, "", "service", "remove", "intranet")
	if out := do(exitOK, "", "service", "import", file); strings.Count(out, "measuring") != 2 {
		t.Errorf("import: %s", out)
	}
	if again := do(exitOK, "", "service", "export"); again != string(text) {
		t.Errorf("a round trip changed\n%s\nto\n%s", text, again)
	}
	for _, want := range []string{"slow: 1.5s", "the bank, the old one", "private: true", "192.0.2.0/24", "2001:db8::/32", "2031-03-11T04:00:00Z", "country: SE"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the export lacks %q:\n%s", want, text)
		}
	}
	do(exitOK, `{"id":"mail","target":"tls:mail.example:993"}`+"\n"+`{"id":"name","target":"dns:name.example"}`+"\n", "service", "import", "-")
	var names []string
	for l := range strings.Lines(do(exitOK, "", "service", "list", "--json")) {
		var s serviceLine
		if err := json.Unmarshal([]byte(l), &s); err != nil {
			t.Fatalf("%v in %s", err, l)
		}
		names = append(names, s.ID+" "+string(s.State))
	}
	if got := strings.Join(names, ", "); got != "bank unknown, intranet unknown, mail unknown, name unknown" {
		t.Errorf("list: %s", got)
	}
	if out := do(exitOK, "", "service", "show", "bank"); !strings.Contains(out, "Landbank (bank)") || !strings.Contains(out, "work announced: 2031-03-11 02:00Z to 2031-03-11 04:00Z") {
		t.Errorf("show: %s", out)
	}
	for _, c := range []struct {
		status int
		stdin  string
		want   string
		args   []string
	}{
		{exitUsage, "", "a private address, not permitted (say that it is private", []string{"add", "inside", "http://10.1.0.7/"}},
		{exitUsage, "", "want an http or https URL", []string{"add", "x", "gopher://x"}},
		{exitUsage, "", `service country "SWEDEN"`, []string{"add", "x", "x.example", "--country", "Sweden"}},
		{exitUsage, "", `netip.ParsePrefix("192.0.2.0")`, []string{"add", "x", "x.example", "--prefix", "192.0.2.0"}},
		{exitUsage, "", "want the network itself, such as 192.0.2.0/24", []string{"add", "x", "x.example", "--prefix", "192.0.2.7/24"}},
		{exitUsage, "", `time "soon"`, []string{"maintenance", "bank", "soon", "2031-03-11T05:00"}},
		{exitUsage, "", "a start before its end", []string{"maintenance", "bank", "2031-03-11T05:00", "2031-03-11T04:00"}},
		{exitUsage, "", "a loopback address", []string{"test", "http://127.0.0.1/"}},
		{exitFail, "", "nobody is not measured; crosscheck service list", []string{"show", "nobody"}},
		{exitFail, "", "nobody is not measured", []string{"remove", "nobody"}},
		{exitFail, "", "nobody is not measured", []string{"maintenance", "nobody", "2031-03-11T05:00", "2031-03-11T06:00"}},
		{exitFail, "", "no such file", []string{"import", "/nonexistent.yaml"}},
		{exitUsage, `{"id":"x"}`, "target is missing", []string{"import", "-"}},
		{exitUsage, `{"id":"x","target":"x.example","alias":["y"]}`, "did you mean aliases?", []string{"import", "-"}},
		{exitUsage, `{"id":`, "service 1:", []string{"import", "-"}},
		{exitUsage, "# none\n", "has no service", []string{"import", "-"}},
		{exitUsage, "\xff\x00", "is not text in UTF-8", []string{"import", "-"}},
		{exitOK, "", "crosscheck service add mail tls:", []string{"add", "--help"}},
	} {
		if out := do(c.status, c.stdin, append([]string{"service"}, c.args...)...); !strings.Contains(out, c.want) {
			t.Errorf("crosscheck service %s: no %q in\n%s", strings.Join(c.args, " "), c.want, out)
		}
	}
}

func TestVantages(t *testing.T) {
	do := doer(t)
	if out := do(exitOK, "", "vantages", "list"); !strings.Contains(out, "no vantage points yet") {
		t.Errorf("empty list: %s", out)
	}
	first := do(exitOK, "", "vantages", "issue", "fra-1", "--asn", "3320", "--country", "de", "--group", "east", "--name", "Frankfurt")
	second := do(exitOK, "", "vantages", "issue", "fra-1", "--asn", "3320", "--country", "DE")
	if !strings.HasPrefix(first, "ccv_") || strings.Count(first, "\n") != 1 || len(first) < 30 || first == second {
		t.Errorf("tokens %q and %q", first, second)
	}
	do(exitOK, "", "vantages", "issue", "osl-1")
	do(exitOK, "", "vantages", "revoke", "osl-1")
	out := do(exitOK, "", "vantages", "list")
	for _, want := range []string{"fra-1", "3320", "DE", "not heard yet", "revoked 2"} {
		if !strings.Contains(out, want) {
			t.Errorf("the list lacks %q:\n%s", want, out)
		}
	}
	if out := do(exitFail, "", "vantages", "revoke", "osl-1"); !strings.Contains(out, "no vantage point with a good token") {
		t.Error(out)
	}
	if out := do(exitUsage, "", "vantages", "issue", "x", "--country", "Norway"); !strings.Contains(out, `vantage country "NORWAY"`) {
		t.Error(out)
	}
}
