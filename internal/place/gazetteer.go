package place

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"math/bits"
	"slices"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"

	"crosscheck/internal/model"
)

//go:generate go run ./build
//go:embed places.zst
var packed []byte

// gazetteer is the unpacked one, in columns. It does not change once read.
type gazetteer struct {
	id         []int32
	kind       []Kind
	in         []uint32 // index of the entry around it + 1
	lat, lon   []int32  // in 1/scale degrees
	population []uint32
	shown      []uint32             // index of the name that is shown
	country    []uint16             // index of the country, which come first; none: noCountry
	code       []string             // of the countries
	members    map[uint32][]uint32  // of regions by custom
	around     map[uint32][]uint32  // the regions by custom that an administrative region or country lies in
	text       []byte               // all names
	nameEnd    []uint32             // where each name ends in text; names of one folded form follow each other
	useEnd     []uint32             // where the uses of each name end in uses
	uses       []uint32             // entry<<2 | rank
	table      []uint32             // hash table from folded forms: index of the first name + 1
	seed       maphash.Seed         //
	byID       []uint32             // entries sorted by id
	own        map[string][]meaning // by folded name: what a desk has added
	ownCode    []string             // of own countries
	ownEntry   []uint32             // of own countries
}

const (
	noCountry = 1<<16 - 1
	maxText   = 1 << 25 // bytes of all names
)

// open unpacks the embedded gazetteer at its first call, some 80 ms.
var open = sync.OnceValues(func() (*gazetteer, error) { return read(packed) })

var errDamaged = errors.New("the gazetteer is damaged")

// must returns the gazetteer. The embedded bytes are tested, so that a failure
// is a damaged binary.
func must() *gazetteer {
	if g := current.Load(); g != nil {
		return g
	}
	g, err := open()
	if err != nil {
		panic(fmt.Sprintf("place: %v", err))
	}
	return g
}

// reader takes the unpacked bytes apart; after an error it returns zeros.
type reader struct {
	b   []byte
	err error
}

func (r *reader) take(n int) []byte {
	if r.err != nil || n < 0 || n > len(r.b) {
		r.fail(io.ErrUnexpectedEOF)
		return nil
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
	r.b = nil
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.fail(io.ErrUnexpectedEOF)
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		r.fail(io.ErrUnexpectedEOF)
		return 0
	}
	r.b = r.b[n:]
	return v
}

// count reads a number of things that take at least one byte each.
func (r *reader) count() int {
	n := r.uvarint()
	if n > uint64(len(r.b)) {
		r.fail(errDamaged)
		return 0
	}
	return int(n)
}

// index reads a number below n.
func (r *reader) index(n int) uint32 {
	v := r.uvarint()
	if v >= uint64(n) {
		r.fail(errDamaged)
		return 0
	}
	return uint32(v)
}

func column[T ~int32 | ~uint32](r *reader, n int) []T {
	out, v := make([]T, n), int64(0)
	for i := range out {
		v += r.varint()
		out[i] = T(v)
	}
	return out
}

func read(packed []byte) (*gazetteer, error) {
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(1<<26))
	if err != nil {
		return nil, err
	}
	defer dec.Close()
	raw, err := dec.DecodeAll(packed, nil)
	if err != nil {
		return nil, err
	}
	r := &reader{b: raw}
	if string(r.take(len(magic))) != magic {
		return nil, fmt.Errorf("another version: %w", errDamaged)
	}
	g := &gazetteer{seed: maphash.MakeSeed()}
	g.readEntries(r)
	g.readNames(r)
	if r.err == nil && len(r.b) > 0 {
		r.err = errDamaged
	}
	if r.err != nil {
		return nil, r.err
	}
	return g, nil
}

func (g *gazetteer) readEntries(r *reader) {
	n := r.count()
	g.kind = make([]Kind, n)
	for i, k := range r.take(n) {
		if Kind(k) >= numKinds {
			r.fail(errDamaged)
			return
		}
		g.kind[i] = Kind(k)
	}
	g.id = column[int32](r, n)
	g.in = column[uint32](r, n)
	g.lat = column[int32](r, n)
	g.lon = column[int32](r, n)
	g.population = make([]uint32, n)
	for i := range g.population {
		g.population[i] = uint32(r.uvarint())
	}
	g.members, g.around = map[uint32][]uint32{}, map[uint32][]uint32{}
	g.country = make([]uint16, n)
	for i := range n {
		if in := g.in[i]; in > uint32(i) {
			r.fail(errDamaged) // what a place lies in comes before it
			return
		}
		switch {
		case g.kind[i] == Country:
			g.code = append(g.code, string(r.take(2)))
			g.country[i] = uint16(i)
		case g.in[i] == 0:
			g.country[i] = noCountry
		default:
			g.country[i] = g.country[g.in[i]-1]
		}
		if g.kind[i] != Region {
			continue
		}
		for range r.count() {
			m := r.index(n)
			g.members[uint32(i)] = append(g.members[uint32(i)], m)
			g.around[m] = append(g.around[m], uint32(i))
		}
	}
	g.byID = make([]uint32, n)
	for i := range g.byID {
		g.byID[i] = uint32(i)
	}
	slices.SortFunc(g.byID, func(a, b uint32) int { return int(g.id[a]) - int(g.id[b]) })
}

func (g *gazetteer) readNames(r *reader) {
	n, total, names, size := len(g.id), r.count(), r.count(), r.uvarint()
	if size > maxText {
		r.fail(errDamaged)
		return
	}
	g.shown = make([]uint32, n)
	g.uses = make([]uint32, 0, total)
	g.nameEnd, g.useEnd = make([]uint32, 0, names), make([]uint32, 0, names)
	g.text = make([]byte, 0, size)
	var name []byte
	for len(g.uses) < total && r.err == nil {
		same := int(r.uvarint())
		if same > len(name) {
			r.fail(errDamaged)
			return
		}
		name = append(name[:same], r.take(r.count())...)
		g.text = append(g.text, name...)
		entry := uint64(0)
		for range r.count() {
			v := r.uvarint()
			if entry += v >> 3; entry >= uint64(n) {
				r.fail(errDamaged)
				return
			}
			if v&1 == 1 {
				g.shown[entry] = uint32(len(g.nameEnd))
			}
			g.uses = append(g.uses, uint32(entry)<<2|uint32(v>>1&3))
		}
		g.nameEnd = append(g.nameEnd, uint32(len(g.text)))
		g.useEnd = append(g.useEnd, uint32(len(g.uses)))
	}
	g.index()
}

// index fills the hash table of folded names: open addressing, at most half full.
func (g *gazetteer) index() {
	g.table = make([]uint32, 1<<bits.Len(uint(len(g.nameEnd)*2)))
	var f, last []byte
	for i := range g.nameEnd {
		f = appendFolded(f[:0], g.name(uint32(i)))
		if bytes.Contains(f, []byte("saint")) {
			f = append(f[:0], saint(string(f))...)
		}
		if i > 0 && bytes.Equal(f, last) {
			continue
		}
		last = append(last[:0], f...)
		h := int(maphash.Bytes(g.seed, f)) & (len(g.table) - 1)
		for g.table[h] != 0 {
			h = (h + 1) & (len(g.table) - 1)
		}
		g.table[h] = uint32(i) + 1
	}
}

func (g *gazetteer) slot(folded string) int {
	return int(maphash.String(g.seed, folded)) & (len(g.table) - 1)
}

func (g *gazetteer) name(i uint32) string {
	start := uint32(0)
	if i > 0 {
		start = g.nameEnd[i-1]
	}
	return string(g.text[start:g.nameEnd[i]])
}

// meaning is an entry that a name may mean.
type meaning struct {
	entry  uint32
	rank   rank
	dotted bool // the name has points
}

// find returns what a folded name may mean.
func (g *gazetteer) find(folded string) []meaning {
	out := slices.Clone(g.own[folded])
	for h := g.slot(folded); g.table[h] != 0; h = (h + 1) & (len(g.table) - 1) {
		i := g.table[h] - 1
		if fold(g.name(i)) != folded {
			continue
		}
		for ; int(i) < len(g.nameEnd) && fold(g.name(i)) == folded; i++ {
			start := uint32(0)
			if i > 0 {
				start = g.useEnd[i-1]
			}
			dotted := strings.Contains(g.name(i), ".")
			for _, u := range g.uses[start:g.useEnd[i]] {
				out = append(out, meaning{u >> 2, rank(u & 3), dotted})
			}
		}
		return out
	}
	return out
}

// place returns entry i as the model has it.
func (g *gazetteer) place(i uint32) model.Place {
	p := model.Place{
		ID: int64(g.id[i]), Name: g.name(g.shown[i]),
		Lat: float64(g.lat[i]) / scale, Lon: float64(g.lon[i]) / scale,
	}
	if c := g.country[i]; c != noCountry {
		_, p.Country = g.countryEntry(c)
	}
	switch g.kind[i] {
	case Country:
		p.Kind = model.PlaceCountry
	case Admin1, Admin2, Region:
		p.Kind = model.PlaceRegion
	case Sea:
		p.Kind = model.PlaceSea
	default:
		p.Kind = model.PlaceCity
	}
	return p
}

// entry returns the entry with an id.
func (g *gazetteer) entry(id int64) (uint32, bool) {
	at, ok := slices.BinarySearchFunc(g.byID, id, func(i uint32, id int64) int { return int(int64(g.id[i]) - id) })
	if !ok {
		return 0, false
	}
	return g.byID[at], true
}
