package model

import "time"

// SearchQuery asks for articles. Zero fields do not filter.
type SearchQuery struct {
	Text    string // words; all must occur, in title or text or a speaker's name
	Outlet  string
	Speaker string
	From    time.Time // published, or first seen where no date is stated
	To      time.Time // exclusive
	Limit   int
	Offset  int
}

// SearchResult is one page of answers, best first.
type SearchResult struct {
	Total int
	Hits  []SearchHit
}

// SearchHit is one article found.
type SearchHit struct {
	Article  Article // without Text
	Licence  Licence
	Snippet  string    // plain text around the matches
	Matches  []Span    // byte offsets of the matched words in Snippet
	Speakers []Speaker // those with a name, in the order they speak; ID, Name and Type only
}
