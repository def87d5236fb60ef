package store

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"

	"crosscheck/internal/model"
)

// captures is a folder of immutable zstd files named by the SHA-256 of what
// they hold: ab/cdef….zst.
type captures struct {
	lg  *slog.Logger
	dir string
	enc *zstd.Encoder // one, shared: EncodeAll waits its turn, which bounds memory
	dec *zstd.Decoder
}

// maxCapture bounds what a capture may grow to when it is unpacked.
const maxCapture = 64 << 20

// staleTemp is the age at which a file that was never renamed is rubbish of a
// crash and not another program's work.
const staleTemp = time.Hour

func openCaptures(lg *slog.Logger, dir string) (*captures, error) {
	c := &captures{lg: lg, dir: dir}
	if err := os.MkdirAll(c.temp(), 0o755); err != nil {
		return nil, fmt.Errorf("store: captures folder %s: %w", dir, pathFault(err))
	}
	c.sweep(time.Now().Add(-staleTemp))
	var err error
	c.enc, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(1<<20))
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	c.dec, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(2), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(maxCapture))
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return c, nil
}

func (c *captures) close() { c.dec.Close() }

func (c *captures) temp() string { return filepath.Join(c.dir, "tmp") }

func (c *captures) path(hash string) string {
	return filepath.Join(c.dir, hash[:2], hash[2:]+".zst")
}

// sweep removes what a crash left in the temporary folder before the given time.
func (c *captures) sweep(before time.Time) {
	entries, err := os.ReadDir(c.temp())
	if err != nil {
		c.lg.Warn("captures: temporary folder not readable", "error", err)
		return
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.ModTime().Before(before) {
			if err := os.Remove(filepath.Join(c.temp(), e.Name())); err != nil {
				c.lg.Warn("captures: left-over file stays", "error", err)
			}
		}
	}
}

// save writes body under its hash, unless an intact file is there.
func (c *captures) save(hash string, body []byte) error {
	path := c.path(hash)
	switch _, err := c.read(path, hash); {
	case err == nil:
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		c.lg.Warn("captures: replacing a damaged file", "path", path, "error", err)
	}
	if err := c.write(path, c.enc.EncodeAll(body, nil)); err != nil {
		return fmt.Errorf("store: write capture %s: %w", path, pathFault(err))
	}
	return nil
}

// write puts data at path so that after any crash there is either the whole
// file or none.
func (c *captures) write(path string, data []byte) error {
	f, err := os.CreateTemp(c.temp(), "capture-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone after the rename
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(0o444))
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return c.place(f.Name(), path)
}

// place renames a finished file and syncs the folders that name it.
func (c *captures) place(from, to string) error {
	dir := filepath.Dir(to)
	err := os.Mkdir(dir, 0o755)
	if err == nil {
		err = syncDir(c.dir)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (c *captures) load(hash string) ([]byte, error) {
	if !isHash(hash) {
		return nil, model.Errorf(model.ErrInvalid, "store: capture %q: want 64 hexadecimal characters", hash)
	}
	path := c.path(hash)
	body, err := c.read(path, hash)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, model.Errorf(model.ErrNotFound, "store: capture %s: file %s is missing", hash, path)
	case err != nil:
		return nil, fmt.Errorf("store: capture file %s: %w", path, err)
	}
	return body, nil
}

// isHash reports whether s can name a capture; anything else could name a file
// elsewhere.
func isHash(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

// read unpacks the file at path and checks that it holds hash.
func (c *captures) read(path, hash string) ([]byte, error) {
	packed, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	body, err := c.dec.DecodeAll(packed, nil)
	if err != nil {
		return nil, model.Errorf(model.ErrInvalid, "damaged: %w", err)
	}
	if got := model.HashOf(body); got != hash {
		return nil, model.Errorf(model.ErrInvalid, "damaged: its content's hash is %s", got)
	}
	return body, nil
}
