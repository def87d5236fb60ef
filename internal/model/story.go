package model

import (
	"strings"
	"time"
	"unicode"
)

// Story is the articles about one event.
type Story struct {
	ID       string
	Title    string // headline of the earliest original
	Started  time.Time
	Latest   time.Time
	Articles int // all articles
	Origins  int // articles that are copies of none
	Outlets  int // distinct outlets among the origins
	Stated   int // statements in the origins
}

// Ledger is one statement with what a page needs to show where it stands.
type Ledger struct {
	Statement
	Text      string // the content, spans joined by " … "
	Sentence  string // the sentence or sentences around it
	Title     string // of the article
	Source    string // Article.Source
	Outlet    string
	URL       string
	Published time.Time
	Seen      time.Time
	Copies    int    // articles that repeat the article it stands in
	CopyOf    string // the article it stands in repeats this one, or ""
	Story     string
	Reporter  string // speaker of the statement that reports this one, "" where none does
}

// Dated is when the article was published, or first seen where it states
// nothing.
func (l Ledger) Dated() time.Time {
	if l.Published.IsZero() {
		return l.Seen
	}
	return l.Published
}

// When is the latest time the words can have been said: the end of the day the
// article names, and no later than the article itself.
func (l Ledger) When() time.Time {
	if l.SaidOn == "" {
		return l.Dated()
	}
	day, err := time.Parse(time.DateOnly, l.SaidOn)
	if end := day.Add(24*time.Hour - time.Second); err == nil && end.Before(l.Dated()) {
		return end
	}
	return l.Dated()
}

// Root is the article that counts as the origin of the words.
func (l Ledger) Root() string {
	if l.CopyOf != "" {
		return l.CopyOf
	}
	return l.Article
}

// Words is the content as FoldWords reduces it.
func (l Ledger) Words() string { return FoldWords(l.Text) }

// FoldWords reduces a text to its letters and digits, so that a comma before a
// closing quotation mark makes no difference.
func FoldWords(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
