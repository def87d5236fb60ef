package app

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"crosscheck/internal/alert"
	"crosscheck/internal/config"
	"crosscheck/internal/model"
	"crosscheck/internal/place"
	"crosscheck/internal/store"
)

// newAlerts returns what holds entries against rules and delivers alerts.
// Webhooks go through transport, which decides what may be connected to.
func newAlerts(lg *slog.Logger, st alert.Store, cfg *config.Config, transport http.RoundTripper, now func() time.Time) (*alert.Engine, error) {
	senders, err := newSenders(&cfg.Alerts, transport)
	if err != nil {
		return nil, err
	}
	return alert.New(lg, st, alert.Config{Senders: senders, Link: linkTo(cfg.BaseURL), Now: now}), nil
}

// newSenders returns the ways to recipients that are configured.
func newSenders(cfg *config.Alerts, transport http.RoundTripper) (s alert.Senders, err error) {
	secrets, err := cfg.Secrets()
	if err != nil {
		return s, err
	}
	if m := cfg.Mail; m.Server != "" {
		mail, err := alert.NewMail(alert.MailConfig{Server: m.Server, TLS: m.TLS, User: m.User, Password: secrets.MailPassword, From: m.From})
		if err != nil {
			return s, err
		}
		s.Mail = mail
	}
	if secrets.Webhook != "" {
		s.Web = alert.NewWebhook(transport, secrets.Webhook, time.Now)
	}
	if len(secrets.Chats) > 0 {
		chat, err := alert.NewChat(secrets.Chats)
		if err != nil {
			return s, err
		}
		s.Chat = chat
	}
	return s, nil
}

// linkTo gives the address of the page that shows an entry of a situation, ""
// without a public address. An onset, a confirmation and an end are read on the
// page of their outage.
func linkTo(base string) func(situation string, e *model.Entry) string {
	base = strings.TrimSuffix(base, "/")
	return func(situation string, e *model.Entry) string {
		switch {
		case base == "":
			return ""
		case e.Outage != "":
			return base + "/outage/" + url.PathEscape(e.Outage)
		}
		return base + "/situation/" + url.PathEscape(situation) + "/entry/" + url.PathEscape(e.ID)
	}
}

// AlertDesk administers alerts from the command line. It may be used while the
// service runs on the same data.
type AlertDesk struct {
	*Admin
	senders alert.Senders
	close   func()
}

// OpenAlertDesk opens the store and the ways to recipients that the
// configuration names.
func OpenAlertDesk(ctx context.Context, lg *slog.Logger, cfg config.Config) (*AlertDesk, error) {
	fetcher, err := newFetcher(lg, cfg.Fetch)
	if err != nil {
		return nil, err
	}
	senders, err := newSenders(&cfg.Alerts, fetcher.Transport())
	if err != nil {
		return nil, err
	}
	admin, err := OpenAdmin(ctx, lg, cfg)
	if err != nil {
		return nil, err
	}
	return &AlertDesk{admin, senders, fetcher.Close}, nil
}

// Close closes the store.
func (d *AlertDesk) Close() error {
	d.close()
	return d.Admin.Close()
}

// ParseAlertRules reads a file of rules. Every fault is in the one error.
func ParseAlertRules(data []byte) ([]model.AlertRule, error) { return alert.ParseRules(data) }

// AddRules adds rules, or changes those known by their id, and returns which
// recipients cannot be reached as configured; their alerts wait.
func (d *AlertDesk) AddRules(ctx context.Context, rules []model.AlertRule) (unreachable []error, err error) {
	now := time.Now().UTC()
	for i := range rules {
		rules[i].Created = now
		if err := d.store.SaveAlertRule(ctx, &rules[i]); err != nil {
			return unreachable, err
		}
		for _, to := range rules[i].To {
			if err := d.senders.Check(to); err != nil {
				unreachable = append(unreachable, err)
			}
		}
	}
	return unreachable, nil
}

// Doubts returns what rules name that is not known, in sentences. They are kept
// all the same: it may come to be.
func (d *AlertDesk) Doubts(ctx context.Context, rules []model.AlertRule) ([]string, error) {
	return alertDoubts(ctx, d.store, rules)
}

// AlertDoubts implements web.Store.
func (p pages) AlertDoubts(ctx context.Context) ([]string, error) {
	rules, err := p.Store.AlertRules(ctx)
	if err != nil {
		return nil, err
	}
	return alertDoubts(ctx, p.Store, rules)
}

func alertDoubts(ctx context.Context, st *store.Store, rules []model.AlertRule) ([]string, error) {
	situations, err := st.Definitions(ctx)
	if err != nil {
		return nil, err
	}
	services, err := st.Measured(ctx)
	if err != nil {
		return nil, err
	}
	var out []string
	for i := range rules {
		r := &rules[i]
		doubt := func(what string) {
			out = append(out, fmt.Sprintf("rule %q names %s: it tells nothing of that", r.Name, what))
		}
		if r.Situation != "" && !slices.ContainsFunc(situations, func(s model.Situation) bool { return s.ID == r.Situation }) {
			doubt(fmt.Sprintf("situation %q, which there is not", r.Situation))
		}
		for _, id := range r.Places {
			if _, known := place.ByID(id); !known {
				doubt(fmt.Sprintf("place %d, which is not in the gazetteer", id))
			}
		}
		for _, id := range r.Services {
			if !slices.ContainsFunc(services, func(s model.Service) bool { return s.ID == id }) {
				doubt(fmt.Sprintf("service %q, which is not measured", id))
			}
		}
	}
	return out, nil
}

// Rules returns every rule by name.
func (d *AlertDesk) Rules(ctx context.Context) ([]model.AlertRule, error) {
	return d.store.AlertRules(ctx)
}

// Rule returns the rule of that id or name.
func (d *AlertDesk) Rule(ctx context.Context, idOrName string) (model.AlertRule, error) {
	rules, err := d.store.AlertRules(ctx)
	if err != nil {
		return model.AlertRule{}, err
	}
	i := slices.IndexFunc(rules, func(r model.AlertRule) bool { return r.ID == idOrName || r.Name == idOrName })
	if i < 0 {
		return model.AlertRule{}, model.Errorf(model.ErrNotFound, "there is no rule %q; crosscheck alert list shows them", idOrName)
	}
	return rules[i], nil
}

// RemoveRule removes a rule with what waits to be delivered for it.
func (d *AlertDesk) RemoveRule(ctx context.Context, id string) error {
	return d.store.DeleteAlertRule(ctx, id)
}

// Undelivered returns what waits after a failed try, or was given up.
func (d *AlertDesk) Undelivered(ctx context.Context, limit int) ([]model.Delivery, error) {
	waiting, err := d.store.Deliveries(ctx, model.DeliveryWaiting, limit)
	if err != nil {
		return nil, err
	}
	given, err := d.store.Deliveries(ctx, model.DeliveryGivenUp, limit)
	return append(given, slices.DeleteFunc(waiting, func(d model.Delivery) bool { return d.Tries == 0 })...), err
}

// TestRule sends a test to everybody a rule names, and returns what became of
// it, in the order of the rule.
func (d *AlertDesk) TestRule(ctx context.Context, r *model.AlertRule) []error {
	return d.senders.Test(ctx, r, time.Now())
}

// DryRun returns what rules would have told since a time, in that order.
func (d *AlertDesk) DryRun(ctx context.Context, rules []model.AlertRule, since time.Time) (told []model.Delivery, entries int, err error) {
	bySituation, err := d.store.AlertEntries(ctx, "", since)
	if err != nil {
		return nil, 0, err
	}
	for situation, list := range bySituation {
		entries += len(list)
		told = append(told, alert.Replay(rules, situation, list)...)
	}
	slices.SortStableFunc(told, func(a, b model.Delivery) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID)) })
	return told, entries, nil
}
