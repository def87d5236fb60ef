package main

import (
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/app"
	"crosscheck/internal/model"
	"crosscheck/internal/store"
)

// TestSituation takes a situation through every command.
func TestSituation(t *testing.T) {
	dir := t.TempDir()
	var ids []string
	func() {
		st, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), store.Config{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		for _, text := range []string{"The bridge at Ostmere is shut.", "A card game of bridge.", "A ferry sails."} {
			a := &model.Article{URL: "https://o.example/" + strings.Fields(text)[1], Title: text, Text: text, Outlet: "Post", Published: time.Now().Add(-time.Hour), Seen: time.Now()}
			if _, err := st.SaveArticle(t.Context(), a); err != nil {
				t.Fatal(err)
			}
			if err := st.AssignStory(t.Context(), store.Assignment{Article: a.ID, Story: "s" + strings.Fields(text)[1]}); err != nil {
				t.Fatal(err)
			}
			ids = append(ids, a.ID)
		}
	}()
	file := filepath.Join(t.TempDir(), "b.yaml")
	if err := os.WriteFile(file, []byte("title: The Ostmere bridge\nwords: [bridge]\nfrom: 2026-01-01\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	wrong := filepath.Join(t.TempDir(), "wrong.yaml")
	if err := os.WriteFile(wrong, []byte("title: X\nwordz: [bridge]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args   string
		status int
		want   string // in standard output or standard error
	}{
		{"list", exitOK, "no situations yet"},
		{"preview --word bridge --exclude card", exitOK, "1 of 3 articles"},
		{"preview --word bridge --word ferry", exitOK, "warning: it catches 3 of the 3 articles"},
		{"preview --word bridge --json", exitOK, `"why":["has “bridge”"]`},
		{"preview --word bridge --exclude bridge", exitUsage, `words: "bridge" is excluded`},
		{"preview --place Springfield", exitUsage, "may be any of"},
		{"preview --place Nosuchplace", exitUsage, "not in the gazetteer"},
		{"preview --place 3425505", exitOK, "0 of 3 articles"},
		{"preview --from soon --word x", exitUsage, `--from "soon"`},
		{"add -f " + wrong, exitUsage, `unknown field "wordz"`},
		{"add -f " + file, exitOK, "situation the-ostmere-bridge, revision 1: 2 articles of 2 origins"},
		{"add --id the-ostmere-bridge Again --word x", exitFail, "situation edit changes it"},
		{"edit none --word x", exitFail, "situation list shows"},
		{"edit the-ostmere-bridge --exclude card --by Bo", exitOK, "revision 2: 1 articles"},
		{"edit the-ostmere-bridge --exclude card --by Cy", exitOK, "nothing changed: situation the-ostmere-bridge is at revision 2\n"},
		{"edit the-ostmere-bridge --from 2026-05-01 --until 2026-04-01", exitUsage, "is not before until"},
		{"show the-ostmere-bridge", exitOK, "revision 2 by Bo"},
		{"show the-ostmere-bridge", exitOK, "story"},
		{"show the-ostmere-bridge --yaml", exitOK, "exclude:\n- card\nfrom: \"2026-01-01T00:00:00Z\"\n"},
		{"show the-ostmere-bridge --history", exitOK, "# revision 1 by"},
		{"why the-ostmere-bridge " + ids[0], exitOK, "is in the-ostmere-bridge\n  has “bridge”"},
		{"why the-ostmere-bridge " + ids[1], exitOK, "is not in the-ostmere-bridge\n  has “card”, which is excluded"},
		{"pin the-ostmere-bridge " + ids[2] + " --by Bo", exitOK, "is in from now on"},
		{"why the-ostmere-bridge " + ids[2], exitOK, "Bo pinned it"},
		{"exclude --story the-ostmere-bridge sbridge", exitOK, "story sbridge is out"},
		{"show the-ostmere-bridge --decisions", exitOK, "exclude"},
		{"show the-ostmere-bridge --json", exitOK, `"articles":1,`},
		{"free --story the-ostmere-bridge sbridge", exitOK, "left to the definition"},
		{"pin the-ostmere-bridge none", exitFail, "there is no article none"},
		{"list", exitOK, "The Ostmere bridge"},
		{"edit the-ostmere-bridge --clear exclude", exitOK, "revision 3: 3 articles"},
		{"remove the-ostmere-bridge", exitOK, "removed"},
		{"show the-ostmere-bridge", exitFail, "not found"},
	} {
		args := append([]string{"situation"}, strings.Fields(c.args)...)
		status, out, errOut := cmd(t, "", append(args, "--data", dir)...)
		if status != c.status || !strings.Contains(out+errOut, c.want) {
			t.Errorf("crosscheck %s: status %d, want %d with %q in\n%s%s", strings.Join(args, " "), status, c.status, c.want, out, errOut)
		}
		if strings.Contains(c.args, "--json") && !json.Valid([]byte(out)) {
			t.Errorf("crosscheck %s: not JSON: %s", strings.Join(args, " "), out)
		}
	}
}

// TestSituationOfOwnPlace names a place that only the configuration knows.
func TestSituationOfOwnPlace(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{
		"own.yaml":   "places: [{name: Tolmark Harbour, lat: 57.1, lon: 12.2}]\n",
		"wrong.yaml": "places: [{name: Tolmark Harbour, lat: 157.1}]\n",
		"s.yaml":     "words: [[a]]\n",
		"empty.yaml": "",
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if err := app.AddPlaces(nil); err != nil {
			t.Error(err)
		}
	})
	for _, c := range []struct {
		status int
		want   string
		args   []string
	}{
		{exitUsage, `"Tolmark Harbour" is not in the gazetteer`, []string{"situation", "add", "Harbour", "--place", "Tolmark Harbour"}},
		{exitOK, "situation harbour, revision 1", []string{"-c", "own.yaml", "situation", "add", "Harbour", "--place", "Tolmark Harbour"}},
		{exitUsage, "Tolmark Harbour", []string{"-c", "wrong.yaml", "situation", "list"}},
		{exitUsage, "want a text", []string{"situation", "add", "Harbour", "-f", "s.yaml"}},
		{exitUsage, "wants nothing", []string{"situation", "add", "Harbour", "-f", "empty.yaml"}},
	} {
		status, out, errOut := cmd(t, "", c.args...)
		if status != c.status || !strings.Contains(out+errOut, c.want) {
			t.Errorf("crosscheck %s: status %d, want %d with %q in\n%s%s", strings.Join(c.args, " "), status, c.status, c.want, out, errOut)
		}
	}
}
