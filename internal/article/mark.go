package article

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// mark is what an element's tag, role, class and id say about its part on the
// page.
type mark uint32

const (
	markBody    mark = 1 << iota // the article's body, by name
	markArticle                  // an article
	markComment                  // readers' comments and reply forms
	markShare                    // share and follow bars
	markRelated                  // related, recommended, previous and next links
	markLetter                   // newsletter, sign-up and subscription boxes
	markAd                       // advertisements, sponsors, promotions
	markCookie                   // consent banners, pop-ups
	markNav                      // menus, breadcrumbs, pagination
	markCaption                  // captions and credits of pictures
	markByline                   // author, date and other template lines
	markBio                      // author boxes
	markTags                     // tag and category lists
	markSide                     // side bars and widgets
	markFoot                     // footers
	markHidden                   // not shown
	markDead                     // never text: scripts, controls, media
	markTeaser                   // summaries of other pages
	markTitle                    // the headline
	markGallery                  // picture galleries
	markToc                      // tables of contents
	markTool                     // print, font size, listen
	markWall                     // pay wall
	markLive                     // live blog entries

	// entity and content are the two halves of names like "entry-content".
	partEntity
	partContent
	partWrap
)

// markFurniture is every mark that takes an element out of the body.
const markFurniture = markComment | markShare | markRelated | markLetter | markAd | markCookie | markNav |
	markCaption | markByline | markBio | markTags | markSide | markFoot | markHidden | markDead | markTool | markWall | markToc

// markFirm are the marks that are obeyed even where that leaves next to
// nothing.
const markFirm = markComment | markCookie | markNav | markFoot | markLetter | markDead

// tokenMarks says what the words of class names and ids mean.
var tokenMarks = map[string]mark{
	"article": partEntity, "entry": partEntity, "post": partEntity, "story": partEntity, "news": partEntity, "blog": partEntity, "single": partEntity,
	"content": partContent, "body": partContent, "text": partContent, "copy": partContent, "bodycopy": partContent, "richtext": partContent, "paragraphs": partContent,
	"wrap": partWrap, "wrapper": partWrap, "container": partWrap, "page": partWrap, "layout": partWrap, "grid": partWrap, "row": partWrap,
	"articlebody": markBody, "articletext": markBody, "articlecontent": markBody, "postcontent": markBody, "entrycontent": markBody,
	"storybody": markBody, "storytext": markBody, "storycontent": markBody, "postbody": markBody, "newstext": markBody, "bodytext": markBody, "maintext": markBody,

	"comment": markComment, "comments": markComment, "disqus": markComment, "respond": markComment, "commentlist": markComment, "commentary": 0,
	"discussion": markComment, "reply": markComment, "replies": markComment, "livefyre": markComment, "commento": markComment, "hyvor": markComment, "coral": markComment,
	"share": markShare, "sharing": markShare, "shares": markShare, "social": markShare, "socials": markShare, "sharebar": markShare, "sharethis": markShare,
	"addthis": markShare, "addtoany": markShare, "a2a": markShare, "sharedaddy": markShare, "follow": markShare, "whatsapp": markShare, "socialmedia": markShare, "shareaholic": markShare, "ssba": markShare, "jp": 0,
	"related": markRelated, "recommended": markRelated, "recommendations": markRelated, "recommend": markRelated, "recirc": markRelated, "recirculation": markRelated, "readmore": markRelated, "morefrom": markRelated, "relatedposts": markRelated,
	"yarpp": markRelated, "outbrain": markRelated, "taboola": markRelated, "zergnet": markRelated, "trending": markRelated, "popular": markRelated, "mostread": markRelated, "suggested": markRelated, "suggestions": markRelated, "jp-relatedposts": markRelated, "inline-related": markRelated, "seealso": markRelated, "upnext": markRelated, "nextprev": markRelated, "prevnext": markRelated, "previous": markRelated, "prev": markRelated, "furtherreading": markRelated,
	"newsletter": markLetter, "newsletters": markLetter, "signup": markLetter, "subscribe": markLetter, "subscription": markLetter, "mailchimp": markLetter, "optin": markLetter, "mc4wp": markLetter, "hubspot": 0, "cta": markLetter, "leadform": markLetter, "hbspt": markLetter,
	"ad": markAd, "ads": markAd, "advert": markAd, "adverts": markAd, "advertisement": markAd, "advertising": markAd, "advertisment": markAd, "adslot": markAd, "adsense": markAd, "adsbygoogle": markAd, "dfp": markAd, "gpt": markAd, "sponsor": markAd, "sponsored": markAd, "sponsors": markAd, "promo": markAd, "promos": markAd, "promotion": markAd, "promoted": markAd, "banner": markAd, "adwrapper": markAd, "adbox": markAd, "donate": markAd, "donation": markAd,
	"cookie": markCookie, "cookies": markCookie, "consent": markCookie, "gdpr": markCookie, "popup": markCookie, "modal": markCookie, "overlay": markCookie, "lightbox": markCookie, "onetrust": markCookie, "cookiebot": markCookie,
	"nav": markNav, "navbar": markNav, "navigation": markNav, "menu": markNav, "menus": markNav, "submenu": markNav, "breadcrumb": markNav, "breadcrumbs": markNav, "crumbs": markNav, "pagination": markNav, "pager": markNav, "paging": markNav, "topbar": markNav, "masthead": markNav, "pagenav": markNav, "sitemap": markNav, "offcanvas": markNav, "dropdown": markNav, "skip": markNav,
	"caption": markCaption, "captions": markCaption, "figcaption": markCaption, "credit": markCaption, "credits": markCaption, "imagecaption": markCaption, "photocredit": markCaption, "copyright": markCaption,
	"byline": markByline, "bylines": markByline, "dateline": markByline, "timestamp": markByline, "pubdate": markByline, "postmeta": markByline, "entrymeta": markByline, "meta": markByline, "metadata": markByline, "published": markByline, "author": markByline, "authors": markByline, "authored": markByline, "datetime": markByline, "date": markByline, "readtime": markByline, "postinfo": markByline, "articleinfo": markByline,
	"bio": markBio, "authorbox": markBio, "aboutauthor": markBio, "biography": markBio, "contributor": markBio, "contributors": markBio, "authorbio": markBio, "saboxplugin": markBio, "gravatar": markBio, "avatar": markBio, "vcard": markBio,
	"tags": markTags, "taglist": markTags, "tagcloud": markTags, "topics": markTags, "categories": markTags, "cat": 0, "keywords": markTags, "tagged": markTags, "hashtags": markTags,
	"sidebar": markSide, "sidebars": markSide, "aside": markSide, "rail": markSide, "rightrail": markSide, "leftrail": markSide, "rightcol": markSide, "tertiary": markSide,
	"footer": markFoot, "foot": markFoot, "bottom": 0, "footnote": 0, "legal": markFoot, "disclaimer": markFoot, "colophon": markFoot,
	"visuallyhidden": markHidden, "printonly": markHidden, "rollover": markHidden,
	"teaser": markTeaser, "teasers": markTeaser, "card": markTeaser, "cards": markTeaser, "carousel": markGallery, "slider": markGallery, "slideshow": markGallery, "gallery": markGallery, "galleries": markGallery,
	"headline": markTitle, "title": markTitle,
	"toc": markToc, "ez": 0, "tableofcontents": markToc, "lwptoc": markToc, "contentstable": markToc, "jumplinks": markToc,
	"print": markTool, "toolbar": markTool, "tools": markTool, "toolbox": markTool, "fontsize": markTool, "rating": markTool, "ratings": markTool, "vote": markTool, "votes": markTool, "poll": markTool, "quiz": markTool, "player": markTool, "login": markTool, "logout": markTool, "search": markTool, "searchform": markTool, "feedback": markTool, "loading": markTool, "tooltip": markTool,
	"paywall": markWall, "regwall": markWall,
	"liveblog": markLive,
}

// wholeMarks says what whole class names mean whose words say too little.
var wholeMarks = map[string]mark{
	"widget": markSide, "widgets": markSide, "widget-area": markSide, "hidden": markHidden, "is-hidden": markHidden, "visually-hidden": markHidden, "d-none": markHidden,
	"screen-reader-text": markHidden, "sr-only": markHidden, "hide": markHidden, "invisible": markHidden, "js-hidden": markHidden, "u-hidden": markHidden,
}

// markElement reads an element's tag and attributes.
func markElement(nd *node) mark {
	m := tagMarks(nd.tag)
	if m&markDead != 0 {
		return m
	}
	for i := range nd.n.Attr {
		a := &nd.n.Attr[i]
		switch a.Key {
		case "class":
			m |= nameMarks(a.Val)
		case "id":
			if !slug(nd.tag, a.Val) {
				m |= nameMarks(a.Val)
			}
		case "role":
			m |= roleMarks(a.Val)
		case "itemprop":
			m |= propMarks(a.Val)
		case "hidden":
			m |= markHidden
		case "aria-hidden":
			if a.Val == "true" {
				m |= markHidden
			}
		case "style":
			if hides(a.Val) {
				m |= markHidden
			}
		}
	}
	return m
}

// slug reports whether an id is the address of a heading rather than the name
// of a part of the page.
func slug(tag atom.Atom, id string) bool {
	if isHeading(tag) || tag == atom.P || tag == atom.Span || tag == atom.Li || tag == atom.A {
		return true
	}
	return strings.Count(id, "-")+strings.Count(id, "_") > 2
}

// tagMarks says what an element's name means.
func tagMarks(tag atom.Atom) mark {
	switch tag {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Iframe, atom.Object, atom.Embed, atom.Canvas,
		atom.Button, atom.Select, atom.Textarea, atom.Input, atom.Option, atom.Datalist, atom.Audio, atom.Video, atom.Map,
		atom.Head, atom.Link, atom.Meta, atom.Title, atom.Math, atom.Progress, atom.Meter, atom.Img, atom.Source, atom.Label, atom.Output:
		return markDead
	case atom.Nav, atom.Menu:
		return markNav
	case atom.Footer:
		return markFoot
	case atom.Aside:
		return markSide
	case atom.Figcaption:
		return markCaption
	case atom.Article:
		return markArticle
	case atom.Dialog:
		return markCookie
	case atom.Form:
		return markLetter
	}
	return 0
}

func roleMarks(role string) mark {
	switch role {
	case "navigation", "menu", "menubar", "toolbar", "tablist", "search":
		return markNav
	case "complementary":
		return markSide
	case "contentinfo":
		return markFoot
	case "dialog", "alertdialog", "alert":
		return markCookie
	}
	return 0
}

func propMarks(prop string) mark {
	switch prop {
	case "articleBody", "reviewBody":
		return markBody
	case "author", "datePublished", "dateModified":
		return markByline
	case "comment":
		return markComment
	case "caption", "copyrightHolder":
		return markCaption
	}
	return 0
}

// hides reports whether an inline style takes the element off the page.
func hides(style string) bool {
	if len(style) > 200 {
		return false
	}
	s := strings.ReplaceAll(strings.ToLower(style), " ", "")
	return strings.Contains(s, "display:none") || strings.Contains(s, "visibility:hidden")
}

// nameMarks reads a class attribute or an id: each name is split into words at
// punctuation, digits and camel-case humps, and the words are looked up.
func nameMarks(names string) mark {
	var all mark
	responsive := false // shown on some widths of screen
	for len(names) > 0 {
		name := names
		if i := strings.IndexAny(names, " \t\n\r\f"); i >= 0 {
			name, names = names[:i], names[i+1:]
		} else {
			names = ""
		}
		if name != "" {
			all |= oneName(name) | wholeMarks[name]
		}
		responsive = responsive || strings.Contains(name, ":block") || strings.Contains(name, ":flex") || strings.Contains(name, "-block") && strings.HasPrefix(name, "d-")
	}
	if responsive {
		all &^= markHidden
	}
	return all
}

// oneName reads one class name. The word "body" of "article-body" means the
// article's body only when nothing in the same name speaks against it.
func oneName(name string) mark {
	if len(name) > 80 {
		return 0
	}
	var m mark
	var buf [80]byte
	w := 0
	flush := func() {
		if w > 0 {
			m |= tokenMarks[string(buf[:w])]
			w = 0
		}
	}
	for i := 0; i < len(name); i++ {
		c := name[i]
		switch {
		case c >= 'A' && c <= 'Z':
			if i > 0 && name[i-1] >= 'a' && name[i-1] <= 'z' {
				flush()
			}
			buf[w] = c + 'a' - 'A'
			w++
		case c >= 'a' && c <= 'z', c >= 0x80:
			buf[w] = c
			w++
		default:
			flush()
		}
	}
	flush()
	return combine(m)
}

// combine turns the words of one name into its meaning.
func combine(m mark) mark {
	parts := m & (partEntity | partContent | partWrap)
	m &^= partEntity | partContent | partWrap
	if parts&(partEntity|partContent) == partEntity|partContent && m == 0 && parts&partWrap == 0 {
		m |= markBody
	}
	return m
}

// markAll sets the marks of every element.
func (t *tree) markAll() {
	for i := range t.nodes {
		nd := &t.nodes[i]
		if nd.n.Type == html.ElementNode {
			nd.marks = markElement(nd)
		}
	}
}
