package article

import (
	"slices"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// readDump reads a text dump of a page: its title line, the furniture around
// and between the paragraphs, and the paragraphs, whose hard line breaks become
// blanks.
func readDump(s string, h Hints) *model.Article {
	r := &reading{hints: h, facts: &facts{}}
	paras := dumpParagraphs(s)
	a := &model.Article{}
	paras = r.dumpHead(paras, a)
	r.title = a.Title
	var credits []line
	for i, p := range paras {
		credits = append(credits, line{p, linkIn(p), i*2 > len(paras)})
	}
	slices.Reverse(credits)
	a.Text = strings.Join(r.dumpBody(paras), "\n\n")
	a.Outlet = h.Outlet
	r.finish(a)
	if o := r.credited(credits); o.Name != "" {
		a.Origin = o
	} else {
		a.Origin = agencyLine(a)
	}
	return a
}

// dumpParagraphs splits a dump at blank lines. Where lines are hard-wrapped,
// those of one paragraph are joined; else each line is a paragraph.
func dumpParagraphs(s string) []string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\f", "\n").Replace(s)
	var paras []string
	for group := range strings.SplitSeq(s, "\n\n") {
		var lines []string
		for l := range strings.SplitSeq(group, "\n") {
			if l = strings.TrimFunc(l, isTrim); l != "" {
				lines = append(lines, l)
			}
		}
		paras = append(paras, joinWrapped(lines)...)
	}
	return paras
}

// joinWrapped joins lines as long as one looks broken off: it is long, as a
// wrapped line is, and the template has no part in it or in the next.
func joinWrapped(lines []string) []string {
	width, long, ended := 0, 0, 0
	for i, l := range lines {
		width = max(width, len(l))
		if i+1 < len(lines) && len(l) >= 40 {
			long++
			if endsSentence(l) {
				ended++
			}
		}
	}
	if ended*10 > long*6 {
		return lines
	}
	var out []string
	open := false // the last line goes on
	for _, l := range lines {
		own := isFurnitureLine(l) || isShareBar(l) || isSectionLabel(l)
		if open && !own {
			out[len(out)-1] += " " + l
		} else {
			out = append(out, l)
		}
		open = !own && width <= 130 && len(l)*10 >= width*6 && len(l) >= 40
	}
	return out
}

// dumpHead takes title, byline and date off the top of a dump.
func (r *reading) dumpHead(paras []string, a *model.Article) []string {
	for len(paras) > 0 {
		p := paras[0]
		switch {
		case a.Title != "" && len(p) < 120 && r.dumpLine(p, a):
		case a.Title == "" && !isFurnitureLine(p) && !isShareBar(p) && len(p) <= 250 && !strings.HasSuffix(p, "."):
			a.Title = p
			r.title = p
		case a.Title == "" && (isFurnitureLine(p) || isShareBar(p)):
		case a.Title != "" && (repeatsTitle(p, a.Title) || isFurnitureLine(p) || isShareBar(p)):
		default:
			return paras
		}
		paras = paras[1:]
	}
	return paras
}

// dumpLine reads a line of the template below the title: byline or date.
func (r *reading) dumpLine(p string, a *model.Article) bool {
	found := false
	if hasBy(p) && len(a.Bylines) == 0 {
		if names := r.names(p); len(names) > 0 && (personal(names[0]) || isAgency(names[0])) {
			a.Bylines, found = names, true
		}
	}
	if pub, mod := lineDate(p, found); !pub.IsZero() || !mod.IsZero() {
		if found || saysWhen(p) || len(letters(p)) < 30 {
			found = true
			if a.Published.IsZero() && !pub.IsZero() {
				a.Published, a.PublishedFrom = pub, model.DateText
			}
			if a.Modified.IsZero() && mod.After(pub) {
				a.Modified = mod
			}
		}
	}
	if a.Published.IsZero() && !a.Modified.IsZero() {
		a.Published, a.PublishedFrom, a.Modified = a.Modified, model.DateText, time.Time{}
	}
	return found
}

// repeatsTitle reports whether a line is the title again, whole or shortened.
func repeatsTitle(p, title string) bool {
	a, b := letters(p), letters(title)
	if a == "" || len(a) > len(b)+12 || strings.HasSuffix(p, ".") && a != b {
		return false
	}
	if a == b || len(a) >= 12 && (strings.HasPrefix(b, a) || strings.HasSuffix(b, a)) || strings.HasPrefix(a, b) {
		return true
	}
	words := strings.Fields(strings.ToLower(title))
	of := strings.Fields(strings.ToLower(p))
	same := 0
	for _, w := range of {
		if slices.Contains(words, w) {
			same++
		}
	}
	return len(of) >= 3 && same*10 >= len(of)*8 && len(p) < len(title)+10
}

// dumpBody filters the paragraphs below the head.
func (r *reading) dumpBody(paras []string) []string {
	total, sofar := 0, 0
	for _, p := range paras {
		total += len(p)
	}
	var out []string
	for i := 0; i < len(paras); i++ {
		p := paras[i]
		sofar += len(p)
		switch {
		case isSteer(p):
			if i+1 < len(paras) && len(paras[i+1]) < 200 && !endsSentence(paras[i+1]) {
				i++
				sofar += len(paras[i])
			}
		case isFurnitureLine(p) || isShareBar(p) || len(p) <= 80 && isSectionLabel(p):
			if isEnd(p) && sofar*10 >= total*4 {
				return out
			}
		case lineCredit(line{text: p, late: true}).Name != "" && len(p) < 90 || isSourceLabel(p):
		default:
			out = append(out, p)
		}
	}
	for len(out) > 0 && len(out[len(out)-1]) < 120 && !endsSentence(out[len(out)-1]) {
		out = out[:len(out)-1]
	}
	return out
}

// isSteer reports whether a line is the label of a link to the previous or next
// page.
func isSteer(p string) bool {
	switch strings.ToLower(strings.Trim(p, " :«»‹›<>←→")) {
	case "previous", "next", "previous article", "next article", "previous post", "next post", "prev", "previous story", "next story", "prev post":
		return true
	}
	return false
}

// isEnd reports whether nothing of the article follows a line.
func isEnd(p string) bool {
	l := strings.ToLower(p)
	for _, w := range [...]string{"leave a reply", "leave a comment", "comments", "your email address", "related posts", "related articles", "related stories", "you may also", "you might also", "post navigation", "about the author", "post comment", "save my name"} {
		if strings.HasPrefix(l, w) {
			return true
		}
	}
	return strings.HasSuffix(l, " comments") && l[0] >= '0' && l[0] <= '9'
}

func isSourceLabel(p string) bool {
	l := strings.ToLower(strings.Trim(p, " :.[]()"))
	return l == "source link" || l == "source" || strings.HasPrefix(l, "source link")
}

// linkIn returns the first web address written out in a line.
func linkIn(s string) string {
	i := strings.Index(s, "http")
	if i < 0 {
		return ""
	}
	href := s[i:]
	if j := strings.IndexAny(href, " \n\t)]>\""); j >= 0 {
		href = href[:j]
	}
	if !strings.HasPrefix(href, "http://") && !strings.HasPrefix(href, "https://") {
		return ""
	}
	return strings.TrimRight(href, ".,;")
}

// isShareBar reports whether a line holds nothing but the names of places to
// share to.
func isShareBar(s string) bool {
	if len(s) > 160 {
		return false
	}
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return strings.ContainsRune(" ,|/·•:-–+0123456789.\n\t()&", r) })
	named := 0
	for _, w := range words {
		switch {
		case shareNames[w]:
			named++
		case !shareWords[w]:
			return false
		}
	}
	return named >= 2 || named == 1 && len(words) >= 2
}

var shareNames = labels(`facebook|twitter|x|whatsapp|telegram|linkedin|pinterest|reddit|email|e-mail|print|tumblr|vk|viber|messenger|instagram|youtube|tiktok|flipboard|mastodon|bluesky|threads|line|pocket|mix|digg|stumbleupon|odnoklassniki|skype|wechat|copy|link|tweet|mail|rss|snapchat|xing|gmail|sms`)

var shareWords = labels(`share|on|via|to|this|article|story|post|page|with|follow|us|the|by|click|opens|in|new|window|pin|it|like|and|more|save|send|total|shares|url|a|friend|clipboard`)
