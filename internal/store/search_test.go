package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crosscheck/internal/model"
)

func seedSearch(t *testing.T, s *Store) {
	ctx := t.Context()
	src := &model.Source{URL: "https://kestria.example/feed", Licence: model.LicenceFull}
	check(t, s.SaveSource(ctx, src))
	bank := sample("ostmere", "Landbank", "The Landbank's payments stopped at noon, said Jörg Ström.\n\nThe bank gave no reason.", at(9, 0))
	dam := sample("kestria", "dam", "The dam in Tolmark holds. The bank of the river does not.", at(10, 0))
	dam.Source = src.ID
	asia := sample("tolmark", "asia", "北京的银行关闭。 It was quiet.", at(11, 0))
	for _, a := range []*model.Article{bank, dam, asia} {
		must(s.SaveArticle(ctx, a))(t)
	}
	check(t, s.SaveStatements(ctx, bank.ID, 1, []model.Statement{said(bank, 1, "payments stopped", "Jörg Ström")}))
}

func testSearch(t *testing.T, s *Store) {
	seedSearch(t, s)
	for _, c := range []struct {
		name string
		q    model.SearchQuery
		want []string
	}{
		{"one word", model.SearchQuery{Text: "tolmark"}, []string{"About dam"}},
		{"in the title first", model.SearchQuery{Text: "landbank"}, []string{"About Landbank"}},
		{"all must occur", model.SearchQuery{Text: "bank dam"}, []string{"About dam"}},
		{"phrase", model.SearchQuery{Text: `"the bank of"`}, []string{"About dam"}},
		{"phrase in curly quotes", model.SearchQuery{Text: `“bank gave” reason`}, []string{"About Landbank"}},
		{"no such phrase", model.SearchQuery{Text: `"noon payments"`}, nil},
		{"unclosed phrase", model.SearchQuery{Text: `"of the river`}, []string{"About dam"}},
		{"accents", model.SearchQuery{Text: "strom JORG"}, []string{"About Landbank"}},
		{"apostrophe", model.SearchQuery{Text: "Landbank’s"}, []string{"About Landbank"}},
		{"beginning", model.SearchQuery{Text: "paym*"}, []string{"About Landbank"}},
		{"not a beginning", model.SearchQuery{Text: "paym"}, nil},
		{"no spaces between words", model.SearchQuery{Text: "银行"}, []string{"About asia"}},
		{"operators are words", model.SearchQuery{Text: "dam OR landbank"}, nil},
		{"outlet", model.SearchQuery{Text: "bank", Outlet: "kestria"}, []string{"About dam"}},
		{"speaker", model.SearchQuery{Speaker: "jorg strom"}, []string{"About Landbank"}},
		{"dates, the latest first", model.SearchQuery{From: at(9, 0), To: at(11, 0)}, []string{"About dam", "About Landbank"}},
		{"signs only", model.SearchQuery{Text: "?!"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			res := must(s.Search(t.Context(), c.q))(t)
			var got []string
			for _, h := range res.Hits {
				got = append(got, h.Article.Title)
			}
			if d := cmp.Diff(c.want, got); d != "" || res.Total != len(c.want) {
				t.Errorf("total %d, hits (-want +got):\n%s", res.Total, d)
			}
		})
	}
	res := must(s.Search(t.Context(), model.SearchQuery{Limit: 1, Offset: 1}))(t)
	if res.Total != 3 || len(res.Hits) != 1 || res.Hits[0].Licence != model.LicenceFull || res.Hits[0].Article.Text != "" {
		t.Errorf("second page: total %d, %+v", res.Total, res.Hits)
	}
	hit := must(s.Search(t.Context(), model.SearchQuery{Text: "payments noon"}))(t).Hits[0]
	var marked []string
	for _, m := range hit.Matches {
		marked = append(marked, m.Of(hit.Snippet))
	}
	if d := cmp.Diff([]string{"payments", "noon"}, marked); d != "" || len(hit.Speakers) != 1 || hit.Speakers[0].Name != "Jörg Ström" || hit.Speakers[0].ID == "" {
		t.Errorf("snippet %q, speakers %v, matches (-want +got):\n%s", hit.Snippet, hit.Speakers, d)
	}
	if d := cmp.Diff([]string{"kestria", "ostmere", "tolmark"}, must(s.Outlets(t.Context()))(t)); d != "" {
		t.Errorf("outlets (-want +got):\n%s", d)
	}
}

// hostile is what people, and machines, type into search boxes.
var hostile = []string{
	``, ` `, `"`, `""`, `"""`, `'`, `' OR 1=1 --`, `*`, `**`, `a*`, `"a*"`, `AND`, `NOT`, `NEAR(a b)`, `title:x`, `a:b`,
	`-x`, `+x`, `^x`, `(`, `)`, `{a b}`, `\`, `%`, `_`, `a\x00b`, "\x00", "\xff\xfe", `<->`, `!`, `&`, `|`, `a & b`, `:*`,
	`é́`, `İ`, `ﬁ`, `𝔘𝔫𝔦`, `١٢٣`, `1e5`, `½`, `http://x.example/?a=b`, "\x01", `’`, `“„«»”`, `a" b "c`, `x'y`, `2022-02-15`,
}

func testSearchAnyInput(t *testing.T, s *Store) {
	seedSearch(t, s)
	for _, text := range hostile {
		if _, err := s.Search(t.Context(), model.SearchQuery{Text: text}); err != nil {
			t.Errorf("Search(%q): %v", text, err)
		}
		if _, err := s.Search(t.Context(), model.SearchQuery{Text: "a", Outlet: text, Speaker: text, Limit: -1, Offset: -1}); err != nil {
			t.Errorf("Search by outlet and speaker %q: %v", text, err)
		}
		if _, err := s.Speakers(t.Context(), text, true, 3, 0); err != nil {
			t.Errorf("Speakers(%q): %v", text, err)
		}
	}
	// What is stored is found again by its own words, however odd.
	for i, text := range hostile {
		a := sample("odd", string(rune('a'+i%26))+string(rune('a'+i/26)), text+" zebra", at(9, 0).Add(time.Duration(i)*time.Second))
		must(s.SaveArticle(t.Context(), a))(t)
		if res := must(s.Search(t.Context(), model.SearchQuery{Text: `"` + a.Text}))(t); len(a.Text) > 8 && res.Total == 0 && len(terms(`"`+a.Text)) == 1 {
			t.Errorf("%q is not found by itself", a.Text)
		}
	}
}

func FuzzSnippet(f *testing.F) {
	for _, q := range hostile {
		f.Add("The Landbank’s payments stopped. "+q, q)
	}
	f.Fuzz(func(t *testing.T, text, query string) {
		text = clean(text)
		snip, spans := snippet(text, terms(query))
		end := 0
		for _, sp := range spans {
			if sp.Start < end || sp.Of(snip) == "" {
				t.Fatalf("snippet(%q, %q): span %v of %q", text, query, sp, snip)
			}
			end = sp.End
		}
		if len(snip) > snippetLen*2+len(query)*8+8 {
			t.Fatalf("snippet of %d bytes", len(snip))
		}
	})
}
