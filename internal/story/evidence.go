package story

const (
	// minRepeat is the least number of own words that must be repeated: short
	// notices resemble one another by chance.
	minRepeat = 20
	// leadWords is how long the beginning of an article is, in own words: room
	// for a headline or a dateline before the first sentence.
	leadWords = 60
	// minPlain own words outside reported speech are enough to be judged by
	// themselves; of the share asked for, plainShare must be met by them.
	minPlain   = 30
	plainShare = 0.65
	// jointShare of the sentence ends inside the repeated part are repeated with
	// words on both sides, as a rule: not where two outlets took single phrases
	// from one handout, nor where all sentences changed places.
	jointShare = 0.2
	// lateShare is the least share of the later text that stands in the earlier:
	// below it an article has an insert, and is not a copy.
	lateShare = 0.2
	// The share of repeated words that is asked for (Config.CopyShare) grows
	// where the beginning is not repeated, more so inside one outlet, and where
	// few sentence ends are; it shrinks where one text is credited.
	noLead     = 0.2
	ownNoLead  = 0.35
	noJoints   = 0.2
	credited   = 0.3
	linkedNeed = 0.1
	// quoteMargin is how much less of all words than of the own words may be
	// repeated.
	quoteMargin = 0.1
)

// link is what two articles say about each other.
type link int

const (
	strangers  link = iota
	sameOutlet      // one outlet published both
	sameCredit      // both credit one agency, or one credits the other
	linked          // one gives the other's address as its source
)

// side is how much of one text stands in another, in words.
type side struct {
	all, hit     int
	own, ownHit  int // not lent
	plain, plHit int // own, outside sentences that report speech
	lead, leHit  int // the first own words
	joints, jHit int // sentence ends between own words, with both neighbours
}

// weigh counts the words of a text that stand in the marked shingles.
func weigh(ws []word, grams []bool) side {
	var s side
	hit := covered(grams, len(ws))
	for i, w := range ws {
		n := bit(hit[i])
		s.all++
		s.hit += n
		if w&lent != 0 {
			continue
		}
		if s.own < leadWords {
			s.lead++
			s.leHit += n
		}
		s.own++
		s.ownHit += n
		if w&told == 0 {
			s.plain++
			s.plHit += n
		}
		if i > 0 && w&opens != 0 && ws[i-1]&lent == 0 {
			s.joints++
			if across(grams, i) {
				s.jHit++
			}
		}
	}
	return s
}

// across reports whether a marked shingle has two words or more on either side
// of the end before word i.
func across(grams []bool, i int) bool {
	for j := i - gramLen + 2; j <= i-2; j++ {
		if j >= 0 && j < len(grams) && grams[j] {
			return true
		}
	}
	return false
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// share is the part that is repeated, of the own words or, where that is less,
// of all words: a copy repeats quotations, too, as a rule.
func (s side) share() float64 {
	return min(ratio(s.ownHit, s.own), ratio(s.hit, s.all)+quoteMargin)
}

// repeats reports whether the later of two texts was taken from the earlier, or
// both from a third: most of one of them, by its own words, stands in the
// other. need is the share asked for between strangers.
func repeats(late, early side, l link, need float64) bool {
	s := late
	if early.share() > late.share() {
		s = early
	}
	if l == linked {
		return s.ownHit >= minRepeat && s.share() >= linkedNeed
	}
	if s.ownHit < minRepeat || ratio(late.hit, late.all) < lateShare {
		return false
	}
	asked := need + s.doubt(l)
	if s.plain >= minPlain && ratio(s.plHit, s.plain) < plainShare*min(1, asked) {
		return false
	}
	return s.share() >= asked
}

// doubt is what is asked for beyond the usual share.
func (s side) doubt(l link) float64 {
	var d float64
	if float64(s.jHit) < jointShare*s.share()*float64(s.joints) {
		d += noJoints
	}
	lead := 2*s.leHit >= s.lead
	switch {
	case l == sameCredit:
		return d - credited
	case lead:
		return d
	case l == sameOutlet:
		return d + ownNoLead
	}
	return d + noLead
}

const (
	minPrints    = 5   // prints of an old article that must be met again
	sketchMargin = 0.1 // share asked for beyond the usual: a sketch is a sample
)

// repeatsSketch is repeats where of one text only the prints are left: hits of
// them stand in the other. old and now are shares of repeated words,
// estimated; oldLater says which was published later.
func repeatsSketch(hits int, old, now float64, oldLater bool, l link, need float64) bool {
	late := now
	if oldLater {
		late = old
	}
	if l == linked {
		return hits > 0
	}
	if hits < minPrints {
		return false
	}
	need += sketchMargin
	switch l {
	case sameCredit:
		need -= credited
	case sameOutlet:
		need += ownNoLead - sketchMargin
	}
	return late >= lateShare && max(old, now) >= need
}
