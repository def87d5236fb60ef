package text

import (
	"unicode"
	"unicode/utf8"
)

// Quote is a quotation: what stands between an opening mark and its closing
// mark, or the end of the paragraph where no mark closes it.
type Quote struct {
	Tokens    Range // with the marks
	Open      int   // the token that opens
	Close     int   // the token that closes, -1 when none does
	Depth     int   // 0 for a quotation in running text, 1 for one inside it
	Continues bool  // goes on with the quotation that the paragraph before left open
	Runs      bool  // left open because the next paragraph goes on with it

	kind  rune // the opening mark; twin for two apostrophes
	width int  // tokens a mark takes
}

// twin stands for two apostrophes used as one quotation mark.
const twin = 'ʺ'

// Inner is the range of tokens between the marks; it may be empty.
func (q Quote) Inner() Range {
	if q.Close < 0 {
		return Range{q.Tokens.Start + q.width, q.Tokens.End}
	}
	return Range{q.Tokens.Start + q.width, q.Tokens.End - q.width}
}

// maxDepth bounds nesting: a mark that would open a deeper quotation is
// ignored.
const maxDepth = 4

// quotes runs the quote-state machine over every paragraph. Curly quotation
// marks and guillemets open and close by their shape, straight ones by what
// stands beside them, single ones only where a closing one follows in the same
// paragraph; apostrophes are not quotes. A quotation that the paragraph leaves
// open ends with it; it continues where the next paragraph opens with the same
// mark.
func quotes(text string, toks []Token, paras []Range) []Quote {
	m := quoteMachine{text: text, toks: toks}
	for _, p := range paras {
		m.paragraph(p)
	}
	return m.out
}

type quoteMachine struct {
	text  string
	toks  []Token
	out   []Quote
	stack []int // open quotations, numbers into out
	carry int   // number + 1 of the outer quotation the last paragraph left open
}

func (m *quoteMachine) paragraph(p Range) {
	curly, straight := m.lastSingles(p)
	for i := p.Start; i < p.End; i++ {
		if m.toks[i].Kind != Mark {
			continue
		}
		switch r, _ := utf8.DecodeRuneInString(m.text[m.toks[i].Start:]); r {
		case '“', '«', '„', '‹':
			if r == '“' && m.top() == '„' {
				m.close(i)
			} else {
				m.open(i, r, p)
			}
		case '”':
			m.closeTo(i, '“', '„', '"')
		case '»':
			m.closeTo(i, '«')
		case '›':
			m.closeTo(i, '‹')
		case '"':
			m.straight(i, r, p)
		case '‘':
			if curly > i {
				m.open(i, r, p)
			}
		case '’':
			if m.top() == '‘' && m.endsSingle(i, p, curly) {
				m.close(i)
			}
		case '\'':
			if m.paired(i, p) && !(m.top() == '\'' && m.paired(i+1, p)) {
				m.straight(i, twin, p)
				i++
			} else {
				m.single(i, p, straight)
			}
		}
	}
	m.endParagraph(p)
}

func (m *quoteMachine) open(i int, kind rune, p Range) {
	if len(m.stack) >= maxDepth {
		return
	}
	q := Quote{Tokens: Range{i, i + 1}, Open: i, Close: -1, Depth: len(m.stack), kind: kind, width: 1}
	if kind == twin {
		q.width, q.Tokens.End = 2, i+2
	}
	if m.carry > 0 && i == p.Start && m.out[m.carry-1].kind == kind {
		q.Continues = true
		m.out[m.carry-1].Runs = true
	}
	m.stack = append(m.stack, len(m.out))
	m.out = append(m.out, q)
}

func (m *quoteMachine) close(i int) {
	q := &m.out[m.stack[len(m.stack)-1]]
	q.Close, q.Tokens.End = i, i+q.width
	m.stack = m.stack[:len(m.stack)-1]
}

// closeTo closes the innermost quotation that one of the marks opened, and
// what was left open inside it.
func (m *quoteMachine) closeTo(i int, marks ...rune) {
	for k := len(m.stack) - 1; k >= 0; k-- {
		open := m.out[m.stack[k]].kind
		for _, mark := range marks {
			if open == mark {
				m.cut(k+1, i)
				m.close(i)
				return
			}
		}
	}
}

// cut ends the quotations above level k unclosed before token end.
func (m *quoteMachine) cut(k, end int) {
	for len(m.stack) > k {
		m.out[m.stack[len(m.stack)-1]].Tokens.End = end
		m.stack = m.stack[:len(m.stack)-1]
	}
}

// straight opens or closes at a mark that looks the same on both sides.
func (m *quoteMachine) straight(i int, kind rune, p Range) {
	open := -1
	for k, n := range m.stack {
		if m.out[n].kind == kind {
			open = k
		}
	}
	width := 1
	if kind == twin {
		width = 2
	}
	before, after := m.beside(i, i+width-1, p)
	switch {
	case open < 0 && before && !after && m.top() == '“':
		m.close(i) // opened curly, closed straight
	case open < 0 && (after || !before), open >= 0 && after && !before:
		if open >= 0 {
			m.cut(open, i) // two opening marks: the first was never closed
		}
		m.open(i, kind, p)
	case open >= 0:
		m.cut(open+1, i)
		m.close(i)
	}
}

func (m *quoteMachine) single(i int, p Range, last int) {
	before, after := m.beside(i, i, p)
	switch {
	case m.top() == '\'' && before && (!after || i == last || m.paired(i, p)):
		if !m.ownsMore(i, p, last) {
			m.close(i)
		}
	case m.top() != '\'' && after && !before && last > i && !m.elided(i+1):
		m.open(i, '\'', p)
	}
}

// paired reports whether another apostrophe touches the one at i from the
// right.
func (m *quoteMachine) paired(i int, p Range) bool {
	return i+1 < p.End && m.toks[i+1].Start == m.toks[i].End && m.rune(i+1) == '\''
}

// elided reports whether token i is what an apostrophe leaves of a word: the
// '90s, rock 'n' roll.
func (m *quoteMachine) elided(i int) bool {
	s := m.text[m.toks[i].Start:m.toks[i].End]
	return m.toks[i].Kind == Number || s == "n" || s == "em" || s == "tis" || s == "til"
}

// beside reports whether something that is not an opening mark touches token
// i from the left, and whether a word or an opening mark touches token j from
// the right.
func (m *quoteMachine) beside(i, j int, p Range) (before, after bool) {
	if i > p.Start && m.toks[i-1].End == m.toks[i].Start {
		r := m.rune(i - 1)
		before = r != '(' && r != '[' && r != '—' && r != '–' && r != '“' && r != '‘' && r != '«' &&
			!((r == '"' || r == '\'') && m.opened(i-1))
	}
	if j+1 < p.End && m.toks[j+1].Start == m.toks[j].End {
		r := m.rune(j + 1)
		after = m.toks[j+1].Kind != Mark || r == '‘' || r == '“' || r == '[' || r == '(' || r == '…' || r == '$' || r == '£' || r == '€' || r == '@' || r == '#' || r == '\'' && !before
	}
	return before, after
}

// opened reports whether token i opened a quotation.
func (m *quoteMachine) opened(i int) bool {
	if len(m.out) == 0 {
		return false
	}
	q := &m.out[len(m.out)-1]
	return q.Open+q.width-1 == i
}

// lastSingles returns the last token of the paragraph that can close a curly
// single quotation, and the last that can close a straight one.
func (m *quoteMachine) lastSingles(p Range) (curly, straight int) {
	curly, straight = -1, -1
	for i := p.End - 1; i > p.Start && (curly < 0 || straight < 0); i-- {
		if m.toks[i].Kind != Mark || m.toks[i-1].End != m.toks[i].Start {
			continue
		}
		switch r := m.rune(i); {
		case r == '’' && curly < 0:
			curly = i
		case r == '\'' && straight < 0:
			straight = i
		}
	}
	return curly, straight
}

// endsSingle reports whether the ’ at i closes a quotation rather than marking
// a plural possessive ("the ministers’ plan").
func (m *quoteMachine) endsSingle(i int, p Range, last int) bool {
	before, after := m.beside(i, i, p)
	if !before || after {
		return false
	}
	return !m.ownsMore(i, p, last)
}

// ownsMore reports whether the apostrophe at i makes a plural possessive: an s
// before it, a lower-case word behind it, and another mark to close with.
func (m *quoteMachine) ownsMore(i int, p Range, last int) bool {
	return i < last && m.toks[i-1].Kind == Word && m.text[m.toks[i].Start-1] == 's' &&
		i+1 < p.End && m.toks[i+1].Kind == Word && m.toks[i+1].Start > m.toks[i].End && unicode.IsLower(m.rune(i+1))
}

func (m *quoteMachine) endParagraph(p Range) {
	m.carry = 0
	if len(m.stack) > 0 {
		m.carry = m.stack[0] + 1
	}
	m.cut(0, p.End)
}

func (m *quoteMachine) top() rune {
	if len(m.stack) == 0 {
		return 0
	}
	return m.out[m.stack[len(m.stack)-1]].kind
}

func (m *quoteMachine) rune(i int) rune {
	r, _ := utf8.DecodeRuneInString(m.text[m.toks[i].Start:])
	return r
}
