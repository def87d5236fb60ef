package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"crosscheck/internal/model"
)

//go:embed migrations
var migrations embed.FS

// migrate brings the schema up to date, or refuses a newer one.
func (s *Store) migrate(ctx context.Context) error {
	p, err := s.provider()
	if err != nil {
		return s.wrap("migrations", err)
	}
	current, known, err := p.GetVersions(ctx)
	if err != nil {
		return s.wrap("open database "+s.where, err)
	}
	if current > known {
		return model.Errorf(model.ErrUnsupported,
			"store: database %s was written by a newer version of crosscheck (its schema is %d, this program knows up to %d): use the newer program, or another data folder",
			s.where, current, known)
	}
	if _, err := p.Up(ctx); err != nil {
		return s.wrap(fmt.Sprintf("bring database %s from schema %d to %d", s.where, current, known), err)
	}
	return nil
}

func (s *Store) provider() (*goose.Provider, error) {
	files, err := fs.Sub(migrations, s.dialect.migrations)
	if err != nil {
		return nil, err
	}
	opts := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithSlog(s.lg)}
	if s.dialect.goose == goose.DialectPostgres {
		// Several programs may start on one database at the same moment.
		l, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, err
		}
		opts = append(opts, goose.WithSessionLocker(l))
	}
	return goose.NewProvider(s.dialect.goose, s.w, files, opts...)
}
