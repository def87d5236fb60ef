package config

import (
	"errors"
	"net"
	"net/netip"
	"strconv"
	"time"

	"crosscheck/internal/model"
)

// Service is something to measure, as a file names it.
type Service struct {
	ID          string        `yaml:"id"`
	Name        string        `yaml:"name"`
	Target      string        `yaml:"target"` // URL, host:port, tls:host:port, dns:name, icmp:host or a network
	Status      string        `yaml:"status"` // answers that count as reached, such as 200,301,400-404
	Text        string        `yaml:"text"`   // must stand on the page
	Slow        time.Duration `yaml:"slow"`   // a first byte later than this is slow
	Aliases     []string      `yaml:"aliases"`
	Private     bool          `yaml:"private"` // may lie outside the public internet
	Country     string        `yaml:"country"`
	ASN         uint32        `yaml:"asn"`
	Prefixes    []string      `yaml:"prefixes"` // announced networks it lies in, such as 192.0.2.0/24
	NameServers []string      `yaml:"name_servers"`
	Maintenance []Interval    `yaml:"maintenance"`
	Place       string        `yaml:"place"` // where it is at home: a name or an id of the gazetteer
}

// Interval is a span of time, as a file names it.
type Interval struct {
	From string `yaml:"from"` // RFC 3339
	To   string `yaml:"to"`
}

// Model returns the service in the program's vocabulary, validated, without its
// Place, which only the gazetteer knows.
func (s Service) Model() (model.Service, error) {
	m := model.Service{
		ID: s.ID, Name: s.Name, Target: s.Target, Status: s.Status, Text: s.Text, Slow: s.Slow, Aliases: s.Aliases, Private: s.Private,
		Country: s.Country, ASN: s.ASN, NameServers: s.NameServers,
	}
	if m.Target == "" {
		return m, model.Errorf(model.ErrInvalid, "service %q: target is missing", s.ID)
	}
	for _, text := range s.Prefixes {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return m, model.Errorf(model.ErrInvalid, "service %q: prefix %q: want a network such as 192.0.2.0/24", s.ID, text)
		}
		m.Prefixes = append(m.Prefixes, p)
	}
	for _, i := range s.Maintenance {
		from, err := time.Parse(time.RFC3339, i.From)
		to, err2 := time.Parse(time.RFC3339, i.To)
		if err != nil || err2 != nil {
			return m, model.Errorf(model.ErrInvalid, "service %q: maintenance from %q to %q: want times such as 2031-03-11T02:00:00Z", s.ID, i.From, i.To)
		}
		m.Maintenance = append(m.Maintenance, model.TimeInterval{Start: from.UTC(), End: to.UTC()})
	}
	return m, m.Validate()
}

// Vantage is the server's own vantage point, and what all of them are told.
type Vantage struct {
	ID           string        `yaml:"id"` // "": this machine measures nothing itself
	ASN          uint32        `yaml:"asn"`
	Country      string        `yaml:"country"`
	Group        string        `yaml:"group"`
	Place        string        `yaml:"place"`         // a name or an id of the gazetteer
	Every        time.Duration `yaml:"every"`         // between two probes of a service
	EverySuspect time.Duration `yaml:"every_suspect"` // of one that may be failing
	Anchors      []Anchor      `yaml:"anchors"`       // none: the program's own
	Resolvers    []string      `yaml:"resolvers"`     // address or address:port; none: the system's and an independent one
}

// Anchor is a host by which a vantage point proves itself.
type Anchor struct {
	Address string `yaml:"address"` // host:port
	Network string `yaml:"network"` // whose network it is in
}

// Keep says for how long what was measured is kept; 0 is for ever.
type Keep struct {
	Observations time.Duration `yaml:"observations"`
	Fine         time.Duration `yaml:"fine"`   // counts by five minutes
	Coarse       time.Duration `yaml:"coarse"` // counts by the hour
}

// leastEvery is the shortest time between two probes of a service.
const leastEvery = 15 * time.Second

// validate reports every fault. The targets of services are read where they are
// probed.
func (v *Vantage) validate() error {
	var faults []error
	if v.ID != "" {
		m := model.Vantage{ID: v.ID, ASN: v.ASN, Country: v.Country, Group: v.Group}
		faults = append(faults, m.Validate())
	}
	if v.Every < leastEvery || v.EverySuspect < leastEvery || v.EverySuspect > v.Every {
		faults = append(faults, model.Errorf(model.ErrInvalid, "vantage: every %s and every_suspect %s: want %s ≤ every_suspect ≤ every", v.Every, v.EverySuspect, leastEvery))
	}
	for _, a := range v.Anchors {
		if _, _, err := net.SplitHostPort(a.Address); err != nil {
			faults = append(faults, model.Errorf(model.ErrInvalid, "vantage.anchors address %q: want host:port", a.Address))
		}
	}
	_, err := v.ResolverAddrs()
	return errors.Join(append(faults, err)...)
}

// ResolverAddrs parses Resolvers; a bare address has port 53.
func (v *Vantage) ResolverAddrs() ([]netip.AddrPort, error) {
	var out []netip.AddrPort
	for _, s := range v.Resolvers {
		p, err := netip.ParseAddrPort(s)
		if a, aerr := netip.ParseAddr(s); aerr == nil {
			p, err = netip.AddrPortFrom(a, 53), nil
		}
		if err != nil {
			return nil, model.Errorf(model.ErrInvalid, "vantage.resolvers %q: want an address such as 9.9.9.9 or 192.0.2.1:5353", s)
		}
		out = append(out, p)
	}
	return out, nil
}

// leastKept is the shortest time observations are kept: what a restart and a
// review need.
const leastKept = 6 * time.Hour

func (k *Keep) validate() error {
	var faults []error
	for name, d := range map[string]time.Duration{"observations": k.Observations, "fine": k.Fine, "coarse": k.Coarse} {
		if d < 0 || d > 0 && d < leastKept {
			faults = append(faults, model.Errorf(model.ErrInvalid, "keep.%s %s: want at least %s, or 0 for ever", name, d, leastKept))
		}
	}
	return errors.Join(faults...)
}

// ServiceOf reverses Service.Model.
func ServiceOf(m model.Service) Service {
	s := Service{
		ID: m.ID, Name: m.Name, Target: m.Target, Status: m.Status, Text: m.Text, Slow: m.Slow, Aliases: m.Aliases, Private: m.Private,
		Country: m.Country, ASN: m.ASN, NameServers: m.NameServers,
	}
	if m.Place != 0 {
		s.Place = strconv.FormatInt(m.Place, 10)
	}
	for _, p := range m.Prefixes {
		s.Prefixes = append(s.Prefixes, p.String())
	}
	for _, i := range m.Maintenance {
		s.Maintenance = append(s.Maintenance, Interval{i.Start.UTC().Format(time.RFC3339), i.End.UTC().Format(time.RFC3339)})
	}
	return s
}
