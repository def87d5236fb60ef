// Command train learns the tagger's model from treebanks and prints how good
// it is on the parts it has not seen.
//
//	go run ./internal/text/tag/train DATA internal/text/tag
//
// DATA holds tagging/ewt and tagging/gum (CoNLL-U), tagging/uner (IOB2) and
// tagging/re3d (two columns). The same data gives the same model, byte for
// byte.
package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"crosscheck/internal/text"
	"crosscheck/internal/text/tag"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: train DATA internal/text/tag")
		os.Exit(2)
	}
	if err := run(os.Stdout, filepath.Join(os.Args[1], "tagging"), os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

// run measures a model that has not seen the parts for tuning on these, then
// writes one that has and measures it on the test parts.
func run(w io.Writer, data, out string) error {
	c, err := readCorpus(data)
	if err != nil {
		return err
	}
	t, err := tag.Learn(c.train(), c.ewt["train"])
	if err != nil {
		return err
	}
	c.printTuning(w, t)
	if t, err = tag.Learn(append(c.train(), c.tuning()...), c.ewt["train"]); err != nil {
		return err
	}
	b, err := t.Pack()
	if err != nil {
		return err
	}
	c.printTests(w, t)
	fmt.Fprintf(w, "model: %d bytes\n", len(b))
	return os.WriteFile(filepath.Join(out, "model.zst"), b, 0o644)
}

// corpus is all the data by part.
type corpus struct {
	ewt, gum map[string][]tag.Sample
	gumNames map[string][]string // of the documents
	uner     map[string][]tag.Sample
	re3d     [3][]tag.Sample // held out, for tuning, for training
	bbc      []tag.Sample    // may be measured on, not learned from
}

func readCorpus(data string) (*corpus, error) {
	c := &corpus{ewt: map[string][]tag.Sample{}, gum: map[string][]tag.Sample{}, gumNames: map[string][]string{}, uner: map[string][]tag.Sample{}}
	for _, part := range []string{"train", "dev", "test"} {
		if err := c.readBanks(data, part); err != nil {
			return nil, err
		}
	}
	reports, err := readRe3d(filepath.Join(data, "re3d", "[A-Z]*", "*.conll"))
	if err != nil {
		return nil, err
	}
	for _, r := range reports {
		part := min(r.part, 2)
		c.re3d[part] = append(c.re3d[part], r.Sample)
	}
	reports, err = readRe3d(filepath.Join(data, "re3d", "evaluation-only", "*", "*.conll"))
	for _, r := range reports {
		c.bbc = append(c.bbc, r.Sample)
	}
	return c, err
}

func (c *corpus) readBanks(data, part string) error {
	banks, texts, err := readTreebank(filepath.Join(data, "ewt", part+".conllu"))
	if err != nil {
		return err
	}
	if part != "train" {
		if c.uner[part], err = readUNER(filepath.Join(data, "uner", part+".iob2"), texts); err != nil {
			return err
		}
	}
	for _, b := range banks {
		c.ewt[part] = append(c.ewt[part], b.sample())
	}
	if banks, _, err = readTreebank(filepath.Join(data, "gum", part+".conllu")); err != nil {
		return err
	}
	for _, b := range banks {
		s := b.sample()
		s.Names, s.Named = b.named(s.Doc), true
		c.gum[part] = append(c.gum[part], s)
		c.gumNames[part] = append(c.gumNames[part], b.name)
	}
	return nil
}

func (c *corpus) train() []tag.Sample {
	plain := join(c.ewt["train"], c.gum["train"], c.re3d[2], half(c.uner["dev"], 0))
	return append(plain, shouted(plain)...)
}

// shouted is every tenth sample in capitals, as headlines may be.
func shouted(samples []tag.Sample) []tag.Sample {
	var out []tag.Sample
	for i := 0; i < len(samples); i += 10 {
		s := samples[i]
		plain := s.Doc
		s.Doc = text.Parse(strings.ToUpper(plain.Text))
		if len(s.Doc.Text) == len(plain.Text) && len(s.Doc.Tokens) == len(plain.Tokens) {
			out = append(out, s)
		}
	}
	return out
}

// tuning is what the second model sees in addition.
func (c *corpus) tuning() []tag.Sample {
	return join(c.ewt["dev"], c.gum["dev"], c.re3d[1], half(c.uner["dev"], 1))
}

// half is every second sample.
func half(samples []tag.Sample, from int) []tag.Sample {
	var out []tag.Sample
	for i := from; i < len(samples); i += 2 {
		out = append(out, samples[i])
	}
	return out
}

func join(parts ...[]tag.Sample) []tag.Sample {
	var out []tag.Sample
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// allTypes are the types that re3d knows.
var allTypes = append(nameTypes, tag.People, tag.Equipment, tag.Date, tag.Quantity)

func (c *corpus) printTuning(w io.Writer, t *tag.Tagger) {
	printSpeech(w, "EWT dev", t, c.ewt["dev"])
	printSpeech(w, "GUM dev", t, c.gum["dev"])
	printNames(w, "UNER dev, half", t, half(c.uner["dev"], 1), nameTypes...)
	printNames(w, "GUM dev", t, c.gum["dev"], nameTypes...)
	printNames(w, "GUM dev, in capitals", t, shouted(c.gum["dev"]), nameTypes...)
	printNames(w, "re3d tuning", t, c.re3d[1], allTypes...)
}

func (c *corpus) printTests(w io.Writer, t *tag.Tagger) {
	printSpeech(w, "EWT test", t, c.ewt["test"])
	printSpeech(w, "GUM test", t, c.gum["test"])
	var news []tag.Sample
	for i, s := range c.gum["test"] {
		if strings.Contains(c.gumNames["test"][i], "_news_") {
			news = append(news, s)
		}
	}
	printSpeech(w, "GUM test, news", t, news)
	printNames(w, "UNER test", t, c.uner["test"], nameTypes...)
	printNames(w, "GUM test", t, c.gum["test"], nameTypes...)
	printNames(w, "re3d held out", t, c.re3d[0], allTypes...)
	printNames(w, "BBC, not learned from", t, c.bbc, allTypes...)
}
