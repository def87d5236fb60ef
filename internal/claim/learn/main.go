// Command learn fits the weights of internal/claim/pair:
//
//	go run ./internal/claim/learn [-fast] [-whole] [-o FILE] STREAM…
//	go run ./internal/claim/learn -attitudes [-fast] [-o FILE] STREAM…
//
// STREAM is a stream of labelled statements in the order of time, in one of the
// forms that internal/claim/testdata/gold/README.md describes (.jsonl) and
// internal/claim/testdata/streams/README.md (.txt). For each
// statement, the earlier ones and "none of them" stand to choice; the weights
// make the statements of its own claim likely together, as in mention ranking
// for coreference (Durrett and Klein, 2013). First each stream is left out in
// turn and the average precision on it is printed, of all its pairs by score;
// then the weights of all streams are written as Go source.
//
// With -attitudes it fits what tells the attitude of a statement to the
// proposition of its claim, by logistic regression (internal/claim, verdict.go);
// then fifths of the streams are left out.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/format"
	"log"
	"os"
	"path/filepath"
	"slices"
	"time"

	"crosscheck/internal/claim/pair"
	"crosscheck/internal/model"
)

// statement is a line of a stream.
type statement struct {
	ID        string       `json:"id"`
	Article   string       `json:"article"`
	Title     string       `json:"title"`
	Published time.Time    `json:"published"`
	Speaker   string       `json:"speaker"`
	Stance    model.Stance `json:"stance"`
	Content   string       `json:"content"`
	Claim     string       `json:"gold_claim"`
	Attitude  model.Stance `json:"gold_stance"`
}

// choice is a statement and what stands to choice for it.
type choice struct {
	pairs [][]float64 // features of each earlier statement
	right []bool      // which of them are of its claim
	first []float64   // features of its being the first of its claim
	share float64     // what it counts
}

// own is what a statement of testdata/gold counts beside one of
// testdata/streams, of which there are many more by one hand.
const own = 4

func main() {
	log.SetFlags(0)
	out := flag.String("o", "", "Go `file` to write the weights to")
	fast := flag.Bool("fast", false, "leave no stream out: fit only")
	whole := flag.Bool("whole", false, "fit the weights for whole articles")
	attitudes := flag.Bool("attitudes", false, "fit the weights of attitudes, with claims as the program finds them")
	flag.Parse()
	var streams [][]choice
	var names []string
	var told [][]verdict
	for _, path := range flag.Args() {
		lines, err := read(path)
		if err != nil {
			log.Fatal(err)
		}
		share := 1.0
		if filepath.Ext(path) == ".jsonl" {
			share = own
		}
		if *attitudes {
			told = append(told, verdicts(lines, share))
			continue
		}
		for part := range slices.Chunk(lines, maxStream) {
			streams, names = append(streams, choices(part, share)), append(names, filepath.Base(path))
		}
	}
	var err error
	if *attitudes {
		err = learnAttitudes(told, *fast, *out)
	} else {
		err = learnPairs(streams, names, *fast, *whole, *out)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func learnPairs(streams [][]choice, names []string, fast, whole bool, out string) error {
	if !fast {
		leaveOut(streams, names, held(whole))
	}
	all := slices.Concat(streams...)
	w := fit(all, held(whole))
	fmt.Printf("on what it was fitted to: %.3f\n", precision(all, w))
	if out == "" {
		return nil
	}
	name := "learned"
	if whole {
		name = "learnedWhole"
	}
	return write(out, name, w)
}

// maxStream statements are compared with one another: every one with all before
// it.
const maxStream = 400

// leaveOut prints how well each stream is told by weights that have not seen it.
func leaveOut(streams [][]choice, names []string, held []int) {
	var mean float64
	for i, s := range streams {
		var others []choice
		for j, o := range streams {
			if j != i {
				others = append(others, o...)
			}
		}
		p := precision(s, fit(others, held))
		mean += p / float64(len(streams))
		fmt.Printf("%s left out: average precision %.3f\n", names[i], p)
	}
	fmt.Printf("mean %.3f\n", mean)
}

func read(path string) ([]statement, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if filepath.Ext(path) == ".txt" {
		return readStream(path, string(b))
	}
	var out []statement
	in := bufio.NewScanner(bytes.NewReader(b))
	for in.Scan() {
		var s statement
		if err := json.Unmarshal(in.Bytes(), &s); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		out = append(out, s)
	}
	return out, in.Err()
}

// choices compares every statement of a stream with all before it; each counts
// a share.
func choices(lines []statement, share float64) []choice {
	var reader pair.Reader
	var stream pair.Stream
	var earlier []*pair.Reading
	var out []choice
	inArticle := map[string]int{}
	for i, l := range lines {
		a := reader.Read(pair.Said{
			Article: l.Article, Title: l.Title, Speaker: l.Speaker, Key: l.Speaker, Stance: l.Stance, Content: l.Content, At: l.Published,
		})
		a.Pos = inArticle[l.Article]
		inArticle[l.Article]++
		q := stream.Ask(a)
		c := choice{share: share}
		best, here := 0.0, 0.0
		for j, b := range earlier {
			f := q.Features(b)
			c.pairs = append(c.pairs, f)
			c.right = append(c.right, lines[j].Claim == l.Claim)
			best = max(best, f[coverAt])
			if b.Article == a.Article {
				here = max(here, f[coverAt])
			}
		}
		c.first = first(a, a.Pos, best, here)
		stream.Add(a)
		earlier = append(earlier, a)
		if i > 0 {
			out = append(out, c)
		}
	}
	return out
}

func write(path, name string, w pair.Weights) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "// Code generated by internal/claim/learn. DO NOT EDIT.\n\npackage pair\n\nvar %s = Weights{\n", name)
	for i, x := range w {
		fmt.Fprintf(&b, "%.4f, // %s\n", x, pair.Names[i])
	}
	b.WriteString("}\n")
	return writeSource(path, b.Bytes())
}

func writeSource(path string, code []byte) error {
	src, err := format.Source(code)
	if err != nil {
		return err
	}
	return os.WriteFile(path, src, 0o644)
}
