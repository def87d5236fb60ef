package collect

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"crosscheck/internal/model"
	"crosscheck/internal/text"
)

const (
	maxOPML    = 10 << 20
	maxSources = 20_000
)

// ReadOPML returns the sources an OPML file names, in its order, validated,
// each once. Outlines without an xmlUrl are folders, and looked into; those
// whose address is none are left out. A file that holds no source at all is an
// ErrInvalid.
func ReadOPML(r io.Reader) ([]model.Source, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxOPML+1))
	if err != nil {
		return nil, fmt.Errorf("read OPML: %w", err)
	}
	if len(body) > maxOPML {
		return nil, model.Errorf(model.ErrTooLarge, "the OPML file is larger than %d MiB", maxOPML>>20)
	}
	opml, _ := text.Decode("", body)
	s := newScan(repair(string(opml)))
	var out []model.Source
	seen := map[string]bool{}
	for i, t := range s.tokens {
		if localName(t.name) != "outline" || t.kind == endTag {
			continue
		}
		src, ok := s.outline(i)
		if !ok || seen[src.ID] {
			continue
		}
		seen[src.ID] = true
		if out = append(out, src); len(out) > maxSources {
			return nil, model.Errorf(model.ErrTooLarge, "the OPML file names more than %d sources", maxSources)
		}
	}
	if len(out) == 0 {
		return nil, model.Errorf(model.ErrInvalid, "no OPML outline with an xmlUrl was found")
	}
	return out, nil
}

// outline reads one outline as a source.
func (s *scan) outline(i int) (model.Source, bool) {
	attr := func(names ...string) string {
		for _, n := range names {
			if v := strings.TrimSpace(s.attr(i, n)); v != "" {
				return v
			}
		}
		return ""
	}
	src := model.Source{
		URL: resolve(nil, strings.Replace(attr("xmlurl", "url"), "feed://", "http://", 1)), Outlet: cut(plain(attr("crosscheck:outlet", "title", "text")), maxTitle),
		Kind: model.SourceKind(attr("crosscheck:kind")), Country: strings.ToUpper(attr("crosscheck:country")),
		Licence: model.Licence(attr("crosscheck:licence")), Language: primary(attr("crosscheck:language", "language")),
		Paused: attr("crosscheck:paused") == "true",
	}
	if src.Validate() == nil {
		return src, true
	}
	src.Kind, src.Licence = "", "" // words of another program or another version
	return src, src.Validate() == nil
}

// primary is the primary tag of a language ("en" of "en-GB"), or "".
func primary(tag string) string {
	tag, _, _ = strings.Cut(strings.ToLower(tag), "-")
	tag, _, _ = strings.Cut(tag, "_")
	if len(tag) < 2 || len(tag) > 3 {
		return ""
	}
	return tag
}

// WriteOPML writes sources as OPML 2.0. What OPML has no attribute for stands
// in attributes of our own, so that ReadOPML gives the same sources back.
func WriteOPML(w io.Writer, sources []model.Source) error {
	b := bufio.NewWriter(w)
	_, _ = b.WriteString(xml.Header + `<opml version="2.0" xmlns:crosscheck="urn:crosscheck:opml">` + "\n<head><title>crosscheck sources</title></head>\n<body>\n")
	for _, src := range sources {
		writeOutline(b, src)
	}
	_, _ = b.WriteString("</body>\n</opml>\n")
	if err := b.Flush(); err != nil { // the first failure of any write above
		return fmt.Errorf("write OPML: %w", err)
	}
	return nil
}

func writeOutline(b *bufio.Writer, src model.Source) {
	attr := func(name, value string) {
		if value == "" {
			return
		}
		_, _ = b.WriteString(" " + name + `="`)
		_ = xml.EscapeText(b, []byte(value))
		_ = b.WriteByte('"')
	}
	_, _ = b.WriteString("<outline")
	attr("type", "rss")
	attr("text", src.Outlet)
	attr("title", src.Outlet)
	attr("xmlUrl", src.URL)
	attr("language", src.Language)
	attr("crosscheck:kind", string(src.Kind))
	attr("crosscheck:country", src.Country)
	attr("crosscheck:licence", string(src.Licence))
	if src.Paused {
		attr("crosscheck:paused", "true")
	}
	_, _ = b.WriteString("/>\n")
}
