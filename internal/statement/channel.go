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
	"notice": "notice", "recording": "recording", "memoir": "memoir", "book": "book", "advisory": "advisory", "telephone": "telephone", "phone": "telephone", "parliament": "parliament", "lawmakers": "parliament", "rally": "rally",
}

// channelOf reads how something was said from around its cue.
func (p *page) channelOf(pr *proposal) string {
	if lemma := pr.lemma; lemma == "tweet" || lemma == "retweet" {
		return "Twitter"
	}
	if pr.cue.Len() == 0 {
		return ""
	}
	if via := p.passedOn(pr); via.Len() > 0 {
		return p.bare(via)
	}
	if pr.outer > 0 && p.quoted[pr.cue.Start] >= 0 {
		return ""
	}
	if pr.source.Len() > 0 && issued[p.low[pr.source.End-1]] {
		return channelNames[p.low[pr.source.End-1]] // "the statement said"
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
		if w == "channel" && !possessors[p.low[max(0, i-1)]] && !possessors[p.low[max(0, i-2)]] {
			continue // any channel but one's own is an outlet
		}
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

// passedOn is the name of the outlet that quotes: "was quoted by the daily Rynok
// as saying", "was quoted as saying by Interfax".
func (p *page) passedOn(pr *proposal) text.Range {
	r := pr.via
	if i := pr.cue.End; r.Len() == 0 && i+2 < len(p.low) && p.low[i] == "by" && (p.low[i-1] == "saying" || p.low[i-1] == "telling") {
		r = text.Range{Start: i, End: min(i+9, len(p.low))}
	}
	return p.outletIn(r)
}

// outletIn is the first name in a phrase such as "by the state news agency
// Haixin", empty for none.
func (p *page) outletIn(r text.Range) text.Range {
	for i := r.Start; i < r.End; i++ {
		w := p.low[i]
		switch {
		case p.Tokens[i].Kind != text.Word && w != "-", p.isCue[i], isDay(w):
			return text.Range{}
		case upper(p.Token(i)) && !determiners[w] && !possessive(w) && !demonymAdjective(w):
			return text.Range{Start: i, End: min(p.nameRun(i), r.End)}
		}
	}
	return text.Range{}
}

// demonymAdjective reports whether a folded word looks like "Russian", as in
// "the Russian daily Rynok".
func demonymAdjective(w string) bool {
	for _, end := range []string{"ian", "ish", "ese", "ean", "can"} {
		if len(w) > len(end)+1 && strings.HasSuffix(w, end) {
			return true
		}
	}
	return w == "french" || w == "german" || w == "dutch" || w == "greek"
}

// assemblies are told by the words for those who sit in them.
var assemblies = wordSet("mps lawmakers deputies senators parliament legislators commons bundestag duma knesset")

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

// outlets are the nouns that stand before an outlet's name.
var outlets = wordSet("broadcaster newspaper channel station daily weekly agency magazine website outlet programme program radio paper")

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
	for j := i; j < min(i+6, len(p.low)) && p.Tokens[j].Kind == text.Word; j++ {
		switch w := p.low[j]; {
		case assemblies[w]:
			return "parliament"
		case outlets[w] && !upper(p.Token(j)):
			if name := p.outletIn(text.Range{Start: j + 1, End: min(j+7, len(p.low))}); name.Len() > 0 && name.Start < j+4 {
				return p.bare(name)
			}
			j = len(p.low)
		case p.isCue[j], w == "that", upper(p.Token(j)) && !determiners[w]:
			j = len(p.low)
		}
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
