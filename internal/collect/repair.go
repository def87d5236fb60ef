package collect

import (
	"path"
	"regexp"
	"strconv"
	"strings"
)

// maxDepth is how deeply nested a feed gofeed is given, since it recurses.
const maxDepth = 200

var (
	xmlDeclaration = regexp.MustCompile(`<\?xml\s[^<>]*\?>`)
	charReference  = regexp.MustCompile(`&#(?:[0-9]{1,8}|[xX][0-9a-fA-F]{1,8});`)
	xmlBase        = regexp.MustCompile(`(xml:base\s*=\s*)("[^"<>]*"|'[^'<>]*')`)
)

// repair takes out of XML text what no parser accepts and no reader misses:
// declarations (the text is UTF-8 by now, whatever they say), characters XML
// has no place for, and references to them.
func repair(text string) string {
	text = strings.Map(dropIllegal, text)
	text = xmlDeclaration.ReplaceAllString(text, "")
	text = charReference.ReplaceAllStringFunc(text, dropIllegalReference)
	return xmlBase.ReplaceAllStringFunc(text, baseFolder)
}

// dropIllegal drops the characters the Char production of XML 1.0 leaves out.
func dropIllegal(r rune) rune {
	switch {
	case r == '\t', r == '\n', r == '\r':
		return r
	case r < 0x20, r == 0xfffe, r == 0xffff, r == 0xfeff:
		return -1
	}
	return r
}

func dropIllegalReference(ref string) string {
	digits, base := ref[2:len(ref)-1], 10
	if digits[0] == 'x' || digits[0] == 'X' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseInt(digits, base, 64)
	if err != nil || n > 0x10ffff || n >= 0xd800 && n <= 0xdfff || dropIllegal(rune(n)) < 0 {
		return ""
	}
	return ref
}

// baseFolder cuts an xml:base down to its folder: gofeed takes the last step
// of its path for one even where it is a file, against RFC 3986.
func baseFolder(attr string) string {
	m := xmlBase.FindStringSubmatch(attr)
	quote, value := m[2][:1], m[2][1:len(m[2])-1]
	value, _, _ = strings.Cut(value, "?")
	value, _, _ = strings.Cut(value, "#")
	scheme, rest, absolute := strings.Cut(value, "://")
	if !absolute {
		scheme, rest = "", value
	} else {
		scheme += "://"
	}
	if dir, _ := path.Split(rest); dir != "" {
		rest = dir
	} else if absolute {
		rest += "/"
	}
	return m[1] + quote + scheme + rest + quote
}
