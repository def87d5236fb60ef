package vantage

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"crosscheck/internal/model"
)

const (
	segmentSize = 512 << 10        // at which a segment is full, bytes; what is sent at a time
	maxMemory   = 4 << 20          // of what is kept while the disk cannot be written, bytes
	diskAgain   = time.Minute      // before a disk that failed is tried again
	segmentExt  = ".ndjson"        // after the number of a segment
	summaryFile = "summaries.json" // see summaryState
)

// spool keeps observations that could not be sent, in the order they were
// made: in segments on disk, or in memory while the disk cannot be written.
// When it is full, the oldest segment shrinks to summaries. A segment that was
// begun by an earlier process is never written again, so a line that a crash
// tore is the last of its segment. It is safe for concurrent use.
type spool struct {
	lg  *slog.Logger
	dir string // "": in memory only
	max int64  // of segments on disk, bytes
	// create opens a segment for appending.
	create func(path string) (segmentFile, error)
	unlock func() error

	mu       sync.Mutex
	segments []*segment // oldest first; the last may be open
	open     segmentFile
	disk     int64     // sum of the segments on disk
	memory   int64     // and of those in memory
	next     uint64    // number of the next segment
	again    time.Time // when a disk that failed is tried again; zero: it is well
	loose    *summaries
	sealed   []summary // being sent, and not changed any more
	through  uint64    // segments up to this number are in the summaries
	lent     *segment  // being sent: neither written nor shrunk
	torn     int       // lines that a crash tore, dropped
	noticed  bool      // it was said that the spool is full
}

// segment is a run of lines. Its size counts whole writes alone.
type segment struct {
	number uint64
	size   int64
	lines  []byte // in memory; nil: on disk
}

// segmentFile is what a spool needs of a file.
type segmentFile interface {
	io.WriteCloser
	Truncate(size int64) error
	Sync() error
}

// summaryState is what summaryFile holds. Segments up to Through are in it, so
// those that a crash left behind are not counted twice.
type summaryState struct {
	Through   uint64    `json:"through"`
	Summaries []summary `json:"summaries"`
}

// openSpool opens a folder, or makes it. One that cannot be used is said, and
// memory takes its place; one that another vantage point uses is an
// ErrConflict.
func openSpool(lg *slog.Logger, dir string, limit int64) (*spool, error) {
	s := &spool{
		lg: lg, dir: dir, max: limit, create: createSegment, unlock: func() error { return nil },
		next: 1, loose: newSummaries(),
	}
	if dir == "" {
		return s, nil
	}
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		var unlock func() error
		if unlock, err = lockDir(dir); err == nil {
			s.unlock = unlock
			err = s.load()
		}
	}
	if errors.Is(err, model.ErrConflict) {
		return nil, err
	}
	if err != nil {
		lg.Error("the spool cannot be used: what the server does not take is kept in memory, and lost when this ends", "error", err)
		s.dir = ""
	}
	return s, nil
}

func createSegment(path string) (segmentFile, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	syncDir(filepath.Dir(path))
	return f, nil
}

// syncDir makes names last. Where a folder cannot be synced, a power cut may
// lose the newest file, as it may lose the newest line.
func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}

func (s *spool) path(number uint64) string {
	return filepath.Join(s.dir, fmt.Sprintf("%012d%s", number, segmentExt))
}

// load takes up what an earlier process left.
func (s *spool) load() error {
	if err := s.loadSummaries(); err != nil {
		return err
	}
	entries, err := os.ReadDir(s.dir) // sorted, and the numbers have one length
	if err != nil {
		return err
	}
	for _, e := range entries {
		name, isSegment := strings.CutSuffix(e.Name(), segmentExt)
		number, err := strconv.ParseUint(name, 10, 64)
		if !isSegment || err != nil {
			continue
		}
		s.next = max(s.next, number+1)
		info, err := e.Info()
		if err != nil {
			return err
		}
		if number <= s.through || info.Size() == 0 {
			if err := os.Remove(s.path(number)); err != nil {
				return err
			}
			continue
		}
		s.segments = append(s.segments, &segment{number: number, size: info.Size()})
		s.disk += info.Size()
	}
	return nil
}

func (s *spool) loadSummaries() error {
	b, err := os.ReadFile(filepath.Join(s.dir, summaryFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var state summaryState
	if err := json.Unmarshal(b, &state); err != nil { // written by rename: no crash does this
		s.lg.Error("the summaries in the spool cannot be read and are left out", "error", err)
		return nil
	}
	// They may have been sent, so they stay as they are: sent again, they are
	// known to the server.
	s.sealed, s.through = state.Summaries, state.Through
	if len(s.sealed) > maxSummaries {
		for _, one := range s.sealed {
			s.loose.merge(one)
		}
		s.loose.bound()
		s.sealed = nil
	}
	s.next = max(s.next, s.through+1)
	return nil
}

// append keeps whole lines.
func (s *spool) append(lines []byte) {
	if len(lines) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dir != "" && !time.Now().Before(s.again) {
		err := s.write(lines)
		if err == nil {
			return
		}
		if s.again.IsZero() {
			s.lg.Error("the spool cannot be written: going on in memory", "error", err)
		}
		s.again = time.Now().Add(diskAgain)
	}
	last := s.last()
	if last == nil || last == s.lent || last.lines == nil || len(last.lines) >= segmentSize {
		last = &segment{number: s.take(), lines: make([]byte, 0, len(lines))}
		s.segments = append(s.segments, last)
	}
	last.lines = append(last.lines, lines...)
	last.size += int64(len(lines))
	s.memory += int64(len(lines))
	s.shrink()
}

func (s *spool) last() *segment {
	if len(s.segments) == 0 {
		return nil
	}
	return s.segments[len(s.segments)-1]
}

// take returns the number of a new segment.
func (s *spool) take() uint64 {
	s.next++
	return s.next - 1
}

// write appends lines to the open segment on disk. After an error nothing of
// them counts as written.
func (s *spool) write(lines []byte) error {
	if !s.again.IsZero() {
		if err := s.settle(); err != nil {
			return err
		}
		s.again = time.Time{}
		s.lg.Info("the spool can be written again")
	}
	if s.open == nil {
		number := s.take()
		f, err := s.create(s.path(number))
		if err != nil {
			return err
		}
		s.open = f
		s.segments = append(s.segments, &segment{number: number})
	}
	last := s.last()
	_, err := s.open.Write(lines)
	if err == nil {
		err = s.open.Sync()
	}
	if err != nil {
		err = errors.Join(err, s.open.Truncate(last.size))
		s.seal()
		return err
	}
	last.size += int64(len(lines))
	s.disk += int64(len(lines))
	if last.size >= s.full() {
		s.seal()
	}
	s.shrink()
	return nil
}

// full is the size at which a segment on disk is full.
func (s *spool) full() int64 { return min(segmentSize, max(s.max/16, 1)) }

// seal closes the open segment; one without a line goes.
func (s *spool) seal() {
	if s.open == nil {
		return
	}
	if err := s.open.Close(); err != nil {
		s.lg.Warn("close a segment of the spool", "error", err)
	}
	s.open = nil
	if last := s.last(); last.size == 0 {
		s.forget(last)
	}
}

// settle brings the segments in memory to disk, where they take their places
// by their numbers.
func (s *spool) settle() error {
	for _, g := range s.segments {
		if g.lines == nil {
			continue
		}
		f, err := s.create(s.path(g.number))
		if err != nil {
			return err
		}
		_, err = f.Write(g.lines)
		if err == nil {
			err = f.Sync()
		}
		if err = errors.Join(err, f.Close()); err != nil {
			return errors.Join(err, os.Remove(s.path(g.number)))
		}
		s.memory -= g.size
		s.disk += g.size
		g.lines = nil
	}
	return nil
}

// shrink turns the oldest segments into summaries until the rest fits.
func (s *spool) shrink() {
	for s.disk > s.max || s.memory > maxMemory {
		inMemory := s.disk <= s.max
		i := slices.IndexFunc(s.segments, func(g *segment) bool { return g != s.lent && (g.lines != nil) == inMemory })
		if i < 0 {
			return
		}
		if s.open != nil && i == len(s.segments)-1 {
			s.seal()
		}
		s.condense(s.segments[i])
	}
}

// condense turns a segment into summaries. They are on disk before the segment
// goes; only a disk that is too full even for that has it go first.
func (s *spool) condense(g *segment) {
	lines, err := s.read(g)
	if err != nil {
		s.lg.Error("a segment of the spool cannot be read and is left out", "segment", s.path(g.number), "error", err)
	}
	n := s.loose.add(lines)
	if !s.noticed {
		s.noticed = true
		s.lg.Warn("the spool is full: the oldest observations are kept as counts per service and hour", "observations", n)
	}
	if g.lines != nil {
		s.forget(g)
		return
	}
	s.through = g.number
	err = s.saveSummaries()
	s.forget(g)
	if err != nil {
		err = s.saveSummaries()
	}
	if err != nil {
		s.lg.Error("the summaries of the spool cannot be written", "error", err)
	}
}

// saveSummaries writes summaryFile, by rename.
func (s *spool) saveSummaries() error {
	path := filepath.Join(s.dir, summaryFile)
	state := summaryState{Through: s.through, Summaries: slices.Concat(s.sealed, s.loose.list())}
	if len(state.Summaries) == 0 {
		err := os.Remove(path)
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		return err
	}
	return writeFile(path, state)
}

// writeFile replaces a file by the JSON of v, or leaves it as it was.
func writeFile(path string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(path+".new"))
	}
	syncDir(filepath.Dir(path))
	return nil
}

// forget drops a segment.
func (s *spool) forget(g *segment) {
	s.segments = slices.DeleteFunc(s.segments, func(o *segment) bool { return o == g })
	if g.lines != nil {
		s.memory -= g.size
		return
	}
	s.disk -= g.size
	if err := os.Remove(s.path(g.number)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.lg.Warn("remove a segment of the spool", "error", err)
	}
}

// read returns the whole lines of a segment.
func (s *spool) read(g *segment) ([]byte, error) {
	if g.lines != nil {
		return g.lines, nil
	}
	b, err := os.ReadFile(s.path(g.number))
	if err != nil {
		return nil, err
	}
	kept := b[:0]
	torn := 0
	for line := range bytes.Lines(b) {
		if line[len(line)-1] != '\n' || !json.Valid(line) {
			torn++
			continue
		}
		kept = append(kept, line...)
	}
	if torn > 0 {
		s.torn += torn
		s.lg.Warn("the spool has lines that a crash tore; they are left out", "lines", torn, "since_start", s.torn)
	}
	return kept, nil
}

// oldest lends what is to be sent first, until done; false when the spool is
// empty.
func (s *spool) oldest() (lines []byte, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.sealed) == 0 && len(s.loose.of) > 0 {
		s.sealed, s.loose = s.loose.list(), newSummaries()
	}
	if len(s.sealed) > 0 {
		return summaryLines(s.sealed), true
	}
	for len(s.segments) > 0 {
		g := s.segments[0]
		if len(s.segments) == 1 {
			s.seal()
			if len(s.segments) == 0 {
				break
			}
		}
		lines, err := s.read(g)
		switch {
		case err != nil: // perhaps the next start can
			s.lg.Error("a segment of the spool cannot be read and stays there", "segment", s.path(g.number), "error", err)
			s.segments = s.segments[1:]
			s.disk -= g.size
		case len(lines) == 0:
			s.forget(g)
		default:
			s.lent = g
			return lines, true
		}
	}
	s.noticed = false
	return nil, false
}

// done gives back what oldest lent: taken when the server has it, and it is
// forgotten.
func (s *spool) done(taken bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.lent
	s.lent = nil
	if !taken {
		return
	}
	if g != nil {
		s.forget(g)
		return
	}
	s.sealed = nil
	if s.dir == "" {
		return
	}
	if err := s.saveSummaries(); err != nil {
		s.lg.Warn("write the summaries of the spool", "error", err)
	}
}

// empty reports that nothing waits.
func (s *spool) empty() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.segments) == 0 && len(s.sealed) == 0 && len(s.loose.of) == 0
}

// close leaves what waits on disk, as far as there is one.
func (s *spool) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seal()
	var err error
	if s.dir != "" {
		err = s.settle()
		if len(s.loose.of) > 0 {
			err = errors.Join(err, s.saveSummaries())
		}
	}
	if s.memory > 0 {
		s.lg.Error("what was kept in memory is lost", "bytes", s.memory)
	}
	return errors.Join(err, s.unlock())
}
