package app

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"crosscheck/internal/model"
	"crosscheck/internal/store"
	"crosscheck/internal/testkit"
	"crosscheck/internal/web"
)

func TestSaidOf(t *testing.T) {
	for text, want := range map[string]string{
		"Landbank's website is down":                         model.SaidDown,
		"the site was down for hours":                        model.SaidDown,
		"landbank.example has been unreachable since noon":   model.SaidDown,
		"customers can't log in to the app":                  model.SaidDown,
		"customers can’t reach the site":                     model.SaidDown,
		"Landbank's servers are not responding":              model.SaidDown,
		"there is a loss of connectivity at Landbank":        model.SaidDown,
		"the portal is not at present available":             model.SaidDown,
		"service has not been restored":                      model.SaidDown,
		"Landbank is offline":                                model.SaidDown,
		"there was no outage":                                model.SaidReachable,
		"the website is not down":                            model.SaidReachable,
		"the site is no longer down":                         model.SaidReachable,
		"the site is back online":                            model.SaidReachable,
		"all online services were restored after the outage": model.SaidReachable,
		"the website can be reached":                         model.SaidReachable,
		"Landbank's app is working":                          model.SaidReachable,
		"the bank's servers were flooded with requests":      model.SaidAttacked,
		"hackers brought the site down":                      model.SaidAttacked,
		"its website was attacked":                           model.SaidAttacked,
		"a denial-of-service attack":                         model.SaidAttacked,
		"a DDoS knocked the site out":                        model.SaidAttacked,
		"Landbank shares are down":                           "",
		"Landbank is down 3 percent":                         "",
		"two men attacked a branch of Landbank":              "",
		"Landbank works with partners abroad":                "",
		"loans are available at Landbank":                    "",
		"the minister was unavailable for comment":           "",
		"Landbank opened a branch":                           "",
		"there was no cyberattack on Landbank":               "",
		"":                                                   "",
	} {
		if got := saidOf(text); got != want {
			t.Errorf("saidOf(%q) = %q, want %q", text, got, want)
		}
	}
}

// namedServices are services as a desk names them.
func namedServices() []model.ServiceFacts {
	service := func(id, name, target string, aliases ...string) model.ServiceFacts {
		return model.ServiceFacts{Service: model.Service{ID: id, Name: name, Target: target, Aliases: aliases}}
	}
	return []model.ServiceFacts{
		service("bank", "Landbank", "https://www.landbank.example/login", "the Land Bank"),
		service("online", "Landbank Online", "tls:my.landbank.example:443"),
		service("mod", "Ministry of Defence, Kestria", "https://mod.example/", "MoD Kestria", "MOD"),
		service("is", "IS", "10.0.0.1:80", "IS"),
		service("handle", "handle", "icmp:10.0.0.2"),
		service("net", "Quernsound Net", "prefix:192.0.2.0/24"),
	}
}

func TestNamedIn(t *testing.T) {
	named := namesOf(namedServices())
	for text, want := range map[string][]string{
		"Landbank's website is down":                   {"bank"},
		"LANDBANK is down":                             {"bank"},
		"at the Land Bank nothing works":               {"bank"},
		"landbank.example is down":                     {"bank"},
		"see https://www.landbank.example/login.":      {"bank"},
		"my.landbank.example is down":                  {"online"},
		"notlandbank.example is down":                  nil,
		"landbank.example.net is down":                 nil,
		"other.landbank.example is down":               nil,
		"Landbank Online is down":                      {"online"},
		"Landbank and Landbank Online are down":        {"bank", "online"},
		"the bank is down":                             nil,
		"landbanks are down":                           nil,
		"the site of the MOD is down":                  {"mod"},
		"this mod is down":                             nil,
		"the Ministry of Defence, Kestria, is offline": {"mod"},
		"the Ministry of Defence is offline":           nil,
		"it is down":                                   nil,
		"handle is down":                               nil,
		"Quernsound Net is down, 192.0.2.0 is not":     {"net"},
	} {
		var got []string
		for _, n := range namedIn(text, named) {
			got = append(got, n.id)
		}
		if !cmp.Equal(got, want) {
			t.Errorf("namedIn(%q) = %v, want %v", text, got, want)
		}
	}
}

func TestMeant(t *testing.T) {
	named := namesOf(namedServices())
	for _, c := range []struct {
		speaker, text string
		want          []string
	}{
		{"Landbank", "Our site and our app cannot be reached", []string{"bank"}},
		{"the Land Bank", "our mobile app is down", []string{"bank"}},
		{"MOD", "our servers are down", []string{"mod"}},
		{"Mod", "our servers are down", nil},
		{"Landbank", "Landbank Online is down, our site is not", []string{"online"}},
		{"Landbank", "our readings show that the site is down", nil},
		{"Landbank", "the site is down", nil},
		{"chairman of Landbank", "our site is down", nil},
		{"", "our site is down", nil},
	} {
		l := told("", c.text, clock(14, 0), model.StanceAsserts)
		l.Speaker = c.speaker
		var got []string
		for _, n := range meant(&l, named) {
			got = append(got, n.id)
		}
		if !cmp.Equal(got, c.want) {
			t.Errorf("%s: %q means %v, want %v", c.speaker, c.text, got, c.want)
		}
	}
}

// clock is a time of the test's day.
func clock(hour, minute int) time.Time { return time.Date(2026, 3, 2, hour, minute, 0, 0, time.UTC) }

func told(claim, text string, at time.Time, attitude model.Stance) model.Ledger {
	l := model.Ledger{Text: text, Published: at}
	l.Claim, l.Attitude = claim, attitude
	return l
}

// measuredStore answers from its fields.
type measuredStore struct {
	list     []model.Ledger
	services []model.ServiceFacts
	outages  []model.OutageFacts
	rolled   []model.Rollup
}

func (m *measuredStore) Services(context.Context) ([]model.ServiceFacts, error) {
	return m.services, nil
}

func (m *measuredStore) Outages(_ context.Context, q model.OutageQuery) (out []model.OutageFacts, err error) {
	for _, o := range m.outages {
		if o.Service == q.Services[0] {
			out = append(out, o)
		}
	}
	return out, nil
}

func (m *measuredStore) Rollups(_ context.Context, service string, _ time.Duration, from, to time.Time) (out []model.Rollup, err error) {
	for _, r := range m.rolled {
		if r.Service == service && !r.Start.Before(from) && r.Start.Before(to) {
			out = append(out, r)
		}
	}
	return out, nil
}

func TestClaimMeasured(t *testing.T) {
	m := &measuredStore{services: namedServices()}
	m.list = []model.Ledger{
		told("down", "it is a lie", clock(16, 0), model.StanceDenies),
		told("down", "Landbank's site works", clock(15, 0), model.StanceDenies),
		told("down", "landbank.example is unreachable", clock(14, 0), model.StanceAsserts),
		told("fine", "Landbank Online is up and running", clock(14, 0), model.StanceAsserts),
		told("unseen", "the servers of Quernsound Net were attacked", clock(14, 0), model.StanceAsserts),
		told("two", "Landbank and Quernsound Net are offline", clock(14, 0), model.StanceAsserts),
		told("two of two", "Landbank is offline", clock(14, 0), model.StanceAsserts),
		told("two of two", "Quernsound Net is offline", clock(14, 5), model.StanceAsserts),
		told("price", "Landbank is down 3 percent", clock(14, 0), model.StanceAsserts),
		told("nobody", "the bank is offline", clock(14, 0), model.StanceAsserts),
		told("somebody", "our site is offline", clock(14, 0), model.StanceAsserts),
		told("own", "Our site and our app cannot be reached", clock(14, 0), model.StanceAsserts),
	}
	m.list[len(m.list)-1].Speaker = "Quernsound Net"
	m.outages = []model.OutageFacts{
		{ID: "partial", Service: "bank", State: model.StatePartial, Onset: clock(13, 0), End: clock(13, 10)},
		{ID: "confirmed", Service: "bank", State: model.StateConfirmed, Onset: clock(13, 40)},
		{ID: "later", Service: "bank", State: model.StateConfirmed, Onset: clock(15, 30)},
		{ID: "before", Service: "online", State: model.StateConfirmed, Onset: clock(0, 0), End: clock(1, 0)},
		{ID: "after", Service: "online", State: model.StateConfirmed, Onset: clock(15, 0), End: clock(16, 0)},
	}
	for h := 0; h < 24; h++ {
		m.rolled = append(m.rolled, model.Rollup{Service: "online", Start: clock(h, 0), OK: 57, Refused: 2, Fail: 1})
		if h != 9 {
			// Probed more often while it fails.
			bank := model.Rollup{Service: "bank", Start: clock(h, 0), OK: 60, Invalid: 5}
			if h%2 == 0 {
				bank.OK, bank.Fail = 0, 180
			}
			m.rolled = append(m.rolled, bank)
		}
	}
	got, err := claimMeasured(t.Context(), m.list, m, clock(16, 30))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]model.Measured{
		"down": {
			Service: "bank", Name: "Landbank", Said: model.SaidDown, From: clock(2, 0), To: clock(16, 30),
			Outage: &m.outages[1], Observed: false, Availability: 6. / 14,
		},
		"fine":   {Service: "online", Name: "Landbank Online", Said: model.SaidReachable, From: clock(2, 0), To: clock(15, 0), Observed: true, Availability: 59. / 60},
		"own":    {Service: "net", Name: "Quernsound Net", Said: model.SaidDown, From: clock(2, 0), To: clock(15, 0), Availability: -1},
		"unseen": {Service: "net", Name: "Quernsound Net", Said: model.SaidAttacked, From: clock(2, 0), To: clock(15, 0), Availability: -1},
	}
	if d := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-9)); d != "" {
		t.Errorf("measured (-want +got):\n%s", d)
	}
	m.services = nil
	if got, err := claimMeasured(t.Context(), m.list, m, clock(16, 30)); err != nil || len(got) != 0 {
		t.Errorf("without services: %v, %v", got, err)
	}
}

// TestServiceLedger: the newest statements that name a service, by name, alias
// or domain, and not one whose name is longer.
func TestServiceLedger(t *testing.T) {
	st, err := store.Open(t.Context(), testkit.Logger(t), store.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for _, s := range namedServices() {
		if err := st.SaveService(t.Context(), &s.Service); err != nil {
			t.Fatal(err)
		}
	}
	for i, text := range []string{
		"Landbank is offline", "Landbank Online is up and running", "www.landbank.example cannot be reached", "The bank is closed", "LANDBANK works, they said",
	} {
		a := &model.Article{
			URL: fmt.Sprint("https://courier.example/", i), Title: "Landbank", Text: text + ".", Published: clock(9+i, 0), Seen: clock(9+i, 5),
			Readability: model.ReadOK, Capture: model.HashOf([]byte(text)),
		}
		if _, err := st.SaveArticle(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		said := model.Statement{
			ID: fmt.Sprint("s", i), Article: a.ID, Revision: a.Revision, N: 1, Content: []model.Span{{Start: 0, End: len(text)}}, Mention: model.Span{Start: 0, End: 4},
			Speaker: "A. Lind", SpeakerType: model.SpeakerPerson, Kind: model.KindIndirect, Stance: model.StanceAsserts,
		}
		if err := st.SaveStatements(t.Context(), a.ID, a.Revision, []model.Statement{said}); err != nil {
			t.Fatal(err)
		}
	}
	p := pages{st, time.Now}
	var _ web.Heard = p
	for _, c := range []struct {
		service string
		limit   int
		want    []string
	}{
		{"bank", 9, []string{"LANDBANK works, they said", "www.landbank.example cannot be reached", "Landbank is offline"}},
		{"bank", 1, []string{"LANDBANK works, they said"}},
		{"online", 9, []string{"Landbank Online is up and running"}},
		{"nobody", 9, nil},
	} {
		list, err := p.ServiceLedger(t.Context(), c.service, c.limit)
		var got []string
		for _, l := range list {
			got = append(got, l.Text)
		}
		if d := cmp.Diff(c.want, got); err != nil || d != "" {
			t.Errorf("ServiceLedger(%s, %d) = %v (-want +got):\n%s", c.service, c.limit, err, d)
		}
	}
}

// Whatever the words are, a service is named only by letters that are there.
func FuzzNamedIn(f *testing.F) {
	for _, text := range []string{"Landbank's website isn’t down", "see https://www.landbank.example/login.", "IS is down", "\xff Land  Bank\x00", "İS ǅ"} {
		f.Add(text)
	}
	named := namesOf(namedServices())
	f.Fuzz(func(t *testing.T, text string) {
		got := namedIn(text, named)
		lower := strings.ToLower(text)
		for _, n := range got {
			for _, w := range n.words {
				if !strings.Contains(lower, w) {
					t.Errorf("%q is found as %v", text, n)
				}
			}
			if !strings.Contains(lower, n.domain) {
				t.Errorf("%q is found as %v", text, n)
			}
		}
		if said := saidOf(text); said != "" && len(lowerWords(text)) == 0 {
			t.Errorf("%q says %s", text, said)
		}
	})
}
