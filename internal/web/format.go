package web

import (
	"cmp"
	"fmt"
	"html/template"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// maxTitle bounds a headline on a page, in characters.
const maxTitle = 300

// glyphs maps a stance to the symbol that stands beside its word. Demands and
// questions take no side and have none.
var glyphs = map[model.Stance]string{
	model.StanceAsserts: "a", model.StanceConfirms: "k", model.StanceDenies: "x", model.StanceDoubts: "d",
}

func glyph(s model.Stance) string { return glyphs[s] }

// speakerName is how pages write a speaker: an unnamed one by the words the
// article has for them.
func speakerName(s string) string { return strings.TrimPrefix(s, "unnamed: ") }

// whoURL leads to the page of a speaker; without an id, to the articles the name
// speaks in.
func whoURL(id, name string) string {
	if id == "" {
		return "/search?" + url.Values{"speaker": {name}}.Encode()
	}
	return "/speaker/" + url.PathEscape(id)
}

// typeNoun is what kind of speaker somebody is, in a word.
func typeNoun(t model.SpeakerType) string {
	switch t {
	case model.SpeakerPerson, model.SpeakerOrganisation, model.SpeakerDocument:
		return string(t)
	}
	return "speaker"
}

// titleOr is a headline of bearable length, or words for none.
func titleOr(s string) string {
	return cmp.Or(clip(maxTitle, strings.TrimSpace(s)), "Without a headline")
}

// via names the channel a statement came by, where it is not the outlet's own
// article.
func via(channel, outlet string) string {
	if channel == "" || strings.EqualFold(channel, outlet) {
		return ""
	}
	return "via " + channel
}

// kindWords says how an article gives a statement.
func kindWords(k model.Kind) string {
	switch k {
	case model.KindDirect:
		return "quoted"
	case model.KindIndirect:
		return "reported, not quoted"
	case model.KindMixed:
		return "quoted in part"
	}
	return ""
}

// outletOr is an outlet's name of bearable length, or words for none.
func outletOr(s string) string { return cmp.Or(clip(80, strings.TrimSpace(s)), "outlet not known") }

// stanceWord is the word for a stance; a statement without one was said.
func stanceWord(s model.Stance) string {
	if s == "" {
		return "says"
	}
	return string(s)
}

// timeTag shows a moment as "11 Mar 08:24" in UTC, with the year where it is
// not the present one.
func timeTag(t, now time.Time) template.HTML {
	layout := "2 Jan 15:04"
	if t.UTC().Year() != now.UTC().Year() {
		layout = "2 Jan 2006 15:04"
	}
	return moment(t, layout, "")
}

// clockTag shows the time of day alone, where the day stands beside it.
func clockTag(t time.Time) template.HTML { return moment(t, "15:04", ` data-f="t"`) }

// fullTag shows a moment with weekday and year.
func fullTag(t time.Time) template.HTML { return moment(t, "Mon 2 Jan 2006, 15:04", ` data-f="l"`) }

func moment(t time.Time, layout, attr string) template.HTML {
	if t.IsZero() {
		return "not stated"
	}
	t = t.UTC()
	return template.HTML(fmt.Sprintf(`<time datetime="%s" title="%s"%s>%s</time>`,
		t.Format("2006-01-02T15:04Z"), t.Format("2 January 2006, 15:04 UTC"), attr, t.Format(layout)))
}

// dayTag shows a date stated as YYYY-MM-DD; "" when it is none.
func dayTag(date string, now time.Time) template.HTML {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return ""
	}
	layout := "2 Jan"
	if t.Year() != now.UTC().Year() {
		layout = "2 Jan 2006"
	}
	return template.HTML(fmt.Sprintf(`<time datetime="%s">%s</time>`, date, t.Format(layout)))
}

// number writes 12345 as 12,345.
func number[N int | int64](n N) string {
	s := strconv.FormatInt(int64(n), 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// anyNumber is number for templates.
func anyNumber(n any) string {
	switch n := n.(type) {
	case int:
		return number(n)
	case int64:
		return number(n)
	}
	return fmt.Sprint(n)
}

// countWord writes "1 copy" or "3 copies".
func countWord(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}

// squares draws origins and their copies; nothing where there are too many to
// take in at a glance.
func squares(origins, copies int) string {
	if origins+copies > 24 || origins < 0 || copies < 0 {
		return ""
	}
	return strings.Repeat("■", origins) + strings.Repeat("□", copies)
}

func percent(share float64) string {
	if math.IsNaN(share) || share <= 0 {
		return ""
	}
	return strconv.Itoa(int(math.Round(min(share, 1)*100))) + " %"
}

// clip shortens s to n characters at the end of a word and marks the cut.
func clip(n int, s string) string {
	cut := clipAt(s, n)
	if cut == len(s) {
		return s
	}
	return strings.TrimRight(s[:cut], " \t\r\n,;:") + "…"
}

// clipAt returns the offset of the last end of a word within n characters, or
// of the n-th character where the only word is longer; len(s) when s fits.
func clipAt(s string, n int) int {
	count, space := 0, 0
	for i, r := range s {
		if count == n {
			if space > 0 && space > i/2 {
				return space
			}
			return i
		}
		if r == ' ' || r == '\n' {
			space = i
		}
		count++
	}
	return len(s)
}

// webURL returns raw where it is an absolute web address, else "".
func webURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	return u.String()
}

// shortHash writes a SHA-256 as "e04b 61f3 … 9a07".
func shortHash(h string) string {
	if len(h) < 16 {
		return h
	}
	return h[:4] + " " + h[4:8] + " … " + h[len(h)-4:]
}
