package demo

import (
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// Service is a service of the script and where it stands in its network.
type Service struct {
	model.Service
	Address netip.Addr
	At      string // name of its place, or ""
}

// Vantage is a vantage point of the script.
type Vantage struct {
	model.Vantage
	Name string
	Line time.Duration // one round trip to anywhere
	At   string        // name of its place
}

// FaultKind is what is wrong while a fault lasts.
type FaultKind string

// The kinds of fault.
const (
	FaultCut     FaultKind = "cut"     // the vantage point's own line is dead
	FaultSilent  FaultKind = "silent"  // the service does not pick up
	FaultSlow    FaultKind = "slow"    // the service answers late
	FaultRefused FaultKind = "refused" // the service turns visitors away
)

// Fault is something that goes wrong in the network of the script in [From, To).
type Fault struct {
	Kind     FaultKind
	From, To time.Time
	Service  string   // "" of FaultCut
	Vantages []string // that see it; none: all
	Delay    time.Duration
}

// Holds reports whether the fault concerns a service as a vantage point sees it
// at a time.
func (f *Fault) Holds(service, vantage string, at time.Time) bool {
	return (f.Service == "" || f.Service == service) && (len(f.Vantages) == 0 || slices.Contains(f.Vantages, vantage)) &&
		!at.Before(f.From) && at.Before(f.To)
}

// Measured is what the script measures, and from where, and what goes wrong.
type Measured struct {
	Services []Service
	Vantages []Vantage
	Faults   []Fault
}

// Measured returns the measured half of the script.
func (w *Web) Measured() Measured { return w.measured }

func (w *Web) addService(s section) (err error) {
	v := Service{Service: model.Service{
		ID: s.name, Name: s.get("Name"), Target: s.get("Target"), Aliases: s.header["Alias"], Country: s.get("Country"),
	}, At: s.get("Place")}
	if v.Address, err = netip.ParseAddr(s.get("Address")); err != nil {
		return err
	}
	w.measured.Services = append(w.measured.Services, v)
	return v.Validate()
}

func (w *Web) addVantage(s section) error {
	asn, err := strconv.ParseUint(s.get("ASN"), 10, 32)
	if err != nil {
		return err
	}
	v := Vantage{Vantage: model.Vantage{ID: s.name, ASN: uint32(asn), Country: s.get("Country")}, Name: s.get("Name"), At: s.get("Place")}
	if v.Line, err = time.ParseDuration(s.get("Line")); err != nil {
		return err
	}
	w.measured.Vantages = append(w.measured.Vantages, v)
	return v.Validate()
}

// Situations returns what the desk of the script follows.
func (w *Web) Situations() []model.Situation { return w.situations }

// addSituation reads a definition; its body is the desk's note.
func (w *Web) addSituation(s section) error {
	v := model.Situation{
		ID: s.name, Title: s.get("Title"), By: s.get("By"), Note: strings.Join(strings.Fields(s.body), " "),
		Words: s.header["Word"], Phrases: s.header["Phrase"], Exclude: s.header["Exclude"], Services: s.header["Service"],
	}
	w.situations = append(w.situations, v)
	return v.Validate()
}

// Places returns the places of the script, which no gazetteer has.
func (w *Web) Places() []Place { return w.places }

// Place is a place of the script.
type Place struct {
	model.Place
	Aliases []string
}

// addPlace reads a place; At is its latitude and longitude.
func (w *Web) addPlace(s section) error {
	p := Place{model.Place{Name: s.get("Name"), Country: s.get("Country"), Kind: model.PlaceKind(s.get("Kind"))}, s.header["Alias"]}
	lat, lon, _ := strings.Cut(s.get("At"), " ")
	var errs [2]error
	p.Lat, errs[0] = strconv.ParseFloat(lat, 64)
	p.Lon, errs[1] = strconv.ParseFloat(lon, 64)
	w.places = append(w.places, p)
	return errors.Join(errs[:]...)
}

// addFault reads a fault; it names vantage points and services given before it.
func (w *Web) addFault(s section) (err error) {
	f := Fault{Kind: FaultKind(s.get("Kind")), Service: s.get("Service"), Vantages: strings.Fields(s.get("Vantages"))}
	if f.From, err = time.Parse("2006-01-02T15:04Z", s.get("From")); err != nil {
		return err
	}
	if f.To, err = time.Parse("2006-01-02T15:04Z", s.get("To")); err != nil {
		return err
	}
	if d := s.get("Delay"); d != "" {
		if f.Delay, err = time.ParseDuration(d); err != nil {
			return err
		}
	}
	for _, id := range f.Vantages {
		if !slices.ContainsFunc(w.measured.Vantages, func(v Vantage) bool { return v.ID == id }) {
			return model.Errorf(model.ErrNotFound, "no vantage %q before it", id)
		}
	}
	known := slices.ContainsFunc(w.measured.Services, func(v Service) bool { return v.ID == f.Service })
	if known == (f.Kind == FaultCut) || !slices.Contains([]FaultKind{FaultCut, FaultSilent, FaultSlow, FaultRefused}, f.Kind) || !f.From.Before(f.To) {
		return model.Errorf(model.ErrInvalid, "kind %q of service %q from %s to %s: want a known kind, a service given before it (none for cut), and a start before its end", f.Kind, f.Service, f.From, f.To)
	}
	w.measured.Faults = append(w.measured.Faults, f)
	return nil
}
