// Command gen writes the word vectors that internal/claim/pair embeds:
//
//	go run ./internal/claim/pair/gen WEIGHTS VOCAB OUT
//
// WEIGHTS and VOCAB are the unpacked files of internal/statement/net (zstd -d
// weights.zst vocab.zst), which hold GloVe vectors (public domain) of the most
// frequent words in the order of their frequency. Words are folded into stems,
// weighted by Zipf's law; the common part of all vectors and their two main
// directions are taken away (Mu and Viswanath, 2018), and what is left is
// rotated onto its main directions, of which the first 64 are kept.
package main

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"log"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/klauspost/compress/zstd"

	"crosscheck/internal/text"
)

const (
	width    = 100
	kept     = 64 // numbers a stem
	dropped  = 2  // main directions taken away
	maxRank  = 40000
	maxStems = 24000
)

type stem struct {
	word   string
	share  float64 // Zipf: the sum of 1/rank over its forms
	vector [width]float64
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 4 {
		log.Fatal("usage: gen WEIGHTS VOCAB OUT")
	}
	rows, err := vectors(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	stems, err := fold(os.Args[2], rows)
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(os.Args[3], pack(reduce(stems)), 0o644); err != nil {
		log.Fatal(err)
	}
}

// vectors reads glove.q and glove.scale.
func vectors(path string) ([][width]float64, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	end := 12 + int(binary.LittleEndian.Uint32(b[8:]))
	var head struct {
		Data    int
		Tensors []struct {
			Name   string
			Shape  []int
			Offset int
		}
	}
	if err := json.Unmarshal(b[12:end], &head); err != nil {
		return nil, err
	}
	at := map[string]int{}
	n := 0
	for _, t := range head.Tensors {
		at[t.Name] = head.Data + t.Offset
		if t.Name == "glove.q" {
			n = t.Shape[0]
		}
	}
	out := make([][width]float64, n)
	for r := range out {
		scale := math.Float32frombits(binary.LittleEndian.Uint32(b[at["glove.scale"]+4*r:]))
		for i := range width {
			out[r][i] = float64(int8(b[at["glove.q"]+r*width+i])) * float64(scale)
		}
	}
	return out, nil
}

// fold sums the vectors of the forms of each stem.
func fold(path string, rows [][width]float64) ([]*stem, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	byWord := map[string]*stem{}
	for line := range strings.Lines(string(b)) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		rank, err := strconv.Atoi(f[1])
		if err != nil {
			return nil, err
		}
		if rank == 0 || rank > maxRank || len(f[0]) < 2 || strings.ContainsFunc(f[0], func(r rune) bool { return !unicode.IsLetter(r) }) {
			continue
		}
		w := text.Stem(text.Lower(f[0]))
		s := byWord[w]
		if s == nil {
			s = &stem{word: w}
			byWord[w] = s
		}
		share := 1 / float64(rank)
		s.share += share
		for i, x := range rows[rank-1] {
			s.vector[i] += share * x
		}
	}
	var out []*stem
	for _, s := range byWord {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b *stem) int {
		return cmp.Or(cmp.Compare(b.share, a.share), cmp.Compare(a.word, b.word))
	})
	return out[:min(len(out), maxStems)], nil
}

// reduce centres and rotates the vectors; the first dropped directions go.
func reduce(stems []*stem) []*stem {
	var mean [width]float64
	for _, s := range stems {
		unit(s.vector[:])
		for i, x := range s.vector {
			mean[i] += x / float64(len(stems))
		}
	}
	var cov [width][width]float64
	for _, s := range stems {
		for i := range s.vector {
			s.vector[i] -= mean[i]
		}
		for i, x := range s.vector {
			for j, y := range s.vector {
				cov[i][j] += x * y
			}
		}
	}
	axes := jacobi(&cov)
	for _, s := range stems {
		var v [width]float64
		for k := range kept {
			for i, x := range s.vector {
				v[k] += x * axes[k+dropped][i]
			}
		}
		unit(v[:kept])
		s.vector = v
	}
	return stems
}

func unit(v []float64) {
	var sum float64
	for _, x := range v {
		sum += x * x
	}
	if sum == 0 {
		return
	}
	for i := range v {
		v[i] /= math.Sqrt(sum)
	}
}

// jacobi returns the eigenvectors of a symmetric matrix, the largest
// eigenvalue first.
func jacobi(a *[width][width]float64) [][width]float64 {
	v := make([][width]float64, width) // rows are eigenvectors
	for i := range v {
		v[i][i] = 1
	}
	for range 30 {
		for p := range width {
			for q := p + 1; q < width; q++ {
				if math.Abs(a[p][q]) < 1e-12 {
					continue
				}
				theta := (a[q][q] - a[p][p]) / (2 * a[p][q])
				t := 1 / (math.Abs(theta) + math.Sqrt(theta*theta+1))
				if theta < 0 {
					t = -t
				}
				c := 1 / math.Sqrt(t*t+1)
				s := t * c
				for k := range width {
					x, y := a[k][p], a[k][q]
					a[k][p], a[k][q] = c*x-s*y, s*x+c*y
				}
				for k := range width {
					x, y := a[p][k], a[q][k]
					a[p][k], a[q][k] = c*x-s*y, s*x+c*y
					x, y = v[p][k], v[q][k]
					v[p][k], v[q][k] = c*x-s*y, s*x+c*y
				}
			}
		}
	}
	order := make([]int, width)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(a[j][j], a[i][i]) })
	out := make([][width]float64, width)
	for k, i := range order {
		out[k] = v[i]
	}
	return out
}

// pack writes the stems, one a line, the most frequent first, an empty line,
// and kept signed bytes a stem: a unit vector times 127 over its greatest
// number, which the reader divides out again.
func pack(stems []*stem) []byte {
	var b bytes.Buffer
	for _, s := range stems {
		fmt.Fprintln(&b, s.word)
	}
	b.WriteByte('\n')
	for _, s := range stems {
		most := 0.0
		for _, x := range s.vector[:kept] {
			most = max(most, math.Abs(x))
		}
		for _, x := range s.vector[:kept] {
			b.WriteByte(byte(int8(math.Round(x / max(most, 1e-9) * 127))))
		}
	}
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		log.Fatal(err)
	}
	return enc.EncodeAll(b.Bytes(), nil)
}
