package collect

import (
	"html"
	"sort"
	"strings"
)

// maxTokens bounds the memory a scan takes; what lies beyond is not read.
const maxTokens = 500_000

type tokenKind uint8

const (
	startTag tokenKind = iota
	endTag
	selfClosed // a start tag that is its own end
	charData   // with entities
	cdata      // as it stands
)

// token is one piece of a document: its bytes are doc[start:end], and what is
// in it doc[from:to] (the attributes of a tag, the text of the others).
type token struct {
	kind       tokenKind
	name       string // of a tag, lower-case, with its prefix
	start, end int
	from, to   int
}

// scan is a document cut into tags and text without regard to whether they
// match. It reads any text whatever, in time and memory linear in its length.
type scan struct {
	doc    string
	tokens []token
	ends   map[string][]int // name → indexes of its end tags
	ahead  map[string]int   // mark → where it was last found, len(doc) for nowhere
}

func newScan(doc string) *scan {
	s := &scan{doc: doc, ends: map[string][]int{}, ahead: map[string]int{}}
	for pos := 0; pos < len(doc) && len(s.tokens) < maxTokens; {
		t, next := s.lex(pos)
		if t.end > t.start {
			if t.kind == endTag {
				s.ends[t.name] = append(s.ends[t.name], len(s.tokens))
			}
			s.tokens = append(s.tokens, t)
		}
		pos = next
	}
	return s
}

// find returns where mark stands at or after pos, len(doc) for nowhere. It
// remembers the answer, so that a document full of openings without an end
// is not searched once for each.
func (s *scan) find(mark string, pos int) int {
	if at, ok := s.ahead[mark]; ok && at >= pos {
		return at
	}
	at := len(s.doc)
	if i := strings.Index(s.doc[pos:], mark); i >= 0 {
		at = pos + i
	}
	s.ahead[mark] = at
	return at
}

// lex reads the token at pos and returns where the next begins. A token of no
// length is one to leave out: a comment, a declaration.
func (s *scan) lex(pos int) (token, int) {
	rest := s.doc[pos:]
	if rest[0] != '<' {
		return s.text(pos)
	}
	switch {
	case strings.HasPrefix(rest, "<!--"):
		return token{}, s.past(pos+4, "-->")
	case strings.HasPrefix(rest, "<![CDATA["):
		from := pos + len("<![CDATA[")
		to := s.find("]]>", from)
		end := min(to+len("]]>"), len(s.doc))
		return token{kind: cdata, start: pos, end: end, from: from, to: to}, end
	case strings.HasPrefix(rest, "<!"), strings.HasPrefix(rest, "<?"):
		return token{}, s.past(pos+2, ">")
	case strings.HasPrefix(rest, "</") && len(rest) > 2 && isLetter(rest[2]):
		return s.tag(pos, 2, endTag)
	case len(rest) > 1 && isLetter(rest[1]):
		return s.tag(pos, 1, startTag)
	}
	return s.text(pos)
}

// past is where what follows the closing mark begins, or pos itself when there
// is no such mark.
func (s *scan) past(pos int, mark string) int {
	if at := s.find(mark, pos); at < len(s.doc) {
		return at + len(mark)
	}
	return pos
}

func (s *scan) text(pos int) (token, int) {
	end := len(s.doc)
	if i := strings.IndexByte(s.doc[pos+1:], '<'); i >= 0 {
		end = pos + 1 + i
	}
	return token{kind: charData, start: pos, end: end, from: pos, to: end}, end
}

// tag reads a tag whose name begins skip bytes after pos. A tag that is never
// closed ends before the next one begins.
func (s *scan) tag(pos, skip int, kind tokenKind) (token, int) {
	from := pos + skip
	to := from
	for to < len(s.doc) && isName(s.doc[to]) {
		to++
	}
	t := token{kind: kind, name: strings.ToLower(s.doc[from:to]), start: pos, from: to}
	t.to, t.end = s.tagEnd(to)
	if kind == startTag && t.to > t.from && s.doc[t.to-1] == '/' && t.end > t.to {
		t.kind, t.to = selfClosed, t.to-1
	}
	return t, t.end
}

// maxValue bounds how far an opening quotation mark in a tag may reach; one
// that would reach further is a mark too many.
const maxValue = 64 << 10

// tagEnd finds where the attributes that begin at pos end, and the tag.
func (s *scan) tagEnd(pos int) (to, end int) {
	for i := pos; i < len(s.doc); i++ {
		switch b := s.doc[i]; {
		case b == '>':
			return i, i + 1
		case b == '<':
			return i, i
		case (b == '"' || b == '\'') && i > pos && (s.doc[i-1] == '=' || isSpace(s.doc[i-1])):
			if at := s.find(s.doc[i:i+1], i+1); at < len(s.doc) && at-i <= maxValue {
				i = at
			}
		}
	}
	return len(s.doc), len(s.doc)
}

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' || b == '_' || b >= 0x80 }

func isName(b byte) bool {
	return isLetter(b) || b >= '0' && b <= '9' || b == ':' || b == '-' || b == '.'
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' }

// endOf returns the index of the first end tag of name after token i and
// before limit, or -1.
func (s *scan) endOf(name string, i, limit int) int {
	ends := s.ends[name]
	k := sort.SearchInts(ends, i+1)
	if k == len(ends) || ends[k] >= limit {
		return -1
	}
	return ends[k]
}

// value is what stands between tokens i and j (both exclusive): text with its
// entities resolved, and markup, where there is any, as it stands.
func (s *scan) value(i, j int) string {
	var b strings.Builder
	for _, t := range s.tokens[i+1 : j] {
		switch t.kind {
		case cdata:
			b.WriteString(s.doc[t.from:t.to])
		case charData:
			b.WriteString(html.UnescapeString(s.doc[t.from:t.to]))
		default:
			b.WriteString(s.doc[t.start:t.end])
		}
	}
	return strings.TrimSpace(b.String())
}

// attr returns the value of an attribute of token i, with entities resolved.
func (s *scan) attr(i int, name string) string {
	value := ""
	eachAttr(s.doc[s.tokens[i].from:s.tokens[i].to], func(n, v string) bool {
		if n == name {
			value = html.UnescapeString(v)
			return false
		}
		return true
	})
	return value
}

// eachAttr calls fn with the name, lower-case, and the raw value of each
// attribute until it returns false.
func eachAttr(attrs string, fn func(name, value string) bool) {
	for i := 0; i < len(attrs); {
		if !isName(attrs[i]) {
			i++
			continue
		}
		start := i
		for i < len(attrs) && isName(attrs[i]) {
			i++
		}
		name := strings.ToLower(attrs[start:i])
		for i < len(attrs) && isSpace(attrs[i]) {
			i++
		}
		value := ""
		if i < len(attrs) && attrs[i] == '=' {
			value, i = attrValue(attrs, i+1)
		}
		if !fn(name, value) {
			return
		}
	}
}

// attrValue reads a value, quoted or not, at pos, and returns where it ends.
func attrValue(attrs string, pos int) (string, int) {
	for pos < len(attrs) && isSpace(attrs[pos]) {
		pos++
	}
	if pos < len(attrs) && (attrs[pos] == '"' || attrs[pos] == '\'') {
		if i := strings.IndexByte(attrs[pos+1:], attrs[pos]); i >= 0 {
			return attrs[pos+1 : pos+1+i], pos + i + 2
		}
		return strings.TrimSpace(attrs[pos+1:]), len(attrs)
	}
	end := pos
	for end < len(attrs) && !isSpace(attrs[end]) {
		end++
	}
	return attrs[pos:end], end
}
