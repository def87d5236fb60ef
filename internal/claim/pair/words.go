package pair

import (
	"bytes"
	_ "embed"
	"math"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"

	"crosscheck/internal/text"
)

// width is how many numbers a vector has; gen writes as many.
const width = 64

// packedWords is written by gen: what it is and where it comes from is said
// there.
//
//go:embed words.zst
var packedWords []byte

//go:embed lexicon.txt
var lexiconText string

// Word is a stem and what is known of it. All readings of a reader share it.
type Word struct {
	Stem   string
	vector []float32 // of length one; nil for a stem without one
	share  float64   // of running English text, by Zipf's law
	senses []sense   // the classes of the lexicon it stands in
}

// sense is a class of the lexicon and the end of it: 2*class, and 1 more for
// the words behind //.
type sense uint16

func (s sense) class() sense          { return s >> 1 }
func (s sense) opposite(o sense) bool { return s^o == 1 }

// dictionary holds the words with a vector or in the lexicon.
type dictionary struct {
	words   map[string]*Word
	phrases map[string][]phrase // by the first stem
}

// phrase is an entry of several words in the lexicon.
type phrase struct {
	stems []string
	sense sense
}

// unknownShare is the share of a stem that is not among the frequent ones.
const unknownShare = 2e-6

var known = sync.OnceValue(func() *dictionary {
	d := &dictionary{words: map[string]*Word{}, phrases: map[string][]phrase{}}
	d.readVectors()
	d.readLexicon()
	return d
})

// readVectors unpacks what gen wrote. The file is part of the program: one
// that cannot be read is a fault of the build.
func (d *dictionary) readVectors() {
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		panic("pair: " + err.Error())
	}
	defer dec.Close()
	b, err := dec.DecodeAll(packedWords, nil)
	if err != nil {
		panic("pair: words.zst: " + err.Error())
	}
	list, numbers, _ := bytes.Cut(b, []byte("\n\n"))
	stems := strings.Split(string(list), "\n")
	all := make([]float32, len(stems)*width)
	for i, stem := range stems {
		v := all[i*width : (i+1)*width : (i+1)*width]
		var sum float64
		for k := range v {
			v[k] = float32(int8(numbers[i*width+k]))
			sum += float64(v[k] * v[k])
		}
		for k := range v {
			v[k] /= float32(math.Sqrt(sum))
		}
		d.words[stem] = &Word{Stem: stem, vector: v, share: max(unknownShare, 1/(harmonic*float64(i+1)))}
	}
}

// harmonic is the sum of 1/rank over a vocabulary of some 40,000 words.
const harmonic = 11.2

func (d *dictionary) readLexicon() {
	class := sense(0)
	for line := range strings.Lines(lexiconText) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		end := sense(0)
		for _, entry := range strings.Fields(line) {
			if entry == "//" {
				end = 1
				continue
			}
			d.enter(entry, 2*class+end)
		}
		class++
	}
}

// enter puts one entry of the lexicon into the dictionary.
func (d *dictionary) enter(entry string, s sense) {
	var stems []string
	for _, w := range text.Words(strings.ReplaceAll(entry, "_", " ")) {
		stems = append(stems, text.Stem(w))
	}
	if len(stems) > 1 {
		d.phrases[stems[0]] = append(d.phrases[stems[0]], phrase{stems, s})
		return
	}
	w := d.words[stems[0]]
	if w == nil {
		w = &Word{Stem: stems[0], share: unknownShare}
		d.words[stems[0]] = w
	}
	for _, have := range w.senses {
		if have == s {
			return
		}
	}
	w.senses = append(w.senses, s)
}
