package app

import (
	"cmp"
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"crosscheck/internal/model"
)

// measurements is what is known of services, as the store has it.
type measurements interface {
	Services(ctx context.Context) ([]model.ServiceFacts, error)
	Outages(ctx context.Context, q model.OutageQuery) ([]model.OutageFacts, error)
	Rollups(ctx context.Context, service string, width time.Duration, from, to time.Time) ([]model.Rollup, error)
}

// claimMeasured returns what is measured beside the claims of statements, by
// Claim.ID. One that does not say of one service by name, or of the speaker's own, that it is down,
// attacked or reachable is missing.
func claimMeasured(ctx context.Context, said []model.Ledger, m measurements, now time.Time) (map[string]model.Measured, error) {
	services, err := m.Services(ctx)
	if err != nil || len(services) == 0 {
		return nil, err
	}
	byClaim := map[string][]*model.Ledger{}
	for i := range said {
		l := &said[i]
		byClaim[l.Claim] = append(byClaim[l.Claim], l)
	}
	named := namesOf(services)
	out := map[string]model.Measured{}
	for id, statements := range byClaim {
		link, ok := linkClaim(statements, named, now)
		if !ok {
			continue
		}
		outages, err := m.Outages(ctx, model.OutageQuery{Services: []string{link.Service}, From: link.From, To: link.To})
		if err != nil {
			return nil, err
		}
		rolled, err := m.Rollups(ctx, link.Service, model.RollupCoarse, link.From.Truncate(model.RollupCoarse), link.To)
		if err != nil {
			return nil, err
		}
		out[id] = measured(link, outages, rolled)
	}
	return out, nil
}

// ClaimMeasured implements web.Situations.
func (p pages) ClaimMeasured(ctx context.Context, said []model.Ledger) (map[string]model.Measured, error) {
	return claimMeasured(ctx, said, p.Store, p.now())
}

// How far from the words a measurement is looked for. Reports of an outage come
// within hours of it, and tell of the night before.
const (
	measuredBefore = 12 * time.Hour // before the first statement
	measuredFor    = 36 * time.Hour // after it, no later than the last statement
	measuredAfter  = time.Hour      // after that
)

// linkClaim says of which service a claim speaks, what it says of it, and when.
// The words of a statement that upholds it decide, or, where none does, of any;
// a claim whose statements name several services is of none. Who says "our site"
// names the service it is called by.
func linkClaim(list []*model.Ledger, named []serviceName, now time.Time) (model.Measured, bool) {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b *model.Ledger) int {
		return cmp.Or(cmp.Compare(upheldFirst(a), upheldFirst(b)), a.When().Compare(b.When()))
	})
	var m model.Measured
	var first, last time.Time
	for _, l := range list {
		if at := l.When(); first.IsZero() || at.Before(first) {
			first = at
		}
		if at := l.When(); at.After(last) {
			last = at
		}
		what := saidOf(l.Text)
		if what == "" {
			continue
		}
		found := meant(l, named)
		switch {
		case len(found) > 1 || len(found) == 1 && m.Service != "" && m.Service != found[0].id:
			return model.Measured{}, false
		case len(found) == 1 && m.Service == "":
			m.Service, m.Name, m.Said = found[0].id, found[0].service, what
		}
	}
	if m.Service == "" {
		return m, false
	}
	if end := first.Add(measuredFor); last.After(end) {
		last = end
	}
	m.From, m.To = first.Add(-measuredBefore), last.Add(measuredAfter)
	if m.To.After(now) {
		m.To = now
	}
	return m, m.From.Before(m.To)
}

// heardIn is how many of the newest articles that name a service are looked
// through for what they say of it.
const heardIn = 100

// ServiceLedger implements web.Heard: the newest statements that name a service,
// as ClaimMeasured knows its names.
func (p pages) ServiceLedger(ctx context.Context, service string, limit int) ([]model.Ledger, error) {
	services, err := p.Store.Measured(ctx)
	if err != nil {
		return nil, err
	}
	facts := make([]model.ServiceFacts, len(services))
	for i, s := range services {
		facts[i].Service = s
	}
	named := namesOf(facts)
	var names []string
	for _, n := range named {
		if n.id == service {
			names = append(names, cmp.Or(n.domain, strings.Join(n.words, " ")))
		}
	}
	list, err := p.Store.NamedLedger(ctx, names, heardIn)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(l model.Ledger) bool {
		return !slices.ContainsFunc(meant(&l, named), func(n serviceName) bool { return n.id == service })
	})
	slices.SortStableFunc(list, func(a, b model.Ledger) int { return b.Dated().Compare(a.Dated()) })
	return list[:min(len(list), limit)], nil
}

// upheldFirst orders statements that uphold the claim before others.
func upheldFirst(l *model.Ledger) int {
	if l.Attitude.Side() == model.Upholds {
		return 0
	}
	return 1
}

// gravity orders the states of outages, the gravest last.
var gravity = []model.OutageState{model.StateFlapping, model.StatePartial, model.StateRegional, model.StateProbable, model.StateConfirmed}

// measured fills in what was measured: the gravest outage in that time, the
// earliest of equals, how much of the time was observed, and how much of that it
// was reached, every hour with the same weight.
func measured(m model.Measured, outages []model.OutageFacts, rolled []model.Rollup) model.Measured {
	for i := range outages {
		o := &outages[i]
		if o.Service != m.Service || !o.Onset.Before(m.To) || !o.End.IsZero() && o.End.Before(m.From) {
			continue
		}
		if m.Outage == nil || cmp.Or(slices.Index(gravity, o.State)-slices.Index(gravity, m.Outage.State), m.Outage.Onset.Compare(o.Onset)) > 0 {
			m.Outage = o
		}
	}
	type counts struct{ reached, asked int }
	hours := map[time.Time]counts{}
	for _, r := range rolled {
		if n := r.OK + r.Slow + r.Refused + r.Fail; n > 0 {
			h := hours[r.Start.UTC()]
			hours[r.Start.UTC()] = counts{h.reached + n - r.Fail, h.asked + n}
		}
	}
	m.Observed, m.Availability = true, -1
	if len(hours) > 0 {
		var sum float64
		for _, h := range hours {
			sum += float64(h.reached) / float64(h.asked)
		}
		m.Availability = sum / float64(len(hours))
	}
	// An hour that has hardly begun may have nothing yet.
	for h := m.From.UTC().Truncate(model.RollupCoarse); h.Add(2 * model.RollupFine).Before(m.To); h = h.Add(model.RollupCoarse) {
		m.Observed = m.Observed && hours[h].asked > 0
	}
	return m
}

// serviceName is a name a service is known by in reports.
type serviceName struct {
	id, service string
	domain      string   // a host name, or
	words       []string // words in a row, in lower case
	exact       string   // as it must be written, for names in capitals
}

// namesOf are the names of services: what readers see, the aliases and the host
// that is probed. The ID is a handle of the desk's and no name.
func namesOf(services []model.ServiceFacts) []serviceName {
	var out []serviceName
	for i := range services {
		s := &services[i]
		names := slices.Clone(s.Aliases)
		if s.Name != s.ID {
			names = append(names, s.Name)
		}
		if h := hostOf(s.Target); strings.Contains(h, ".") && !numeric(h) {
			names = append(names, h)
		}
		for _, name := range names {
			n := serviceName{id: s.ID, service: s.Name}
			name = strings.TrimSpace(name)
			switch {
			case domains.FindString(strings.ToLower(name)) == strings.ToLower(name) && name != "":
				n.domain = plainHost(strings.ToLower(name))
			case strings.ToUpper(name) == name && len([]rune(name)) <= 5:
				n.exact, n.words = name, lowerWords(name)
			default:
				n.words = lowerWords(name)
			}
			if n.domain != "" || len(n.words) > 0 {
				out = append(out, n)
			}
		}
	}
	return out
}

// hostOf is the host of a target, see probe.ParseTarget, in lower case.
func hostOf(target string) string {
	if _, rest, ok := strings.Cut(target, "://"); ok {
		u, err := url.Parse("//" + rest)
		if err != nil {
			return ""
		}
		return strings.ToLower(u.Hostname())
	}
	parts := strings.Split(strings.ToLower(target), ":")
	switch {
	case parts[0] == "prefix" || parts[0] == "icmp":
		return ""
	case len(parts) > 1 && (parts[0] == "tcp" || parts[0] == "tls" || parts[0] == "dns"):
		return parts[1]
	}
	return parts[0]
}

func numeric(host string) bool { return !strings.ContainsFunc(host, unicode.IsLetter) }

// domains finds host names in lower-case text.
var domains = regexp.MustCompile(`[\pL\pN-]+(?:\.[\pL\pN-]+)+`)

// maybeHost reports whether a text has a dot inside a word, without which it
// names no host.
func maybeHost(text string) bool {
	for i := 1; i+1 < len(text); i++ {
		if text[i] == '.' && text[i-1] != ' ' && text[i+1] != ' ' {
			return true
		}
	}
	return false
}

// hostsIn are the host names in a lower-case text.
func hostsIn(lower string) []string {
	if !maybeHost(lower) {
		return nil
	}
	return domains.FindAllString(lower, -1)
}

// withoutHosts puts something else in the place of every host name in a
// lower-case text.
func withoutHosts(lower, instead string) string {
	if !maybeHost(lower) {
		return lower
	}
	return domains.ReplaceAllString(lower, instead)
}

// plainHost is a host without "www.", which readers leave out.
func plainHost(h string) string { return strings.TrimPrefix(h, "www.") }

// namedIn are the services a text names, by one of their names each. A name
// inside a longer one ("Landbank" in "Landbank Online") is not meant.
func namedIn(text string, named []serviceName) []serviceName {
	lower := strings.ToLower(text)
	hosts := hostsIn(lower)
	words := lowerWords(withoutHosts(lower, " . "))
	type place struct {
		name       serviceName
		start, end int
	}
	var places []place
	var out []serviceName
	add := func(n serviceName) {
		if !slices.ContainsFunc(out, func(o serviceName) bool { return o.id == n.id }) {
			out = append(out, n)
		}
	}
	for _, n := range named {
		if n.domain != "" {
			if slices.ContainsFunc(hosts, func(h string) bool { return plainHost(h) == n.domain }) {
				add(n)
			}
			continue
		}
		if n.exact != "" && !slices.Contains(strings.FieldsFunc(text, notWord), n.exact) {
			continue
		}
		for i := 0; i+len(n.words) <= len(words); i++ {
			if slices.Equal(words[i:i+len(n.words)], n.words) {
				places = append(places, place{n, i, i + len(n.words)})
			}
		}
	}
	for _, p := range places {
		if !slices.ContainsFunc(places, func(q place) bool {
			return q.start <= p.start && p.end <= q.end && q.end-q.start > p.end-p.start
		}) {
			add(p.name)
		}
	}
	return out
}

// meant are the services a statement names, or, where it names none and speaks of
// a site, an app or the like of the speaker's own, the one the speaker is called by.
func meant(l *model.Ledger, named []serviceName) []serviceName {
	if found := namedIn(l.Text, named); len(found) > 0 || !ofOwn(lowerWords(l.Text)) {
		return found
	}
	speaker := lowerWords(l.Speaker)
	for _, n := range named {
		if n.domain == "" && slices.Equal(n.words, speaker) && (n.exact == "" || n.exact == l.Speaker) {
			return []serviceName{n}
		}
	}
	return nil
}

// ofOwn reports whether words of a network stand right after "our", or one word
// later: "our site", "our online services", "our mobile app".
func ofOwn(words []string) bool {
	for i, w := range words {
		if w != "our" {
			continue
		}
		if start, _, ok := findPhrase(words[i+1:], networkWords); ok && start <= 1 {
			return true
		}
	}
	return false
}

func notWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// contractions are written out before a text is split into words.
var contractions = strings.NewReplacer("no longer", "not", "can't", "can not", "cannot", "can not", "won't", "will not", "n't", " not")

// lowerWords are the words of a text, in lower case; "n't" and "no longer" are
// "not".
func lowerWords(text string) []string {
	text = contractions.Replace(strings.ReplaceAll(strings.ToLower(text), "’", "'"))
	return strings.FieldsFunc(text, notWord)
}

// saying is words that say something of a service.
type saying struct {
	words   [][]string
	network bool // only where the statement is about a network at all
	plain   string
	negated string // "": a negation says nothing
}

// sayings are looked up in this order: what was attacked may be down as well,
// and what is back was down.
var sayings = []saying{
	{phrases("ddos", "cyberattack", "cyberattacks", "cyber attack", "cyber attacks", "denial of service", "hacked", "hackers",
		"flood of requests", "flooded with requests", "flooded with traffic", "flood of traffic"), false, model.SaidAttacked, ""},
	{phrases("attack", "attacks", "attacked", "flooded"), true, model.SaidAttacked, ""},
	{phrases("back online", "online again", "reachable again", "accessible again", "up and running", "working normally", "operating normally",
		"running normally", "functioning normally"), false, model.SaidReachable, model.SaidDown},
	{phrases("restored", "resumed", "back up", "working again", "available again", "back to normal"), true, model.SaidReachable, model.SaidDown},
	{phrases("offline", "unreachable", "inaccessible", "outage", "outages", "out of service", "loss of connectivity", "lost connectivity",
		"is down", "are down", "was down", "were down", "be down", "been down", "being down", "went down", "goes down", "gone down", "go down",
		"still down"), false, model.SaidDown, model.SaidReachable},
	{phrases("unavailable", "unresponsive", "disrupted", "disruption", "disruptions", "interrupted", "interruption", "interruptions", "crashed",
		"knocked out", "taken down", "brought down", "took down", "bring down", "out of action", "out of order", "stopped working",
		"stopped responding"), true, model.SaidDown, model.SaidReachable},
	{phrases("reachable", "accessible", "be reached"), false, model.SaidReachable, model.SaidDown},
	{phrases("available", "online", "working", "works", "work", "functioning", "operational", "operating", "responding", "respond", "load", "loading",
		"be opened", "reach", "access", "connect", "log in"), true, model.SaidReachable, model.SaidDown},
}

var (
	networkWords = phrases("site", "sites", "website", "websites", "server", "servers", "online", "network", "networks", "internet", "traffic",
		"requests", "app", "apps", "portal", "computers", "webpage", "page", "pages", "service", "services")
	negations = map[string]bool{"not": true, "no": true, "never": true, "nor": true, "without": true, "unable": true, "nobody": true, "hardly": true, "neither": true}
	// What goes down besides services: prices, and what is told by an amount.
	amounts = map[string]bool{"by": true, "to": true, "from": true, "on": true, "percent": true}
	prices  = phrases("share", "shares", "stock", "stocks", "price", "prices", "profit", "profits", "sales", "revenue")
)

func phrases(list ...string) [][]string {
	out := make([][]string, len(list))
	for i, p := range list {
		out[i] = strings.Fields(p)
	}
	return out
}

// negationReach is how many words before one a negation still is about it: "is
// not at present available".
const negationReach = 4

// telling has the longest word of each phrase of sayings: a text with none of
// them says nothing.
var telling = func() map[string]bool {
	out := map[string]bool{}
	for _, y := range sayings {
		for _, p := range y.words {
			out[slices.MaxFunc(p, func(a, b string) int { return len(a) - len(b) })] = true
		}
	}
	return out
}()

// saidOf returns what the words of a statement say of a service, one of the
// Said constants, or "".
func saidOf(text string) string {
	all := lowerWords(withoutHosts(strings.ToLower(text), " site "))
	if !slices.ContainsFunc(all, func(w string) bool { return telling[w] }) {
		return ""
	}
	words, negated := withoutNegations(all)
	_, _, network := findPhrase(words, networkWords)
	for _, y := range sayings {
		if y.network && !network {
			continue
		}
		start, end, ok := findPhrase(words, y.words)
		switch {
		case !ok, words[end-1] == "down" && falls(words, end):
		case !slices.ContainsFunc(negated, func(at int) bool { return at > start-negationReach && at < end }):
			return y.plain
		case y.negated != "":
			return y.negated
		}
	}
	return ""
}

// withoutNegations takes negations out and returns before which of the other
// words they stood.
func withoutNegations(words []string) (kept []string, at []int) {
	for _, w := range words {
		if negations[w] {
			at = append(at, len(kept))
			continue
		}
		kept = append(kept, w)
	}
	return kept, at
}

// falls reports whether "down" before words[end] tells of an amount.
func falls(words []string, end int) bool {
	if _, _, ok := findPhrase(words, prices); ok {
		return true
	}
	return end < len(words) && (amounts[words[end]] || !strings.ContainsFunc(words[end], unicode.IsLetter))
}

// findPhrase returns where the first of some phrases stands in words.
func findPhrase(words []string, list [][]string) (start, end int, ok bool) {
	for i := range words {
		for _, p := range list {
			if i+len(p) <= len(words) && slices.Equal(words[i:i+len(p)], p) {
				return i, i + len(p), true
			}
		}
	}
	return 0, 0, false
}
