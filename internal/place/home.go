package place

import (
	"net/url"
	"strings"

	"crosscheck/internal/model"
)

// homeWeight is how much the home of the outlet counts beside a place that the
// article names once; homeSize is how many inhabitants a town in the outlet's
// name must have.
const (
	homeWeight = 0.7
	homeSize   = 20_000
)

// home returns where an article's outlet is at home, by its name and by the
// country of its address: not what the article tells of, but evidence for which
// of two namesakes it means.
func home(g *gazetteer, a *model.Article) []*group {
	var out []*group
	add := func(means []meaning) {
		if len(means) == 0 {
			return
		}
		gr := g.newGroup(means)
		gr.fixed = make([]float64, len(gr.means))
		for k, m := range gr.means {
			gr.fixed[k] = g.known(m)
		}
		gr.share = homeWeight
		out = append(out, gr)
	}
	words := strings.Fields(a.Outlet)
	for i := 0; i < len(words); {
		n := min(3, len(words)-i)
		for ; n > 0; n-- {
			var means []meaning
			for _, m := range g.find(fold(strings.Join(words[i:i+n], " "))) {
				if m.rank == own && g.population[m.entry] >= homeSize && len(words[i]) > 2 {
					means = append(means, m)
				}
			}
			if len(means) > 0 {
				add(means)
				break
			}
		}
		i += max(n, 1)
	}
	if u, err := url.Parse(a.URL); err == nil {
		host := u.Hostname()
		code := strings.ToUpper(host[strings.LastIndexByte(host, '.')+1:])
		if code == "UK" {
			code = "GB"
		}
		for i, c := range g.code {
			if c == code && !generic[code] {
				add([]meaning{{entry: uint32(i)}})
			}
		}
	}
	return out
}

// generic are endings that outlets anywhere use as if they were no country's.
var generic = map[string]bool{"TV": true, "IO": true, "ME": true, "CO": true, "FM": true, "AI": true, "CC": true, "TO": true, "WS": true, "LY": true}
