package app

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"crosscheck/internal/config"
	"crosscheck/internal/model"
	"crosscheck/internal/outage"
	"crosscheck/internal/probe"
)

// Measure adds a service, or changes what is stated about a known one.
func (a *Admin) Measure(ctx context.Context, s *model.Service) error {
	if err := CheckService(s); err != nil {
		return err
	}
	return a.store.SaveService(ctx, s)
}

// Services returns the services that are measured and how they stand.
func (a *Admin) Services(ctx context.Context) ([]model.ServiceFacts, error) {
	return a.store.Services(ctx)
}

// Service returns one service and how it stands.
func (a *Admin) Service(ctx context.Context, id string) (*model.ServiceFacts, error) {
	s, err := a.store.Service(ctx, id)
	if errors.Is(err, model.ErrNotFound) {
		err = model.Errorf(model.ErrNotFound, "%s is not measured; crosscheck service list shows what is", id)
	}
	return s, err
}

// Outages returns outages, the newest first.
func (a *Admin) Outages(ctx context.Context, q model.OutageQuery) ([]model.OutageFacts, error) {
	return a.store.Outages(ctx, q)
}

// LastObservations returns the newest observation of a service by each vantage
// point.
func (a *Admin) LastObservations(ctx context.Context, id string) ([]model.Observation, error) {
	return a.store.LastObservations(ctx, id, time.Now())
}

// Unmeasure stops measuring a service; what was observed and judged stays.
func (a *Admin) Unmeasure(ctx context.Context, id string) error {
	err := a.store.DeleteService(ctx, id)
	if errors.Is(err, model.ErrNotFound) {
		err = model.Errorf(model.ErrNotFound, "%s is not measured; crosscheck service list shows what is", id)
	}
	return err
}

// Maintain announces work on a service.
func (a *Admin) Maintain(ctx context.Context, id string, span model.TimeInterval) error {
	s, err := a.Service(ctx, id)
	if err != nil {
		return err
	}
	s.Maintenance = append(s.Maintenance, span)
	return a.store.SaveService(ctx, &s.Service)
}

// ExportServices writes every service as YAML that configuration and
// ImportServices take.
func (a *Admin) ExportServices(ctx context.Context, w io.Writer) error {
	list, err := a.store.Measured(ctx)
	if err != nil {
		return err
	}
	var out struct {
		Services []config.Service `yaml:"services"`
	}
	for _, s := range list {
		out.Services = append(out.Services, config.ServiceOf(s))
	}
	text, err := yaml.MarshalWithOptions(out, yaml.OmitEmpty(), yaml.IndentSequence(true))
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// maxImport bounds a file of services, bytes.
const maxImport = 1 << 20

// ImportServices adds every service of a file, YAML as ExportServices writes it
// or a JSON object a line with the same keys, and returns them. A fault of one
// adds none.
func (a *Admin) ImportServices(ctx context.Context, r io.Reader) ([]model.Service, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxImport+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxImport {
		return nil, model.Errorf(model.ErrTooLarge, "larger than %d bytes", maxImport)
	}
	if text, err = fromLines(text); err != nil {
		return nil, err
	}
	cfg := config.Default()
	if err := config.Parse(text, &cfg); err != nil {
		return nil, err
	}
	list, err := ConfiguredServices(cfg)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if err := a.store.SaveService(ctx, &list[i]); err != nil {
			return list[:i], err
		}
	}
	return list, nil
}

// fromLines makes one document, which is YAML too, of JSON lines; other text is
// left as it is.
func fromLines(text []byte) ([]byte, error) {
	if !bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		return text, nil
	}
	var list []json.RawMessage
	for in := json.NewDecoder(bytes.NewReader(text)); ; {
		var one json.RawMessage
		err := in.Decode(&one)
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, model.Errorf(model.ErrInvalid, "service %d: %w", len(list)+1, err)
		}
		list = append(list, one)
	}
	return json.Marshal(map[string]any{"services": list})
}

// TestService probes a service once from here, without storing anything.
func TestService(ctx context.Context, cfg config.Vantage, s model.Service) (probe.Report, error) {
	if err := CheckService(&s); err != nil {
		return probe.Report{}, err
	}
	w := newWatch()
	w.services[s.ID] = s
	if cfg.ID == "" {
		cfg.ID = "here"
	}
	p, err := newProber(w, cfg, probe.Config{})
	if err != nil {
		return probe.Report{}, err
	}
	t, _ := target(s) // it was checked
	return p.Probe(ctx, t), nil
}

// tokenPrefix tells what a secret is for, to people and to scanners.
const tokenPrefix = "ccv_"

func newToken() string { return tokenPrefix + strings.ToLower(rand.Text()) }

// IssueVantage lets a vantage point in and returns its token, which is not
// stored: only its hash is. A former token is worth nothing from then on.
func (a *Admin) IssueVantage(ctx context.Context, v model.VantageFacts) (string, error) {
	if err := v.Validate(); err != nil {
		return "", err
	}
	known, err := a.store.Vantages(ctx)
	if err != nil {
		return "", err
	}
	v.Created = time.Now()
	for _, k := range known {
		if k.ID == v.ID && k.Own {
			return "", model.Errorf(model.ErrConflict, "%s is the server's own vantage point: choose another id", v.ID)
		}
	}
	token := newToken()
	return token, a.store.SaveVantage(ctx, v, model.HashOf([]byte(token)))
}

// Vantages returns every vantage point.
func (a *Admin) Vantages(ctx context.Context) ([]model.VantageFacts, error) {
	return a.store.Vantages(ctx)
}

// RevokeVantage refuses a vantage point from now on.
func (a *Admin) RevokeVantage(ctx context.Context, id string) error {
	err := a.store.RevokeVantage(ctx, id, time.Now())
	if errors.Is(err, model.ErrNotFound) {
		err = model.Errorf(model.ErrNotFound, "%s is no vantage point with a good token; crosscheck vantages list shows them", id)
	}
	return err
}

// Sentence says how a service stands.
func Sentence(o model.Outage, name string) string { return outage.Sentence(o, name) }
