//go:build unix

package bus

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"

	"crosscheck/internal/model"
)

// lockDir keeps a second program out of dir: two servers on one folder would
// damage it. The lock ends with the process at the latest.
func lockDir(dir string) (unlock func() error, err error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, model.Errorf(model.ErrTemporary, "bus: folder %s: %w", dir, err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		err = model.Errorf(model.ErrConflict, "bus: folder %s is in use by another crosscheck: %w", dir, err)
		return nil, errors.Join(err, f.Close())
	}
	return f.Close, nil
}
