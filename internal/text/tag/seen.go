package tag

// seen counts, for the words of one document, how and where they stand in it:
// a capital at the start of a sentence means little where the same word is
// lower-cased elsewhere, and a bare surname is a person's where the same word
// follows a given name elsewhere.
type seen struct {
	keys  []uint32
	marks []hints
	mask  uint32
}

// hints are what a document says about a word in all the places it uses it.
type hints uint16

const (
	lower       hints = 1 << iota // without a capital
	proper                        // with a capital inside a sentence
	afterTitle                    // behind a title or rank
	afterGiven                    // behind a given name
	beforeGroup                   // before a word that ends organisations' names
	beforePlace                   // before a word that ends places' names
	afterIn                       // behind a preposition of place
	beforeSay                     // before or behind a verb of saying
	owner                         // with 's
)

func newSeen(n int) *seen {
	size := 16
	for size < n+n/2 {
		size *= 2
	}
	return &seen{keys: make([]uint32, size), marks: make([]hints, size), mask: uint32(size - 1)}
}

// slot is where a word's hints are, or will be.
func (s *seen) slot(hash uint32) uint32 {
	hash |= 1 // 0 marks a free slot
	i := (hash * 0x9E3779B1) >> 7 & s.mask
	for s.keys[i] != 0 && s.keys[i] != hash {
		i = (i + 1) & s.mask
	}
	s.keys[i] = hash
	return i
}

// survey reads a document's words once.
func survey(ws []word) *seen {
	s := newSeen(len(ws))
	for i := range ws {
		if w := &ws[i]; !w.is(mark | numeral) {
			s.marks[s.slot(w.hash)] |= s.context(ws, i)
		}
	}
	return s
}

// context is what one place says about the word in it.
func (s *seen) context(ws []word, i int) hints {
	w := &ws[i]
	if !w.is(capital) {
		return lower
	}
	var h hints
	if !w.is(initial | headline) {
		h |= proper
	}
	if w.is(clitic) {
		h |= owner
	}
	if i > 0 {
		h |= behind(ws, i-1)
	}
	if i+1 < len(ws) {
		h |= before(&ws[i+1])
	}
	return h
}

func behind(ws []word, i int) hints {
	var h hints
	if ws[i].is(mark) && i > 0 && ws[i-1].kinds&title != 0 { // Gen. Smith
		i--
	}
	w := &ws[i]
	if w.kinds&title != 0 && w.is(capital) {
		h |= afterTitle
	}
	if w.kinds&given != 0 && w.is(capital) {
		h |= afterGiven
	}
	if w.kinds&locative != 0 {
		h |= afterIn
	}
	if w.kinds&saying != 0 {
		h |= beforeSay
	}
	return h
}

func before(w *word) hints {
	var h hints
	if w.is(capital) && w.kinds&group != 0 {
		h |= beforeGroup
	}
	if w.is(capital) && w.kinds&feature != 0 {
		h |= beforePlace
	}
	if w.kinds&saying != 0 {
		h |= beforeSay
	}
	return h
}

// of returns the hints about a word that survey has read.
func (s *seen) of(w *word) hints { return s.marks[s.slot(w.hash)] }
