package worldmap

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// View is a stretch of the world, in degrees, and the size of its drawing, in
// the drawing's own units. East may lie beyond 180 where the stretch crosses
// the date line. The projection is equirectangular, true to scale along the
// middle parallel.
type View struct {
	West, South, East, North float64
	Width, Height            float64
}

// Site is a place on the earth, in degrees.
type Site struct{ Lat, Lon float64 }

// The least height of a view, in degrees, about 330 km, and the part of it
// that is left free round the sites on each side.
const (
	leastSpan = 3.0
	margin    = .18
)

// Fit is the smallest view of the given size that shows every site with room
// round it; of the whole world where there is none.
func Fit(sites []Site, width, height float64) View {
	v := View{West: -180, East: 180, South: -60, North: 80, Width: width, Height: height}
	if len(sites) == 0 {
		return v.shaped()
	}
	v.South, v.North = 90, -90
	for _, s := range sites {
		v.South, v.North = min(v.South, s.Lat), max(v.North, s.Lat)
	}
	v.West, v.East = shortest(sites)
	grow := func(lo, hi *float64, least float64) {
		span := max(*hi-*lo, least)
		mid := (*lo + *hi) / 2
		*lo, *hi = mid-span*(.5+margin), mid+span*(.5+margin)
	}
	grow(&v.South, &v.North, leastSpan)
	grow(&v.West, &v.East, leastSpan)
	return v.shaped()
}

// shortest is the shortest stretch of longitudes that holds every site.
func shortest(sites []Site) (west, east float64) {
	lons := make([]float64, len(sites))
	for i, s := range sites {
		lons[i] = math.Mod(math.Mod(s.Lon, 360)+540, 360) - 180
	}
	slices.Sort(lons)
	gap, at := lons[0]+360-lons[len(lons)-1], 0
	for i := 1; i < len(lons); i++ {
		if g := lons[i] - lons[i-1]; g > gap {
			gap, at = g, i
		}
	}
	west = lons[at]
	return west, west + 360 - gap
}

// squeeze is the length of a degree of longitude against one of latitude at the
// middle parallel.
func (v View) squeeze() float64 {
	return max(.3, math.Cos((v.South+v.North)/2*math.Pi/180))
}

// shaped widens the view to the shape of its drawing.
func (v View) shaped() View {
	want := v.Width / v.Height
	wide, high := (v.East-v.West)*v.squeeze(), v.North-v.South
	if wide < want*high {
		mid, half := (v.West+v.East)/2, want*high/v.squeeze()/2
		v.West, v.East = mid-half, mid+half
	} else {
		mid, half := (v.South+v.North)/2, wide/want/2
		v.South, v.North = mid-half, mid+half
	}
	if v.East-v.West > 360 {
		mid := (v.West + v.East) / 2
		v.West, v.East = mid-180, mid+180
	}
	return v
}

// XY is where a site lies in the drawing, and whether it lies inside.
func (v View) XY(s Site) (x, y float64, inside bool) {
	lon := s.Lon
	for lon < v.West {
		lon += 360
	}
	for lon > v.East && lon-360 >= v.West {
		lon -= 360
	}
	x, y = v.at(point{lon, s.Lat})
	return x, y, x >= 0 && x <= v.Width && y >= 0 && y <= v.Height
}

func (v View) at(p point) (x, y float64) {
	return (p.lon - v.West) / (v.East - v.West) * v.Width, (v.North - p.lat) / (v.North - v.South) * v.Height
}

// Kilometres is how long a line of the drawing is that stands for a round
// number of kilometres, and that number: about a quarter of the width.
func (v View) Kilometres() (length float64, km int) {
	const degree = 111.2 // km of a degree of latitude
	perUnit := (v.North - v.South) / v.Height * degree
	for _, n := range []int{5000, 2000, 1000, 500, 200, 100, 50, 20, 10} {
		if km = n; float64(n)/perUnit <= v.Width/4 {
			break
		}
	}
	return float64(km) / perUnit, km
}

// Outlines is what a view shows of the world, as the d of SVG paths.
type Outlines struct {
	Land    string // to be filled, even-odd
	Coast   string
	Borders string
	Lines   string // a desk's own
	Names   []Name
	Own     bool // some of it is a desk's own
}

// Name is a country's name and where its middle lies, or what a line is called
// and where its name stands.
type Name struct {
	Text string
	X, Y float64
}

// Detail of the drawing, in its units: what may be left out of a line, how far
// it goes on beyond the edge, and the least area of a country that is named.
const (
	tolerance = .6
	beyond    = 3
	leastArea = 1500
)

// drawn keeps the outlines of the views drawn last: the same places are asked for
// again and again.
var drawn = struct {
	sync.Mutex
	by map[drawing]Outlines
}{by: map[drawing]Outlines{}}

// drawing is a view with the desk's own outlines.
type drawing struct {
	View
	own *Own
}

// maxDrawn bounds the views that are kept, each some tens of kilobytes.
const maxDrawn = 64

// Outlines draws the view, with a desk's own outlines where there are any.
func (v View) Outlines(own *Own) Outlines {
	key := drawing{v, own}
	drawn.Lock()
	out, known := drawn.by[key]
	drawn.Unlock()
	if !known {
		out = v.draw(own)
		drawn.Lock()
		if len(drawn.by) >= maxDrawn {
			clear(drawn.by)
		}
		drawn.by[key] = out
		drawn.Unlock()
	}
	out.Names = slices.Clone(out.Names)
	return out
}

func (v View) draw(own *Own) Outlines {
	w := theWorld()
	var to pens
	for shift := -360.0; shift <= 360; shift += 360 {
		for i := range w.countries {
			c := &w.countries[i]
			var rings [][]point
			for _, refs := range c.rings {
				if v.near(w, refs, shift) {
					rings = append(rings, w.ring(refs))
				}
			}
			v.land(c.name, rings, shift, &to.land, &to.names)
		}
		for i := range w.arcs {
			a := &w.arcs[i]
			if a.east+shift < v.West || a.west+shift > v.East || a.north < v.South || a.south > v.North {
				continue
			}
			pen := &to.coast
			if a.uses > 1 {
				pen = &to.borders
			}
			for _, part := range v.clipLine(a.points, shift) {
				writePath(pen, simplify(part), false)
			}
		}
	}
	drawn := to.land.Len() + to.coast.Len() + to.borders.Len()
	if own != nil {
		for shift := -360.0; shift <= 360; shift += 360 {
			v.own(own, shift, &to)
		}
	}
	return Outlines{
		to.land.String(), to.coast.String(), to.borders.String(), to.lines.String(), to.names,
		to.land.Len()+to.coast.Len()+to.borders.Len()+to.lines.Len() > drawn,
	}
}

// land draws the land of a country and names it where there is room.
func (v View) land(name string, rings [][]point, shift float64, land *strings.Builder, names *[]Name) {
	var best []xy
	most := 0.0
	for _, ring := range rings {
		shape := make([]xy, len(ring))
		for i, p := range ring {
			shape[i].x, shape[i].y = v.at(point{p.lon + shift, p.lat})
		}
		shape = simplify(v.clipShape(shape))
		if len(shape) < 3 {
			continue
		}
		writePath(land, shape, true)
		if area := math.Abs(areaOf(shape)); area > most {
			most, best = area, shape
		}
	}
	wide := 8 * float64(utf8.RuneCountInString(name)) // about, as it is set
	if most < leastArea || most < wide*20 {
		return
	}
	if x, y := middle(best); x > wide/2 && x < v.Width-wide/2 && y > 12 && y < v.Height-12 {
		*names = append(*names, Name{strings.Map(unicode.ToUpper, name), x, y})
	}
}

// near reports whether a ring may reach into the view.
func (v View) near(w *world, refs []int, shift float64) bool {
	west, south, east, north := 720.0, 90.0, -720.0, -90.0
	for _, n := range refs {
		a := &w.arcs[max(n, ^n)]
		west, east = min(west, a.west), max(east, a.east)
		south, north = min(south, a.south), max(north, a.north)
	}
	return east+shift >= v.West && west+shift <= v.East && north >= v.South && south <= v.North
}

// xy is a point of the drawing.
type xy struct{ x, y float64 }

// clipLine is the parts of an arc that lie in the view. Cuts along the date
// line and round the pole are no coasts.
func (v View) clipLine(points []point, shift float64) [][]xy {
	var out [][]xy
	var part []xy
	end := func() {
		if len(part) > 1 {
			out = append(out, part)
		}
		part = nil
	}
	inside := func(p xy) bool {
		return p.x >= -beyond && p.x <= v.Width+beyond && p.y >= -beyond && p.y <= v.Height+beyond
	}
	var before xy
	for i, p := range points {
		var now xy
		now.x, now.y = v.at(point{p.lon + shift, p.lat})
		if i > 0 && cut(points[i-1], p) {
			end()
		} else if i > 0 && (inside(now) || inside(before)) {
			if part == nil {
				part = append(part, before)
			}
			part = append(part, now)
		} else {
			end()
		}
		before = now
	}
	end()
	return out
}

func cut(a, b point) bool {
	return math.Abs(a.lon) > 179.98 && math.Abs(b.lon) > 179.98 || math.Abs(a.lon-b.lon) > 180 || a.lat < -89.9 || b.lat < -89.9
}

// clipShape cuts a polygon to the view, after Sutherland and Hodgman.
func (v View) clipShape(shape []xy) []xy {
	for _, side := range [4]func(p xy) float64{
		func(p xy) float64 { return p.x + beyond },
		func(p xy) float64 { return v.Width + beyond - p.x },
		func(p xy) float64 { return p.y + beyond },
		func(p xy) float64 { return v.Height + beyond - p.y },
	} {
		var kept []xy
		for i, p := range shape {
			q := shape[(i+len(shape)-1)%len(shape)]
			dp, dq := side(p), side(q)
			if (dp >= 0) != (dq >= 0) {
				t := dq / (dq - dp)
				kept = append(kept, xy{q.x + t*(p.x-q.x), q.y + t*(p.y-q.y)})
			}
			if dp >= 0 {
				kept = append(kept, p)
			}
		}
		shape = kept
	}
	return shape
}

// simplify leaves out what the eye would not miss, after Douglas and Peucker.
func simplify(line []xy) []xy {
	if len(line) < 3 {
		return line
	}
	keep := make([]bool, len(line))
	keep[0], keep[len(line)-1] = true, true
	todo := [][2]int{{0, len(line) - 1}}
	for len(todo) > 0 {
		lo, hi := todo[len(todo)-1][0], todo[len(todo)-1][1]
		todo = todo[:len(todo)-1]
		far, at := tolerance, -1
		for i := lo + 1; i < hi; i++ {
			if d := away(line[i], line[lo], line[hi]); d > far {
				far, at = d, i
			}
		}
		if at >= 0 {
			keep[at] = true
			todo = append(todo, [2]int{lo, at}, [2]int{at, hi})
		}
	}
	var out []xy
	for i, p := range line {
		if keep[i] {
			out = append(out, p)
		}
	}
	return out
}

// away is how far a point lies from the stretch between two others.
func away(p, a, b xy) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	t := 0.0
	if l := dx*dx + dy*dy; l > 0 {
		t = min(1, max(0, ((p.x-a.x)*dx+(p.y-a.y)*dy)/l))
	}
	return math.Hypot(p.x-a.x-t*dx, p.y-a.y-t*dy)
}

func areaOf(shape []xy) float64 {
	sum := 0.0
	for i, p := range shape {
		q := shape[(i+1)%len(shape)]
		sum += p.x*q.y - q.x*p.y
	}
	return sum / 2
}

// middle is the centre of a polygon's area.
func middle(shape []xy) (x, y float64) {
	area := areaOf(shape)
	for i, p := range shape {
		q := shape[(i+1)%len(shape)]
		k := p.x*q.y - q.x*p.y
		x, y = x+(p.x+q.x)*k, y+(p.y+q.y)*k
	}
	return x / (6 * area), y / (6 * area)
}

// writePath appends a line to the d of a path, in tenths of a unit.
func writePath(b *strings.Builder, line []xy, closed bool) {
	tenth := func(f float64) int { return int(math.Round(f * 10)) }
	if len(line) < 2 {
		return
	}
	x, y := tenth(line[0].x), tenth(line[0].y)
	b.WriteByte('M')
	writeTenth(b, x, true)
	writeTenth(b, y, false)
	first := true
	for _, p := range line[1:] {
		nx, ny := tenth(p.x), tenth(p.y)
		if nx == x && ny == y {
			continue
		}
		if first {
			b.WriteByte('l')
		}
		writeTenth(b, nx-x, first)
		writeTenth(b, ny-y, false)
		x, y, first = nx, ny, false
	}
	if closed {
		b.WriteByte('z')
	}
}

// writeTenth writes n/10 as short as SVG allows, apart from what stands before.
func writeTenth(b *strings.Builder, n int, first bool) {
	if !first && n >= 0 {
		b.WriteByte(' ')
	}
	if n < 0 {
		b.WriteByte('-')
		n = -n
	}
	if n >= 10 || n%10 == 0 {
		b.WriteString(strconv.Itoa(n / 10))
	}
	if n%10 != 0 {
		b.WriteByte('.')
		b.WriteByte(byte('0' + n%10))
	}
}
