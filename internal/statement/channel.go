package statement

import (
	"strings"

	"crosscheck/internal/text"
)

// channelNames are the channels with a name of their own, by the words that
// give them away.
var channelNames = map[string]string{
	"telegram": "Telegram", "twitter": "Twitter", "facebook": "Facebook", "instagram": "Instagram", "x": "X", "mastodon": "Mastodon",
	"bluesky": "Bluesky", "whatsapp": "WhatsApp", "signal": "Signal", "viber": "Viber", "youtube": "YouTube", "tiktok": "TikTok",
	"statement": "statement", "statements": "statement", "interview": "interview", "interviews": "interview",
	"briefing": "briefing", "briefings": "briefing", "speech": "speech", "address": "address", "letter": "letter", "video": "video",
	"email": "email", "channel": "channel", "blog": "blog", "post": "post", "television": "television", "tv": "television",
	"radio": "radio", "communiqué": "communiqué", "communique": "communiqué", "podcast": "podcast", "hearing": "hearing",
	"testimony": "testimony", "report": "report", "note": "note", "memo": "memo", "message": "message", "website": "website",
	"op-ed": "op-ed", "bulletin": "bulletin", "newsletter": "newsletter", "reporters": "reporters", "journalists": "reporters",
	"notice": "notice", "telephone": "telephone", "phone": "telephone", "parliament": "parliament", "lawmakers": "lawmakers", "rally": "rally",
}

// channelOf reads how something was said from around its cue.
func (p *page) channelOf(pr *proposal) string {
	if lemma := pr.lemma; lemma == "tweet" || lemma == "retweet" {
		return "Twitter"
	}
	if pr.cue.Len() == 0 {
		return ""
	}
	r := p.around(pr)
	if outlet := p.toldOutlet(pr); outlet != "" {
		return outlet
	}
	best := ""
	for i := r.Start; i < r.End; i++ {
		if q := p.quoted[i]; q >= 0 {
			i = p.outer[q].Tokens.End - 1
			continue
		}
		if pr.inSource(i) || pr.inContent(i) {
			continue
		}
		w := p.low[i]
		if (w == "conference") && i > 0 && (p.low[i-1] == "press" || p.low[i-1] == "news") {
			return "press conference"
		}
		name, ok := channelNames[w]
		if !ok || w == "x" && p.Token(i) != "X" || !p.channelContext(i) {
			continue
		}
		if first := name[0]; 'A' <= first && first <= 'Z' {
			return name
		}
		if best == "" {
			best = name
		}
	}
	return best
}

// channelContext reports whether a preposition or "told" governs the noun at
// token i.
func (p *page) channelContext(i int) bool {
	for j := i - 1; j >= 0 && j > i-6; j-- {
		switch w := p.low[j]; {
		case w == "in" || w == "on" || w == "at" || w == "to" || w == "via" || w == "through" || w == "during" || w == "told" || w == "telling" || w == "tells" || w == "by" || w == "from":
			return true
		case p.Tokens[j].Kind == text.Mark && w != "-":
			return false
		}
	}
	return false
}

// around is the sentence that may name channel and date.
func (p *page) around(pr *proposal) text.Range {
	u := &p.units[pr.unit]
	return u.tokens(0, len(u.items))
}

func (pr *proposal) inSource(i int) bool { return pr.source.Start <= i && i < pr.source.End }

func (pr *proposal) inContent(i int) bool {
	for _, c := range pr.content {
		if c.Start <= i && i < c.End {
			return true
		}
	}
	return false
}

// toldOutlet returns the capitalised name of the one who was told: "told The
// Lanthorn", "told Reuters".
func (p *page) toldOutlet(pr *proposal) string {
	i := pr.cue.End
	switch {
	case pr.lemma == "tell":
	case i+1 < len(p.low) && p.low[i] == "to":
		i++
	case i+2 < len(p.low) && p.low[i] == "in" && p.low[i+1] == "an" && p.low[i+2] == "interview":
		return "interview"
	default:
		return ""
	}
	start := i
	for i < len(p.Tokens) && p.Tokens[i].Kind == text.Word && (upper(p.Token(i)) || p.low[i] == "the" && i == start) && !pr.inContent(i) && !isDay(p.low[i]) {
		i++
	}
	if i == start || i == start+1 && p.low[start] == "the" || p.low[i-1] == "the" {
		return ""
	}
	name := p.Text[p.Tokens[start].Start:p.Tokens[i-1].End]
	name = strings.TrimPrefix(name, "the ")
	for _, suffix := range []string{"’s", "'s"} {
		name = strings.TrimSuffix(name, suffix)
	}
	return name
}
