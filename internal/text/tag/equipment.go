package tag

import "unicode/utf8"

var (
	suicideHash = hashOf("suicide")
	bomberNames = hashes("bomber", "bombers")
	// afterNames belong to a weapon's name, but are no weapons by themselves.
	afterNames = hashes("system", "systems", "battery", "batteries", "fighter", "fighters", "jet", "jets", "plane", "planes", "vehicle", "vehicles")
	thinkHash  = hashOf("think")
)

// equipmentAt finds a weapon or platform: a designation such as T-72B3, a
// name, a ship with its prefix, or a common noun.
func equipmentAt(l line, i int) int {
	if n := designation(l, i); n > 0 {
		return n + armsAfter(l, i+n)
	}
	if n := armName(l, i); n > 0 {
		return n
	}
	if n := shipName(l, i); n > 0 {
		return n
	}
	return arms(l, i)
}

// designation finds letters and digits as makers combine them.
func designation(l line, i int) int {
	if l.touches(i) {
		return 0
	}
	n := 1
	if l.isNumber(i) { // 2S19
		if l.str(i) != "2" || l.str(i+1) != "S" || !l.touches(i+1) || !l.touches(i+2) || !l.isNumber(i+2) {
			return 0
		}
		return 3
	}
	if !l.word(i).is(capital) || !l.has(i, designator) {
		return 0
	}
	hyphenated := l.hyphen(i + 1)
	if hyphenated {
		n = 2
	}
	if !l.touches(i+n) || !l.isNumber(i+n) || !clearNumber(l, i, i+n, hyphenated) {
		return 0
	}
	return n + 1 + suffix(l, i+n+1)
}

// clearNumber reports whether the letters at i and the digits at j name a
// weapon rather than a motorway or a vitamin.
func clearNumber(l line, i, j int, hyphenated bool) bool {
	digits := utf8.RuneCountInString(l.str(j))
	switch {
	case utf8.RuneCountInString(l.str(i)) > 1:
		return hyphenated || digits > 1
	case hyphenated:
		return digits > 1
	}
	return digits > 2 || l.has(j+1, armNoun|armWord)
}

// suffix is the number of tokens that touch a designation and belong to it.
func suffix(l line, i int) int {
	n := 0
	for l.touches(i + n) {
		switch {
		case !l.word(i + n).is(mark):
			n++
		case l.hyphen(i+n) && l.touches(i+n+1) && (l.isNumber(i+n+1) || l.word(i+n+1).is(shouted|letter)):
			n += 2
		default:
			return n
		}
	}
	return n
}

// armName finds a weapon by its name. A name that other things have as well
// needs a number, or arms in the same sentence.
func armName(l line, i int) int {
	if l.touches(i) && !l.word(i-1).is(mark) || l.hyphen(i-1) || !l.has(i, weapon|maybeArm) || l.word(i).place == inside || !l.word(i).is(capital) {
		return 0
	}
	n := l.entry(i)
	sure := l.has(i, weapon)
	if k := suffix(l, i+n); k > 0 {
		n += k
		sure = true
	} else if l.isNumber(i+n) && !l.word(i+n).is(touching) && utf8.RuneCountInString(l.str(i+n)) < 4 {
		n += 1 + suffix(l, i+n+1)
		sure = sure || !l.has(i-1, given|title)
	}
	more := armsAfter(l, i+n)
	if sure || more > 0 || !l.has(i, given|surname) && l.hasArms() {
		return n + more
	}
	return 0
}

// hasArms reports whether the sentence speaks of arms by their common names.
func (l line) hasArms() bool {
	for i := max(0, len(l.ws)-window); i < len(l.ws); i++ {
		if l.has(i, armNoun) {
			return true
		}
	}
	return false
}

// armsAfter is the number of tokens of names and nouns that follow a weapon's
// name and belong to it: F-16 Fighting Falcon, Shahed drones.
func armsAfter(l line, i int) int {
	n := 0
	for l.has(i+n, weapon|maybeArm) && l.word(i+n).is(capital) {
		n += l.entry(i + n)
	}
	if l.among(i+n, afterNames...) {
		return n + 1
	}
	return n + arms(l, i+n)
}

// shipName finds a ship's prefix and the capitalised words behind it.
func shipName(l line, i int) int {
	if !l.has(i, ship) || !l.word(i).is(capital) || l.word(i).is(headline) {
		return 0
	}
	n := 1
	for n < 5 && l.word(i+n).is(capital) {
		n++
	}
	if n == 1 {
		return 0
	}
	return n
}

// arms finds the common name of a weapon with the words that say which kind:
// anti-tank guided missiles.
func arms(l line, i int) int {
	if l.among(i-1, thinkHash) || l.touches(i) && !l.word(i-1).is(mark) {
		return 0
	}
	end := 0
	for j := i; j < min(i+10, len(l.ws)); {
		switch {
		case l.has(j, armNoun) && plain(l, j):
			if l.among(j, bomberNames...) && l.among(j-1, suicideHash) {
				return 0
			}
			j += l.entry(j)
			end = j
		case l.has(j, armWord):
			j += l.entry(j)
		case j > i && l.hyphen(j):
			j++
		default:
			return max(end-i, 0)
		}
	}
	return max(end-i, 0)
}

// plain reports whether a word is no name by its capital.
func plain(l line, i int) bool {
	w := l.word(i)
	return !w.is(capital) || w.is(initial|headline) || l.has(i-1, armWord|weapon|maybeArm)
}
