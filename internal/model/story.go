package model

import "time"

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
	Outlet    string
	URL       string
	Published time.Time
	Seen      time.Time
	Copies    int // articles that repeat the article it stands in
	Story     string
	Reporter  string // speaker of the statement that reports this one, "" where none does
}
