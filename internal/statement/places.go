package statement

import "strings"

// places speak for their governments.
var places = wordSet(`afghanistan albania algeria argentina armenia australia austria azerbaijan belarus belgium bosnia brazil britain
	bulgaria canada chile china colombia croatia cuba cyprus czechia denmark egypt england estonia ethiopia finland france georgia
	germany greece hungary iceland india indonesia iran iraq ireland israel italy japan jordan kazakhstan kenya kosovo kuwait
	kyrgyzstan latvia lebanon libya lithuania mali malta mexico moldova mongolia montenegro morocco myanmar nepal netherlands
	nigeria norway pakistan palestine peru philippines poland portugal qatar romania russia rwanda scotland serbia singapore
	slovakia slovenia somalia spain sudan sweden switzerland syria taiwan tajikistan thailand tunisia turkey türkiye turkmenistan
	uganda ukraine uzbekistan venezuela vietnam wales yemen ankara athens baghdad baku beijing beirut belgrade berlin brussels
	bucharest budapest cairo chisinau copenhagen damascus delhi doha dublin geneva hague helsinki islamabad jerusalem kabul kiev
	kyiv lisbon london madrid minsk moscow oslo ottawa paris prague pyongyang riga riyadh rome seoul sofia stockholm tallinn tbilisi
	tehran tokyo vienna vilnius warsaw washington yerevan zagreb kremlin pentagon nato hamas hezbollah taliban fatah wagner
	reuters tass interfax bloomberg politico axios bellingcat facebook twitter telegram google microsoft meta apple congress
	parliament europe america africa asia crimea donetsk luhansk donbas gaza`)

// placeName reports whether a folded word is, or ends like, a country or town.
func placeName(w string) bool {
	if places[w] {
		return true
	}
	for _, end := range []string{"ia", "land", "stan", "burg", "grad", "abad"} {
		if len(w) > len(end)+2 && strings.HasSuffix(w, end) {
			return true
		}
	}
	return false
}
