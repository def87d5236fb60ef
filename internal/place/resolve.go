package place

import (
	"cmp"
	"math"
	"slices"
)

// group is the mentions of one name in a document. A name means one place in a
// document.
type group struct {
	count  int
	means  []meaning
	fixed  []float64 // what speaks for each meaning by itself
	p      []float64 // how likely each meaning is
	point  []vector
	weight float64 // how much the group says about the others
	share  float64 // of a group that stands for no mention: its weight
}

// vector is a point on the earth as a unit vector.
type vector struct{ x, y, z float64 }

func (g *gazetteer) vector(i uint32) vector {
	lat, lon := float64(g.lat[i])/scale*math.Pi/180, float64(g.lon[i])/scale*math.Pi/180
	return vector{math.Cos(lat) * math.Cos(lon), math.Cos(lat) * math.Sin(lon), math.Sin(lat)}
}

// apart is the distance of two points in km, along a straight line through the
// earth, which is the same for near ones.
func apart(a, b vector) float64 {
	return 6371 * math.Sqrt((a.x-b.x)*(a.x-b.x)+(a.y-b.y)*(a.y-b.y)+(a.z-b.z)*(a.z-b.z))
}

// What decides which place a name means, in units of a tenfold number of
// inhabitants; found on half of two labelled sets (docs/places.md).
const (
	byCountry = 1.6 // that others lie in the same country
	byRegion  = 1.4 // in the same first-order region
	byReach   = 1.5 // near by
	partPower = 0.7 // of the part of the others that do
	reach     = 120 // km, over which nearness fades
	inside    = 5   // that a country or region after a comma holds it
)

const (
	mostMeanings = 40   // of a name, the best known
	mostNear     = 100  // names that are looked at for being near, the most frequent
	leastSure    = 0.2  // below it, it cannot be told which place a name means
	unlikely     = 0.01 // below it, a meaning speaks for nothing near it
)

// cool says how sure each round is: the first leave unlikely meanings a chance
// to find each other.
var cool = [...]float64{0.7, 1, 2, 2, 2}

// newGroup returns the group of a name with its best known meanings.
func (g *gazetteer) newGroup(means []meaning) *group {
	means = slices.Clone(means)
	slices.SortStableFunc(means, func(a, b meaning) int { return -cmp.Compare(g.known(a), g.known(b)) })
	means = slices.CompactFunc(means, func(a, b meaning) bool { return a.entry == b.entry })
	return &group{means: means}
}

// narrow cuts the meanings to the likeliest ones and prepares the group.
func (gr *group) narrow(g *gazetteer) {
	order := make([]int, len(gr.means))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return -cmp.Compare(gr.fixed[a], gr.fixed[b]) })
	order = order[:min(len(order), mostMeanings)]
	means, fixed := make([]meaning, len(order)), make([]float64, len(order))
	for k, i := range order {
		means[k], fixed[k] = gr.means[i], gr.fixed[i]
	}
	gr.means, gr.fixed = means, fixed
	gr.point = make([]vector, len(means))
	gr.p = make([]float64, len(means))
	for i, m := range means {
		gr.point[i] = g.vector(m.entry)
	}
	gr.weight = gr.share
	if gr.count > 0 {
		gr.weight = 1 + math.Log(float64(gr.count))
	}
	softmax(fixed, gr.p, cool[0])
}

func softmax(score, p []float64, sure float64) {
	if len(score) == 0 {
		return
	}
	top := slices.Max(score)
	sum := 0.0
	for i, s := range score {
		p[i] = math.Exp((s - top) * sure)
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
}

// region returns the first-order region an entry is or lies in, as index + 1, 0
// for none.
func (g *gazetteer) region(i uint32) uint32 {
	for j := i + 1; j != 0; j = g.in[j-1] {
		if g.kind[j-1] == Admin1 {
			return j
		}
	}
	return 0
}

// resolve finds how likely each meaning of each group is, from what speaks for
// it by itself and from the others: places named together lie together.
func (g *gazetteer) resolve(groups []*group) {
	frequent := slices.Clone(groups)
	slices.SortStableFunc(frequent, func(a, b *group) int { return -cmp.Compare(a.weight, b.weight) })
	frequent = frequent[:min(len(frequent), mostNear)]
	var score []float64
	for _, sure := range cool[1:] {
		country, region, all := map[uint16]float64{}, map[uint32]float64{}, 0.0
		for _, gr := range groups {
			all += gr.weight
			for i, m := range gr.means {
				g.count(country, region, m.entry, gr.weight*gr.p[i])
			}
		}
		next := make([][]float64, len(groups))
		for k, gr := range groups {
			score = append(score[:0], gr.fixed...)
			others := all - gr.weight
			mine, my := map[uint16]float64{}, map[uint32]float64{}
			for i, m := range gr.means {
				g.count(mine, my, m.entry, gr.weight*gr.p[i])
			}
			for i, m := range gr.means {
				if c := g.country[m.entry]; c != noCountry {
					score[i] += byCountry * part(country[c]-mine[c], others)
				}
				if r := g.region(m.entry); r != 0 {
					score[i] += byRegion * part(region[r]-my[r], others)
				}
				if g.kind[m.entry] > Admin1 && len(gr.means) > 1 {
					score[i] += byReach * math.Log1p(near(frequent, gr, i))
				}
			}
			next[k] = make([]float64, len(gr.p))
			softmax(score, next[k], sure)
		}
		for k, gr := range groups {
			gr.p = next[k]
		}
	}
}

// part says how much it counts that of all the weight of the others some lies in
// one country or region.
func part(some, all float64) float64 {
	if all <= 0 || some <= 0 {
		return 0
	}
	return math.Pow(min(1, some/all), partPower) * math.Log1p(all)
}

func (g *gazetteer) count(country map[uint16]float64, region map[uint32]float64, entry uint32, weight float64) {
	if c := g.country[entry]; c != noCountry {
		country[c] += weight
	}
	if r := g.region(entry); r != 0 {
		region[r] += weight
	}
}

// near adds up how likely other places of other groups lie near one that a
// group may mean.
func near(groups []*group, of *group, meant int) float64 {
	at, entry := of.point[meant], of.means[meant].entry
	sum := 0.0
	for _, gr := range groups {
		if gr == of {
			continue
		}
		for i := range gr.means {
			if gr.p[i] < unlikely || gr.means[i].entry == entry {
				continue // another name of the same place is no place near it
			}
			if d := apart(at, gr.point[i]); d < 4*reach {
				sum += gr.weight * gr.p[i] * math.Exp(-d/reach)
			}
		}
	}
	return sum
}
