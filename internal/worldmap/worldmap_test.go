package worldmap

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

func TestWorld(t *testing.T) {
	w := theWorld()
	if len(w.countries) < 200 || len(w.arcs) < 1000 {
		t.Fatalf("%d countries, %d arcs", len(w.countries), len(w.arcs))
	}
	names := map[string]bool{}
	for _, c := range w.countries {
		names[c.name] = true
		for _, refs := range c.rings {
			if len(w.ring(refs)) < 3 {
				t.Errorf("a ring of %s has no area", c.name)
			}
		}
	}
	for _, want := range []string{"Ukraine", "Sudan", "Chile", "Fiji"} {
		if !names[want] {
			t.Errorf("%s is missing", want)
		}
	}
	if len(outlines) > 400_000 {
		t.Errorf("the outlines take %d bytes, want at most 400,000", len(outlines))
	}
}

func TestDecodeDamaged(t *testing.T) {
	for _, bad := range [][]byte{nil, []byte("no"), outlines[:len(outlines)/2]} {
		if _, err := decode(bad); err == nil {
			t.Errorf("%d damaged bytes are read", len(bad))
		}
	}
}

func TestFit(t *testing.T) {
	for name, c := range map[string]struct {
		sites        []Site
		west, east   float64 // about
		south, north float64
	}{
		"one place":     {[]Site{{50, 30}}, 24.8, 35.2, 47.5, 52.5},
		"the date line": {[]Site{{-18, 178}, {-14, -171}}, 176, 191, -21, -11},
		"nothing":       {nil, -180, 180, -125, 145},
	} {
		v := Fit(c.sites, 400, 300)
		for _, s := range c.sites {
			if _, _, in := v.XY(s); !in {
				t.Errorf("%s: %v lies outside %+v", name, s, v)
			}
		}
		if math.Abs(v.West-c.west) > 4 || math.Abs(v.East-c.east) > 4 || math.Abs(v.South-c.south) > 6 || math.Abs(v.North-c.north) > 6 {
			t.Errorf("%s: %+v, want about %v to %v, %v to %v", name, v, c.west, c.east, c.south, c.north)
		}
	}
	if _, _, in := Fit([]Site{{50, 30}}, 400, 300).XY(Site{-30, -60}); in {
		t.Error("a place on the other side of the world lies in the view")
	}
}

// TestFitHoldsEverySite: whatever the sites, each lies in the view.
func TestFitHoldsEverySite(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 2))
		sites := make([]Site, 1+r.IntN(8))
		for i := range sites {
			sites[i] = Site{r.Float64()*170 - 85, r.Float64()*360 - 180}
		}
		v := Fit(sites, 400, 300)
		for _, s := range sites {
			if x, y, in := v.XY(s); !in {
				t.Fatalf("seed %d: %v lies at %.1f, %.1f in %+v", seed, s, x, y, v)
			}
		}
	}
}

// numbers reads the numbers of a path and fails on anything a path has not.
func numbers(t *testing.T, d string) (pen [][2]float64) {
	t.Helper()
	var x, y float64
	rest := d
	relative := false
	read := func() float64 {
		rest = strings.TrimLeft(rest, " ")
		i, dot := 0, false
		for i < len(rest) && (rest[i] >= '0' && rest[i] <= '9' || i == 0 && rest[i] == '-' || rest[i] == '.' && !dot) {
			dot = dot || rest[i] == '.'
			i++
		}
		f, err := strconv.ParseFloat(rest[:i], 64)
		if err != nil {
			t.Fatalf("no number at %q", rest[:min(20, len(rest))])
		}
		rest = rest[i:]
		return f
	}
	for rest != "" {
		switch rest[0] {
		case 'M':
			rest, relative = rest[1:], false
			x, y = read(), read()
		case 'l':
			rest, relative = rest[1:], true
			continue
		case 'z':
			rest = rest[1:]
			continue
		default:
			if !relative {
				t.Fatalf("coordinates without a command at %q", rest[:min(20, len(rest))])
			}
			x, y = x+read(), y+read()
		}
		pen = append(pen, [2]float64{x, y})
	}
	return pen
}

func TestOutlines(t *testing.T) {
	for name, sites := range map[string][]Site{
		"the Baltic": {{56, 8}, {58, 12}}, "Fiji": {{-18, 178}, {-17, -179}}, "the world": {{-50, -170}, {60, 170}, {0, 0}}, "the open sea": {{-40, -110}}, "the pole": {{84, 10}},
	} {
		v := Fit(sites, 400, 300)
		o := v.Outlines(nil)
		for what, d := range map[string]string{"land": o.Land, "coast": o.Coast, "borders": o.Borders} {
			for _, p := range numbers(t, d) {
				const far = 60 // a step beyond the edge may end a little further out
				if p[0] < -far-400 || p[0] > 800+far || p[1] < -far-300 || p[1] > 600+far {
					t.Errorf("%s: %s reaches %v", name, what, p)
					break
				}
			}
			if len(d) > 60_000 {
				t.Errorf("%s: %s takes %d bytes", name, what, len(d))
			}
		}
		if (o.Land == "") != (name == "the open sea" || name == "the pole") {
			t.Errorf("%s: %d bytes of land", name, len(o.Land))
		}
	}
	baltic := Fit([]Site{{54.5, 8}, {58, 12}}, 400, 300).Outlines(nil)
	var names []string
	for _, n := range baltic.Names {
		names = append(names, n.Text)
	}
	if got := strings.Join(names, " "); !strings.Contains(got, "GERMANY") && !strings.Contains(got, "SWEDEN") && !strings.Contains(got, "DENMARK") {
		t.Errorf("names are %s", got)
	}
	if baltic.Borders == "" {
		t.Error("no border between Denmark and Germany")
	}
}

func TestSimplify(t *testing.T) {
	line := []xy{{0, 0}, {1, .1}, {2, -.1}, {3, 0}, {3, 9}, {3.1, 9.1}}
	if got := simplify(line); len(got) != 3 && len(got) != 4 {
		t.Errorf("simplify leaves %v", got)
	}
	if got := simplify(line); got[0] != line[0] || got[len(got)-1] != line[5] {
		t.Errorf("the ends of %v went", got)
	}
}

// TestArrange: no label meets another, a mark or the edge.
func TestArrange(t *testing.T) {
	v := View{Width: 400, Height: 300}
	named := 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 3))
		marks := make([]Mark, 1+r.IntN(30))
		for i := range marks {
			marks[i] = Mark{X: r.Float64() * 400, Y: r.Float64() * 300, Label: strings.Repeat("x", 3+r.IntN(20)), Weight: r.IntN(9)}
		}
		groups := Cluster(marks, 12)
		stood := 0
		for _, g := range groups {
			stood += len(g.Group)
		}
		if stood != len(marks) {
			t.Fatalf("seed %d: %d of %d marks are in groups", seed, stood, len(marks))
		}
		v.Arrange(groups)
		for i, a := range groups {
			if a.Text.Width == 0 {
				continue
			}
			named++
			if a.Text.X < 0 || a.Text.Y < 0 || a.Text.X+a.Text.Width > 400 || a.Text.Y+a.Text.Height > 300 {
				t.Fatalf("seed %d: %+v stands over the edge", seed, a.Text)
			}
			for j, b := range groups {
				mark := Box{b.X - markHalf, b.Y - markHalf, 2 * markHalf, 2 * markHalf}
				if i != j && a.Text.meets(b.Text) || a.Text.meets(mark) {
					t.Fatalf("seed %d: label %d meets %d", seed, i, j)
				}
			}
		}
		if seed == 0 && groups[0].Text.Width == 0 {
			t.Error("the heaviest mark has no label")
		}
	}
	if named < 1000 {
		t.Errorf("only %d labels found a place", named)
	}
}

func TestKilometres(t *testing.T) {
	v := Fit([]Site{{50, 30}}, 400, 300)
	length, km := v.Kilometres()
	if want := length / 300 * (v.North - v.South) * 111.2; math.Abs(want-float64(km)) > 1 || length > 100 {
		t.Errorf("a line of %.1f stands for %d km, want %.1f", length, km, want)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte{0, 0})
	f.Fuzz(func(t *testing.T, raw []byte) {
		d := decoder{raw: raw}
		arcs := make([]arc, min(d.count(), 64))
		for i := range arcs {
			arcs[i] = d.arc([4]float64{1, 1, 0, 0})
		}
		w := &world{arcs: arcs}
		for range min(d.count(), 64) {
			c := d.country(w.arcs)
			if d.bad {
				return
			}
			for _, refs := range c.rings {
				w.ring(refs)
			}
		}
	})
}

func BenchmarkOutlines(b *testing.B) {
	v := Fit([]Site{{56, 8}, {58, 12}}, 400, 300)
	for b.Loop() {
		v.Outlines(nil)
	}
}
