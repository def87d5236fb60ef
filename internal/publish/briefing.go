// Package publish puts briefings together and writes them in the forms people
// take away. It writes no words of its own but counts and labels: what a
// briefing says is somebody's words, a report, or the desk's.
package publish

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// Quote is a statement with the text it stands in.
type Quote struct {
	model.Ledger
	Capture string // hash of the bytes the text was read from
	Whole   string // text of the article's revision the statement is of
}

// Report is an outage with the sentence that was judged of it.
type Report struct {
	model.OutageFacts
	Sentence string
}

// Material is what a briefing may be put together from.
type Material struct {
	Claims   []model.Claim // in the order they are to be told
	Quotes   []Quote       // statements of these claims
	Articles []model.Article
	Reports  []Report
}

// maxVoices bounds the statements of one claim in a draft.
const maxVoices = 12

// Draft lays out every sentence a briefing may have: the counts, what each
// speaker says of each claim now, and the outages. A statement whose words are
// not those of its text is left out.
func Draft(m Material) []model.Sentence {
	out := counts(m)
	for _, c := range m.Claims {
		out = append(out, voices(c, m.Quotes)...)
	}
	for i := range m.Reports {
		if r := &m.Reports[i]; r.Sentence != "" {
			out = append(out, model.Sentence{
				Key: "outage:" + r.ID, Kind: model.SentenceOutage, Text: r.Sentence, Service: r.Service, Outage: r.ID, Judged: r.Peak.At, Rule: r.Peak.Rule,
			})
		}
	}
	return out
}

// counts says how much there is, with the ids of what was counted.
func counts(m Material) []model.Sentence {
	var claims, disputed, articles, origins []string
	for i := range m.Claims {
		c := &m.Claims[i]
		claims = append(claims, c.ID)
		if c.Upheld > 0 && c.Disputed > 0 {
			disputed = append(disputed, c.ID)
		}
	}
	for i := range m.Articles {
		articles = append(articles, m.Articles[i].ID)
		if m.Articles[i].CopyOf == "" {
			origins = append(origins, m.Articles[i].ID)
		}
	}
	var out []model.Sentence
	if len(claims) > 0 {
		out = append(out, model.Sentence{
			Key: "count:claims", Kind: model.SentenceCount, Of: claims, Text: fmt.Sprintf("%s, %d of them disputed.", many(len(claims), "claim"), len(disputed)),
		})
	}
	if len(articles) > 0 {
		out = append(out, model.Sentence{
			Key: "count:articles", Kind: model.SentenceCount, Of: articles,
			Text: fmt.Sprintf("%s from %s; %s.", many(len(articles), "article"), many(len(origins), "independent origin"), copies(len(articles)-len(origins))),
		})
	}
	return out
}

func many(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func copies(n int) string {
	if n == 1 {
		return "1 copy"
	}
	return fmt.Sprintf("%d copies", n)
}

// voices is what each speaker holds of a claim now, in the order in which these
// positions were taken up: the newest wording, from where it was first heard.
// Copies say nothing of their own.
func voices(c model.Claim, quotes []Quote) []model.Sentence {
	byID := map[string]*Quote{}
	var list []model.Ledger
	for i := range quotes {
		q := &quotes[i]
		if q.Claim == c.ID && q.CopyOf == "" && model.Words(q.Whole, q.Content) != "" {
			byID[q.ID] = q
			l := q.Ledger
			l.Text = model.Words(q.Whole, q.Content)
			list = append(list, l)
		}
	}
	var out []model.Sentence
	for _, p := range model.Positions(list) {
		if !p.Until.IsZero() || p.Stance.Side() == model.NoSide {
			continue
		}
		words := p.Speaker().Words()
		i := slices.IndexFunc(p.Said, func(l model.Ledger) bool { return l.Words() == words })
		out = append(out, sentenceOf(byID[p.Said[i].ID]))
	}
	return out[max(0, len(out)-maxVoices):]
}

func sentenceOf(q *Quote) model.Sentence {
	return model.Sentence{
		Key: "statement:" + q.ID, Kind: model.SentenceStatement, Text: model.Words(q.Whole, q.Content), Statement: q.ID, N: q.N, Article: q.Article, Revision: q.Revision,
		Capture: q.Capture, Spans: slices.Clone(q.Content), Speaker: q.Speaker, SpeakerID: q.SpeakerID, Role: q.Role, Stance: q.Attitude, Claim: q.Claim,
		Outlet: q.Outlet, URL: q.URL, Published: q.Published, SaidOn: q.SaidOn,
	}
}

// Pick is one sentence an editor takes: one of the draft by its key, or, with
// no key, words of the desk's own.
type Pick struct {
	Key    string
	Words  string
	Order  int
	Pinned bool
}

// Assemble puts the picks in order: pinned ones first, then by number. A key
// that is not in the draft is a model.ErrConflict, since what it names has
// changed; words of the desk that are empty are left out.
func Assemble(b model.Briefing, draft []model.Sentence, picks []Pick) (*model.Briefing, error) {
	at := map[string]*model.Sentence{}
	for i := range draft {
		at[draft[i].Key] = &draft[i]
	}
	picks = slices.Clone(picks)
	slices.SortStableFunc(picks, func(a, b Pick) int {
		if a.Pinned != b.Pinned {
			if a.Pinned {
				return -1
			}
			return 1
		}
		return a.Order - b.Order
	})
	b.Sentences = nil
	own := 0
	for _, p := range picks {
		if p.Key == "" {
			if words := strings.TrimSpace(p.Words); words != "" {
				own++
				b.Sentences = append(b.Sentences, model.Sentence{Key: fmt.Sprintf("desk:%d", own), Kind: model.SentenceDesk, Text: words, Pinned: p.Pinned})
			}
			continue
		}
		s, ok := at[p.Key]
		if !ok {
			return nil, model.Errorf(model.ErrConflict, "briefing: what %s names has changed meanwhile", p.Key)
		}
		take := *s
		take.Pinned = p.Pinned
		b.Sentences = append(b.Sentences, take)
		delete(at, p.Key) // once is enough
	}
	if err := b.Validate(); err != nil {
		return nil, err
	}
	return &b, nil
}

// Trace checks that the words of a statement are those its spans have in the
// text they point into. Other sentences carry no words of a capture.
func Trace(s model.Sentence, text string) error {
	if s.Kind != model.SentenceStatement {
		return nil
	}
	if got := model.Words(text, s.Spans); got != s.Text {
		return model.Errorf(model.ErrInvalid, "sentence %s is %q, its spans are %q", s.Key, s.Text, got)
	}
	return nil
}

// Difference is what changed from one briefing to another.
type Difference struct {
	Added   []model.Sentence
	Dropped []model.Sentence
	Changed []model.Sentence // counts and reports that say something else now
}

// Empty reports whether nothing changed.
func (d Difference) Empty() bool { return len(d.Added)+len(d.Dropped)+len(d.Changed) == 0 }

// Compare sets a briefing against an earlier one. The desk's own words are told
// apart by what they say.
func Compare(before, now *model.Briefing) Difference {
	key := func(s *model.Sentence) string {
		if s.Kind == model.SentenceDesk {
			return "desk " + s.Text
		}
		return s.Key
	}
	was := map[string]string{}
	for i := range before.Sentences {
		was[key(&before.Sentences[i])] = before.Sentences[i].Text
	}
	var d Difference
	is := map[string]bool{}
	for i := range now.Sentences {
		s := &now.Sentences[i]
		is[key(s)] = true
		switch text, known := was[key(s)]; {
		case !known:
			d.Added = append(d.Added, *s)
		case text != s.Text:
			d.Changed = append(d.Changed, *s)
		}
	}
	for i := range before.Sentences {
		if s := &before.Sentences[i]; !is[key(s)] {
			d.Dropped = append(d.Dropped, *s)
		}
	}
	return d
}

// Origin is where a sentence comes from, in a line; "" for the desk's own.
func Origin(s *model.Sentence) string {
	switch s.Kind {
	case model.SentenceStatement:
		parts := []string{s.Outlet}
		if !s.Published.IsZero() {
			parts = append(parts, "published "+clock(s.Published))
		}
		var spans []string
		for _, sp := range s.Spans {
			spans = append(spans, fmt.Sprintf("%d–%d", sp.Start, sp.End))
		}
		parts = append(parts, "capture "+short(s.Capture), "bytes "+strings.Join(spans, ", ")+fmt.Sprintf(" of the text of version %d", s.Revision))
		return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), ", ")
	case model.SentenceCount:
		return "counted here"
	case model.SentenceOutage:
		text := "judged " + clock(s.Judged)
		if s.Rule != "" {
			text += ", rule " + s.Rule
		}
		return text
	}
	return ""
}

// Who is who says a statement; "" for other sentences.
func Who(s *model.Sentence) string {
	if s.Kind != model.SentenceStatement {
		return ""
	}
	name := strings.TrimPrefix(s.Speaker, "unnamed: ")
	if name == "" {
		name = "speaker not named"
	}
	if s.Role != "" {
		name += ", " + s.Role
	}
	return name
}

func clock(t time.Time) string { return t.UTC().Format("2 Jan 2006 15:04") + " UTC" }

func short(hash string) string {
	if len(hash) < 16 {
		return hash
	}
	return hash[:12]
}

// Link is the path of what a sentence rests on; "" where there is none of its
// own.
func Link(s *model.Sentence) string {
	switch s.Kind {
	case model.SentenceStatement:
		return fmt.Sprintf("/article/%s#s%d", s.Article, s.N)
	case model.SentenceOutage:
		return "/outage/" + s.Outage
	}
	return ""
}
