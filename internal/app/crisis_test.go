package app

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/article"
	"crosscheck/internal/demo"
	"crosscheck/internal/model"
	"crosscheck/internal/publish"
	"crosscheck/internal/testkit"

	"github.com/google/go-cmp/cmp"
)

// crisis is the situation of the script.
const crisis = "quern-sound"

var tags = regexp.MustCompile(`<[^>]*>`)

// plain is a page without its tags, on one line.
func plain(page string) string {
	return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(page, " "))), " ")
}

// claimOf is the claim of a passage of the script, with all that is said of it.
func (a *App) claimOf(t *testing.T, url, words string) (string, []model.Ledger) {
	t.Helper()
	l, err := a.passage(t.Context(), demo.Passage{URL: url, Words: words})
	if err != nil {
		t.Fatal(err)
	}
	said, err := a.store.ClaimLedger(t.Context(), l.Claim)
	if err != nil {
		t.Fatal(err)
	}
	return l.Claim, said
}

// readSituation holds the situation of the script to what happens in it.
func readSituation(t *testing.T, a *App) {
	facts, err := a.store.Situation(t.Context(), crisis)
	if err != nil {
		t.Fatal(err)
	}
	if facts.Articles != 21 || facts.Origins != 16 || facts.Reversals != 1 || facts.Outages != 1 {
		t.Errorf("%d articles of %d origins, %d reversals, %d outages; want 21, 16, 1, 1", facts.Articles, facts.Origins, facts.Reversals, facts.Outages)
	}
	page := plain(get(t, a.URL()+"/situation/"+crisis))
	for _, want := range []string{"16 origins, 5 copies", "Confirmed: loss of connectivity to Landbank of Tolmark from 16:41 UTC (±1 min) to 22:07 UTC, seen from 5 of 6 vantage points"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	board := map[string][]string{}
	_, said := a.claimOf(t, "http://aldwire.example/2031/03/11/kestria-brigades-returning", "Units of the 4th and 9th Brigades")
	for _, p := range model.Positions(said) {
		key := p.Speaker().Speaker
		if key == "Joran Pellmark" && !p.Until.IsZero() {
			key += ", before"
		}
		board[key] = append(board[key], fmt.Sprintf("%s, reversal %v", p.Stance, p.Reversal))
	}
	for who, want := range map[string]string{
		"Ministry of Defence, Kestria": "asserts, reversal false",
		"Oda Rasmirel":                 "confirms, reversal false",
		"Joran Pellmark, before":       "denies, reversal false",
		"Joran Pellmark":               "confirms, reversal true",
		"Ilse Varrenhof":               "doubts, reversal false",
	} {
		if !slices.Contains(board[who], want) {
			t.Errorf("%s: %q, want %q; all: %v", who, board[who], want, board)
		}
	}
	a.readDenials(t)
	a.readMeasured(t, page)
	a.readPlaces(t)
	a.readTimeline(t)
}

// readDenials finds the denials that nobody put in place by hand on the claims
// that they deny.
func (a *App) readDenials(t *testing.T) {
	for _, x := range []struct{ url, said, by, who string }{
		{"http://plumbline.example/notes/railheads-9-to-11-march", "More equipment is moving towards the line", "Mirrin Okafell", "Halvar Dressik"},
		{"http://notices.landbank.example/notices/2031-03-11-unreachable", "Cards can be used in shops", "Landbank of Tolmark", "traders’ guild of Sennabruk"},
		{"http://aldwire.example/2031/03/11/landbank-flood-tessary", "The flood is being directed", "Bram Tessary", "Oda Rasmirel"},
	} {
		_, said := a.claimOf(t, x.url, x.said)
		stands := map[string]model.Stance{}
		for _, p := range model.Positions(said) {
			stands[p.Speaker().Speaker] = p.Stance
		}
		if want := map[string]model.Stance{x.by: model.StanceAsserts, x.who: model.StanceDenies}; !maps.Equal(stands, want) {
			t.Errorf("%q: %v, want %v", x.said, stands, want)
		}
	}
}

// readMeasured finds the one outage, and that it stands beside what the bank says.
func (a *App) readMeasured(t *testing.T, page string) {
	outages, err := a.store.Outages(t.Context(), model.OutageQuery{Grave: true})
	if err != nil || len(outages) != 1 {
		t.Fatalf("%d outages, %v; want one", len(outages), err)
	}
	o := outages[0]
	verdicts := map[model.OutageState]int{}
	for _, v := range o.Verdicts {
		verdicts[v.State]++
	}
	if o.Service != "landbank" || verdicts[model.StateConfirmed] != 1 || verdicts[model.StateResolved] != 1 {
		t.Errorf("outage of %s: verdicts %v, want one confirmed and one resolved", o.Service, verdicts)
	}
	if len(o.Peak.Excluded) != 1 || o.Peak.Excluded[0].Vantage != "wes-1" {
		t.Errorf("excluded: %+v, want wes-1", o.Peak.Excluded)
	}
	claim, _ := a.claimOf(t, "http://notices.landbank.example/notices/2031-03-11-unreachable", "Our site and our app")
	said, err := a.store.ClaimLedger(t.Context(), claim)
	if err != nil {
		t.Fatal(err)
	}
	beside, err := pages{a.store, a.now}.ClaimMeasured(t.Context(), said)
	if m := beside[claim]; err != nil || m.Outage == nil || m.Outage.ID != o.ID || m.Said != model.SaidDown {
		t.Errorf("beside the bank's claim: %+v, %v", m, err)
	}
	words := regexp.MustCompile(`Our site and our app cannot be reached at present claim \d+ measured: unreachable from 5 of 6 vantage points 11 Mar 16:4[12]–22:0[78] UTC \(confirmed\)`)
	if !words.MatchString(page) {
		t.Errorf("the page does not have what is measured beside the bank's claim:\n%s", page)
	}
}

// readPlaces finds the script's places on the map, where the script has them.
func (a *App) readPlaces(t *testing.T) {
	var got struct {
		Features []struct {
			Geometry   struct{ Coordinates [2]float64 }
			Properties struct{ Name, Country string }
		}
	}
	if err := json.Unmarshal([]byte(get(t, a.URL()+"/situation/"+crisis+"/places.geojson")), &got); err != nil {
		t.Fatal(err)
	}
	at := map[string]string{}
	for _, f := range got.Features {
		at[f.Properties.Name] = fmt.Sprint(f.Properties.Country, " ", f.Geometry.Coordinates[1], " ", f.Geometry.Coordinates[0])
	}
	for name, want := range map[string]string{
		"Dorrin": "XE -46.4 -126.8", "Ambry": "XE -46.8 -127.1", "Arvenholt": "XE -46.9 -126", "Sennabruk": "XT -47 -129.2", "Hallin": "XO -45.6 -128.1",
	} {
		if at[name] != want {
			t.Errorf("%s: %q, want %q; all: %v", name, at[name], want, at)
		}
	}
	drawn := plain(get(t, a.URL()+"/situation/"+crisis+"/map.svg"))
	for _, name := range []string{"Sennabruk", "Arvenholt", "Hallin"} {
		if !strings.Contains(drawn, name) {
			t.Errorf("the map lacks %s: %s", name, drawn)
		}
	}
}

// readTimeline follows every statement of the timeline to a stored capture, and
// finds the entries of the outage and the one reversal.
func (a *App) readTimeline(t *testing.T) {
	var entries []model.Entry
	testkit.Eventually(t, 10*time.Second, "the outage in the timeline", func() bool {
		entries = nil
		for before := ""; ; before = entries[len(entries)-1].ID {
			next, err := a.store.SituationEntries(t.Context(), crisis, model.EntryQuery{Before: before, Limit: 200})
			if err != nil {
				t.Fatal(err)
			}
			if entries = append(entries, next...); len(next) < 200 {
				break
			}
		}
		return slices.ContainsFunc(entries, func(e model.Entry) bool { return e.Kind == model.EntryResolved })
	})
	said := map[model.EntryKind][]string{}
	texts := map[string]string{} // of captures
	followed := 0
	for i := range entries {
		e := &entries[i]
		switch e.Kind {
		case model.EntryOnset, model.EntryConfirmed, model.EntryResolved:
			said[e.Kind] = append(said[e.Kind], e.Service)
		case model.EntryReversal:
			said[e.Kind] = append(said[e.Kind], e.Speaker)
		}
		if e.Statement != "" {
			a.followWords(t, e, texts)
			followed++
		}
	}
	want := map[model.EntryKind][]string{
		model.EntryOnset: {"landbank"}, model.EntryConfirmed: {"landbank"}, model.EntryResolved: {"landbank"}, model.EntryReversal: {"Joran Pellmark"},
	}
	if d := cmp.Diff(want, said); d != "" {
		t.Errorf("entries (-want +got):\n%s", d)
	}
	if followed < 100 {
		t.Errorf("%d statements were followed", followed)
	}
}

// followWords checks that the words of an entry are the bytes of its spans in
// what is read out of a stored capture.
func (a *App) followWords(t *testing.T, e *model.Entry, texts map[string]string) {
	t.Helper()
	list, err := a.store.Claimables(t.Context(), e.Article)
	if err != nil {
		t.Fatal(err)
	}
	revisions, err := a.store.Revisions(t.Context(), e.Article)
	if err != nil {
		t.Fatal(err)
	}
	for i := range list {
		l := &list[i].Ledger
		if l.ID != e.Statement {
			continue
		}
		rev := revisions[slices.IndexFunc(revisions, func(r model.Revision) bool { return r.N == l.Revision })]
		if _, known := texts[rev.Capture]; !known {
			texts[rev.Capture] = a.textOf(t, rev.Capture)
		}
		if got := model.Words(texts[rev.Capture], l.Content); got != e.Text {
			t.Errorf("entry %s is %q, its spans in capture %s are %q", e.ID, e.Text, rev.Capture, got)
		}
		return
	}
	t.Errorf("entry %s: no statement %s", e.ID, e.Statement)
}

// textOf reads a stored capture anew.
func (a *App) textOf(t *testing.T, hash string) string {
	t.Helper()
	c, err := a.store.Capture(t.Context(), hash)
	if err != nil {
		t.Fatal(err)
	}
	body, err := a.store.CaptureBody(t.Context(), hash)
	if err != nil || model.HashOf(body) != hash {
		t.Fatalf("capture %s: %v", hash, err)
	}
	art, err := article.Read(body, article.Hints{URL: c.FinalURL, ContentType: c.ContentType, Now: c.At})
	if err != nil {
		t.Fatal(err)
	}
	return art.Text
}

// readBriefing follows the words of both versions of the desk's briefing, and
// reads what changed.
func readBriefing(t *testing.T, a *App) {
	versions, err := a.store.Briefing(t.Context(), crisis, 1)
	if err != nil || len(versions) != 2 {
		t.Fatalf("%d versions, %v; want 2", len(versions), err)
	}
	kinds := map[model.SentenceKind]int{}
	for _, b := range versions {
		for _, s := range b.Sentences {
			kinds[s.Kind]++
			switch s.Kind {
			case model.SentenceStatement:
				if err := publish.Trace(s, a.textOf(t, s.Capture)); err != nil {
					t.Errorf("version %d: %v", b.Version, err)
				}
			case model.SentenceOutage:
				if o, err := a.store.Outage(t.Context(), s.Outage); err != nil || o.Service != "landbank" {
					t.Errorf("version %d: outage %s: %+v, %v", b.Version, s.Outage, o, err)
				}
			case model.SentenceCount:
				for _, id := range s.Of {
					if _, err := a.store.Article(t.Context(), id); err != nil {
						t.Errorf("version %d counts %s: %v", b.Version, id, err)
					}
				}
			}
		}
	}
	want := map[model.SentenceKind]int{model.SentenceStatement: 10, model.SentenceOutage: 2, model.SentenceCount: 2, model.SentenceDesk: 2}
	if d := cmp.Diff(want, kinds); d != "" {
		t.Errorf("sentences (-want +got):\n%s", d)
	}
	page := plain(get(t, a.URL()+"/situation/"+crisis+"/briefing/1"))
	for _, want := range []string{
		"Briefing 1 , version 2", "The bank can be reached again.", "Changed since version 1", "new · More equipment is moving towards the line",
		"says now · Confirmed: loss of connectivity to Landbank of Tolmark from 16:41 UTC (±1 min) to 22:07 UTC", "left out now · Our site and our app",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the briefing's page lacks %q:\n%s", want, page)
		}
	}
}
