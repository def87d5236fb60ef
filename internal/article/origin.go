package article

import (
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html/atom"

	"crosscheck/internal/model"
)

// line is one line of a page where a credit may stand.
type line struct {
	text string
	href string // the first link in it, absolute, or ""
	late bool   // it stands at the end of the article or after it
}

// origin reads whom the page credits for its text: in the lines of the article
// and shortly after it, in its dateline and byline, in its canonical address.
func (r *reading) origin(a *model.Article) model.Origin {
	if o := r.credited(r.creditLines()); o.Name != "" {
		return r.foreign(o, a)
	}
	if o := agencyLine(a); o.Name != "" {
		return r.foreign(o, a)
	}
	if c, err := url.Parse(a.Canonical); err == nil && c.Host != "" {
		page, err := url.Parse(first(a.URL, r.facts.get("og:url")))
		if err == nil && page.Host != "" && !sameSite(bareHost(page), bareHost(c)) {
			return model.Origin{Name: bareHost(c), URL: a.Canonical}
		}
	}
	return model.Origin{}
}

// foreign drops an origin that is the outlet itself.
func (r *reading) foreign(o model.Origin, a *model.Article) model.Origin {
	own := strings.TrimPrefix(letters(a.Outlet), "the")
	page, _ := url.Parse(first(a.URL, a.Canonical))
	link, _ := url.Parse(o.URL)
	same := page != nil && link != nil && page.Host != "" && link.Host != "" && sameSite(bareHost(page), bareHost(link))
	if same || own != "" && strings.Contains(letters(o.Name), own) || r.isSite(o.Name) {
		return model.Origin{}
	}
	return o
}

// sameSite reports whether one host is the other or stands under it.
func sameSite(a, b string) bool {
	return a == b || strings.HasSuffix(a, "."+b) || strings.HasSuffix(b, "."+a)
}

// creditDepth is how many blocks from either end of an article a credit may
// stand.
const creditDepth = 100

// creditLines lists the blocks in which a credit may stand, the last first:
// the article's own at both ends, and the few after it.
func (r *reading) creditLines() []line {
	var out []line
	if len(r.body.kept) == 0 {
		return nil
	}
	blocks := r.body.blocks
	first, last := max(r.body.kept[0]-6, 0), r.body.kept[len(r.body.kept)-1]
	for i := min(last+12, len(blocks)-1); i >= first; i-- {
		if i == last-creditDepth {
			i = min(i, first+creditDepth)
		}
		b := &blocks[i]
		if i > last && b.marks&(markComment|markRelated|markFoot|markNav) != 0 {
			continue
		}
		out = append(out, line{b.text, r.blockLink(b), i >= last-1})
	}
	return out
}

// blockLink returns the address of the first link in a block.
func (r *reading) blockLink(b *block) string {
	if b.link == 0 {
		return ""
	}
	for i := b.el; i <= b.last; i++ {
		if nd := &r.tree.nodes[i]; nd.tag == atom.A && nd.end > b.first {
			return r.facts.absolute(attr(nd.n, "href"))
		}
	}
	for i := r.tree.nodes[b.first].parent; i > r.tree.body; i = r.tree.nodes[i].parent {
		if nd := &r.tree.nodes[i]; nd.tag == atom.A {
			return r.facts.absolute(attr(nd.n, "href"))
		}
	}
	return ""
}

// credit finds the name in sentences that credit another publisher.
var credit = regexp.MustCompile(`(?i:\b(?:(?:was |were |is )?(?:first |originally )?(?:published|appeared|ran) (?:originally |first )?(?:by|at|in|on)|republished (?:with permission )?(?:from|by)|reprinted (?:with permission )?(?:from|by)|re-?posted from|courtesy of))\s+((?:(?i:the) )?[\p{Lu}\d][^.;:()\n]{1,60})`)

// opener introduces such a sentence: without it "published by" is no credit.
var opener = regexp.MustCompile(`(?i)\bthis (article|story|post|piece|report|text|column|essay|interview)\b.{0,40}(published|appeared|ran)|originally (published|appeared|ran|posted)|first (published|appeared)|(published|appeared) (first|originally)|republished|reprinted|re-?posted`)

var contributed = regexp.MustCompile(`(?:^|[.] )((?:The )?\p{Lu}[\p{L}.& ]{1,40}?)(?:,? (?:and|with) [^.]{2,60})? contributed to this (?:report|story|article)`)

var sourceLine = regexp.MustCompile(`^\(?(?i:sources?|via|quelle|fuente|fonte|источник|source and credit|with inputs? from|inputs? from|news source|original source)\s*[:\-–]?\s+([^\n]{2,60}?)\)?\.?$`)

// credited looks for a credit in the lines, in their order.
func (r *reading) credited(lines []line) model.Origin {
	for _, l := range lines {
		if o := lineCredit(l); o.Name != "" {
			return o
		}
	}
	return model.Origin{}
}

func lineCredit(l line) model.Origin {
	if len(l.text) > 400 {
		return model.Origin{}
	}
	label := strings.ToLower(strings.Trim(strings.TrimSuffix(l.text, l.href), " :.»›→[]()"))
	switch label {
	case "source link", "source", "original source", "original article", "read original article", "read the original article", "link to original", "original link", "read the original", "view original", "view source", "article source":
		return model.Origin{Name: hostOf(l.href), URL: l.href}
	}
	if len(l.text) < 90 && l.late {
		if m := sourceLine.FindStringSubmatch(l.text); m != nil && !strings.HasSuffix(l.text, ":") {
			return named(m[1], l.href)
		}
	}
	if opener.MatchString(l.text) {
		if m := credit.FindStringSubmatch(l.text); m != nil {
			return named(m[1], l.href)
		}
	}
	if m := contributed.FindStringSubmatch(l.text); m != nil && isAgency(m[1]) {
		return named(m[1], l.href)
	}
	return model.Origin{}
}

// named makes an origin of the words found where a name stands.
func named(name, href string) model.Origin {
	for _, stop := range [...]string{" on ", " in ", " and ", " under ", " as ", " at ", " with ", " here", " | ", " – ", " — ", ",", "https://", "http://"} {
		if i := strings.Index(name, stop); i > 1 {
			name = name[:i]
		}
	}
	name = strings.Trim(name, " \"'“”‘’.,:-–")
	if month, _, _ := strings.Cut(name, " "); isDigits(name) || isWhen(month) {
		return model.Origin{}
	}
	if strings.HasPrefix(name, "http") || name == "" {
		name = hostOf(first(href, name))
	}
	return model.Origin{Name: name, URL: href}
}

// isWhen reports whether a word is the name of a month or of a day.
func isWhen(w string) bool {
	if _, ok := month(strings.Trim(w, ".")); ok {
		return len(w) < 5 || monthNames[strings.ToLower(w)]
	}
	return strings.HasSuffix(w, "day") && len(w) > 5
}

var monthNames = labels("january|february|march|april|june|july|august|september|october|november|december")

func hostOf(href string) string {
	u, err := url.Parse(href)
	if err != nil {
		return ""
	}
	return bareHost(u)
}

// wire finds the agency in the dateline of a wire story: "OSTMERE (Reuters) -"
// or "(AP) —".
var wire = regexp.MustCompile(`^[^\n()]{0,70}\(([\p{L}][\p{L}. /&]{1,30})\)\s*[-–—:]`)

// placed finds any name in brackets behind a place in capitals: "ARVENHOLT
// (Aldwire) –".
var placed = regexp.MustCompile(`^\p{Lu}[\p{Lu}’'., /-]{2,40}\((\p{Lu}[\p{L}.&-]+(?: \p{Lu}[\p{L}.&-]+){0,2})\)\s*[-–—]`)

// bareWire finds it without brackets: "OSTMERE, May 3 — AFP:".
var bareWire = regexp.MustCompile(`^(?:[\p{Lu}][\p{L}. ,\d]{2,40}[-–—,]\s*)?([A-Z][\p{L} ]{1,24}?)\s*[-–—:]\s`)

// agencyLine reads the agency in the first paragraph's dateline or in the
// byline.
func agencyLine(a *model.Article) model.Origin {
	head, _, _ := strings.Cut(a.Text, "\n\n")
	if m := wire.FindStringSubmatch(head); m != nil && (isAgency(m[1]) || strings.ToUpper(m[1]) == m[1] && len(m[1]) <= 6) {
		return model.Origin{Name: m[1]}
	}
	if m := placed.FindStringSubmatch(head); m != nil {
		return model.Origin{Name: m[1]}
	}
	if m := bareWire.FindStringSubmatch(head); m != nil && isAgency(m[1]) {
		return model.Origin{Name: m[1]}
	}
	for _, name := range a.Bylines {
		if isAgency(name) {
			return model.Origin{Name: name}
		}
	}
	return model.Origin{}
}

// agencies are news agencies by their lower-case names.
var agencies = labels(`reuters|thomson reuters|ap|associated press|the associated press|afp|agence france-presse|agence france presse|dpa|deutsche presse-agentur|efe|ansa|apa|sda|keystone-sda|pti|ani|ians|upi|united press international|xinhua|tass|itar-tass|interfax|ria|ria novosti|ukrinform|unian|kyodo|kyodo news|yonhap|anadolu|anadolu agency|aa|bloomberg|bloomberg news|pa|pa media|press association|the press association|canadian press|the canadian press|cp|aap|australian associated press|belga|anp|ntb|ritzau|tt|lusa|mti|ctk|pap|tanjug|sana|irna|wam|spa|kuna|bernama|antara|vna|afp-jiji|jiji|jiji press|mena|cna|dow jones|dow jones newswires|marketwatch|globe newswire|globenewswire|pr newswire|business wire|staff and wire reports|news agencies|agencies|wire reports|inter press service|ips|kcna|bss|unb|app|petra|hina|beta|fena|makfax|agerpres|bta|belta|ukrainian news|radio free europe|rfe/rl`)

func isAgency(s string) bool { return agencies[strings.ToLower(strings.Trim(s, " ."))] }
