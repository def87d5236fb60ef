package place

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// The packed gazetteer is one zstd frame. Unpacked it is magic, then columns of
// variable-length integers: the entries (sorted by kind, then by the entry they
// lie in, so that neighbours on the earth are neighbours here), then the names,
// sorted by their folded form and front-coded, each with the entries it names.
const magic = "places 1\n"

// scale is the resolution of a stored position: a thousandth of a degree, 111 m.
const scale = 1000

// Entry is one place as the gazetteer is made of it.
type Entry struct {
	ID         int64  // GeoNames id; 0: none, and Pack makes a negative one of the code or the name
	Kind       Kind   //
	Code       string // of a country "UA", of an administrative region "UA.05" or "US.TX.201"
	In         string // code of the smallest administrative region or country around it, "" for none
	Lat, Lon   float64
	Population int64
	Name       string   // as it is shown
	Names      []string // other names English texts use
	Variants   []string // names in other languages and spellings
	Short      []string // abbreviations
	Members    []string // of a region by custom: codes of what lies in it
}

// Kind is how the gazetteer sorts places, finer than model.PlaceKind.
type Kind uint8

// The kinds.
const (
	Country Kind = iota
	Admin1       // state, province, oblast
	Admin2       // county, district
	Region       // by custom, and continents
	Sea          // seas, straits, lakes, rivers
	Capital
	Seat // of a first-order region
	Town
	Part // of a town
	numKinds
)

// rank is how good a name is for an entry.
type rank uint8

const (
	own     rank = iota // the name shown, or another English one
	variant             // in another language or spelling
	short               // an abbreviation
)

// Pack returns the gazetteer of entries in the form the package embeds. The
// result depends on nothing but the entries, whatever their order.
func Pack(entries []Entry) ([]byte, error) {
	entries = slices.Clone(entries)
	for i := range entries {
		if e := &entries[i]; e.ID == 0 {
			e.ID = madeUp(e)
		}
	}
	level := func(k Kind) Kind { return min(k, Capital) }
	slices.SortFunc(entries, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(level(a.Kind), level(b.Kind)), cmp.Compare(a.In, b.In), cmp.Compare(a.Code, b.Code), cmp.Compare(a.ID, b.ID))
	})
	byCode := map[string]int{}
	ids := map[int64]bool{}
	for i, e := range entries {
		if e.Code != "" {
			byCode[e.Code] = i
		}
		if ids[e.ID] {
			return nil, fmt.Errorf("two places have the id %d (%s)", e.ID, e.Name)
		}
		ids[e.ID] = true
	}
	b := binary.AppendUvarint([]byte(magic), uint64(len(entries)))
	b, err := appendEntries(b, entries, byCode)
	if err != nil {
		return nil, err
	}
	b = appendNames(b, entries)
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<24))
	if err != nil {
		return nil, err
	}
	return enc.EncodeAll(b, nil), enc.Close()
}

// madeUp is the id of a place that GeoNames ids are not at hand for: negative,
// above those of own places, and the same whenever the gazetteer is made anew.
func madeUp(e *Entry) int64 {
	key := e.Code
	if key == "" {
		key = "name:" + fold(e.Name)
	}
	h := uint64(14695981039346656037) // FNV-1a
	for i := 0; i < len(key); i++ {
		h = (h ^ uint64(key[i])) * 1099511628211
	}
	return -int64(h>>34) - 1
}

func appendEntries(b []byte, entries []Entry, byCode map[string]int) ([]byte, error) {
	column := func(of func(i int, e *Entry) int64) {
		last := int64(0)
		for i := range entries {
			v := of(i, &entries[i])
			b = binary.AppendVarint(b, v-last)
			last = v
		}
	}
	for i := range entries {
		b = append(b, byte(entries[i].Kind))
	}
	column(func(_ int, e *Entry) int64 { return e.ID })
	column(func(_ int, e *Entry) int64 {
		if in, ok := byCode[e.In]; ok {
			return int64(in) + 1
		}
		return 0
	})
	column(func(_ int, e *Entry) int64 { return int64(math.Round(e.Lat * scale)) })
	column(func(_ int, e *Entry) int64 { return int64(math.Round(e.Lon * scale)) })
	for i := range entries {
		b = binary.AppendUvarint(b, uint64(round(entries[i].Population)))
	}
	for i := range entries {
		e := &entries[i]
		if e.Kind == Country {
			if len(e.Code) != 2 {
				return nil, fmt.Errorf("%s: %q is no country code", e.Name, e.Code)
			}
			b = append(b, e.Code...)
		}
		if e.Kind != Region {
			continue
		}
		b = binary.AppendUvarint(b, uint64(len(e.Members)))
		for _, m := range e.Members {
			in, ok := byCode[m]
			if !ok {
				return nil, fmt.Errorf("%s: no region has the code %s", e.Name, m)
			}
			b = binary.AppendUvarint(b, uint64(in))
		}
	}
	return b, nil
}

// round leaves two digits of a number of inhabitants, which is as much as is
// used and takes less room.
func round(n int64) int64 {
	unit := int64(1)
	for n/unit >= 100 {
		unit *= 10
	}
	return (n + unit/2) / unit * unit
}

// use is one name of one entry.
type use struct {
	folded, name string
	entry        int
	rank         rank
	shown        bool
}

func appendNames(b []byte, entries []Entry) []byte {
	uses := collect(entries)
	names, text := 0, 0
	for i, u := range uses {
		if i == 0 || u.folded != uses[i-1].folded || u.name != uses[i-1].name {
			names, text = names+1, text+len(u.name)
		}
	}
	for _, n := range []int{len(uses), names, text} {
		b = binary.AppendUvarint(b, uint64(n))
	}
	last := ""
	for i := 0; i < len(uses); {
		j := i
		for j < len(uses) && uses[j].folded == uses[i].folded && uses[j].name == uses[i].name {
			j++
		}
		name := uses[i].name
		same := 0
		for same < min(len(name), len(last)) && name[same] == last[same] {
			same++
		}
		b = binary.AppendUvarint(b, uint64(same))
		b = append(binary.AppendUvarint(b, uint64(len(name)-same)), name[same:]...)
		b = binary.AppendUvarint(b, uint64(j-i))
		entry := 0
		for _, u := range uses[i:j] {
			v := uint64(u.entry-entry)<<3 | uint64(u.rank)<<1
			if u.shown {
				v |= 1
			}
			b = binary.AppendUvarint(b, v)
			entry = u.entry
		}
		last, i = name, j
	}
	return b
}

// collect lists the names of all entries, sorted, each folded form once an
// entry, besides the name that is shown.
func collect(entries []Entry) []use {
	var uses []use
	for i := range entries {
		e := &entries[i]
		seen := map[string]bool{}
		add := func(r rank, shown bool, names ...string) {
			for _, n := range names {
				f := fold(n)
				if n = strings.TrimSpace(n); f == "" || seen[f] {
					continue
				}
				seen[f] = true
				uses = append(uses, use{f, n, i, r, shown})
			}
		}
		add(own, true, e.Name)
		add(own, false, e.Names...)
		add(short, false, e.Short...)
		add(variant, false, e.Variants...)
	}
	slices.SortFunc(uses, func(a, b use) int {
		return cmp.Or(strings.Compare(a.folded, b.folded), strings.Compare(a.name, b.name), a.entry-b.entry)
	})
	return uses
}
