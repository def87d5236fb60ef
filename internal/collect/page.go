package collect

import (
	"bytes"
	"context"
	"html"
	"strings"

	"golang.org/x/net/html/atom"

	nethtml "golang.org/x/net/html"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

// pollPage watches a single page: its item's GUID is the hash of the text a
// reader sees, and so its fingerprint changes with that text and nothing else.
func pollPage(ctx context.Context, j job) (*listing, error) {
	res, err := j.ask(ctx, "", true)
	if err != nil {
		return nil, err
	}
	if res.NotModified {
		return &listing{res: res, unchanged: true}, nil
	}
	body, _ := text.Decode(res.Capture.ContentType, res.Body)
	p := readPage(body)
	if p.text == "" {
		return nil, model.Errorf(model.ErrInvalid, "%s: shows no text without JavaScript, so there is nothing to watch", j.src.URL)
	}
	items, notes := itemise([]entry{p.entry(j.src.URL)}, baseOf(res, j), j)
	return &listing{title: cut(p.title, maxTitle), items: items, notes: notes, res: res}, nil
}

// visible is what a reader sees of a page.
type visible struct {
	title string
	text  string // words separated by one space
}

// entry describes the page. The summary holds its text, as HTML; what is too
// long for that is there by its hash.
func (p visible) entry(address string) entry {
	hash := model.HashOf([]byte(p.text))
	summary := p.text
	if len(summary) > maxSummary/2 {
		summary = cut(summary, maxSummary/2) + " … (the whole text has the SHA-256 " + hash + ")"
	}
	return entry{link: address, guid: hash, title: p.title, summary: html.EscapeString(summary)}
}

// hidden elements hold nothing a reader sees, or what changes without the page
// saying anything new: clocks, menus, forms.
var hidden = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Template: true, atom.Svg: true, atom.Iframe: true,
	atom.Nav: true, atom.Footer: true, atom.Form: true, atom.Time: true, atom.Select: true, atom.Textarea: true, atom.Button: true,
	atom.Math: true, atom.Object: true, atom.Canvas: true, atom.Aside: true,
}

// enoughText is how much of a page's own main part must be there for the rest
// to be ignored.
const enoughText = 200

// readPage collects the visible text in one pass over the tokens, so that
// neither depth nor broken markup matters.
func readPage(body []byte) visible {
	var all, main strings.Builder
	var title strings.Builder
	z := nethtml.NewTokenizer(bytes.NewReader(body))
	var skip, inMain int
	inTitle := false
	for {
		switch kind := z.Next(); kind {
		case nethtml.ErrorToken:
			return visible{title: plain(title.String()), text: pick(words(main.String()), words(all.String()))}
		case nethtml.TextToken:
			text := z.Text()
			switch {
			case inTitle:
				title.Write(text)
			case skip == 0 && inMain > 0:
				main.Write(text)
				fallthrough
			case skip == 0:
				all.Write(text)
			}
		case nethtml.StartTagToken, nethtml.EndTagToken:
			name, _ := z.TagName()
			step := 1
			if kind == nethtml.EndTagToken {
				step = -1
			}
			switch a := atom.Lookup(name); {
			case a == atom.Title && title.Len() == 0 || a == atom.Title && step < 0:
				inTitle = step > 0
			case a == atom.Main || a == atom.Article:
				inMain = max(inMain+step, 0)
			case hidden[a]:
				skip = max(skip+step, 0)
			default:
				if !inline[a] {
					all.WriteByte(' ')
					main.WriteByte(' ')
				}
			}
		}
	}
}

// inline elements do not part words.
var inline = map[atom.Atom]bool{
	atom.A: true, atom.B: true, atom.Em: true, atom.Font: true, atom.I: true, atom.Mark: true, atom.S: true, atom.Small: true,
	atom.Span: true, atom.Strong: true, atom.Sub: true, atom.Sup: true, atom.U: true, atom.Wbr: true, atom.Abbr: true, atom.Q: true,
}

func words(s string) string { return strings.Join(strings.Fields(html.UnescapeString(s)), " ") }

func pick(main, all string) string {
	if len(main) >= enoughText {
		return main
	}
	return all
}
