package vantage

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"crosscheck/internal/testkit"
)

func testSpool(t *testing.T, dir string, limit int64) *spool {
	t.Helper()
	s, err := openSpool(testkit.Logger(t), dir, limit)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// drain takes everything, as the sender does.
func drain(s *spool) (batches []string) {
	for {
		lines, ok := s.oldest()
		if !ok {
			return batches
		}
		batches = append(batches, string(lines))
		s.done(true)
	}
}

// total counts the observations in lines and in the summaries among them.
func total(t *testing.T, batches []string) (lines, summed int) {
	t.Helper()
	d := newDesk()
	for _, b := range batches {
		c := client{base: mustJoin(t), http: newClient(nil, "", "", d).http, token: token}
		if _, err := c.observations(t.Context(), []byte(b)); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range d.summaries {
		if !s.From.Before(s.To) || s.To.Sub(s.From) > time.Hour {
			t.Errorf("summary %+v", s)
		}
		summed += s.OK + s.Fail + s.Slow + s.Refused + s.Invalid
	}
	return len(d.observations(t)), summed
}

func TestSpoolKeepsOrder(t *testing.T) {
	dir := t.TempDir()
	want := ""
	for run := range 3 {
		s := testSpool(t, dir, 1<<20)
		for i := range 50 {
			lines := chunk(40*(50*run+i), 40)
			want += lines
			s.append([]byte(lines))
		}
		if err := s.close(); err != nil {
			t.Fatal(err)
		}
	}
	s := testSpool(t, dir, 1<<20)
	lines, _ := s.oldest()
	s.done(false) // the server did not take it
	again, _ := s.oldest()
	if !bytes.Equal(lines, again) {
		t.Error("a batch that was not taken changed")
	}
	s.append([]byte("1\n"))
	if got := strings.Join(drain(s), ""); got != want+"1\n" {
		t.Errorf("%d bytes, want %d in their order", len(got), len(want))
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 1 { // the lock
		t.Errorf("left: %v", left)
	}
}

// A line that a crash tore, and what a bad disk left, is dropped and counted.
func TestSpoolTornLine(t *testing.T) {
	dir := t.TempDir()
	s := testSpool(t, dir, 1<<20)
	s.append([]byte(observationLine(1) + observationLine(2)))
	path := s.path(s.last().number)
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	first := len(observationLine(1))
	for name, c := range map[string]struct {
		content, want string
		torn          int
	}{
		"torn":    {string(whole[:len(whole)-7]), string(whole[:first]), 1},
		"no end":  {string(whole[:len(whole)-1]), string(whole[:first]), 1},
		"zeros":   {string(whole) + strings.Repeat("\x00", 512), string(whole), 1},
		"middle":  {string(whole[:20]) + "\n" + string(whole), string(whole), 1},
		"nothing": {"{", "", 1},
	} {
		if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		s := testSpool(t, dir, 1<<20)
		s.append([]byte(observationLine(3)))
		if got := strings.Join(drain(s), ""); got != c.want+observationLine(3) || s.torn != c.torn {
			t.Errorf("%s: %d torn, %q", name, s.torn, got)
		}
		if err := s.close(); err != nil {
			t.Fatal(err)
		}
	}
}

// When it is full, the oldest become counts; none is lost, whenever the process
// ends.
func TestSpoolFull(t *testing.T) {
	const n, limit = 10_000, 200_000
	dir := t.TempDir()
	s := testSpool(t, dir, limit)
	for i := 0; i < n; i += 50 {
		s.append([]byte(chunk(i, 50)))
		if s.disk > limit {
			t.Fatalf("%d bytes in the spool", s.disk)
		}
		if i%3000 == 2950 {
			s.unlock() // and no more: the process was killed
			s = testSpool(t, dir, limit)
		}
	}
	batches := drain(s)
	lines, summed := total(t, batches)
	if lines+summed != n || summed < n/2 || lines < limit/2/len(observationLine(n)) {
		t.Errorf("%d lines and %d in summaries, of %d", lines, summed, n)
	}
	if !strings.HasPrefix(batches[0], `{"summary":{"service":"s0","from":"2026-03-02T17:00:00Z"`) {
		t.Errorf("first batch %.100s", batches[0])
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 1 {
		t.Errorf("left: %v", left)
	}
}

// Killed between the writing of summaries and the end of their segment.
func TestSpoolKilledWhileItShrinks(t *testing.T) {
	dir := t.TempDir()
	s := testSpool(t, dir, 10_000)
	s.append([]byte(chunk(0, 40)))
	s.seal()
	g := s.segments[0]
	lines, err := s.read(g)
	if err != nil {
		t.Fatal(err)
	}
	s.condense(g)
	s.unlock()
	if err := os.WriteFile(s.path(g.number), lines, 0o600); err != nil {
		t.Fatal(err)
	}
	seen, summed := total(t, drain(testSpool(t, dir, 10_000)))
	if seen+summed != 40 {
		t.Errorf("%d lines and %d in summaries, of 40", seen, summed)
	}
}

// What is being sent is not turned into counts meanwhile.
func TestSpoolFullWhileSending(t *testing.T) {
	s := testSpool(t, t.TempDir(), 10_000)
	n := 0
	add := func(count int) {
		for range count / 10 {
			s.append([]byte(chunk(n, 10)))
			n += 10
		}
	}
	add(50)
	lines, _ := s.oldest()
	first := string(lines)
	add(500)
	s.done(true)
	seen, summed := total(t, append([]string{first}, drain(s)...))
	if seen+summed != n {
		t.Errorf("%d lines and %d in summaries, of %d", seen, summed, n)
	}
}

// smallDisk has room for so many bytes.
type smallDisk struct{ left int }

type smallFile struct {
	segmentFile
	disk *smallDisk
}

func (d *smallDisk) create(path string) (segmentFile, error) {
	if d.left <= 0 {
		return nil, &fs.PathError{Op: "open", Path: path, Err: syscall.ENOSPC}
	}
	f, err := createSegment(path)
	return &smallFile{f, d}, err
}

func (f *smallFile) Write(b []byte) (int, error) {
	n := min(len(b), f.disk.left)
	f.disk.left -= n
	if _, err := f.segmentFile.Write(b[:n]); err != nil {
		return 0, err
	}
	if n < len(b) {
		return n, syscall.ENOSPC
	}
	return n, nil
}

func TestSpoolDiskFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		var log bytes.Buffer
		s := testSpool(t, dir, 1<<20)
		s.lg = logTo(&log)
		disk := &smallDisk{left: 5000}
		s.create = disk.create
		want := ""
		add := func(from, to int) {
			for i := from; i < to; i++ {
				want += observationLine(i)
				s.append([]byte(observationLine(i)))
				time.Sleep(10 * time.Second)
			}
		}
		add(0, 100) // full after some forty lines
		if n := strings.Count(log.String(), "cannot be written"); n != 1 || s.memory == 0 || s.disk == 0 {
			t.Errorf("said %d times; %d bytes in memory, %d on disk\n%s", n, s.memory, s.disk, &log)
		}
		disk.left = 1 << 20
		add(100, 110)
		if s.memory != 0 || !strings.Contains(log.String(), "can be written again") {
			t.Errorf("%d bytes in memory after there was room again\n%s", s.memory, &log)
		}
		disk.left = 10
		add(110, 130)
		disk.left = 1 << 20
		if err := s.close(); err != nil { // there is room at the end
			t.Error(err)
		}
		s = testSpool(t, dir, 1<<20)
		if got := strings.Join(drain(s), ""); got != want {
			t.Errorf("%d bytes, want %d in their order: %s", len(got), len(want), cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")))
		}
	})
}

// Memory is bounded too, and a full disk does not keep it from being counted.
func TestSpoolMemoryFull(t *testing.T) {
	s := testSpool(t, "", 1<<20)
	n := 0
	for len(s.loose.of) < 100 {
		s.append([]byte(chunk(n, 1000)))
		n += 1000
		if s.memory > maxMemory {
			t.Fatalf("%d bytes in memory", s.memory)
		}
	}
	lines, summed := total(t, drain(s))
	if lines+summed != n {
		t.Errorf("%d lines and %d in summaries, of %d", lines, summed, n)
	}
}

// Years of summaries are bounded: their spans grow.
func TestSummariesAreBounded(t *testing.T) {
	s := newSummaries()
	n := 0
	for hour := range 20_000 {
		at := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC).Add(time.Duration(hour) * time.Hour).Format(time.RFC3339)
		for service := range 4 {
			n += s.add(fmt.Appendf(nil, `{"at":%q,"service":"s%d","valid":true,"outcome":"fail"}`+"\n", at, service))
		}
	}
	all := s.list()
	fails := 0
	for _, one := range all {
		fails += one.Fail
	}
	if fails != n || n != 80_000 || len(all) > maxSummaries || s.width != 4*time.Hour {
		t.Errorf("%d summaries of %v with %d of %d observations", len(all), s.width, fails, n)
	}
	if !slices.IsSortedFunc(all, func(a, b summary) int { return a.From.Compare(b.From) }) {
		t.Error("not in order")
	}
}
