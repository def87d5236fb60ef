package story

import (
	"strings"
	"unicode"
)

// agencyNames are short and other names of news agencies.
var agencyNames = map[string]string{
	"associatedpress": "ap", "apnews": "ap", "agencefrancepresse": "afp", "thomsonreuters": "reuters", "deutschepresseagentur": "dpa",
	"pressassociation": "pa", "pamedia": "pa", "unitedpressinternational": "upi", "canadianpress": "cp", "thecanadianpress": "cp",
	"australianassociatedpress": "aap", "bloombergnews": "bloomberg", "kyodonews": "kyodo", "jijipress": "jiji", "anadoluagency": "anadolu",
	"itartass": "tass", "rianovosti": "ria",
}

// publisher is a number for the name or host of an outlet or agency: the same
// for "The Associated Press", "AP" and "apnews.com"; 0 for none.
func publisher(name string) uint32 {
	name = strings.ToLower(strings.TrimSpace(name))
	if !strings.ContainsRune(name, ' ') && strings.ContainsRune(name, '.') {
		name = hostName(name)
	}
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, strings.TrimPrefix(name, "the "))
	if short, ok := agencyNames[letters]; ok {
		letters = short
	}
	if letters == "" {
		return 0
	}
	return max(1, uint32(stringPrint('p', letters)))
}

// hostName is the label of a host that names its owner: "example" in
// "www.example.co.uk".
func hostName(host string) string {
	labels := strings.Split(strings.Trim(host, "."), ".")
	labels = labels[:max(1, len(labels)-1)]
	if n := len(labels); n > 1 && len(labels[n-1]) <= 3 {
		labels = labels[:n-1]
	}
	return labels[len(labels)-1]
}
