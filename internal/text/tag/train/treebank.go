package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"

	"crosscheck/internal/text"
	"crosscheck/internal/text/tag"
)

// treebank is a document of a treebank: running text, and where its words
// stand in it.
type treebank struct {
	name  string
	text  string
	words []bankWord
}

// bankWord is a word as the treebank cuts it.
type bankWord struct {
	span     text.Span
	form     string
	tag      string
	head     int    // number of its head in words, -1 for none
	entities string // brackets of the entities that open and close at it
}

// readTreebank reads a file in CoNLL-U with # text lines. It also returns the
// text of every sentence by its sent_id.
func readTreebank(path string) ([]treebank, map[string]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	r := bankReader{texts: map[string]string{}}
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<22)
	for sc.Scan() {
		r.line(sc.Text())
	}
	r.endDocument()
	if err := sc.Err(); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return r.docs, r.texts, nil
}

// gapAfter is what stands between a sentence and the next of its paragraph: a
// line break where no mark ends it, as behind headings and greetings.
func gapAfter(sentence string) string {
	if sentence == "" || !strings.ContainsAny(sentence[len(sentence)-1:], ".!?\")") && !strings.HasSuffix(sentence, "”") {
		return "\n\n"
	}
	return " "
}

// bankReader reads line by line.
type bankReader struct {
	docs   []treebank
	texts  map[string]string
	id     string // of the sentence
	doc    treebank
	b      strings.Builder
	gap    string // between the last sentence and the next
	at     int    // where the sentence that is being read starts, in words
	cursor int    // end of the last word in the text
}

func (r *bankReader) line(s string) {
	switch {
	case strings.HasPrefix(s, "# newdoc"):
		r.endDocument()
		r.doc.name = s[strings.LastIndex(s, " ")+1:]
	case strings.HasPrefix(s, "# newpar"):
		r.gap = "\n\n"
	case strings.HasPrefix(s, "# sent_id = "):
		r.id = strings.TrimPrefix(s, "# sent_id = ")
	case strings.HasPrefix(s, "# text = "):
		if r.b.Len() > 0 {
			r.b.WriteString(r.gap)
		}
		sentence := strings.TrimPrefix(s, "# text = ")
		r.texts[r.id] = sentence
		r.gap, r.cursor = gapAfter(sentence), r.b.Len()
		r.b.WriteString(sentence)
		r.at = len(r.doc.words)
	case s != "" && s[0] != '#':
		r.word(strings.Split(s, "\t"))
	}
}

func (r *bankReader) endDocument() {
	if len(r.doc.words) > 0 {
		r.doc.text = r.b.String()
		r.docs = append(r.docs, r.doc)
	}
	r.doc = treebank{}
	r.b.Reset()
	r.gap = "\n\n"
}

// word places one line's word behind the last.
func (r *bankReader) word(f []string) {
	if len(f) < 10 || strings.Contains(f[0], ".") || strings.Contains(f[0], "-") {
		return
	}
	head, _ := strconv.Atoi(f[6])
	w := bankWord{form: f[1], tag: f[4], head: r.at + head - 1, entities: field(f[9], "Entity=")}
	if head == 0 {
		w.head = -1
	}
	rest := r.b.String()[r.cursor:]
	skip := len(rest) - len(strings.TrimLeft(rest, " \u00a0"))
	if !strings.HasPrefix(rest[skip:], w.form) {
		skip = max(strings.Index(rest, w.form), 0)
		if skip > 30 || !strings.HasPrefix(rest[skip:], w.form) { // a contraction spelled otherwise
			w.span = text.Span{Start: r.cursor, End: r.cursor}
			r.doc.words = append(r.doc.words, w)
			return
		}
	}
	w.span = text.Span{Start: r.cursor + skip, End: r.cursor + skip + len(w.form)}
	r.cursor = w.span.End
	r.doc.words = append(r.doc.words, w)
}

func field(misc, key string) string {
	for _, part := range strings.Split(misc, "|") {
		if v, ok := strings.CutPrefix(part, key); ok {
			return v
		}
	}
	return ""
}

// sample aligns a treebank document with our tokens, by characters: a token
// takes the tag of the first word that overlaps it.
func (b treebank) sample() tag.Sample {
	d := text.Parse(b.text)
	pos := make([]tag.POS, len(d.Tokens))
	k := 0
	for i, t := range d.Tokens {
		for k < len(b.words)-1 && b.words[k].span.End <= t.Start {
			k++
		}
		p, ok := tag.ParsePOS(b.words[k].tag)
		if !ok {
			p = tag.Part
		}
		pos[i] = p
	}
	return tag.Sample{Doc: d, POS: pos}
}

// tokens returns the tokens of d that a span of bytes touches.
func tokens(d *text.Doc, s text.Span) text.Range {
	lo, hi := len(d.Tokens), 0
	for i, t := range d.Tokens {
		if t.End > s.Start && t.Start < s.End {
			lo, hi = min(lo, i), max(hi, i+1)
		}
	}
	return text.Range{Start: lo, End: hi}
}
