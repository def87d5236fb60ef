package web

import (
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/publish"

	cmpdiff "github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

// followed is the invented crisis as a situation, and its services, for tests.
type followed struct {
	*memory
	facts    []model.SituationFacts
	entries  []model.Entry // newest first
	spots    []model.Spot
	services []model.ServiceFacts
	outages  []model.OutageFacts
	pins     []model.Pin
	saved    []model.Situation
	preview  model.Preview
	briefs   []model.Briefing
}

// quernSoundFollowed holds 5 claims, 4 of them disputed, 11 speakers, 1
// reversal, 21 articles of which 16 are origins, 5 services and 1 outage.
func quernSoundFollowed() *followed {
	m := quernSound()
	claimAs := func(article string, st model.Stance) {
		m.statements[article][0].Claim, m.statements[article][0].Attitude = "c5", st
	}
	claimAs("landbank-1", model.StanceAsserts)
	claimAs("aldwire-3", model.StanceConfirms)
	f := &followed{memory: m}
	f.facts = []model.SituationFacts{
		{
			Situation: model.Situation{
				ID: "quern-sound", Title: "Quern Sound: the withdrawal and the bank", Note: "One page for the brigades and the bank, because the same people speak about both. Whether one has to do with the other, nobody has shown.",
				Words: []string{"garrison", "withdraw*", "landbank"}, Phrases: []string{"the line"}, Speakers: []string{"mod", "pellmark"}, Places: []int64{2},
				Services: []string{"landbank", "mod-tolmark", "mod-kestria", "courier", "aldwire"}, Created: at("9 09:00"), Changed: at("9 09:00"), By: "L. Amsel, R. Quist", Revision: 3,
			},
			Articles: 21, Origins: 16, Stories: 2, Claims: 5, Disputed: 4, Speakers: 11, Reversals: 1, Outages: 1, Latest: at("12 16:14"),
		},
		{Situation: model.Situation{ID: "ferries", Title: "Islemere ferries: the strike", Created: at("8 09:00")}, Articles: 3, Origins: 1, Stories: 1, Latest: at("12 11:10")},
	}
	f.measure()
	f.tell()
	f.spots = []model.Spot{
		{Place: model.Place{ID: 1, Name: "Sennabruk", Country: "TK", Kind: model.PlaceCity, Lat: 56.2, Lon: 8.6}, Articles: 6, Statements: 6, Services: []string{"landbank"}, Vantages: []string{"sen-1"}},
		{Place: model.Place{ID: 2, Name: "Dorrin", Country: "KS", Kind: model.PlaceCity, Lat: 56.1, Lon: 10.1}, Articles: 3, Statements: 2},
		{Place: model.Place{ID: 3, Name: "Ambry railhead", Country: "KS", Kind: model.PlaceRegion, Lat: 55.6, Lon: 10.3}, Articles: 2, Statements: 3},
		{Place: model.Place{ID: 4, Name: "Arvenholt", Country: "KS", Kind: model.PlaceCity, Lat: 56.4, Lon: 11.9}, Articles: 5, Vantages: []string{"arv-1"}},
		{Place: model.Place{ID: 5, Name: "Hallin", Country: "OM", Kind: model.PlaceCity, Lat: 58.4, Lon: 9.4}, Articles: 4, Vantages: []string{"hal-1", "hal-2"}},
		{Place: model.Place{Name: "the old camp"}, Articles: 1},
		{Place: model.Place{ID: 7, Name: "Westrey", Country: "OM", Kind: model.PlaceCity, Lat: 12, Lon: -40}, Vantages: []string{"wes-1"}},
	}
	return f
}

func (f *followed) measure() {
	for i, name := range []string{"Landbank of Tolmark", "Ministry of Defence, Tolmark", "Ministry of Defence, Kestria", "Sennabruk Courier", "Aldwire"} {
		id := f.facts[0].Services[i]
		f.services = append(f.services, model.ServiceFacts{
			Service: model.Service{ID: id, Name: name}, Now: model.Outage{State: model.StateUp}, Availability: []float64{.984, 1, 1, .999, 1}[i], Observed: crisisNow,
		})
	}
	peak := model.Outage{
		At: at("11 16:44"), Service: "landbank", Event: "e1", State: model.StateConfirmed, Class: model.ClassTCP, Onset: at("11 16:41"), Uncertainty: time.Minute,
		Down: []string{"arv-1", "hal-1", "hal-2", "isl-1", "sen-1"}, Asked: 5, Networks: 4, Countries: 3, Excluded: []model.Exclusion{{Vantage: "wes-1", Why: "its own uplink was down"}},
	}
	f.outages = []model.OutageFacts{{
		ID: "o1", Event: "e1", Service: "landbank", ServiceName: "Landbank of Tolmark", State: model.StateConfirmed, Class: model.ClassTCP,
		Onset: at("11 16:41"), Uncertainty: time.Minute, Confirmed: at("11 16:44"), End: at("11 22:07"), Peak: peak, Verdicts: []model.Outage{peak},
	}}
}

// tell makes the timeline out of what is claimed, as the store does.
func (f *followed) tell() {
	upheld, disputed := map[string]bool{}, map[string]bool{}
	side := map[string]model.Stance{}
	for _, l := range f.claimed() {
		if l.CopyOf != "" {
			continue
		}
		e := model.Entry{
			ID: "e-" + l.ID, Kind: model.EntryStatement, At: l.Dated(), Published: l.Published, Seen: l.Seen, Text: l.Text, Speaker: l.Speaker, SpeakerID: l.SpeakerID,
			Stance: l.Attitude, Claim: l.Claim, Story: l.Story, Article: l.Article, Statement: l.ID, Outlet: l.Outlet, Origins: 1,
		}
		was, key := side[l.Claim+l.SpeakerID], l.Claim+l.SpeakerID
		switch {
		case was != "" && l.Attitude.Side() != model.NoSide && was.Side() != l.Attitude.Side():
			e.Kind, e.Before = model.EntryReversal, was
		case l.Attitude.Side() == model.Upholds && !upheld[l.Claim]:
			e.Kind = model.EntryAsserted
		case l.Attitude.Side() == model.Disputes && !disputed[l.Claim]:
			e.Kind = model.EntryDenied
		}
		switch l.Attitude.Side() {
		case model.Upholds:
			upheld[l.Claim], side[key] = true, l.Attitude
		case model.Disputes:
			disputed[l.Claim], side[key] = true, l.Attitude
		}
		f.entries = append(f.entries, e)
	}
	f.entries = append(f.entries, []model.Entry{
		{ID: "e-story-1", Kind: model.EntryStory, At: at("11 08:24"), Published: at("11 08:24"), Seen: at("11 08:28"), Text: "Kestria says two brigades are returning to garrison", Story: "withdrawal"},
		{ID: "e-rev-1", Kind: model.EntryRevision, At: at("11 15:05"), Seen: at("11 15:08"), Text: "Fourteen companies still at the line, Tolmark says", Article: "lanthorn-1", Outlet: "The Lanthorn"},
		{ID: "e-on-1", Kind: model.EntryOnset, At: at("11 16:41"), Happened: at("11 16:41"), Seen: at("11 16:44"), Text: "Landbank of Tolmark: loss of connectivity begins (±1 min)", Service: "landbank", Outage: "o1"},
		{ID: "e-con-1", Kind: model.EntryConfirmed, At: at("11 16:44"), Happened: at("11 16:44"), Seen: at("11 16:44"), Text: "Confirmed: loss of connectivity to Landbank of Tolmark from 16:41 UTC (±1 min), seen from 5 of 6 vantage points.", Service: "landbank", Outage: "o1"},
		{ID: "e-res-1", Kind: model.EntryResolved, At: at("11 22:07"), Happened: at("11 22:07"), Seen: at("11 22:13"), Text: "Resolved: Landbank of Tolmark is reached again.", Service: "landbank", Outage: "o1"},
		{
			ID: "e-mov-1", Kind: model.EntryMovement, At: at("12 14:38"), Published: at("12 14:38"), Seen: at("12 14:42"), Text: "two battalions of the 9th Brigade have left the camp at Dorrin", Speaker: "Joran Pellmark", SpeakerID: "pellmark",
			Stance: model.StanceConfirms, Article: "courier-3", Statement: "courier-3-1", Outlet: "Sennabruk Courier", Place: 2, Origins: 1,
		},
	}...)
	slices.SortStableFunc(f.entries, func(a, b model.Entry) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.ID, b.ID)) })
}

func (f *followed) Situations(context.Context) ([]model.SituationFacts, error) { return f.facts, f.err }

func (f *followed) Situation(_ context.Context, id string) (*model.SituationFacts, error) {
	for i := range f.facts {
		if f.facts[i].ID == id {
			if id == "quern-sound" {
				f.facts[i].Lines = len(f.entries)
			}
			return &f.facts[i], f.err
		}
	}
	if f.err != nil {
		return nil, f.err
	}
	return nil, model.Errorf(model.ErrNotFound, "store: no situation %s", id)
}

func (f *followed) SituationEntries(_ context.Context, id string, q model.EntryQuery) ([]model.Entry, error) {
	var out []model.Entry
	after := q.Before == ""
	for _, e := range f.entries {
		fits := (q.Kinds == nil || slices.Contains(q.Kinds, e.Kind)) && (q.Speaker == "" || q.Speaker == e.SpeakerID) && (q.Claim == "" || q.Claim == e.Claim) && (q.Claims == nil || e.Claim == "" || slices.Contains(q.Claims, e.Claim)) &&
			(q.Place == 0 || q.Place == e.Place) && (q.Known.IsZero() || !e.Seen.After(q.Known)) && (q.From.IsZero() || !e.At.Before(q.From))
		if id == "quern-sound" && after && fits && len(out) < q.Limit {
			out = append(out, e)
		}
		after = after || e.ID == q.Before
	}
	return out, f.err
}

func (f *followed) SituationClaims(_ context.Context, id string, limit int) ([]model.Claim, error) {
	if id != "quern-sound" {
		return nil, f.err
	}
	list := f.tellClaims(func(*model.Ledger) bool { return true })
	slices.SortStableFunc(list, func(a, b model.Claim) int { return cmp.Compare(a.ID, b.ID) })
	return list[:min(limit, len(list))], f.err
}

func (f *followed) SituationEntry(_ context.Context, id, entry string, _ time.Time) (*model.Entry, error) {
	for i := range f.entries {
		if id == "quern-sound" && f.entries[i].ID == entry {
			return &f.entries[i], f.err
		}
	}
	return nil, cmp.Or(f.err, model.Errorf(model.ErrNotFound, "store: no entry %s", entry))
}

func (f *followed) SituationMakeup(ctx context.Context, id string) (model.Makeup, error) {
	list, err := f.SituationArticles(ctx, id, 0)
	var m model.Makeup
	for _, a := range list {
		if a.Why.Excluded {
			m.Excluded++
			continue
		}
		o := model.OutletShare{Outlet: a.Outlet, Articles: 1, Versions: max(1, a.Revision), Latest: dated(&a.Article)}
		if a.CopyOf == "" {
			o.Origins = 1
		}
		if a.Why.Pinned {
			o.Pinned = 1
		}
		m.Outlets = append(m.Outlets, o)
	}
	return m, err
}

func (f *followed) SituationSpots(_ context.Context, id string) ([]model.Spot, error) {
	if id != "quern-sound" {
		return nil, f.err
	}
	return f.spots, f.err
}

func (f *followed) SituationArticles(_ context.Context, id string, _ int) ([]model.MemberArticle, error) {
	want := map[string][]string{"quern-sound": {"withdrawal", "bank"}, "ferries": {"ferries"}}[id]
	var out []model.MemberArticle
	for _, a := range f.articles {
		if !slices.Contains(want, a.Story) {
			continue
		}
		m := model.Member{Situation: id, Article: a.ID, In: true, Why: []string{`has the word "garrison"`}}
		for _, p := range f.pins {
			if p.Situation == id && p.Article == a.ID {
				m.In, m.Pinned, m.Excluded, m.By, m.At = p.Verb != model.PinOut, p.Verb == model.PinIn, p.Verb == model.PinOut, p.By, p.At
			}
		}
		out = append(out, model.MemberArticle{Article: a, Why: m})
	}
	slices.SortFunc(out, func(a, b model.MemberArticle) int { return cmp.Compare(a.ID, b.ID) })
	return out, f.err
}

func (f *followed) SaveSituation(_ context.Context, s *model.Situation) error {
	if err := s.Validate(); err != nil {
		return err
	}
	for i := range f.facts {
		if f.facts[i].ID == s.ID && f.facts[i].Revision != s.Revision {
			return model.Errorf(model.ErrConflict, "situation %s was changed by %s meanwhile", s.ID, f.facts[i].By)
		}
	}
	if s.Revision++; s.ID == "" {
		s.ID, s.Created = "quern-sound-2", s.Changed
	}
	f.saved = append(f.saved, *s)
	return f.err
}

func (f *followed) PinMember(_ context.Context, p model.Pin) error {
	f.pins = append(f.pins, p)
	return f.err
}

func (f *followed) PreviewSituation(context.Context, model.Situation, time.Time, int) (model.Preview, error) {
	return f.preview, f.err
}

func (f *followed) ClaimMeasured(_ context.Context, said []model.Ledger) (map[string]model.Measured, error) {
	out := map[string]model.Measured{}
	if slices.ContainsFunc(said, func(l model.Ledger) bool { return l.Claim == "c5" }) {
		out["c5"] = model.Measured{Service: "landbank", Name: "Landbank of Tolmark", From: at("11 16:58"), To: at("11 17:20"), Outage: &f.outages[0], Observed: true, Availability: .1}
	}
	return out, f.err
}

func (f *followed) Services(context.Context) ([]model.ServiceFacts, error) { return f.services, f.err }

func (f *followed) Service(_ context.Context, id string) (*model.ServiceFacts, error) {
	for i := range f.services {
		if f.services[i].ID == id {
			return &f.services[i], f.err
		}
	}
	return nil, model.Errorf(model.ErrNotFound, "store: no service %s", id)
}

func (f *followed) Outage(_ context.Context, id string) (*model.OutageFacts, error) {
	for i := range f.outages {
		if f.outages[i].ID == id {
			return &f.outages[i], f.err
		}
	}
	return nil, model.Errorf(model.ErrNotFound, "store: no outage %s", id)
}

func (f *followed) Vantages(context.Context) ([]model.VantageFacts, error) { return nil, f.err }

func (f *followed) LastObservations(context.Context, string, time.Time) ([]model.Observation, error) {
	return nil, f.err
}

func (f *followed) Outages(_ context.Context, q model.OutageQuery) ([]model.OutageFacts, error) {
	return slices.DeleteFunc(slices.Clone(f.outages), func(o model.OutageFacts) bool { return q.Services != nil && !slices.Contains(q.Services, o.Service) }), f.err
}

func (f *followed) Rollups(_ context.Context, service string, width time.Duration, from, to time.Time) ([]model.Rollup, error) {
	var out []model.Rollup
	for at := from; at.Before(to); at = at.Add(width) {
		for _, v := range []string{"sen-1", "isl-1", "arv-1", "hal-1", "hal-2", "wes-1"} {
			r := model.Rollup{Service: service, Vantage: v, Start: at, Width: width, OK: 60}
			if service == "mod-kestria" && v != "arv-1" {
				r.OK, r.Refused = 0, 60
			}
			out = append(out, r)
		}
	}
	return out, f.err
}

func (f *followed) ServiceDays(context.Context, string, time.Time, time.Time) ([]model.ServiceDay, error) {
	return nil, f.err
}

func (f *followed) Briefings(_ context.Context, id string) ([]model.Briefing, error) {
	newest := map[int]model.Briefing{}
	for _, b := range f.briefs {
		if b.Situation == id && b.Version > newest[b.N].Version {
			newest[b.N] = b
		}
	}
	out := slices.Collect(maps.Values(newest))
	slices.SortFunc(out, func(a, b model.Briefing) int { return b.N - a.N })
	return out, f.err
}

func (f *followed) Briefing(_ context.Context, id string, n int) ([]model.Briefing, error) {
	out := slices.DeleteFunc(slices.Clone(f.briefs), func(b model.Briefing) bool { return b.Situation != id || b.N != n })
	if len(out) == 0 && f.err == nil {
		return nil, model.Errorf(model.ErrNotFound, "store: no briefing %d", n)
	}
	return out, f.err
}

func (f *followed) SaveBriefing(ctx context.Context, b *model.Briefing) error {
	list, _ := f.Briefings(ctx, b.Situation)
	if b.N == 0 {
		b.N = len(list) + 1
	}
	b.Version = 1
	for _, x := range f.briefs {
		if x.Situation == b.Situation && x.N == b.N {
			b.Version = x.Version + 1
		}
	}
	f.briefs = append(f.briefs, *b)
	return f.err
}

// situationSite serves the crisis as a situation.
func situationSite(t *testing.T, f *followed) *Server {
	t.Helper()
	return New(slog.New(slog.NewTextHandler(t.Output(), nil)), f.memory, situationConfig(f))
}

func situationConfig(f *followed) Config {
	return Config{
		Now: func() time.Time { return crisisNow }, Version: "test", Situations: f, Reach: f, Briefings: f,
		Report: func(o model.Outage, name string) string {
			return fmt.Sprintf("Confirmed: loss of connectivity to %s, seen from %d of %d vantage points.", name, len(o.Down), o.Asked+len(o.Excluded))
		},
	}
}

func TestSituationPage(t *testing.T) {
	s := situationSite(t, quernSoundFollowed())
	p := load(t, s, "/situation/quern-sound", 200)
	p.sound()
	for _, c := range []struct{ selector, want string }{
		{"h1", "Quern Sound: the withdrawal and the bank"},
		{".facts", "Disputed4 of 5 claimsSpeakers11 1 reversalArticles21 16 origins, 5 copiesServices5 1 outage"},
		{".desk", "nobody has shown"},
		{"#h-new", "Changed in the last four hours since 12 Mar 14:10"},
		{"section[aria-labelledby=h-new] li:nth-child(1)", "denies claim 3 · Ministry of Defence: There is nobody at the line but the ordinary guard first disputed · 1 origin"},
		{"section[aria-labelledby=h-new] .rev + a", "claim 1"},
		{"section[aria-labelledby=h-new]", "⇄ reversal claim 1 · Joran Pellmark: I can confirm that two battalions of the 9th Brigade have left the camp at Dorrin denies → confirms · 1 origin"},
		{"#h-board", "4 of 5 claims are disputed"},
		{"#c1", "claim 1 · not measured"},
		{"#c5", "measured: unreachable from 5 of 6 vantage points 11 Mar 16:41–22:07 UTC (confirmed)"},
		{"#h-meas", "1 of 5 services lost connectivity; none now"},
		{".report", "Confirmed: loss of connectivity to Landbank of Tolmark, seen from 5 of 6 vantage points."},
		{"section[aria-labelledby=h-meas] tr.hot", "unreachable from 5 of 6 vantage points 11 Mar 16:41–22:07 UTC (confirmed); 1 excluded"},
		{"section[aria-labelledby=h-meas]", "reachable throughout; turned away from 5 of 6 vantage points (not an outage)"},
		{"section[aria-labelledby=h-time] svg title", "1, “Units of the 4th and 9th Brigades that have completed their…”: upheld by 3, disputed by 3"},
		{"section[aria-labelledby=h-time] details", "article changed · Fourteen companies still at the line, Tolmark says: headline, number changed"},
		{"section[aria-labelledby=h-time] .all", "All 29 entries, also those of one speaker in one origin"},
		{"#map title", "Map with 5 places: Sennabruk, Ambry railhead, Dorrin, Arvenholt, Hallin"},
		{"section[aria-labelledby=h-map] table", "the old camp"},
		{"section[aria-labelledby=h-map] table", "where it lies is not known"},
		{"section[aria-labelledby=h-map] table", "Westrey, OM ▲ vantage point: wes-1 (hatched: excluded)beyond the map"},
		{"section[aria-labelledby=h-map] table", "two battalions of the 9th Brigade have left the camp at Dorrin (Joran Pellmark)"},
		{"#sources", "21 articles from 9 sources"},
		{"#sources + .two tfoot", "All21165"},
		{"#sources + .two", "has one of the words garrison, withdraw*, landbank; has one of the phrases the line; quotes Ministry of Defence, Joran Pellmark; names Dorrin"},
	} {
		p.says(c.selector, c.want)
	}
	p.count(".board tbody tr", 5)
	p.count(".led.new > li", 4)
	p.count("section[aria-labelledby=h-meas] tbody tr", 5)
	order := strings.Join(each(p.all("main section"), nodeLabel), " ")
	if order != "h-new h-board h-meas h-time h-map sources" {
		t.Errorf("sections come as %s", order)
	}
}

// TestTurningPoints adds what one speaker says in one origin, again and again:
// it is in the whole timeline and nowhere on the page.
func TestTurningPoints(t *testing.T) {
	f := quernSoundFollowed()
	const n = 60
	for i := range n {
		e := model.Entry{ID: fmt.Sprint("idle-", i), Kind: model.EntryAsserted, At: at("12 17:00"), Seen: at("12 17:00"), Text: fmt.Sprint("Remark ", i), Speaker: "A driver", Claim: "idle", Article: "gazette-3", Statement: fmt.Sprint("idle-", i), Origins: 1}
		f.entries = append([]model.Entry{e}, f.entries...)
	}
	f.entries = append([]model.Entry{
		{ID: "e-new-1", Kind: model.EntryStory, At: at("12 17:30"), Seen: at("12 17:30"), Text: "Another story", Story: "flood"},
		{ID: "e-new-2", Kind: model.EntryResolved, At: at("12 17:20"), Seen: at("12 17:20"), Text: "Resolved: Aldwire is reached again.", Service: "aldwire"},
	}, f.entries...)
	s := situationSite(t, f)
	p := load(t, s, "/situation/quern-sound", 200)
	if strings.Contains(p.text("main"), "Remark") {
		t.Error("the page lists remarks of one speaker")
	}
	p.says("section[aria-labelledby=h-time] .all", "All 91 entries")
	load(t, s, "/situation/quern-sound/timeline", 200).says("main", "Remark 3")
	d := &situationData{SituationFacts: f.facts[0]}
	for i := range 20 { // more than are shown, all newer than the reversal
		d.turns.list = append(d.turns.list, line{Entry: model.Entry{ID: fmt.Sprint(i), Kind: model.EntryStory, At: at("12 17:40"), Seen: at("12 17:40")}})
	}
	d.turns.list = append(d.turns.list, line{Entry: model.Entry{ID: "turn", Kind: model.EntryReversal, At: at("12 16:00"), Seen: at("12 16:00")}})
	c, err := s.changes(httptest.NewRequest("GET", "/", nil), d, time.Time{})
	if err != nil || len(c.List) != situationChanges || c.More != 9 || c.List[situationChanges-1].ID != "turn" {
		t.Errorf("changes = %d and %d more, %v: want the reversal last of 12", len(c.List), c.More, err)
	}
}

func TestClaimIsMeasured(t *testing.T) {
	s := situationSite(t, quernSoundFollowed())
	load(t, s, "/claim/c5", 200).says(".stand .me", "measured: unreachable from 5 of 6 vantage points 11 Mar 16:41–22:07 UTC (confirmed)")
	load(t, s, "/claim/c1", 200).says("main", "Not measured.")
	f := quernSoundFollowed()
	f.outages = nil
	for _, c := range []struct {
		m    model.Measured
		want string
	}{
		{model.Measured{Service: "x", From: at("11 06:00"), To: at("12 18:00"), Observed: true, Availability: 1}, "reachable throughout 11 Mar 06:00–12 Mar 18:00 UTC"},
		{model.Measured{Service: "x", From: at("11 06:00"), To: at("11 09:00"), Availability: .62}, "reached 62 % of the time 11 Mar 06:00–09:00 UTC"},
		{model.Measured{Service: "x", Outage: &model.OutageFacts{State: model.StateProbable, Onset: at("12 17:52"), Peak: model.Outage{Down: []string{"a", "b"}, Asked: 3}}}, "unreachable from 2 of 3 vantage points since 12 Mar 17:52 UTC"},
	} {
		if g := gaugeOf(c.m, crisisNow); g == nil || g.Words+" "+g.Clock() != c.want {
			t.Errorf("gauge of %+v = %+v, want %q", c.m, g, c.want)
		}
	}
	if g := gaugeOf(model.Measured{Service: "x", Availability: -1}, crisisNow); g != nil {
		t.Errorf("nobody looked, and it says %+v", g)
	}
}

func TestSituationWeighsLittle(t *testing.T) {
	s := situationSite(t, quernSoundFollowed())
	w := get(t, s, "/situation/quern-sound")
	css := get(t, s, s.assets.url("crosscheck.css"))
	if n := zipped(w.Body.Bytes()) + zipped(css.Body.Bytes()); n > 60_000 {
		t.Errorf("page and style weigh %d bytes on the wire, want at most 60,000", n)
	} else {
		t.Logf("page %d, style %d bytes on the wire", zipped(w.Body.Bytes()), zipped(css.Body.Bytes()))
	}
}

func TestSituationSince(t *testing.T) {
	s := situationSite(t, quernSoundFollowed())
	p := load(t, s, "/situation/quern-sound?since=2031-03-12T15:31Z", 200)
	p.says("#h-new", "Changed since your link was made since 12 Mar 15:31")
	p.count(".led.new > li", 1)
	if got := attr(p.all("section[aria-labelledby=h-new] .alt a")[0], "href"); got != "/situation/quern-sound?since=2031-03-12T18%3A10Z" {
		t.Errorf("the link to keep is %s", got)
	}
	load(t, s, "/situation/quern-sound?since=noon", 400).says("main", "“since” should be a moment")
	load(t, s, "/situation/quern-sound?since=2031-03-12T17:00Z", 200).says("section[aria-labelledby=h-new]", "Nothing changed.")
}

func TestTimeline(t *testing.T) {
	f := quernSoundFollowed()
	s := situationSite(t, f)
	p := load(t, s, "/situation/quern-sound/timeline", 200)
	p.sound()
	p.count("section .led > li", len(f.entries))
	for _, c := range []struct {
		query string
		want  int
	}{
		{"kind=reversal", 1},
		{"kind=onset&kind=resolved", 2},
		{"claim=c5", 2},
		{"place=2", 1},
		{"place=-2", 0},
		{"speaker=pellmark&claim=c1", 2},
		{"known=2031-03-11T09:00Z", 2},
		{"kind=nonsense", len(f.entries)},
	} {
		load(t, s, "/situation/quern-sound/timeline?"+c.query, 200).count("section .led > li", c.want)
	}
	load(t, s, "/situation/quern-sound/timeline?known=2031-03-11T09:00Z", 200).says(".stand b", "As it was known here at Tue 11 Mar 2031, 09:00 UTC")
	load(t, s, "/situation/quern-sound/timeline?place=x", 400)
	load(t, s, "/situation/none/timeline", 404)
}

// TestTimelinePages walks a long timeline page by page.
func TestTimelinePages(t *testing.T) {
	f := quernSoundFollowed()
	base := f.entries[len(f.entries)-1]
	for i := range 120 {
		e := base
		e.ID, e.At = fmt.Sprintf("old-%03d", i), base.At.Add(-time.Duration(i+1)*time.Minute)
		f.entries = append(f.entries, e)
	}
	s := situationSite(t, f)
	seen := map[string]bool{}
	pages := 0
	for path := "/situation/quern-sound/timeline"; path != ""; pages++ {
		p := load(t, s, path, 200)
		for _, a := range p.all(".led .m > a:last-child") {
			if seen[attr(a, "href")] {
				t.Errorf("%s stands on two pages", attr(a, "href"))
			}
			seen[attr(a, "href")] = true
		}
		path = ""
		if next := p.all("a[rel=next]"); len(next) > 0 {
			path = attr(next[0], "href")
		}
	}
	if len(seen) != len(f.entries) || pages != (len(f.entries)+timelineSize-1)/timelineSize {
		t.Errorf("%d entries on %d pages, want %d", len(seen), pages, len(f.entries))
	}
}

func TestEntry(t *testing.T) {
	s := situationSite(t, quernSoundFollowed())
	p := load(t, s, "/situation/quern-sound/entry/e-courier-3-1", 200)
	p.sound()
	p.says("h1", "I can confirm that two battalions")
	p.says(".stand", "⇄ change of side, denies → confirms claim 1 · Joran Pellmark · Sennabruk Courier · 1 independent origin")
	p.says("table", "Happenednot stated")
	p.says("table", "Published12 Mar 14:38")
	p.count("a[href='/article/courier-3#s1']", 1)
	load(t, s, "/situation/quern-sound/entry/e-on-1", 200).count("a[href='/outage/o1']", 1)
	load(t, s, "/situation/quern-sound/entry/none", 404)
	load(t, s, "/situation/quern-sound/timeline?place=12x", 400)
}

// TestEntriesFollowLicences: what may not be quoted is counted, not shown.
func TestEntriesFollowLicences(t *testing.T) {
	f := quernSoundFollowed()
	f.restrict("Sennabruk Courier")
	s := situationSite(t, f)
	const words = "I can confirm that two battalions"
	for _, path := range []string{"/situation/quern-sound", "/situation/quern-sound/timeline", "/situation/quern-sound/feed.rss", "/situation/quern-sound/feed.atom", "/situation/quern-sound/feed.json", "/"} {
		if strings.Contains(get(t, s, path).Body.String(), words) {
			t.Errorf("%s quotes what may not be quoted", path)
		}
		if path != "/" && !strings.Contains(get(t, s, path, desk).Body.String(), words) {
			t.Errorf("%s keeps the words from the desk", path)
		}
	}
	load(t, s, "/situation/quern-sound/timeline", 200).says("main", "entries on this page are from sources that allow no quotation")
	load(t, s, "/situation/quern-sound/entry/e-courier-3-1", 404)
}

func TestSituationLists(t *testing.T) {
	f := quernSoundFollowed()
	s := situationSite(t, f)
	p := load(t, s, "/situations", 200)
	p.sound()
	p.says("tbody tr:nth-child(1)", "Quern Sound: the withdrawal and the bank5411621112 Mar 16:14")
	p = load(t, s, "/", 200)
	p.sound()
	p.says("h2.lead1", "Quern Sound: the withdrawal and the bank")
	p.says("main > .stand", "5 claims, 4 disputed · 11 speakers, 1 reversal · 21 articles are 16 origins and 5 copies · 1 outage")
	p.says("#h-os", "1 followed")
	load(t, site(t, quernSound()), "/situations", 404)
	f.facts = nil
	load(t, s, "/situations", 200).says("main", "Nothing is followed yet.")
	load(t, s, "/", 200).sound()
}

func TestSituationArticles(t *testing.T) {
	f := quernSoundFollowed()
	f.pins = []model.Pin{{Situation: "quern-sound", Article: "weir-1", Verb: model.PinOut, By: "R. Quist", At: at("12 09:00")}, {Situation: "quern-sound", Article: "press-1", Verb: model.PinIn, By: "L. Amsel"}}
	s := situationSite(t, f)
	p := load(t, s, "/situation/quern-sound/articles", 200)
	p.sound()
	p.count("main > table tbody tr", 20)
	p.says("main > table", `has the word "garrison"`)
	p.says("main > table", "pinned by L. Amsel")
	p.says("section[aria-labelledby=h-ex]", "excluded by R. Quist, 12 Mar 09:00")
	load(t, s, "/situation/quern-sound/articles?page=2", 404)
	load(t, s, "/situation/quern-sound", 200).says("#sources + .two", "1 pinned, 1 excluded by hand")
}

// TestSituationHostile shows a situation whose every text tries to break out.
func TestSituationHostile(t *testing.T) {
	f := quernSoundFollowed()
	const bad = `"><script>alert(1)</script><svg onload=alert(1)>]]></title>&` + "\u202e\x00"
	f.facts[0].Title, f.facts[0].Note, f.facts[0].By = bad, bad, bad
	f.facts[0].Words, f.facts[0].Situation.Speakers = []string{bad}, []string{bad}
	for i := range f.entries {
		f.entries[i].Text, f.entries[i].Speaker, f.entries[i].Outlet = bad, bad, bad
	}
	for i := range f.spots {
		f.spots[i].Name, f.spots[i].Country, f.spots[i].Vantages = bad, bad, []string{bad}
	}
	for i := range f.services {
		f.services[i].Name = bad
	}
	f.outages[0].ServiceName = bad
	s := situationSite(t, f)
	for _, path := range []string{"/", "/situations", "/situation/quern-sound", "/situation/quern-sound/timeline", "/situation/quern-sound/articles", "/situation/quern-sound/entry/e-on-1", "/situation/quern-sound/entry/e-courier-3-1"} {
		load(t, s, path, 200).sound()
		load(t, s, path, 200, desk).sound()
	}
	for _, path := range []string{"/situation/quern-sound/map.svg", "/situation/quern-sound/feed.rss", "/situation/quern-sound/feed.atom"} {
		wellFormed(t, path, get(t, s, path).Body.Bytes())
	}
}

func TestSituationFaults(t *testing.T) {
	f := quernSoundFollowed()
	s := situationSite(t, f)
	f.err = model.Errorf(model.ErrTemporary, "store: locked")
	for _, path := range []string{"/situations", "/situation/quern-sound", "/situation/quern-sound/timeline", "/situation/quern-sound/map.svg", "/situation/quern-sound/feed.rss"} {
		if w := get(t, s, path); w.Code != http.StatusServiceUnavailable {
			t.Errorf("GET %s = %d, want 503", path, w.Code)
		}
	}
}

func TestDefineSituation(t *testing.T) {
	f := quernSoundFollowed()
	f.preview = model.Preview{Articles: 21, All: 27, Stories: 2, Sample: f.articles[:3], Warnings: []string{`"the" is in nearly every article`}}
	s := situationSite(t, f)
	load(t, s, "/situations/new", 403)
	load(t, s, "/situation/quern-sound/edit", 403)
	load(t, s, "/situations/new", 200, desk).sound()
	p := load(t, s, "/situation/quern-sound/edit", 200, desk)
	p.sound()
	if got := p.text("textarea#words"); got != "garrison\nwithdraw*\nlandbank" {
		t.Errorf("the form has the words %q", got)
	}
	p.count("button[value=save]", 0)
	form := url.Values{
		"title": {"Quern Sound!"}, "words": {"garrison\r\n\r\nwithdraw*\ngarrison"}, "speakers": {"http://localhost:8080/speaker/mod"}, "places": {"2\n3"}, "from": {"2031-03-09"}, "by": {"R. Quist"},
	}
	send := func(id, verb string, who asker) (int, page) {
		form.Set("verb", verb)
		w := post(s, "/desk/situation/"+id, form, who)
		root, err := html.Parse(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		return w.Code, page{t, root}
	}
	if code, _ := send("new", "save", public); code != 403 {
		t.Errorf("a reader defines a situation: %d", code)
	}
	code, p := send("new", "preview", desk)
	if code != 200 || len(f.saved) > 0 {
		t.Fatalf("preview = %d, %d kept", code, len(f.saved))
	}
	p.sound()
	p.says("section[aria-labelledby=h-pre]", "21 articles of 27, in 2 stories. \"the\" is in nearly every article")
	p.count("section[aria-labelledby=h-pre] tbody tr", 3)
	p.count("button[value=save]", 1)
	if code, _ = send("new", "save", desk); code != 303 || len(f.saved) != 1 {
		t.Fatalf("save = %d, %d kept", code, len(f.saved))
	}
	got := f.saved[0]
	want := model.Situation{
		ID: "quern-sound-2", Title: "Quern Sound!", Words: []string{"garrison", "withdraw*"}, Speakers: []string{"mod"}, Places: []int64{2, 3},
		From: time.Date(2031, 3, 9, 0, 0, 0, 0, time.UTC), By: "R. Quist", Created: crisisNow, Changed: crisisNow, Revision: 1,
	}
	if d := cmpdiff.Diff(want, got); d != "" {
		t.Errorf("kept (-want +got):\n%s", d)
	}
	if code, _ = send("quern-sound", "save", desk); code != 409 {
		t.Errorf("a form of an older revision = %d, want 409", code)
	}
	form.Set("revision", "3")
	if code, _ = send("quern-sound", "save", desk); code != 303 || f.saved[1].ID != "quern-sound" || !f.saved[1].Created.Equal(at("9 09:00")) {
		t.Errorf("change = %d, kept %+v", code, f.saved)
	}
	for name, value := range map[string]string{"title": " ", "places": "Dorrin", "from": "soon"} {
		old := form.Get(name)
		form.Set(name, value)
		code, p := send("new", "save", desk)
		if code != 400 || len(f.saved) != 2 {
			t.Errorf("%s %q = %d, %d kept", name, clip(20, value), code, len(f.saved))
		}
		p.sound()
		p.count("[role=alert]", 1)
		form.Set(name, old)
	}
}

// towns is a gazetteer of three places, two of one name.
type towns struct{}

func (towns) FindPlace(given string) (int64, error) {
	switch given {
	case "Dorrin", "2":
		return 2, nil
	case "8":
		return 8, nil
	case "Newton":
		return 0, model.Errorf(model.ErrInvalid, "place %q may be any of 2; give one by its id: 8 (city, Tolmark); 9 (city, Kestria)", given)
	}
	return 0, model.Errorf(model.ErrInvalid, "place %q is not in the gazetteer", given)
}

func (towns) PlaceName(id int64) string {
	return map[int64]string{2: "Dorrin", 8: "Newton", 9: "Newton"}[id]
}

func TestPlacesByName(t *testing.T) {
	f := quernSoundFollowed()
	f.facts[0].Places = []int64{2, 8, 77}
	cfg := situationConfig(f)
	cfg.Places = towns{}
	s := New(slog.New(slog.DiscardHandler), f, cfg)
	if got := s.formOf(f.facts[0].Situation).Places; got != "Dorrin\n8\n77" {
		t.Errorf("the form has the places %q", got)
	}
	for given, want := range map[string]string{"Dorrin\n8": "", "Newton": "8 (city, Tolmark); 9 (city, Kestria)", "Nowhere": "not in the gazetteer"} {
		got, err := s.define(situationForm{Title: "T", Places: given}, model.Situation{})
		if want == "" && (err != nil || !slices.Equal(got.Places, []int64{2, 8})) || want != "" && (err == nil || !strings.Contains(forReader(err), want)) {
			t.Errorf("%q gives %v, %v: want %q", given, got.Places, err, want)
		}
	}
}

func TestPinMember(t *testing.T) {
	f := quernSoundFollowed()
	s := situationSite(t, f)
	p := load(t, s, "/situation/quern-sound/articles", 200, desk)
	p.sound()
	p.count("form.pins", 21)
	for _, c := range []struct {
		form url.Values
		who  asker
		want int
	}{
		{url.Values{"article": {"weir-1"}, "verb": {"exclude"}, "by": {"R. Quist"}}, desk, 303},
		{url.Values{"story": {"/story/bank"}, "verb": {"pin"}}, desk, 303},
		{url.Values{"article": {"weir-1"}, "verb": {"exclude"}}, public, 403},
		{url.Values{"article": {"weir-1"}, "verb": {"burn"}}, desk, 400},
		{url.Values{"article": {"weir-1"}, "story": {"bank"}, "verb": {"pin"}}, desk, 400},
		{url.Values{"verb": {"pin"}}, desk, 400},
	} {
		if w := post(s, "/desk/situation/quern-sound/member", c.form, c.who); w.Code != c.want {
			t.Errorf("%v = %d, want %d", c.form, w.Code, c.want)
		}
	}
	want := []model.Pin{
		{Situation: "quern-sound", Article: "weir-1", Verb: model.PinOut, By: "R. Quist", At: crisisNow},
		{Situation: "quern-sound", Story: "bank", Verb: model.PinIn, By: "the desk", At: crisisNow},
	}
	if d := cmpdiff.Diff(want, f.pins); d != "" {
		t.Errorf("pins (-want +got):\n%s", d)
	}
	load(t, s, "/situation/quern-sound/articles", 200, desk).says("section[aria-labelledby=h-ex]", "excluded by R. Quist")
}

func TestSituationFormats(t *testing.T) {
	s := situationSite(t, quernSoundFollowed())
	var whole apiSituationWhole
	callAPI(t, s, "/api/v1/situations/quern-sound", &whole)
	if n := whole.Situation; n.Claims != 5 || n.Disputed != 4 || n.Speakers != 11 || n.Reversals != 1 || n.Articles != 21 || n.Origins != 16 || n.Outages != 1 {
		t.Errorf("counts are %+v", n)
	}
	if len(whole.Claims) != 5 || len(whole.Services) != 5 || len(whole.Articles) != 21 || len(whole.Places) != 7 || len(whole.Reports) != 1 {
		t.Errorf("%d claims, %d services, %d articles, %d places, %d reports", len(whole.Claims), len(whole.Services), len(whole.Articles), len(whole.Places), len(whole.Reports))
	}
	if m := whole.Claims[4].Measured; m == nil || !m.Lost || m.State != "confirmed" || m.Words != "unreachable from 5 of 6 vantage points" {
		t.Errorf("beside claim 5 is measured %+v", m)
	}
	if m := whole.Claims[0].Measured; m != nil {
		t.Errorf("beside claim 1 is measured %+v", m)
	}
	var line apiTimeline
	callAPI(t, s, "/api/v1/situations/quern-sound/timeline?limit=3", &line)
	if len(line.Entries) != 3 || !strings.Contains(line.Next, "before=") {
		t.Errorf("%d entries, next %q", len(line.Entries), line.Next)
	}
	rows, err := csv.NewReader(get(t, s, "/api/v1/situations/quern-sound/timeline.csv?kind=reversal").Body).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][7] != "Joran Pellmark" || rows[1][10] != "denies" {
		t.Errorf("rows %v, %v", rows, err)
	}
	rows, err = csv.NewReader(get(t, s, "/api/v1/situations/quern-sound/statements.csv").Body).ReadAll()
	if err != nil || len(rows) < 20 {
		t.Errorf("%d rows of statements, %v", len(rows), err)
	}
	if w := get(t, s, "/api/v1/situations/quern-sound/timeline?known=soon"); w.Code != 400 {
		t.Errorf("known=soon = %d", w.Code)
	}
	var geo geoFeatures
	if err := json.Unmarshal(get(t, s, "/situation/quern-sound/places.geojson").Body.Bytes(), &geo); err != nil || len(geo.Features) != 7 || geo.Features[5].Geometry != nil || geo.Features[0].Geometry.Coordinates != [2]float64{8.6, 56.2} {
		t.Errorf("GeoJSON %+v, %v", geo, err)
	}
	svg := get(t, s, "/situation/quern-sound/map.svg")
	wellFormed(t, "map.svg", svg.Body.Bytes())
	if got := svg.Header().Get("Content-Type"); got != "image/svg+xml; charset=utf-8" {
		t.Errorf("the map is %s", got)
	}
	load(t, s, "/situation/ferries", 200).sound()
	if w := get(t, s, "/situation/ferries/map.svg"); w.Code != 404 {
		t.Errorf("a map of nothing = %d", w.Code)
	}
}

func TestSituationFeeds(t *testing.T) {
	f := quernSoundFollowed()
	cfg := situationConfig(f)
	cfg.BaseURL = "https://news.example"
	s := New(slog.New(slog.NewTextHandler(t.Output(), nil)), f.memory, cfg)
	var rss rssDoc
	if err := xml.Unmarshal(get(t, s, "/situation/quern-sound/feed.rss").Body.Bytes(), &rss); err != nil || len(rss.Channel.Items) != min(feedItems, len(f.entries)) {
		t.Fatalf("RSS: %v, %d items", err, len(rss.Channel.Items))
	}
	if it := rss.Channel.Items[0]; it.Title != "Ministry of Defence denies" || it.Link != "https://news.example/situation/quern-sound/entry/e-gazette-3-1" {
		t.Errorf("first item %+v", it)
	}
	var atom atomDoc
	if err := xml.Unmarshal(get(t, s, "/situation/quern-sound/feed.atom").Body.Bytes(), &atom); err != nil {
		t.Fatal(err)
	}
	if atom.ID != "https://news.example/situation/quern-sound" || atom.Updated != "2031-03-12T16:14:00Z" || len(atom.Entries) != len(rss.Channel.Items) {
		t.Errorf("Atom %+v", atom)
	}
	var feed jsonFeed
	if err := json.Unmarshal(get(t, s, "/situation/quern-sound/feed.json").Body.Bytes(), &feed); err != nil || len(feed.Items) != len(rss.Channel.Items) {
		t.Errorf("JSON Feed: %v, %d items", err, len(feed.Items))
	}
	var blog liveBlog
	if err := json.Unmarshal([]byte(load(t, s, "/situation/quern-sound", 200).text("script[type='application/ld+json']")), &blog); err != nil {
		t.Fatal(err)
	}
	if blog.Type != "LiveBlogPosting" || blog.End != "" || blog.Start != "2031-03-09T09:00:00Z" || len(blog.Updates) != blogPosts || blog.Updates[0].Date != "2031-03-12T16:14:00Z" {
		t.Errorf("live blog %+v", blog)
	}
}

// formValues is what a browser would send of a form, as it stands.
func (p page) formValues() url.Values {
	v := url.Values{}
	for _, n := range p.all("form.define input, form.define textarea") {
		value := attr(n, "value")
		if n.Data == "textarea" {
			value = ""
			if n.FirstChild != nil {
				value = n.FirstChild.Data
			}
		}
		if _, checked := attrOf(n, "checked"); attr(n, "type") != "checkbox" || checked {
			v.Add(attr(n, "name"), value)
		}
	}
	return v
}

func attrOf(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// TestBriefing writes, corrects and follows up a briefing as an editor does.
func TestBriefing(t *testing.T) {
	f := quernSoundFollowed()
	s := situationSite(t, f)
	const home = "/situation/quern-sound/briefing/"
	load(t, s, home+"new", 403)
	load(t, s, home+"1", 404)
	p := load(t, s, home+"new", 200, desk)
	p.sound()
	v := p.formValues()
	v.Set("title", "Quern Sound, Wednesday evening")
	v.Set("by", "L. Amsel")
	words, orders := v["words"], v["words-order"]
	words[0], orders[0] = "Whether one has to do with the other, nobody has shown.", "15"
	v["pin"] = []string{v["key"][2]}
	if w := post(s, "/desk"+strings.TrimSuffix(home, "/"), v, public); w.Code != 403 {
		t.Errorf("a reader publishes: %d", w.Code)
	}
	w := post(s, "/desk"+strings.TrimSuffix(home, "/"), v, desk)
	if w.Code != 303 || w.Header().Get("Location") != home+"1" {
		t.Fatalf("publish = %d to %q\n%s", w.Code, w.Header().Get("Location"), clip(600, w.Body.String()))
	}
	f.everySentenceTraces(t)
	p = load(t, s, home+"1", 200)
	p.sound()
	p.says(".stand", "Briefing 1, version 1 · Wed 12 Mar 2031, 18:10 UTC · L. Amsel")
	p.says(".brief > li:nth-child(1).pin q", strings.TrimSpace(f.briefs[0].Sentences[0].Text))
	p.says(".brief > li:nth-child(2)", "5 claims, 4 of them disputed.")
	p.says(".brief > li:nth-child(3) .desk", "Whether one has to do with the other")
	p.says(".brief", "21 articles from 16 independent origins; 5 copies.")
	p.says(".brief .me", "Confirmed: loss of connectivity to Landbank of Tolmark")
	p.says(".brief", "of the text of version 2") // the words stand in the changed article
	p.count("#h-c", 0)
	if md := get(t, s, home+"1.md"); !strings.Contains(md.Body.String(), "Briefing 1, version 1") || md.Header().Get("Content-Type") != "text/markdown; charset=utf-8" {
		t.Errorf("Markdown: %s", clip(300, md.Body.String()))
	}
	if mail := get(t, s, home+"1.html").Body.String(); !strings.Contains(mail, "<b>Desk:</b>") || strings.Contains(mail, "<script") {
		t.Errorf("mail: %s", clip(300, mail))
	}

	// A correction leaves out the desk's words.
	v = load(t, s, home+"new?n=1", 200, desk).formValues()
	if v.Get("n") != "1" || v["words"][0] == "" || len(v["pin"]) != 1 {
		t.Fatalf("the form to correct has %v", v)
	}
	v["words"][0] = ""
	post(s, "/desk"+strings.TrimSuffix(home, "/"), v, desk)
	p = load(t, s, home+"1", 200)
	p.says(".stand", "Briefing 1, version 2")
	p.says("section[aria-labelledby=h-c]", "left out now · Desk: Whether one has to do with the other")
	load(t, s, home+"1?version=1", 200).says(".stand", "a later version is published")
	load(t, s, home+"1?version=9", 404)

	// The next one takes what was pinned along, and what changed is shown.
	f.statements["gazette-3"] = nil
	v = load(t, s, home+"new", 200, desk).formValues()
	if len(v["pin"]) != 1 {
		t.Errorf("the next briefing begins with pins %v", v["pin"])
	}
	post(s, "/desk"+strings.TrimSuffix(home, "/"), v, desk)
	p = load(t, s, home+"2", 200)
	p.says("#h-c", "Changed since briefing 1")
	p.says("section[aria-labelledby=h-c]", "left out now · There is nobody at the line but the ordinary guard")
	p.says("section[aria-labelledby=h-c]", "says now · 5 claims, 3 of them disputed.")
	f.everySentenceTraces(t)
	load(t, s, "/situation/quern-sound", 200).says("#sources + .two", "Briefing 2, 12 Mar 18:10 · Briefing 1, 12 Mar 18:10")

	for name, change := range map[string]func(url.Values){
		"a number": func(v url.Values) { v["order"][0] = "first" },
		"whole":    func(v url.Values) { v["order"] = v["order"][1:] },
		"no title": func(v url.Values) { v.Set("title", " ") },
		"no picks": func(v url.Values) { v["key"], v["order"] = nil, nil },
	} {
		v := load(t, s, home+"new", 200, desk).formValues()
		change(v)
		if w := post(s, "/desk"+strings.TrimSuffix(home, "/"), v, desk); w.Code != 400 {
			t.Errorf("%s = %d, want 400", name, w.Code)
		}
	}
	v = load(t, s, home+"new", 200, desk).formValues()
	v["key"][0] = "statement:gone"
	if w := post(s, "/desk"+strings.TrimSuffix(home, "/"), v, desk); w.Code != 409 {
		t.Errorf("a sentence that is gone = %d, want 409", w.Code)
	}
}

// everySentenceTraces follows the statements of all briefings to the stored
// bytes of their captures.
func (f *followed) everySentenceTraces(t *testing.T) {
	t.Helper()
	n := 0
	for _, b := range f.briefs {
		for _, x := range b.Sentences {
			if x.Kind != model.SentenceStatement {
				continue
			}
			n++
			body, err := f.CaptureBody(t.Context(), x.Capture)
			if err != nil || !strings.Contains(string(body), x.Text) {
				t.Errorf("%s: %q does not stand in capture %s: %v", x.Key, x.Text, x.Capture, err)
			}
			for _, rev := range f.revisions[x.Article] {
				if rev.N == x.Revision {
					if err := publish.Trace(x, rev.Text); err != nil {
						t.Error(err)
					}
				}
			}
		}
	}
	if n < 10 {
		t.Errorf("only %d statements were followed", n)
	}
}

// TestBriefingKeepsLicences: the desk sees more than it may publish.
func TestBriefingKeepsLicences(t *testing.T) {
	f := quernSoundFollowed()
	f.restrict("Sennabruk Courier", "Kestrian Gazette")
	s := situationSite(t, f)
	if text := load(t, s, "/situation/quern-sound/briefing/new", 200, desk).text("form"); strings.Contains(text, "I can confirm that two battalions") || strings.Contains(text, "nobody at the line") {
		t.Error("the draft quotes what may not be published")
	}

	// What was published before a source forbade it is shown to the desk alone.
	f = quernSoundFollowed()
	s = situationSite(t, f)
	v := load(t, s, "/situation/quern-sound/briefing/new", 200, desk).formValues()
	v.Set("title", "Quern Sound")
	post(s, "/desk/situation/quern-sound/briefing", v, desk)
	post(s, "/desk/situation/quern-sound/briefing", v, desk)
	f.restrict("Sennabruk Courier", "Kestrian Gazette")
	const words = "There is nobody at the line"
	for _, path := range []string{"/situation/quern-sound/briefing/1", "/situation/quern-sound/briefing/2", "/situation/quern-sound/briefing/1.md", "/situation/quern-sound/briefing/1.html", "/api/v1/situations/quern-sound/briefings"} {
		if strings.Contains(get(t, s, path).Body.String(), words) {
			t.Errorf("%s quotes what may no longer be quoted", path)
		}
		if !strings.Contains(get(t, s, path, desk).Body.String(), words) {
			t.Errorf("%s keeps the words from the desk", path)
		}
	}
	p := load(t, s, "/situation/quern-sound/briefing/2", 200)
	p.says("main", "sentences are from sources that allow no quotation any more")
	p.says("section[aria-labelledby=h-c]", "Nothing but the order")
}

// TestSmallPrint has what is easily forgotten: feeds of what has not begun, names
// with control characters, rules of alerts that name what is not known.
func TestSmallPrint(t *testing.T) {
	f := quernSoundFollowed()
	f.facts[1].Latest, f.facts[1].Changed = time.Time{}, at("8 09:00")
	f.spots[0].Name = "Senna\x1bbruk\x00"
	f.alertDoubts = []string{`rule "Bank" names situation "autum", which there is not`}
	f.entries = append([]model.Entry{{
		ID: "e-told", Kind: model.EntryMovement, At: at("12 18:00"), Seen: at("12 18:01"), Text: "A column moved on Tuesday", Article: "courier-3", Outlet: "Sennabruk Courier",
	}}, f.entries...)
	s := situationSite(t, f)
	for path, want := range map[string]string{"timeline": "the article states: A column moved on Tuesday", "entry/e-told": "the article states", "feed.rss": "Stated by the article: A column moved"} {
		if path == "feed.rss" {
			if body := get(t, s, "/situation/quern-sound/feed.rss").Body.String(); !strings.Contains(body, want) {
				t.Errorf("%s lacks %q:\n%s", path, want, body)
			}
			continue
		}
		load(t, s, "/situation/quern-sound/"+path, 200).says("main", want)
	}
	atom := get(t, s, "/situation/ferries/feed.atom").Body.String()
	if !strings.Contains(atom, "<updated>2031-03-08T09:00:00Z</updated>") || strings.Contains(atom, "0001-01-01") {
		t.Errorf("a feed without entries:\n%s", atom)
	}
	f.facts[1].Changed = time.Time{}
	if atom := get(t, s, "/situation/ferries/feed.atom").Body.String(); strings.Contains(atom, "0001-01-01") {
		t.Errorf("a feed that does not know when it began:\n%s", atom)
	}
	svg := get(t, s, "/situation/quern-sound/map.svg").Body
	wellFormed(t, "map.svg", svg.Bytes())
	if !strings.Contains(svg.String(), ">Senna bruk") {
		t.Errorf("the place has no label in\n%s", svg)
	}
	load(t, s, "/sources", 200, desk).says("section[aria-labelledby=h-a] li", f.alertDoubts[0])
	load(t, s, "/sources", 200, public).count("section[aria-labelledby=h-a]", 0)
}
