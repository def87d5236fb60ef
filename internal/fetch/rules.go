package fetch

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// maxRules bounds what is kept of one robots.txt.
const maxRules = 5000

// rules are the lines of a robots.txt that concern us (RFC 9309). The zero
// value allows everything.
type rules struct {
	list  []rule
	delay time.Duration // Crawl-delay, 0 when there is none
}

type rule struct {
	pattern string // normalised, with * and a final $
	allow   bool
}

// parseRules keeps the groups of a robots.txt that name agent or, when none
// does, those for everybody. Lines nobody understands are passed over.
func parseRules(body, agent string) *rules {
	var ours, all rules
	named, starred, found, inRules := false, false, false, false
	for line := range strings.Lines(body) {
		key, value := splitLine(line)
		switch key {
		case "user-agent":
			if inRules {
				named, starred, inRules = false, false, false
			}
			named = named || productToken(value) == agent
			starred = starred || value == "*"
			found = found || named
		case "allow", "disallow", "crawl-delay":
			inRules = true
			if named {
				ours.add(key, value)
			}
			if starred {
				all.add(key, value)
			}
		}
	}
	if found {
		return &ours
	}
	return &all
}

// splitLine reads "Key: value # comment".
func splitLine(line string) (key, value string) {
	line, _, _ = strings.Cut(line, "#")
	key, value, _ = strings.Cut(line, ":")
	return strings.ToLower(strings.Trim(key, " \t\r\n\ufeff")), strings.TrimSpace(value)
}

func (r *rules) add(key, value string) {
	switch {
	case key == "crawl-delay":
		if s, err := strconv.ParseFloat(value, 64); err == nil && s > 0 && !math.IsInf(s, 0) {
			r.delay = time.Duration(min(s, maxCrawlDelay.Seconds()) * float64(time.Second))
		}
	case value != "" && len(r.list) < maxRules:
		r.list = append(r.list, rule{pattern: strings.Clone(normalise(value)), allow: key == "allow"})
	}
}

// allows reports whether a path with its query may be read: the longest rule
// that matches decides, and of two of one length the one that allows.
func (r *rules) allows(path string) bool {
	path = normalise(path)
	longest, allowed := -1, true
	for _, rule := range r.list {
		if n := len(rule.pattern); (n > longest || n == longest && rule.allow) && rule.matches(path) {
			longest, allowed = n, rule.allow
		}
	}
	return allowed
}

// matches reports whether the rule's pattern matches the beginning of path,
// or all of it when the pattern ends in "$".
func (r rule) matches(path string) bool {
	pattern, whole := strings.CutSuffix(r.pattern, "$")
	parts := strings.Split(pattern, "*")
	if !strings.HasPrefix(path, parts[0]) {
		return false
	}
	path = path[len(parts[0]):]
	for i, part := range parts[1:] {
		if whole && i == len(parts)-2 {
			return strings.HasSuffix(path, part)
		}
		at := strings.Index(path, part)
		if at < 0 {
			return false
		}
		path = path[at+len(part):]
	}
	return !whole || path == ""
}

// normalise writes a path or pattern so that two spellings of one path are
// equal: unreserved characters as they are, everything beyond ASCII as %XX.
func normalise(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c, escaped := s[i], false
		if c == '%' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				c, escaped = byte(n), true
				i += 2
			}
		}
		if c >= 0x80 || escaped && !unreserved(c) {
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// unreserved characters mean the same with and without percent-encoding
// (RFC 3986, 2.3).
func unreserved(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}
