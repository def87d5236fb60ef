// Package tag gives the tokens of English text their parts of speech and finds
// the names in it: people, organisations, places, nationalities, military
// units, weapons, dates and quantities. Two small linear models learned from
// treebanks do the first and half of the second, lists of facts and rules the
// rest; train holds the program that learns them.
package tag

import (
	"fmt"
	"sync"

	"crosscheck/internal/text"
)

// Type is what a name names.
type Type uint8

// The types of names.
const (
	Person       Type = iota + 1 // people, without their titles
	Organisation                 // organisations, authorities, media
	Location                     // places, countries too
	People                       // nationalities, peoples, religions and parties, as nouns or adjectives
	Unit                         // military units
	Equipment                    // weapons and platforms, by name or kind
	Date                         // dates and spans of time
	Quantity                     // numbers with what they count in, and money
)

var typeNames = [...]string{"", "PER", "ORG", "LOC", "NORP", "UNIT", "EQUIP", "DATE", "QUANT"}

// String returns the type's usual abbreviation.
func (t Type) String() string { return typeNames[t] }

// Name is a name in a text.
type Name struct {
	text.Range // its tokens
	Type       Type
}

// Tags is what a Tagger finds in a document.
type Tags struct {
	POS   []POS  // one per token
	Names []Name // in text order, without overlap
}

// Tagger tags documents. It is safe for concurrent use.
type Tagger struct {
	lists  *gazetteer
	usual  usual
	speech *table
	names  *table
	trans  transitions
	spare  sync.Pool // of *decoder
}

// New returns a tagger with the embedded models, unpacked for it alone: make
// one and keep it.
func New() (*Tagger, error) {
	t, err := read(packed)
	if err != nil {
		return nil, fmt.Errorf("tag: embedded model: %w", err)
	}
	return t, nil
}

// Shared returns one tagger for all who ask, unpacked at the first call.
var Shared = sync.OnceValues(New)

// Tag finds the parts of speech and the names of a document. Time and memory
// are linear in its length.
func (t *Tagger) Tag(d *text.Doc) *Tags {
	ws, doc := t.prepare(d)
	t.tagSpeech(d, ws, doc)
	tags := &Tags{POS: make([]POS, len(ws)), Names: t.findNames(d, ws, doc)}
	for i := range ws {
		tags.POS[i] = ws[i].pos
	}
	return tags
}

// prepare reads a document's words.
func (t *Tagger) prepare(d *text.Doc) ([]word, *seen) {
	ws := words(d, t.lists)
	return ws, survey(ws)
}

// findNames applies the rules, then the model to the tokens they leave, then
// looks at the document as a whole.
func (t *Tagger) findNames(d *text.Doc, ws []word, doc *seen) []Name {
	taken := make([]Type, len(ws))
	names := applyRules(d, ws, taken)
	labels := make([]label, len(ws))
	t.decode(d, ws, taken, doc, labels)
	names = append(names, labelled(labels)...)
	return settle(ws, names, doc)
}

// decode labels every sentence, a window at a time.
func (t *Tagger) decode(d *text.Doc, ws []word, taken []Type, doc *seen, labels []label) {
	dec := t.spare.Get().(*decoder)
	defer t.spare.Put(dec)
	for _, s := range d.Sentences {
		for from := s.Start; from < s.End; from += window {
			to := min(from+window, s.End)
			dec.decode(t.names, &t.trans, ws[from:to], taken[from:to], doc, labels[from:to])
		}
	}
}

// labelled collects the names that labels mark.
func labelled(labels []label) []Name {
	var names []Name
	for i, l := range labels {
		switch {
		case begins(l):
			names = append(names, Name{text.Range{Start: i, End: i + 1}, typeOf(l)})
		case l != none:
			names[len(names)-1].End = i + 1
		}
	}
	return names
}
