package tag

var (
	ordinalEnds = hashes("st", "nd", "rd", "th")
	taskHash    = hashOf("task")
	forceHash   = hashOf("force")
	forceNames  = hashes("ctf", "cjtf", "jtf")
	// vagueKinds are kinds of unit that mean other things as well.
	vagueKinds = hashes("company", "wing", "division", "divisions", "battery", "legion", "cohort", "army", "armies")
	// ownKinds name a unit together with a name instead of a number.
	ownKinds = hashes("brigade", "brigades", "battalion", "regiment", "fleet", "flotilla", "squadron")
)

// unitAt finds a military unit: a number with a kind of unit, "the 93rd
// Mechanised Brigade", or a name with one, "Azov Battalion", or a task force.
func unitAt(l line, i int) int {
	if n := numberedUnit(l, i); n > 0 {
		return n
	}
	if n := taskForce(l, i); n > 0 {
		return n
	}
	return namedUnit(l, i)
}

// numberedUnit finds an ordinal, words that may stand in a unit's name, and a
// kind of unit.
func numberedUnit(l line, i int) int {
	n, counted := ordinalAt(l, i)
	if n == 0 {
		return 0
	}
	end := 0
	for j := i + n; j < min(i+n+8, len(l.ws)); j++ {
		switch {
		case l.has(j, unitKind) && clearKind(l, j, counted):
			end = j + 1
		case !l.has(j, unitWord|unitKind|people) && !l.word(j).is(capital) && !l.hyphen(j):
			return max(end-i, 0)
		}
	}
	return max(end-i, 0)
}

// clearKind reports whether the kind of unit at j cannot be something else.
func clearKind(l line, j int, counted bool) bool {
	if l.word(j).is(capital) {
		return true
	}
	return counted && (!l.among(j, vagueKinds...) || l.has(j-1, unitWord))
}

// ordinalAt returns the tokens an ordinal takes at i, and whether it is
// written in digits.
func ordinalAt(l line, i int) (int, bool) {
	switch {
	case l.isNumber(i) && !l.touches(i) && l.touches(i+1) && l.among(i+1, ordinalEnds...):
		return 2, true
	case l.has(i, ordinal) && l.word(i).is(capital) && !l.touches(i):
		return 1, false
	}
	return 0, false
}

func taskForce(l line, i int) int {
	if l.among(i, forceNames...) && l.word(i).is(shouted) {
		if l.isNumber(i+1) || l.hyphen(i+1) {
			return 1 + tail(l, i+1)
		}
		return 0
	}
	for j := i; j < min(i+3, len(l.ws)) && l.word(j).is(capital); j++ {
		if l.among(j, taskHash) && l.among(j+1, forceHash) && l.word(j+1).is(capital) {
			return j + 2 - i + tail(l, j+2)
		}
	}
	return 0
}

// tail is the number of tokens of a number, or of what a hyphen joins on.
func tail(l line, i int) int {
	switch {
	case l.hyphen(i) && l.touches(i+1) && !l.word(i+1).is(mark):
		return 2
	case l.isNumber(i):
		return 1
	}
	return 0
}

// namedUnit finds capitalised words that end with a kind of unit.
func namedUnit(l line, i int) int {
	if !nameWord(l, i) || l.has(i, people|country) || l.word(i).pos == DT {
		return 0
	}
	for j := i + 1; j < min(i+5, len(l.ws)); j++ {
		switch {
		case l.among(j, ownKinds...) && l.word(j).is(capital):
			return j + 1 - i
		case !nameWord(l, j) && !l.hyphen(j):
			return 0
		}
	}
	return 0
}

// nameWord reports whether the word at i can be part of a name that goes on.
func nameWord(l line, i int) bool {
	w := l.word(i)
	return w.is(capital) && !w.is(clitic)
}
