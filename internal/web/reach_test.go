package web

import (
	"encoding/xml"
	"errors"
	"io"
	"log/slog"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/outage"
)

// hostileReach is a Reach whose every text is bad and whose numbers make no
// sense.
func hostileReach() *instruments {
	long := strings.Repeat("Donaudampfschiffahrt", 500)
	m := &instruments{ledger: []model.Ledger{{Statement: model.Statement{Speaker: bad, SpeakerID: bad, Claim: bad, Article: bad}, Text: bad + long, Outlet: bad}}}
	states := []model.OutageState{model.StateConfirmed, bad, model.StateFlapping, "", model.StateUnknown, model.StateUp}
	for i, id := range []string{bad, "landbank", long, "قال", "../..", "a/b?c#d"} {
		v := model.Outage{
			At: crisisNow, Service: id, Event: bad, State: states[i], Class: model.OutageClass(bad), Onset: crisisNow.Add(-time.Hour), Uncertainty: -1 << 62,
			Down: []string{bad, long}, Up: []string{bad}, Excluded: []model.Exclusion{{Vantage: bad, Why: bad + long}}, Asked: -7, Networks: -1, Support: []string{bad, long}, Rule: bad, Reviewed: i%2 == 0,
		}
		s := model.Service{ID: id, Name: bad + long, Target: "javascript:alert(1)//" + bad, Country: bad}
		m.services = append(m.services, model.ServiceFacts{Service: s, Now: v, Since: crisisNow, Availability: math.NaN(), Refused: math.Inf(1), Observed: crisisNow.Add(time.Hour)})
		again := v
		again.Reviewed, again.Class = !v.Reviewed, model.ClassBlockedFrom+bad
		o := model.OutageFacts{
			ID: id, Event: bad, Service: id, ServiceName: bad + long, State: states[i], Class: model.OutageClass(bad), Onset: crisisNow.Add(time.Duration(i-3) * time.Hour), Peak: v, Confirmed: crisisNow,
			Verdicts: []model.Outage{v, again, {}},
		}
		if i%2 == 1 {
			o.End = o.Onset.Add(-time.Hour) // before it began
		}
		m.events = append(m.events, o)
		for k, vantage := range []string{bad, long, ""} {
			ob := model.Observation{
				At: crisisNow.Add(-time.Minute), Service: id, Vantage: vantage, Country: bad, Valid: k != 1, Outcome: model.Outcome([]string{"fail", "ok", bad}[k]), Layer: model.Layer([]string{"dns", "", bad}[k]),
				Failure: bad + long, Status: -5, DNS: math.NaN(), TCP: math.Inf(1), TLS: -1, TTFB: math.NaN(),
			}
			m.seen = append(m.seen, ob)
			for h := range 40 {
				at := crisisNow.Add(-time.Duration(h) * 31 * time.Minute) // in no interval
				r := model.Rollup{Service: id, Vantage: vantage, Start: at, OK: -3 + h, Fail: 1 << 40 * (h % 2), Invalid: h % 3, Layer: model.Layer(bad), TTFB: []float64{math.NaN(), math.Inf(1), -4, 1e300}[h%4]}
				m.fine, m.coarse = append(m.fine, r), append(m.coarse, r)
			}
		}
		m.posts = append(m.posts, model.VantageFacts{Vantage: model.Vantage{ID: bad, Country: bad, Group: bad}, Name: bad + long})
	}
	return m
}

func TestReachPages(t *testing.T) {
	m := measuredCrisis(t)
	m.ledger = []model.Ledger{{Statement: model.Statement{Article: "bank-1", N: 1, Speaker: "Landbank of Tolmark", Stance: model.StanceAsserts, Claim: "c4"}, Text: "Our site cannot be reached", Outlet: "Landbank"}}
	m.services[4].Maintenance = []model.TimeInterval{{Start: at("12 23:00"), End: at("13 01:00")}, {Start: at("1 23:00"), End: at("2 01:00")}}
	s := measuring(t, quernSound(), m)
	for _, c := range []struct{ path, selector, want string }{
		{"/", "section[aria-labelledby=h-re]", "What is measured all 5 services reachable; 1 grave outage in 24 hours"},
		{"/", "section[aria-labelledby=h-re] a[href='/services']", "All that is measured"},
		{"/services", "nav[aria-label=Main] [aria-current=page]", "Services"},
		{"/services", "main .stand", "All 5 reachable. 6 vantage points report and have 5 votes."},
		{"/services", ".svc tbody tr:nth-child(2)", "Landbank of Tolmarkreachableunreachable until 22:07 from 5 of 6, 1 excluded (confirmed)98.4 %6"},
		{"/services", ".svc tbody tr:nth-child(1)", "Aldwirereachablereachable throughout100.0 %6"},
		{"/services", "section[aria-labelledby=h-o] tbody", "11 Mar 16:41Landbank of Tolmarkconfirmed lossuntil 11 Mar 22:07"},
		{"/service/landbank", "h1", "Landbank of Tolmark"},
		{"/service/landbank", "main .stand", "Reachable now, reached from 6 of 6 vantage points, median 86 ms. 1 grave outage in 14 days; availability 98.4 %."},
		{"/service/landbank", ".report", "Confirmed: loss of connectivity to Landbank of Tolmark from 11 Mar 2031 16:41 UTC (±1 min) to 11 Mar 2031 22:07 UTC, seen from 5 of 6 vantage points (4 networks, 3 countries); failing at TCP; 1 excluded: its own uplink was down."},
		{"/service/landbank", "#sht", "Vantage points that reached Landbank of Tolmark, 11 March 2031 15:00 to 12 Mar 18:10 UTC: 6 of 6 at first, the fewest, 0 of 5, 16:41–22:07, 6 of 6 at the end"},
		{"/service/landbank", "#ltt", "Time to first byte, logarithmic: 84 ms at first, between 84 ms and 3.3 s, 84 ms at the end. Usually 81 ms to 84 ms."},
		{"/service/landbank", ".vant caption", "hal-1, hal-2 share a network and count as one vote. 6 vantage points, 5 votes."},
		{"/service/landbank", ".vant tbody tr:nth-child(1)", "sen-1 AS64496 Sennabruk, Tolmark, XAlost 16:41–22:07"},
		{"/service/landbank", ".vant tbody", "hal-1 AS64500 Hallin, Ostmere, XClost 16:29–22:07"},
		{"/service/landbank", ".vant tbody", "arv-1 AS64499 Arvenholt, Kestria, XBlost 16:36–22:07"},
		{"/service/landbank", ".vant tbody", "excluded 15:52–22:31: its own uplink was down"},
		{"/service/landbank", ".lay tbody tr:nth-child(1)", "arv-1ok 31 mstime-out––"},
		{"/service/landbank", ".lay tbody tr:last-child", "wes-1excluded: its own uplink was down"},
		{"/service/landbank", "section[aria-labelledby=h-c]", "The cause is not established."},
		{"/service/landbank", "section[aria-labelledby=h-d] h2", "5 h 26 min of grave loss"},
		{"/service/landbank", ".days .hot", "11 March77.1 %5 h 26 min"},
		{"/service/landbank", "section[aria-labelledby=h-q]", "asserts claim · Landbank of Tolmark: Our site cannot be reached"},
		{"/service/landbank", "section[aria-labelledby=h-e] pre", `<img src="/service/landbank/badge.svg" alt="Whether Landbank of Tolmark can be reached, measured by crosscheck">`},
		{"/service/landbank?day=2031-03-10", "section[aria-labelledby=h-s] h2", "10 Mar 00:00 to 11 Mar 00:00"},
		{"/service/landbank?day=2031-03-10", "section[aria-labelledby=h-s]", "Only counts by the hour are kept of that time."},
		{"/service/mod-kestria", "main .stand", "of the answers turned the probe away, which is no outage"},
		{"/service/mod-kestria", ".report", "Up: Ministry of Defence, Kestria is reached"},
		{"/service/mod-kestria", ".lay", "hal-1ok 18 msok 20 msok 41 msturned away (403)"},
		{"/service/mod-kestria", ".vant tbody tr:nth-child(1)", "reachable throughout"},
		{"/service/aldwire", "main .note", "Announced work: 12 Mar 23:00 to 13 Mar 01:00."},
		{"/outage/o1", "h1", "Landbank of Tolmark: confirmed loss"},
		{"/outage/o1", ".facts", "Onset16:41 ±1 minConfirmed16:51Back22:07Lost from5 of 6 1 excludedIn4 networks 3 countries"},
		{"/outage/o1", "section[aria-labelledby=h-s] h2", "11 Mar 14:00 to 12 Mar 00:00"},
		{"/outage/o1", "#sht", "6 of 6 at first, the fewest, 0 of 5, 16:41–22:07, 6 of 6 at the end"},
		{"/outage/o1", "section[aria-labelledby=h-c] table", "TCP: time-out5 of 5 that lost itits name was answeredat 5 of 5, median 17 msanswered while it was lost0 of 1,"},
		{"/outage/o1", "section[aria-labelledby=h-c] table", "in the half hour beforeup to 3.3 s; usually 81 ms to 84 ms"},
		{"/outage/o1", "section[aria-labelledby=h-j] li:nth-child(1)", "11 Mar 16:41onset: back-dated, ±1 min"},
		{"/outage/o1", "section[aria-labelledby=h-j]", "confirmed: isl-1, sen-1 lose it; 5 of 5 lost"},
		{"/outage/o1", "section[aria-labelledby=h-j]", "end of the loss: back-dated"},
		{"/outage/o1", "section[aria-labelledby=h-k]", "has not been judged again"},
	} {
		p := load(t, s, c.path, 200)
		p.sound()
		p.says(c.selector, c.want)
	}
	p := load(t, s, "/service/landbank", 200)
	if html := get(t, s, "/service/landbank", desk).Body.String(); strings.Contains(html, "hunter2") || strings.Contains(html, "user:secret") {
		t.Error("the page shows what is secret in an address")
	}
	p.count(".vant .ex", 1)
	p.count(".vant .mb", 5)
	p.count("section[aria-labelledby=h-s] .ex", 1)
	p.count("[aria-labelledby=sht] .band", 1)
	for path, status := range map[string]int{"/service/nowhere": 404, "/outage/nowhere": 404, "/service/landbank?day=yesterday": 400, "/service/landbank?day=2999-01-01": 400, "/service/nowhere/badge.svg": 404} {
		load(t, s, path, status).sound()
	}
	if w := get(t, s, "/service/landbank/"); w.Code != 301 || w.Header().Get("Location") != "/service/landbank" {
		t.Errorf("a slash too many = %d to %q", w.Code, w.Header().Get("Location"))
	}
}

// A page must not outgrow a slow connection: compressed, at most 30 kB.
func TestReachPagesAreLight(t *testing.T) {
	s := measuring(t, quernSound(), measuredCrisis(t))
	for _, path := range []string{"/services", "/service/landbank", "/outage/o1", "/service/landbank/chart.svg"} {
		if n := zipped(get(t, s, path).Body.Bytes()); n > 30_000 {
			t.Errorf("%s weighs %d bytes compressed", path, n)
		}
	}
}

func TestNothingIsMeasured(t *testing.T) {
	s := site(t, quernSound())
	p := load(t, s, "/services", 200)
	p.sound()
	p.says("main", "Nothing is measured here yet.")
	load(t, s, "/", 200).count("section[aria-labelledby=h-re]", 0)
	load(t, s, "/service/landbank", 404).says("main", "Nothing is measured here.")
	load(t, s, "/outage/o1", 404).says("main", "Nothing is measured here.")
	load(t, measuring(t, quernSound(), &instruments{}), "/services", 200).says("main", "Nothing is measured here yet.")
	if w := get(t, s, "/services/feed.rss"); w.Code != 200 {
		t.Errorf("feed = %d", w.Code)
	}
}

// one is a Reach with one service and as many vantage points as asked for.
func one(posts int) *instruments {
	m := &instruments{services: []model.ServiceFacts{{Service: model.Service{ID: "x", Name: "X"}, Availability: -1}}}
	for i := range posts {
		v := model.Vantage{ID: string(rune('a' + i)), ASN: uint32(64496 + i), Country: "XA"}
		m.posts = append(m.posts, model.VantageFacts{Vantage: v})
		o := model.Observation{At: crisisNow.Add(-time.Minute), Service: "x", Vantage: v.ID, Valid: true, Outcome: model.OutcomeOK, TTFB: 50}
		m.seen = append(m.seen, o)
		m.fine = append(m.fine, model.Rollup{Service: "x", Vantage: v.ID, Start: crisisNow.Add(-10 * time.Minute), OK: 5, TTFB: 50})
		m.coarse = append(m.coarse, model.Rollup{Service: "x", Vantage: v.ID, Start: crisisNow.Truncate(time.Hour), OK: 5, TTFB: 50})
		m.services[0].Observed, m.services[0].Availability = o.At, 1
	}
	return m
}

func TestFewVantagePoints(t *testing.T) {
	for posts, muted := range map[int]bool{0: true, 1: true, 2: true, 3: false} {
		s := measuring(t, quernSound(), one(posts))
		for _, path := range []string{"/services", "/service/x"} {
			p := load(t, s, path, 200)
			p.sound()
			if got := strings.Contains(p.text("main .note"), "never confirmed with two or fewer"); got != muted {
				t.Errorf("%s with %d vantage points says that nothing is confirmed: %t, want %t", path, posts, got, muted)
			}
		}
		p := load(t, s, "/service/x", 200)
		if posts == 0 {
			p.says("main", "No vantage point measured it")
			p.says(".stand", "Not measured yet. No grave outage in 14 days.")
			p.says("section[aria-labelledby=h-d]", "nothing was measured")
		} else {
			p.says(".vant tbody", "not measured until 18:00, since 18:05")
			p.says("section[aria-labelledby=h-s] h2", "usual range not known yet")
		}
	}
}

func TestStaleIsNotKnown(t *testing.T) {
	m := measuredCrisis(t)
	m.services[0].Observed = crisisNow.Add(-3 * time.Hour)
	m.services[0].Now.State = model.StateConfirmed
	s := measuring(t, quernSound(), m)
	load(t, s, "/service/landbank", 200).says(".stand", "How it stands is not known now: heard last 12 Mar 15:10.")
	load(t, s, "/", 200).says("section[aria-labelledby=h-re]", "4 of 5 services reachable; 1 grave outage in 24 hours; of 1 it is not known")
	load(t, s, "/services", 200).says(".svc tbody tr:nth-child(1)", "Landbank of Tolmarknot known nowheard last 12 Mar 15:10")
}

func TestOngoing(t *testing.T) {
	m := measuredCrisis(t)
	s := New(slog.New(slog.DiscardHandler), quernSound(), Config{Now: func() time.Time { return at("11 18:00") }, Reach: m, Report: outage.Sentence, Unknowns: outage.Unknowns})
	o := &m.events[0]
	o.End = time.Time{}
	m.services[0].Now, m.services[0].Since, m.services[0].Observed = o.Peak, o.Peak.At, at("11 18:00")
	p := load(t, s, "/service/landbank", 200)
	p.says(".stand", "Now: unreachable, reached from 0 of 5 vantage points.")
	p.says(".report", "from 16:41 UTC (±1 min), seen from 5 of 6")
	p.says(".vant tbody", "lost since 16:41")
	load(t, s, "/", 200).says("section[aria-labelledby=h-re] tbody", "Landbank of Tolmarkunreachablesince 11 Mar 16:51")
	load(t, s, "/services", 200).says(".svc tr.hot", "unreachable since 16:41 from 5 of 6, 1 excluded (confirmed)")
	load(t, s, "/outage/o1", 200).says(".stand", "Lasts since 11 Mar 16:41, 1 h 19 min so far.")
	var rss struct {
		Item []struct {
			Title string `xml:"title"`
		} `xml:"channel>item"`
	}
	if err := xml.Unmarshal(get(t, s, "/service/landbank/feed.rss").Body.Bytes(), &rss); err != nil || len(rss.Item) != 1 || rss.Item[0].Title != "Landbank of Tolmark: confirmed loss" {
		t.Errorf("feed: %v, %+v", err, rss)
	}
}

func TestCorrections(t *testing.T) {
	m := measuredCrisis(t)
	o := &m.events[0]
	first := slices.Clone(o.Verdicts)
	for _, earlier := range []time.Duration{40 * time.Minute, 12 * time.Minute} { // reviewed twice
		for _, v := range first {
			v.Reviewed, v.Onset = true, v.Onset.Add(-earlier)
			o.Verdicts = append(o.Verdicts, v)
		}
	}
	twin := *o
	twin.ID, twin.Service, twin.ServiceName = "o2", "aldwire", "Aldwire"
	m.events = append(m.events, twin)
	p := load(t, measuring(t, quernSound(), m), "/outage/o1", 200)
	p.sound()
	p.says(".stand", "Judged again since.")
	p.says("section[aria-labelledby=h-k]", "Both verdicts are kept.")
	p.says("section[aria-labelledby=h-k] .me", "Reviewed: Confirmed: loss of connectivity to Landbank of Tolmark from 11 Mar 2031 16:29 UTC")
	p.says("section[aria-labelledby=h-k] tbody", "onset11 Mar 16:4111 Mar 16:29")
	p.says("section[aria-labelledby=h-k] s", "11 Mar 16:41")
	p.says("section[aria-labelledby=h-k] tbody", "end11 Mar 22:0711 Mar 22:07 unchanged")
	p.says("section[aria-labelledby=h-j] li.was", "(first judgement)")
	p.count("section[aria-labelledby=h-j] li", 2*len(first)+2)
	p.says("section[aria-labelledby=h-t]", "Aldwire")
}

func TestReachHostile(t *testing.T) {
	m := hostileReach()
	s := New(slog.New(slog.NewTextHandler(t.Output(), nil)), hostile(), Config{Now: func() time.Time { return crisisNow }, Reach: m})
	paths := []string{"/", "/services"}
	for _, f := range m.services {
		paths = append(paths, serviceURL(f.ID), outageURL(f.ID), serviceURL(f.ID)+"?day=2031-03-11")
	}
	for _, path := range paths {
		for _, who := range []asker{desk, public} {
			w := get(t, s, path, who)
			if w.Code == 404 || w.Code == 301 || w.Code == 307 {
				continue // an id that no address can carry
			}
			p := load(t, s, path, 200, who)
			p.sound()
			for _, n := range p.all("h1, h2, h3, th, td, title") {
				if text := (page{t, n}).text("*"); len([]rune(text)) > 2500 {
					t.Errorf("%s: a text of %d characters", clip(60, path), len([]rune(text)))
				}
			}
			if n := zipped(w.Body.Bytes()); n > 30_000 {
				t.Errorf("%s weighs %d bytes compressed", clip(60, path), n)
			}
			for _, nonsense := range []string{"NaN", "Inf", "%!"} {
				if strings.Contains(w.Body.String(), nonsense) {
					t.Errorf("%s says %s", clip(60, path), nonsense)
				}
			}
		}
	}
}

func TestPictures(t *testing.T) {
	for name, m := range map[string]*instruments{"crisis": measuredCrisis(t), "hostile": hostileReach(), "one": one(1), "none": one(0)} {
		s := measuring(t, quernSound(), m)
		for i, f := range m.services {
			for _, kind := range []string{"badge", "chart"} {
				w := get(t, s, serviceURL(f.ID)+"/"+kind+".svg")
				if w.Code == 404 || w.Code == 301 || w.Code == 307 {
					if name != "hostile" {
						t.Errorf("%s %s = %d", name, kind, w.Code)
					}
					continue
				}
				var root struct{ XMLName xml.Name }
				dec := xml.NewDecoder(w.Body)
				for err := dec.Decode(&root); ; err = dec.Decode(&root) {
					if errors.Is(err, io.EOF) {
						break
					}
					if err != nil {
						t.Fatalf("%s %s %d is not XML: %v", name, kind, i, err)
					}
				}
				h := w.Header()
				for key, want := range map[string]string{
					"Content-Type": "image/svg+xml; charset=utf-8", "Cache-Control": "public, max-age=60", "Cross-Origin-Resource-Policy": "cross-origin", "Content-Security-Policy": picturePolicy,
				} {
					if h.Get(key) != want {
						t.Errorf("%s: %s is %q, want %q", kind, key, h.Get(key), want)
					}
				}
			}
		}
	}
	s := measuring(t, quernSound(), measuredCrisis(t))
	w := get(t, s, "/service/landbank/badge.svg")
	if body := w.Body.String(); !strings.Contains(body, ">Landbank of Tolmark</text>") || !strings.Contains(body, ">reachable</text>") || !strings.Contains(body, "<title id=\"t\">Landbank of Tolmark: reachable, measured 12 March 2031 18:10 UTC") {
		t.Errorf("badge: %s", body)
	}
	again := get(t, s, "/service/landbank/badge.svg", func(r *http.Request) { r.Header.Set("If-None-Match", w.Header().Get("ETag")) })
	if again.Code != 304 || again.Header().Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Errorf("asked again: %d %v", again.Code, again.Header())
	}
	if body := get(t, s, "/service/landbank/chart.svg").Body.String(); strings.Contains(body, "href") || strings.Count(body, "http") != 1 || !strings.Contains(body, "6 vantage points, as of 12 Mar 2031 18:10 UTC") {
		t.Errorf("a chart that needs something else: %s", body)
	}
}
