package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"crosscheck/internal/model"
	"crosscheck/internal/store"
)

// asMain makes the test binary stand in for the program: the test that kills
// it needs a process of its own.
const asMain = "CROSSCHECK_TEST_AS_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(asMain) != "" {
		main()
	}
	os.Exit(m.Run())
}

// cmd runs one command line and returns its exit status and output.
func cmd(t *testing.T, stdin string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errOut bytes.Buffer
	status = run(t.Context(), args, strings.NewReader(stdin), &out, &errOut)
	return status, out.String(), errOut.String()
}

func TestUsage(t *testing.T) {
	t.Chdir(t.TempDir()) // where the data folder is made
	const binary = "x.bin"
	if err := os.WriteFile(binary, []byte("\x7fELF\x00\xff"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args   []string
		status int
		want   string // in standard output or standard error
	}{
		{nil, exitOK, "crosscheck demo"},
		{[]string{"--help"}, exitOK, "Usage: crosscheck <command>"},
		{[]string{"read", "--help"}, exitOK, "crosscheck read --json page.html"},
		{[]string{"source", "--help"}, exitOK, "Follow a source"},
		{[]string{"version"}, exitOK, "crosscheck "},
		{[]string{"raed"}, exitUsage, "did you mean \"read\""},
		{[]string{"read"}, exitUsage, "<input>"},
		{[]string{"read", "--jsno", "x"}, exitUsage, "did you mean \"--json\""},
		{[]string{"read", "--published", "soon", "x"}, exitUsage, `--published "soon"`},
		{[]string{"serve", "--roles", "collects"}, exitUsage, "did you mean collect?"},
		{[]string{"serve", "--listen", "nowhere"}, exitUsage, `listen "nowhere"`},
		{[]string{"serve", "-c", "/nonexistent.yaml"}, exitUsage, "/nonexistent.yaml"},
		{[]string{"read", "/nonexistent.html"}, exitFail, "no such file"},
		{[]string{"read", "http://127.0.0.1:1/x"}, exitFail, "127.0.0.1"},
		{[]string{"read", ""}, exitFail, "want a file, an address, or -"},
		{[]string{"read", binary}, exitFail, "not text: it holds zero bytes"},
		{[]string{"group", binary}, exitFail, "1 of 1 lines could not be read"},
		{[]string{"source", "add", "pigeon"}, exitUsage, `source URL "pigeon"`},
		{[]string{"source", "add", "https://x.example/", "--country", "Sweden"}, exitUsage, `source country "SWEDEN"`},
		{[]string{"source", "add"}, exitUsage, "(crosscheck source add --help has examples)"},
		{[]string{"source", "test", "pigeon"}, exitUsage, `source URL "pigeon"`},
		{[]string{"-c", binary, "source", "list"}, exitUsage, "is not text in UTF-8"},
		{[]string{"alert", "add", binary}, exitUsage, "is not text in UTF-8"},
		{[]string{"vantages", "issue", "server"}, exitUsage, "the server's own vantage point"},
		{[]string{"story", "list"}, exitOK, "no stories"},
		{[]string{"story", "merge", "a", "b"}, exitFail, "there is no story a (crosscheck story list shows what there is)"},
		{[]string{"claim", "list", "a"}, exitFail, "(crosscheck claim list shows what there is)"},
		{[]string{"speaker", "merge", "a", "b"}, exitFail, "(crosscheck speaker list shows what there is)"},
		{[]string{"completion", "bash"}, exitOK, "complete -F _crosscheck crosscheck"},
		{[]string{"completion", "fish"}, exitOK, "complete -c crosscheck"},
	} {
		status, out, errOut := cmd(t, "", c.args...)
		if status != c.status || !strings.Contains(out+errOut, c.want) {
			t.Errorf("crosscheck %s: status %d, want %d with %q in\n%s%s", strings.Join(c.args, " "), status, c.status, c.want, out, errOut)
		}
	}
}

const page = `<!doctype html><html lang="en"><head><title>Piers closed – Islemere Post</title></head><body><article>
<h1>Piers closed</h1><p>Both piers of Islemere have been closed since Monday, when divers found a crack in the northern wall that is wide enough for a hand.</p>
<p>“The ferries will sail from the coal quay – in the rain, if need be,” said Merryn Coad, the harbour master. “Nobody will be left on the wrong shore.”</p>
<p>The wall was last repaired eleven years ago, with stone from the old lighthouse, and nobody in the town hall can say what it cost at the time.</p></article></body></html>`

func TestReadJSON(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "piers.html")
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	status, out, errOut := cmd(t, "", "read", "--json", file, filepath.Join(dir, "absent.html"))
	if status != exitFail || !strings.Contains(errOut, "1 of 2 inputs could not be read") {
		t.Errorf("status %d, %s", status, errOut)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 2 || !strings.Contains(lines[1], `"error"`) {
		t.Fatalf("want two lines, the second with an error:\n%s", out)
	}
	var r struct {
		ID, Title, Text string
		Statements      []struct {
			Content [][2]int
			Speaker string
			Role    *string
		}
	}
	if err := json.Unmarshal([]byte(lines[0]), &r); err != nil {
		t.Fatal(err)
	}
	if r.ID != "piers" || r.Title != "Piers closed" || len(r.Statements) == 0 {
		t.Fatalf("read: %s", lines[0])
	}
	points := []rune(r.Text)
	first := r.Statements[0]
	got := string(points[first.Content[0][0]:first.Content[0][1]])
	if want := "The ferries will sail from the coal quay – in the rain, if need be"; got != want || first.Speaker != "Merryn Coad" {
		t.Errorf("first statement %q by %q, want %q", got, first.Speaker, want)
	}
}

func TestReadPlainKeepsText(t *testing.T) {
	text := "  One – two.\r\n\r\n“Three,” said Ann Bell.\n"
	_, out, _ := cmd(t, text, "read", "--json", "--plain", "-")
	var r struct{ Text string }
	if err := json.Unmarshal([]byte(out), &r); err != nil || r.Text != text {
		t.Errorf("text %q, %v; want it byte for byte", r.Text, err)
	}
	if !utf8.ValidString(out) {
		t.Error("output is not UTF-8")
	}
}

func TestReadPlaces(t *testing.T) {
	text := "Zoë Bell said on Friday that Moscow said nothing. Roads near Kherson, Ukraine, were closed, as on the Black Sea."
	_, out, _ := cmd(t, text, "read", "--json", "--plain", "-")
	var r struct {
		Places []struct {
			Span      [2]int
			Name      string
			GeonameID *int64 `json:"geoname_id"`
			Lat, Lon  *float64
			Country   string
			Use       string
		}
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range r.Places {
		got = append(got, fmt.Sprint(string([]rune(text)[p.Span[0]:p.Span[1]]), " ", p.Name, " ", p.GeonameID != nil, " ", p.Lat != nil && p.Lon != nil, " ", p.Country, p.Use))
	}
	want := []string{"Moscow Moscow true true RUactor", "Kherson Kherson true true UA", "Ukraine Ukraine true true UA", "Black Sea Black Sea false true "}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	_, out, _ = cmd(t, text, "read", "--plain", "-")
	if want := "places\n          Kherson (Kherson, Ukraine), Ukraine, Black Sea\n"; !strings.Contains(out, want) {
		t.Errorf("no %q in\n%s", want, out)
	}
}

func TestReadLedger(t *testing.T) {
	status, out, errOut := cmd(t, page, "read", "-")
	for _, want := range []string{"Piers closed", "Merryn Coad", "“The ferries will sail", "asserts"} {
		if status != exitOK || !strings.Contains(out, want) {
			t.Errorf("status %d, no %q in\n%s%s", status, want, out, errOut)
		}
	}
}

func TestGroup(t *testing.T) {
	line := func(id, title, text string) string {
		b, err := json.Marshal(map[string]string{"id": id, "title": title, "text": text, "published": "2031-03-11T08:00:00Z"})
		if err != nil {
			t.Fatal(err)
		}
		return string(b) + "\n"
	}
	text := "Both piers of Islemere have been closed since Monday, when divers found a crack in the northern wall that is wide enough for a hand. The ferries sail from the coal quay until the engineers have seen the wall for themselves, which may take a week or longer in this weather."
	in := line("a", "Piers closed", text) + line("b", "Crack found", text+" Readers write to us about it.")
	status, out, errOut := cmd(t, in, "group")
	if status != exitOK || !strings.Contains(out, `"copy_of":"a"`) || strings.Count(out, "\n") != 2 {
		t.Errorf("status %d\n%s%s", status, out, errOut)
	}
	if status, _, errOut := cmd(t, "{}\n", "group"); status != exitFail || !strings.Contains(errOut, `line 1: "id" is missing`) {
		t.Errorf("status %d, %s", status, errOut)
	}
}

func TestCompare(t *testing.T) {
	line := func(id, speaker, stance, content string) string {
		b, err := json.Marshal(map[string]string{"id": id, "article": id, "title": "Bridge at Quern closed", "published": "soon", "speaker": speaker, "stance": stance, "content": content})
		if err != nil {
			t.Fatal(err)
		}
		return string(b) + "\n"
	}
	in := line("a", "Mayor", "asserts", "the bridge at Quern has been closed to all traffic") + "{broken\n{}\n" +
		line("b", "Police", "denies", "the bridge at Quern had been closed")
	status, out, errOut := cmd(t, in, "compare")
	var got []string
	for l := range strings.Lines(out) {
		var a struct{ ID, Claim, Stance string }
		if err := json.Unmarshal([]byte(l), &a); err != nil {
			t.Fatal(err)
		}
		got = append(got, a.ID+" "+a.Claim+" "+a.Stance)
	}
	claim := model.ID("claim", "a")
	if want := []string{"a " + claim + " asserts", "b " + claim + " denies"}; status != exitFail || !slices.Equal(got, want) {
		t.Errorf("status %d, %q, want %q\n%s", status, got, want, errOut)
	}
	if !strings.Contains(errOut, "line 2:") || !strings.Contains(errOut, `line 3: "id" is missing`) {
		t.Errorf("lines that cannot be read: %s", errOut)
	}
	if status, out, _ := cmd(t, line("a", "Mayor", "asserts", "closed"), "compare", "--online"); status != exitOK || strings.Count(out, "\n") != 1 {
		t.Errorf("online: status %d\n%s", status, out)
	}
	vague := line("a", "Mayor", "asserts", "the bridge at Quern has been closed to all traffic") + line("b", "Ferryman", "asserts", "nobody got over the river today")
	for _, c := range []struct {
		args   []string
		claims int
	}{{[]string{"compare"}, 1}, {[]string{"compare", "--whole"}, 2}} {
		status, out, _ := cmd(t, vague, c.args...)
		if n := strings.Count(out, claim); status != exitOK || n != 3-c.claims {
			t.Errorf("%q: status %d, want %d claims\n%s", c.args, status, c.claims, out)
		}
	}
}

func TestSources(t *testing.T) {
	data := t.TempDir()
	do := func(args ...string) string {
		t.Helper()
		status, out, errOut := cmd(t, "", append(args, "--data", data)...)
		if status != exitOK {
			t.Fatalf("crosscheck %s: %d %s", strings.Join(args, " "), status, errOut)
		}
		return out
	}
	if out := do("source", "list"); !strings.Contains(out, "no sources yet") {
		t.Errorf("empty list: %s", out)
	}
	do("source", "add", "https://courier.example/feed.xml", "--outlet", "Sennabruk Courier", "--licence", "full")
	file := filepath.Join(data, "sources.opml")
	do("source", "export", file)
	do("source", "remove", "https://courier.example/feed.xml")
	do("source", "import", file)
	if out := do("source", "list"); !strings.Contains(out, "Sennabruk Courier") || !strings.Contains(out, "full") || !strings.Contains(out, "not yet polled") {
		t.Errorf("list after a round trip:\n%s", out)
	}
}

func TestSpeakers(t *testing.T) {
	data := t.TempDir()
	st, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), store.Config{Dir: data})
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"Oda Rasmirel", "O. Rasmirel"} {
		a := &model.Article{URL: "https://courier.example/" + strconv.Itoa(i), Text: "No.", Seen: time.Now()}
		if _, err := st.SaveArticle(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		said := model.Statement{N: 1, Content: []model.Span{{Start: 0, End: 2}}, Speaker: name, SpeakerType: model.SpeakerPerson}
		if err := st.SaveStatements(t.Context(), a.ID, 1, []model.Statement{said}); err != nil {
			t.Fatal(err)
		}
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	do := func(want int, args ...string) string {
		t.Helper()
		status, out, errOut := cmd(t, "", append(append([]string{"speaker"}, args...), "--data", data)...)
		if status != want {
			t.Fatalf("crosscheck speaker %s: %d %s", strings.Join(args, " "), status, errOut)
		}
		return out
	}
	var ids []string
	for _, line := range strings.Split(strings.TrimSpace(do(exitOK, "list", "rasm")), "\n")[1:] {
		ids = append(ids, strings.Fields(line)[0])
	}
	if len(ids) != 2 {
		t.Fatalf("speakers: %v, want 2", ids)
	}
	do(exitOK, "merge", ids[0], ids[1], "--by", "Ada")
	if out := do(exitOK, "list"); strings.Count(out, "Rasmirel") != 1 {
		t.Errorf("after a merge:\n%s", out)
	}
	do(exitFail, "merge", ids[0], ids[1])
	if out := do(exitOK, "split", ids[1], "O. Rasmirel", "--by", "Ada"); !strings.Contains(out, "O. Rasmirel is speaker ") {
		t.Error(out)
	}
	if out := do(exitOK, "list", "--decisions"); strings.Count(out, "Ada") != 2 {
		t.Errorf("decisions:\n%s", out)
	}
}

func TestCancelledServeEndsCleanly(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errOut bytes.Buffer
	if status := run(ctx, []string{"serve", "--listen", "127.0.0.1:0", "--data", t.TempDir()}, nil, &out, &errOut); status != exitOK && status != exitFail {
		t.Errorf("status %d: %s", status, &errOut)
	}
}
