package store

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"crosscheck/internal/model"
)

// wantWords checks that an error has a kind and says each of words.
func wantWords(t *testing.T, err, kind error, words ...string) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("error %v is no %v", err, kind)
	}
	for _, w := range words {
		if err != nil && !strings.Contains(err.Error(), w) {
			t.Errorf("error %q does not say %q", err, w)
		}
	}
}

func TestReopen(t *testing.T) {
	dir := t.TempDir()
	a := sample("o", "one", "Text.", at(9, 0))
	s := openAt(t, dir)
	must(s.SaveArticle(t.Context(), a))(t)
	check(t, s.Close())
	must(openAt(t, dir).Article(t.Context(), a.ID))(t)
}

func TestNewerDatabase(t *testing.T) {
	dir := t.TempDir()
	s := openAt(t, dir)
	must(s.w.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, TRUE)`))(t)
	check(t, s.Close())
	_, err := Open(t.Context(), quiet(), Config{Dir: dir})
	wantWords(t, err, model.ErrUnsupported, filepath.Join(dir, fileName), "newer version", "99999")
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("more than one line: %q", err)
	}
}

func TestNoDatabase(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, fileName)
	check(t, os.WriteFile(path, bytes.Repeat([]byte("no database "), 500), 0o644))
	_, err := Open(t.Context(), quiet(), Config{Dir: dir})
	wantWords(t, err, model.ErrTemporary, path, "is not a crosscheck database")
}

func TestNoFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	check(t, os.WriteFile(dir, nil, 0o644))
	_, err := Open(t.Context(), quiet(), Config{Dir: dir})
	wantWords(t, err, syscall.ENOTDIR, dir)

	dir = t.TempDir()
	check(t, os.Mkdir(filepath.Join(dir, fileName), 0o755))
	_, err = Open(t.Context(), quiet(), Config{Dir: dir})
	wantWords(t, err, model.ErrTemporary, filepath.Join(dir, fileName), "cannot be opened")
}

func TestNoServer(t *testing.T) {
	_, err := Open(t.Context(), quiet(), Config{Dir: t.TempDir(), DSN: "postgres://user:secret@127.0.0.1:1/db"})
	wantWords(t, err, model.ErrTemporary, "127.0.0.1:1/db", "cannot be reached")
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("the password is in %q", err)
	}
}

func TestPathFault(t *testing.T) {
	for cause, words := range map[error]string{
		syscall.ENOSPC: "disk is full", syscall.EDQUOT: "disk is full", fs.ErrPermission: "not writable", syscall.EROFS: "not writable",
	} {
		wantWords(t, pathFault(&fs.PathError{Op: "write", Path: "/data/x", Err: cause}), model.ErrTemporary, words, "/data/x")
	}
}

// A full disk in the middle of a save leaves what there was.
func TestFullDatabase(t *testing.T) {
	s := openAt(t, t.TempDir())
	ctx := t.Context()
	check(t, s.SaveSource(ctx, &model.Source{URL: "https://o.example/"}))
	must(s.w.Exec(`PRAGMA max_page_count = 1`))(t) // which SQLite raises to the present size
	var err error
	saved := 0
	for i := 0; i < 100 && err == nil; i++ {
		_, err = s.SaveArticle(ctx, sample("o", fmt.Sprint(i), strings.Repeat(fmt.Sprint("word", i, " "), 3000), at(9, 0)))
		if err == nil {
			saved++
		}
	}
	wantWords(t, err, model.ErrTemporary, s.where, "is full", "save article https://o.example/")
	for table, want := range map[string]int{"article": saved, "revision": saved} {
		if got := must(scanOne[int](s.r.QueryRowContext(ctx, `SELECT count(*) FROM `+table)))(t); got != want {
			t.Errorf("%d rows in %s, want %d", got, table, want)
		}
	}
	must(s.w.Exec(`PRAGMA max_page_count = 1000000`))(t)
	must(s.SaveArticle(ctx, sample("o", "after", "Room again.", at(9, 0))))(t)
}

func TestLockedDatabase(t *testing.T) {
	s := openAt(t, t.TempDir())
	other, err := sql.Open("sqlite", sqliteDSN(s.where, 100)+"&_txlock=immediate")
	check(t, err)
	defer other.Close()
	tx, err := other.Begin()
	check(t, err)
	must(s.w.Exec(`PRAGMA busy_timeout = 1`))(t)
	_, err = s.SaveArticle(t.Context(), sample("o", "one", "Text.", at(9, 0)))
	wantWords(t, err, model.ErrTemporary, s.where, "locked by another program")
	check(t, tx.Rollback())
	must(s.SaveArticle(t.Context(), sample("o", "one", "Text.", at(9, 0))))(t)
}

func TestDamagedCapture(t *testing.T) {
	s := openAt(t, t.TempDir())
	body := []byte(strings.Repeat("evidence ", 100))
	c := model.Capture{Hash: model.HashOf(body), URL: "https://o.example/", At: at(9, 0)}
	path := s.captures.path(c.Hash)
	for name, data := range map[string][]byte{
		"empty": nil, "garbage": []byte("garbage"), "another capture": s.captures.enc.EncodeAll([]byte("other"), nil),
	} {
		t.Run(name, func(t *testing.T) {
			check(t, s.SaveCapture(t.Context(), c, body))
			check(t, os.Chmod(path, 0o644))
			check(t, os.WriteFile(path, data, 0o644))
			_, err := s.CaptureBody(t.Context(), c.Hash)
			wantWords(t, err, model.ErrInvalid, path, "damaged")
			check(t, s.SaveCapture(t.Context(), c, body))
			if got := must(s.CaptureBody(t.Context(), c.Hash))(t); !bytes.Equal(got, body) {
				t.Error("saving it again did not mend it")
			}
		})
	}
	check(t, os.Remove(path))
	_, err := s.CaptureBody(t.Context(), c.Hash)
	wantWords(t, err, model.ErrNotFound, path, "missing")
}

func TestCaptureNotRewritten(t *testing.T) {
	s := openAt(t, t.TempDir())
	body := []byte("evidence")
	c := model.Capture{Hash: model.HashOf(body), URL: "https://o.example/", At: at(9, 0)}
	check(t, s.SaveCapture(t.Context(), c, body))
	path := s.captures.path(c.Hash)
	check(t, os.Chtimes(path, at(1, 0), at(1, 0)))
	check(t, s.SaveCapture(t.Context(), c, body))
	if info := must(os.Stat(path))(t); !info.ModTime().Equal(at(1, 0)) || info.Mode().Perm() != 0o444 {
		t.Errorf("the file changed: %v, %v", info.ModTime(), info.Mode())
	}
}

func TestCaptureUnwritable(t *testing.T) {
	s := openAt(t, t.TempDir())
	body := []byte("evidence")
	c := model.Capture{Hash: model.HashOf(body), URL: "https://o.example/"}
	check(t, os.WriteFile(filepath.Dir(s.captures.path(c.Hash)), nil, 0o644)) // a file where the folder should be
	err := s.SaveCapture(t.Context(), c, body)
	wantWords(t, err, syscall.ENOTDIR, s.captures.path(c.Hash))
	if _, err := s.Capture(t.Context(), c.Hash); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("a row without its file: %v", err)
	}
	if left := must(os.ReadDir(s.captures.temp()))(t); len(left) != 0 {
		t.Errorf("left over: %v", left)
	}
}

func TestSweepTemp(t *testing.T) {
	dir := t.TempDir()
	s := openAt(t, dir)
	old, young := filepath.Join(s.captures.temp(), "old"), filepath.Join(s.captures.temp(), "young")
	check(t, os.WriteFile(old, nil, 0o644))
	check(t, os.WriteFile(young, nil, 0o644))
	check(t, os.Chtimes(old, at(0, 0), at(0, 0).AddDate(-1, 0, 0)))
	openAt(t, dir)
	if _, err := os.Stat(old); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file a crash left: %v", err)
	}
	if _, err := os.Stat(young); err != nil {
		t.Errorf("another program's file: %v", err)
	}
}

// killEnv names the folder the killed process of TestKill works in.
const killEnv = "CROSSCHECK_TEST_KILL"

// Kill -9 loses nothing that was reported as saved, and leaves no capture row
// without its file.
func TestKill(t *testing.T) {
	if dir := os.Getenv(killEnv); dir != "" {
		keepOn(t, dir)
		return
	}
	dir := t.TempDir()
	kept := map[string]bool{}
	for round := range 3 {
		for _, id := range runAndKill(t, dir, 10+20*round) {
			kept[id] = true
		}
	}
	s := openAt(t, dir)
	ctx := t.Context()
	for id := range kept {
		a := must(s.Article(ctx, id))(t)
		must(s.CaptureBody(ctx, a.Capture))(t)
		if a.Revision != 1 || a.Story == "" || len(must(s.Statements(ctx, id))(t)) == 0 {
			t.Errorf("article %s came back as %+v", id, a)
		}
	}
	hashes := must(all(ctx, s.r, scanOne[string], `SELECT hash FROM capture`))(t)
	for _, h := range hashes {
		must(s.CaptureBody(ctx, h))(t)
	}
	if got := must(scanOne[string](s.r.QueryRowContext(ctx, `PRAGMA integrity_check`)))(t); got != "ok" {
		t.Errorf("integrity: %s", got)
	}
	if len(hashes) < len(kept) || len(kept) < 40 {
		t.Errorf("%d captures, %d articles kept", len(hashes), len(kept))
	}
}

// runAndKill starts a process that saves articles, kills it after n of them and
// returns those it reported.
func runAndKill(t *testing.T, dir string, n int) []string {
	t.Helper()
	cmd := osexec.Command(os.Args[0], "-test.run=^TestKill$")
	cmd.Env = append(os.Environ(), killEnv+"="+dir)
	out, err := cmd.StdoutPipe()
	check(t, err)
	check(t, cmd.Start())
	var ids []string
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if id, ok := strings.CutPrefix(lines.Text(), "kept "); ok {
			ids = append(ids, id)
		}
		if len(ids) == n {
			check(t, cmd.Process.Kill())
		}
	}
	_ = cmd.Wait() // it was killed
	return ids
}

// keepOn saves articles, those of earlier processes first, until it is killed.
func keepOn(t *testing.T, dir string) {
	s, err := Open(context.Background(), quiet(), Config{Dir: dir})
	check(t, err)
	w := newNewsroom()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		a, list := w.article()
		check(t, keep(t.Context(), s, a, list, fmt.Sprint("story", w.n/5)))
		fmt.Println("kept", a.ID)
	}
}
