//go:build unix

package vantage

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"

	"crosscheck/internal/model"
)

// lockDir keeps a second vantage point out of the spool; it is an ErrConflict
// where one is at work. The lock ends with the process at the latest.
func lockDir(dir string) (unlock func() error, err error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == syscall.EWOULDBLOCK {
		err = model.Errorf(model.ErrConflict, "spool %s is in use by another vantage point", dir)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f.Close, nil
}
