package drill

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/outage"
)

// Drill is a world with one right answer.
type Drill struct {
	Name      string
	World     World
	Described []model.Service
	Signals   []model.Signal

	Confirmed []time.Duration     // onsets to be confirmed, from the start of the world; nil is none at all
	Dated     time.Duration       // onset of the changes of class Class; zero is not asked
	Class     model.OutageClass   // of the last confirmation, or of the service while reached; "" is not asked
	States    []model.OutageState // states that must occur
	Never     []model.OutageState // states that must not
	OneEvent  bool                // all confirmations belong to one event
	Tolerance time.Duration       // of the onset; zero is the interval
	Within    time.Duration       // of the onset to the confirmation; zero is three intervals
}

// Result is what came of a drill.
type Result struct {
	Changes []model.Outage
	Faults  []string // what is not as it should be
}

// Run plays a drill.
func (d Drill) Run() Result {
	j := outage.New()
	d.World.defaults()
	var res Result
	for _, s := range d.Described {
		if err := j.Describe(s); err != nil {
			res.Faults = append(res.Faults, err.Error())
		}
	}
	signals := d.Signals
	var last time.Time
	for _, o := range d.World.Observations() {
		for len(signals) > 0 && !signals[0].At.After(o.At) {
			changes, err := j.Signal(signals[0])
			if err != nil {
				res.Faults = append(res.Faults, err.Error())
			}
			res.Changes, signals = append(res.Changes, changes...), signals[1:]
		}
		res.Changes = append(res.Changes, j.Observe(&o)...)
		last = o.At
	}
	if end := d.World.Start.Add(d.World.Length); end.After(last) {
		res.Changes = append(res.Changes, j.Tick(end)...)
	}
	d.check(&res)
	return res
}

// confirmations are the changes to confirmed that are not a change of class.
func confirmations(changes []model.Outage) []model.Outage {
	before := map[string]model.OutageState{}
	var out []model.Outage
	for _, c := range changes {
		if c.State == model.StateConfirmed && before[c.Service] != model.StateConfirmed {
			out = append(out, c)
		}
		before[c.Service] = c.State
	}
	return out
}

func (d *Drill) check(res *Result) {
	say := func(format string, args ...any) { res.Faults = append(res.Faults, fmt.Sprintf(format, args...)) }
	got := confirmations(res.Changes)
	if len(got) != len(d.Confirmed) {
		say("%d confirmations, want %d", len(got), len(d.Confirmed))
	}
	tolerance := max(d.Tolerance, d.World.Interval)
	for i := range min(len(got), len(d.Confirmed)) {
		want := d.World.Start.Add(d.Confirmed[i])
		if off := got[i].Onset.Sub(want); off.Abs() > tolerance {
			say("onset %s, off by %s", got[i].Onset.Format(time.TimeOnly), off.Round(time.Second))
		}
		if late := got[i].At.Sub(want); late > max(d.Within, 3*d.World.Interval+d.World.Disorder) {
			say("confirmed %s after the onset", late.Round(time.Second))
		}
		if d.OneEvent && got[i].Event != got[0].Event {
			say("two events")
		}
	}
	for _, c := range res.Changes {
		if off := c.Onset.Sub(d.World.Start.Add(d.Dated)); d.Dated != 0 && c.Class == d.Class && off.Abs() > tolerance {
			say("%s at %s: onset off by %s", c.Class, c.At.Format(time.TimeOnly), off.Round(time.Second))
		}
	}
	if d.Class != "" && !d.classFound(res.Changes) {
		say("class %s not found", d.Class)
	}
	for _, s := range d.States {
		if !slices.ContainsFunc(res.Changes, func(c model.Outage) bool { return c.State == s }) {
			say("never %s", s)
		}
	}
	for _, s := range d.Never {
		if i := slices.IndexFunc(res.Changes, func(c model.Outage) bool { return c.State == s }); i >= 0 {
			say("%s at %s", s, res.Changes[i].At.Format(time.TimeOnly))
		}
	}
}

// classFound looks for the class in the last word on a confirmed loss, or,
// where none is expected, in any change.
func (d *Drill) classFound(changes []model.Outage) bool {
	if len(d.Confirmed) == 0 {
		return slices.ContainsFunc(changes, func(c model.Outage) bool { return c.Class == d.Class })
	}
	var last model.OutageClass
	for _, c := range changes {
		if c.State == model.StateConfirmed {
			last = c.Class
		}
	}
	return last == d.Class
}

const (
	minute = time.Minute
	hour   = time.Hour
)

// lostStates are those no false alarm may reach.
var lostStates = []model.OutageState{model.StateProbable, model.StateConfirmed, model.StateFlapping}

// All are the drills: first those in which nothing may be confirmed, then
// those with a right confirmation.
func All() []Drill {
	return append(quiet(), loud()...)
}

// at returns a world of three hours with faults in the second one.
func at(faults ...Fault) World { return World{Seed: 7, Length: 4 * hour, Faults: faults} }

// during is a fault from two hours on, for a time.
func during(d time.Duration, e Effect, vantages ...string) Fault {
	return Fault{From: 2 * hour, To: 2*hour + d, Effect: e, Vantages: vantages}
}

var (
	timeout = Fail(model.LayerTCP, "generic_timeout_error")
	closed  = Fail(model.LayerTCP, "connection_refused")
)

func quiet() []Drill {
	many := []string{"bank", "mail", "news", "rail", "shop", "tax"}
	home := Fleet(6, "DE", "DE", "FR", "US", "GB", "NL")
	shared := Fleet(6, "DE", "FR", "US")
	shared[1].ASN = shared[0].ASN
	long := World{Seed: 11, Length: 60 * 24 * hour, Loss: 0.05}
	all := []Drill{
		{Name: "one uplink cut, caught", World: at(during(hour, Uplink(1), "v01"))},
		{Name: "one uplink cut, not caught", World: at(during(hour, Uplink(0), "v01"))},
		{Name: "one uplink cut, not caught, six services", World: World{Seed: 7, Length: 4 * hour, Services: many, Faults: []Fault{during(hour, Uplink(0), "v01")}}},
		{Name: "three uplinks cut in turn, caught four times in five", World: at(during(hour, Uplink(0.8), "v01"), during(hour, Uplink(0.8), "v02"), during(hour, Uplink(0.8), "v03"))},
		{Name: "dead resolver at one vantage point", World: at(during(hour, Fail(model.LayerDNS, "generic_timeout_error"), "v02")), Class: model.ClassDNSResolver},
		{Name: "two vantage points of one network cut", World: World{Seed: 7, Length: 4 * hour, Vantages: shared, Faults: []Fault{during(hour, timeout, "v01", "v02")}}},
		{Name: "clock an hour ahead", World: at(during(hour, Clock(hour), "v01"))},
		{Name: "clock an hour behind", World: at(during(hour, Clock(-hour), "v01"))},
		{Name: "clock an hour ahead from the start", World: at(Fault{To: 4 * hour, Effect: Clock(hour), Vantages: []string{"v01"}})},
		{Name: "clock an hour ahead, and failing there", World: at(during(hour, Clock(hour), "v01"), during(hour, timeout, "v01"))},
		{Name: "403 to all", World: at(during(hour, Refuse(403)))},
		{Name: "403 to all, called a failure", World: at(during(hour, Status(403)))},
		{Name: "challenge page to all", World: at(during(hour, Refuse(200)))},
		{Name: "service restarted", World: at(during(minute, closed)), Never: []model.OutageState{model.StateConfirmed}},
		{Name: "collector restarted", World: at(during(4*minute, Silence()))},
		{Name: "collector's own uplink dead", World: at(during(hour, Silence())), States: []model.OutageState{model.StateUnknown}},
		{Name: "collector's own uplink dead, one vantage point beside it", World: at(during(hour, Silence(), "v02", "v03", "v04", "v05", "v06"), during(hour, timeout, "v01"))},
		{Name: "a vantage point silent", World: at(during(hour, Silence(), "v03"))},
		{Name: "certificate expired everywhere", World: at(during(hour, Fail(model.LayerTLS, "ssl_invalid_certificate"))), Class: model.ClassCertificate},
		{Name: "geo-fence: refused abroad", World: World{Seed: 7, Length: 4 * hour, Vantages: home, Faults: []Fault{during(hour, Refuse(403), "v03", "v04", "v05", "v06")}}, Class: model.ClassGeoFenced},
		{Name: "geo-fence: time-out abroad", World: World{Seed: 7, Length: 4 * hour, Vantages: home, Faults: []Fault{during(hour, timeout, "v03", "v04", "v05", "v06")}}, Class: model.ClassGeoFenced, Never: []model.OutageState{}},
		{Name: "service moved to another address", World: at(Fault{To: 2 * hour, Effect: Move("192.0.2.1")}, Fault{From: 2 * hour, To: 4 * hour, Effect: Move("198.51.100.9")}, during(40*time.Second, closed, "v01", "v04"))},
		{Name: "anycast with one sick site", World: at(during(hour, timeout, "v02", "v05")), Never: lostStates},
		{Name: "slow everywhere", World: at(during(hour, Slow(40))), Class: model.ClassSlow},
		{Name: "five in a hundred probes lost, for 60 days", World: long},
		{Name: "blocked in one country only", World: World{Seed: 7, Length: 4 * hour, Vantages: Fleet(7, "RU", "DE", "RU", "US"), Faults: []Fault{during(hour, Fail(model.LayerTLS, "connection_reset"), "v01", "v03", "v05", "v07")}}, Class: model.ClassBlockedFrom + "RU", Dated: 2 * hour, States: []model.OutageState{model.StateRegional}, Never: []model.OutageState{}},
	}
	for i := range all {
		if all[i].Never == nil {
			all[i].Never = lostStates
		}
	}
	return all
}

func loud() []Drill {
	onset := []time.Duration{2 * hour}
	dns := func(name, failure string) Drill {
		return Drill{Name: name, World: at(during(hour, Fail(model.LayerDNS, failure))), Confirmed: onset, Class: model.ClassDNSAuthority, States: []model.OutageState{model.StateRecovering, model.StateResolved}}
	}
	fault := func(name string, class model.OutageClass, e Effect) Drill {
		return Drill{Name: name, World: at(during(hour, e)), Confirmed: onset, Class: class}
	}
	var flaps []Fault
	for i := range 8 {
		from := 2*hour + time.Duration(i)*10*minute
		flaps = append(flaps, Fault{From: from, To: from + 5*minute, Effect: closed})
	}
	host := func(id string) model.Service {
		return model.Service{ID: id, Addresses: []netip.Addr{netip.MustParseAddr("192.0.2.7")}}
	}
	home := Fleet(5, "DE")
	return []Drill{
		fault("refused everywhere", model.ClassTCP, closed),
		fault("time-out everywhere", model.ClassTCP, timeout),
		dns("DNS: no such name", "dns_nxdomain_error"),
		dns("DNS: server failure", "dns_servfail_error"),
		dns("DNS: the zone's servers dead", "generic_timeout_error"),
		fault("TLS handshake dead", model.ClassTLS, Fail(model.LayerTLS, "eof_error")),
		fault("5xx everywhere", model.ClassHTTP, Status(500)),
		fault("503 everywhere", model.ClassHTTP, Status(503)),
		fault("no way to the address", model.ClassRouting, Fail(model.LayerTCP, "host_unreachable")),
		{
			Name: "slow, then partly answering, then dead", World: World{Seed: 7, Length: 4 * hour, Loss: 0.01, Faults: []Fault{
				{From: 110 * minute, To: 120 * minute, Effect: Slow(40)},
				{From: 2 * hour, To: 125 * minute, Effect: Slow(40)},
				{From: 2 * hour, To: 125 * minute, Seen: 0.6, Effect: timeout},
				{From: 125 * minute, To: 160 * minute, Seen: 0.97, Effect: timeout},
			}},
			Confirmed: onset, Class: model.ClassFloodLike, Tolerance: 2 * minute, Within: 10 * minute,
		},
		{
			Name: "three services behind one address", World: World{Seed: 7, Length: 4 * hour, Services: []string{"bank", "mail", "shop"}, Faults: []Fault{during(hour, timeout)}},
			Described: []model.Service{host("bank"), host("mail"), host("shop")}, Confirmed: []time.Duration{2 * hour, 2 * hour, 2 * hour}, Class: model.ClassTCP, OneEvent: true,
		},
		{
			Name: "two short outages with recovery between", World: at(during(8*minute, closed), Fault{From: 140 * minute, To: 148 * minute, Effect: closed}),
			Confirmed: []time.Duration{2 * hour, 140 * minute}, Class: model.ClassTCP, States: []model.OutageState{model.StateResolved}, Never: []model.OutageState{model.StateFlapping},
		},
		{Name: "lost and reached in turn", World: at(flaps...), Confirmed: []time.Duration{2 * hour, 130 * minute}, States: []model.OutageState{model.StateFlapping, model.StateResolved}},
		{
			Name: "lost in the only country watched, borne out from outside", World: World{Seed: 7, Length: 4 * hour, Vantages: home, Faults: []Fault{during(hour, timeout)}},
			Signals:   []model.Signal{{Source: "ioda", Service: "bank", At: time.Date(2026, 3, 2, 2, 4, 0, 0, time.UTC), Ratio: 10, Stale: hour}},
			Confirmed: onset, Within: 7 * minute,
		},
		{Name: "time-out everywhere, arriving out of order", World: World{Seed: 7, Length: 4 * hour, Disorder: 40 * time.Second, Faults: []Fault{during(hour, timeout)}}, Confirmed: onset, Class: model.ClassTCP},
		{Name: "time-out everywhere, every five minutes", World: World{Seed: 7, Length: 8 * hour, Interval: 5 * minute, Faults: []Fault{during(hour, timeout)}}, Confirmed: onset, Class: model.ClassTCP},
		{Name: "time-out everywhere, every quarter of an hour", World: World{Seed: 7, Length: 24 * hour, Interval: 15 * minute, Faults: []Fault{during(3*hour, timeout)}}, Confirmed: onset, Class: model.ClassTCP},
		{Name: "time-out everywhere, three vantage points", World: World{Seed: 7, Length: 4 * hour, Vantages: Fleet(3, "DE", "FR"), Faults: []Fault{during(hour, timeout)}}, Confirmed: onset, Class: model.ClassTCP},
		{Name: "time-out everywhere while one uplink is cut", World: at(during(hour, timeout), during(hour, Uplink(1), "v06")), Confirmed: onset, Class: model.ClassTCP},
	}
}
