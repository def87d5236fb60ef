package speaker

import (
	"slices"
	"strings"
)

// accord is what two roles say about whether their holders are the same.
type accord int

const (
	silent accord = iota // nothing
	agree
	clash
)

// fields of life, by the words of a role. A role of several is of the first.
var fields = []struct {
	name  string
	words map[string]bool
}{
	{"sport", wordSet(`footballer striker goalkeeper midfielder defender coach sprinter athlete cyclist boxer golfer player captain team cricketer jockey swimmer tennis football rugby club manager`)},
	{"arts", wordSet(`actor actress singer musician artist painter author novelist poet writer playwright comedian composer conductor sculptor film designer photographer`)},
	{"faith", wordSet(`bishop archbishop priest imam rabbi pastor cardinal pope patriarch vicar monk`)},
	{"science", wordSet(`professor scientist researcher epidemiologist virologist economist historian physicist biologist chemist geologist meteorologist astronomer doctor surgeon physician nurse paediatrician university`)},
	{"everyday", wordSet(`resident farmer driver shopkeeper teacher pensioner student baker waiter plumber carpenter neighbour neighbor passenger tourist eyewitness witness mother father hairdresser fisherman miner`)},
	{"business", wordSet(`ceo cfo businessman businesswoman entrepreneur executive banker investor trader founder retailer`)},
	{"law", wordSet(`lawyer attorney solicitor barrister judge prosecutor magistrate advocate`)},
	{"press", wordSet(`journalist reporter editor correspondent columnist anchor presenter broadcaster`)},
	{"state", wordSet(`president minister premier chancellor senator congressman congresswoman mayor governor ambassador diplomat envoy lawmaker deputy mp mep
		politician parliament secretary commissioner councillor general colonel lieutenant admiral major commander brigadier marshal soldier army navy ministry
		government king queen prince princess premiership party leader candidate police`)},
}

// near lists fields between which people are known to move.
var near = []string{"state law", "state business", "state press", "business law", "science state", "science press", "arts press", "business science"}

// nationalOffices are held in one country: their owner is a country even where
// it is not in the list.
var nationalOffices = wordSet(`president minister premier chancellor king queen parliament ministry government senator mp lawmaker ambassador army navy`)

// commonRoles say too little to tell who holds them.
var commonRoles = wordSet(`spokesman official analyst resident expert driver teacher officer director head chief leader member professor doctor farmer minister
	manager lawyer student researcher witness eyewitness reporter journalist president deputy secretary founder executive economist soldier`)

// passing words say nothing about which office it is.
var passing = wordSet(`former ex then acting interim late new outgoing current longtime veteran senior retired deputy`)

// role is a role taken apart.
type role struct {
	owned
	field string
}

func parseRole(s string) role {
	if s == "" {
		return role{}
	}
	s = " " + strings.TrimSpace(s)
	if i := strings.Index(s, " in "); i > 0 && len(strings.Fields(s[:i])) > 0 { // where, not what
		s = s[:i]
	}
	r := role{owned: parseOwned(strings.TrimSpace(s))}
	r.words = slices.DeleteFunc(r.words, func(w string) bool { return passing[w] })
	if r.owner == "" { // "Secretary General of the Meridian Compact"
		if i := strings.LastIndex(s, " of "); i > 0 && properName(s[i+4:]) {
			r.owned = phraseOwned(s[i+4:], s[:i])
		}
	}
	for _, f := range fields {
		if slices.ContainsFunc(r.words, func(w string) bool { return f.words[w] }) {
			r.field = f.name
			break
		}
	}
	return r
}

func (r role) national() bool {
	return slices.ContainsFunc(r.words, func(w string) bool { return nationalOffices[w] })
}

// country is the country of a role, as far as one can be told.
func (r role) country() string {
	if len(r.owner) == 2 && strings.ToUpper(r.owner) == r.owner {
		return r.owner
	}
	body := slices.ContainsFunc(strings.Fields(r.owner), func(w string) bool { return genericWords[w] || nationalOffices[w] })
	if r.national() && !body {
		return r.owner
	}
	return ""
}

// likeRoles compares two roles and says why.
func likeRoles(a, b role) (accord, string) {
	if len(a.words) == 0 || len(b.words) == 0 {
		return silent, ""
	}
	if x, y := a.country(), b.country(); x != "" && y != "" && !sameOwner(x, y) {
		return clash, "the roles are in different countries"
	}
	if a.field != "" && b.field != "" && a.field != b.field &&
		!slices.Contains(near, a.field+" "+b.field) && !slices.Contains(near, b.field+" "+a.field) {
		return clash, "the roles are of different walks of life"
	}
	small, large := a, b
	if len(small.words) > len(large.words) {
		small, large = large, small
	}
	for _, w := range small.words {
		if !slices.Contains(large.words, w) {
			return silent, ""
		}
	}
	owners := a.owner != "" && b.owner != ""
	switch {
	case owners && !sameOwner(a.owner, b.owner):
		return silent, ""
	case !owners && len(small.words) == 1 && commonRoles[small.words[0]]:
		return silent, ""
	}
	return agree, "the role agrees"
}

// sameOwner reports whether one owner's name is the other's, its adjective
// ("Kestria", "Kestrian"), or holds it.
func sameOwner(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return a == b || len(a) > 3 && strings.HasPrefix(b, a) && len(b)-len(a) <= 3 ||
		strings.HasPrefix(b, a+" ") || strings.HasSuffix(b, " "+a)
}
