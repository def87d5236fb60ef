package web

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"crosscheck/internal/model"
)

// told puts stretches into a line: "ok 12:00–12:03, lost 12:03–12:10".
func toldStretches(list []stretch) string {
	return strings.Join(each(list, func(s stretch) string {
		text := fmt.Sprintf("%s %s–%s", []string{"none", "ok", "lost", "out"}[s.Kind], s.From.Format("15:04"), s.To.Format("15:04"))
		if s.Why != "" {
			text += " " + s.Why
		}
		return text
	}), ", ")
}

// cells are roll-ups of five minutes from noon on: "5/0" is five reached and none
// lost, "0/2/3" two lost and three not valid, "" is none.
func cells(list ...string) []model.Rollup {
	var out []model.Rollup
	for i, text := range list {
		r := model.Rollup{Vantage: "v", Start: at("11 12:00").Add(time.Duration(i) * model.RollupFine)}
		if n, _ := fmt.Sscanf(text+"/0", "%d/%d/%d", &r.OK, &r.Fail, &r.Invalid); n > 0 {
			out = append(out, r)
		}
	}
	return out
}

func TestStretches(t *testing.T) {
	for _, c := range []struct{ cells, want string }{
		{"5/0 5/0", "ok 12:00–12:10"},
		{"5/0 1/4 0/5", "ok 12:00–12:06, lost 12:06–12:15"},
		{"5/0 4/1 0/5", "ok 12:00–12:09, lost 12:09–12:15"},
		{"0/5 2/3 5/0", "lost 12:00–12:08, ok 12:08–12:15"},
		{"5/0 4/1 5/0", "ok 12:00–12:15"}, // one probe lost is no loss
		{"5/0 1/4 5/0", "ok 12:00–12:06, lost 12:06–12:10, ok 12:10–12:15"},
		{"5/0 2/0/3 0/0/5 5/0", "ok 12:00–12:07, out 12:07–12:15, ok 12:15–12:20"},
		{"5/0 - 5/0", "ok 12:00–12:05, none 12:05–12:10, ok 12:10–12:15"},
		{"- 0/5 -", "none 12:00–12:05, lost 12:05–12:10, none 12:10–12:15"},
	} {
		list := strings.Fields(c.cells)
		x := axis{at("11 12:00"), at("11 12:00").Add(time.Duration(len(list)) * model.RollupFine)}
		if got := toldStretches(stretchesOf(cells(list...), x, model.RollupFine)); got != c.want {
			t.Errorf("%s: %s, want %s", c.cells, got, c.want)
		}
	}
}

func TestLeaveOut(t *testing.T) {
	x := axis{at("11 12:00"), at("11 12:30")}
	for _, c := range []struct{ cells, from, to, want string }{
		{"5/0 5/0 5/0 5/0 5/0 5/0", "12:10", "12:20", "ok 12:00–12:10, out 12:10–12:20 clock, ok 12:20–12:30"},
		{"0/5 0/5 0/5 0/5 0/5 0/5", "11:00", "13:00", "out 12:00–12:30 clock"},
		{"5/0 0/0/5 0/0/5 5/0 5/0 5/0", "12:05", "12:05", "ok 12:00–12:05, out 12:05–12:15 clock, ok 12:15–12:30"}, // only the reason is new
		{"5/0 - - 5/0 5/0 5/0", "12:00", "12:20", "out 12:00–12:05 clock, none 12:05–12:15, out 12:15–12:20 clock, ok 12:20–12:30"},
		{"5/0 5/0 5/0 5/0 5/0 5/0", "12:10", "12:10", "ok 12:00–12:30"},
	} {
		n := lane{Stretches: stretchesOf(cells(strings.Fields(c.cells)...), x, model.RollupFine)}
		n.leaveOut(at("11 "+c.from), at("11 "+c.to), "clock", x)
		if got := toldStretches(n.Stretches); got != c.want {
			t.Errorf("%s without %s to %s: %s, want %s", c.cells, c.from, c.to, got, c.want)
		}
	}
}

func TestWithin(t *testing.T) {
	x := axis{at("11 12:00"), at("12 13:00")}
	for _, c := range []struct{ from, to, want string }{
		{"11 12:00", "12 13:00", "throughout"},
		{"11 13:00", "12 13:00", "since 13:00"},
		{"12 11:00", "12 13:00", "since 12 Mar 11:00"},
		{"11 12:00", "11 13:00", "until 13:00"},
		{"11 13:00", "11 14:00", "13:00–14:00"},
		{"11 23:00", "12 01:00", "23:00–12 Mar 01:00"},
		{"12 01:00", "12 02:00", "12 Mar 01:00–02:00"},
	} {
		if got := within(at(c.from), at(c.to), x); got != c.want {
			t.Errorf("within(%s, %s) = %q, want %q", c.from, c.to, got, c.want)
		}
	}
	day := axis{at("11 12:00"), at("12 12:00")} // no time of day comes twice
	if got := within(at("11 23:00"), at("12 01:00"), day); got != "23:00–01:00" {
		t.Errorf("within a day: %q", got)
	}
}

// Whatever is measured, stretches follow each other without a gap, every vantage
// point is somewhere at every moment, and the drawing stays in its frame.
func TestLooksAreWhole(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		x := axis{at("11 12:00").Add(time.Duration(rnd.IntN(3600)) * time.Second), crisisNow}
		posts := 1 + rnd.IntN(7)
		var list []model.Rollup
		for v := range posts {
			for now := at("11 11:00"); now.Before(crisisNow.Add(time.Hour)); now = now.Add(model.RollupFine) {
				if rnd.IntN(4) > 0 {
					list = append(list, model.Rollup{Vantage: fmt.Sprint(v), Start: now, OK: rnd.IntN(6), Fail: rnd.IntN(6), Invalid: rnd.IntN(3), TTFB: rnd.ExpFloat64() * 500})
				}
			}
		}
		rnd.Shuffle(len(list), func(i, k int) { list[i], list[k] = list[k], list[i] })
		l := lookOf(list, x, model.RollupFine, nil)
		o := model.OutageFacts{Onset: x.start, Verdicts: []model.Outage{{At: at("11 20:00"), Excluded: []model.Exclusion{{Vantage: "0", Why: "silent"}}}, {At: at("12 02:00")}}}
		l.exclude(&o)
		for i := range l.Lanes {
			now := x.start
			for k, s := range l.Lanes[i].Stretches {
				if !s.From.Equal(now) || !s.From.Before(s.To) || k > 0 && l.Lanes[i].Stretches[k-1].Kind == s.Kind {
					t.Fatalf("stretches do not follow each other: %s", toldStretches(l.Lanes[i].Stretches))
				}
				now = s.To
			}
			if !now.Equal(x.end) {
				t.Fatalf("stretches end at %s", now)
			}
		}
		now := x.start
		tiers := l.tiers()
		for _, tr := range tiers {
			if !tr.From.Equal(now) || tr.Reached < 0 || tr.Lost < 0 || tr.Excluded < 0 || tr.Valid()+tr.Excluded > len(l.Lanes) {
				t.Fatalf("tier %+v after %s of %d lanes", tr, now, len(l.Lanes))
			}
			now = tr.To
		}
		if !now.Equal(x.end) {
			t.Fatalf("tiers end at %s", now)
		}
		thinned := thin(tiers, x)
		if len(thinned) > maxSteps+1 {
			t.Errorf("%d tiers are drawn", len(thinned))
		}
		low := func(a, b tier) int { return a.Reached - b.Reached }
		if a, b := slices.MinFunc(tiers, low), slices.MinFunc(thinned, low); a.Reached != b.Reached {
			t.Errorf("the fewest, %d, are drawn as %d", a.Reached, b.Reached)
		}
		c := reachChartOf(&l, span{}, &o, "X")
		for _, b := range c.Out {
			if w := percentOf(b.X) + percentOf(b.Width); b.Height <= 0 || w > 100.02 {
				t.Errorf("hatched box %+v", b)
			}
		}
		if len(c.Title) > 400 {
			t.Errorf("a long title: %s", c.Title)
		}
	}
}

func TestUsualRange(t *testing.T) {
	var list []model.Rollup
	for h := range 100 {
		for v := range 4 {
			r := model.Rollup{Vantage: fmt.Sprint(v), Start: at("8 00:00").Add(time.Duration(h) * time.Hour), OK: 60, TTFB: 100}
			if h == 50 { // one bad hour is not usual
				r.OK, r.Fail, r.TTFB = 0, 60, 0
			}
			if v == 3 && h%5 == 0 {
				r.OK, r.Fail = 0, 60
			}
			list = append(list, r)
		}
	}
	x := axis{at("8 00:00"), at("8 00:00").Add(100 * time.Hour)}
	l := lookOf(list, x, time.Hour, nil)
	if got := l.usualShare(); got != (span{.75, 1, true}) {
		t.Errorf("usual share: %+v", got)
	}
	if got := l.usualTTFB(); got != (span{100, 100, true}) {
		t.Errorf("usual time: %+v", got)
	}
	x.end = x.start.Add(10 * time.Hour)
	l = lookOf(list, x, time.Hour, nil)
	if got := l.usualShare(); got.Known {
		t.Errorf("ten hours make a usual range: %+v", got)
	}
}

func TestAvailability(t *testing.T) {
	for share, want := range map[float64]string{1: "100.0\u00a0%", .984: "98.4\u00a0%", .99999: ">\u00a099.9\u00a0%", 0: "0.0\u00a0%", -1: "–"} {
		if got := availability(share); got != want {
			t.Errorf("availability(%v) = %q, want %q", share, got, want)
		}
	}
}

func TestTargetShown(t *testing.T) {
	for _, c := range []struct {
		target        string
		private, desk bool
		want          string
	}{
		{"https://u:p@bank.example/login?key=1#x", false, false, "https://bank.example/login"},
		{"https://10.0.0.7/", true, false, ""},
		{"https://10.0.0.7/", true, true, "https://10.0.0.7/"},
		{"tcp:mail.example:25", false, false, "tcp:mail.example:25"},
		{"", false, false, ""},
	} {
		if got := targetShown(&model.Service{Target: c.target, Private: c.private}, c.desk); got != c.want {
			t.Errorf("targetShown(%q, %t, %t) = %q, want %q", c.target, c.private, c.desk, got, c.want)
		}
	}
}
