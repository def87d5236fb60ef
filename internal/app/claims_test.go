package app

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"crosscheck/internal/demo"
	"crosscheck/internal/model"
	"crosscheck/internal/testkit"
)

// TestLeftBehindIsReadAgain has a person take what a statement contradicts out
// of its claim: with the next article, the statement is no denial any more.
func TestLeftBehindIsReadAgain(t *testing.T) {
	var items atomic.Int32
	items.Store(2)
	pages := []string{
		`“The bridge at Quern is open to all traffic,” the mayor, Anna Holm, said on Tuesday.`,
		`“The bridge at Quern is not open to all traffic,” the police chief, Jon Berg, said on Tuesday.`,
		`“The ferry runs twice a day,” the harbour master, Ulla Kvist, said on Wednesday.`,
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/feed" {
			fmt.Fprint(w, `<rss version="2.0"><channel><title>x</title>`)
			for i := range items.Load() {
				fmt.Fprintf(w, `<item><title>Bridge %d</title><link>http://%s/%d</link></item>`, i, r.Host, i)
			}
			fmt.Fprint(w, `</channel></rss>`)
			return
		}
		var n int
		if _, err := fmt.Sscanf(r.URL.Path, "/%d", &n); err != nil || n >= len(pages) {
			http.NotFound(w, r)
			return
		}
		fmt.Fprintf(w, `<!doctype html><title>Bridge %d</title><article><h1>Bridge %d</h1><p>%s</p><p>Nobody else was to be found in the town hall that day, and number %d had gone home before the rain.</p></article>`, n, n, pages[n], n)
	}))
	t.Cleanup(srv.Close)
	f := siteOf(t, srv)
	a := start(t, f.options())
	f.settled(t, a)
	said := func(n int) *model.Ledger {
		var out *model.Ledger
		testkit.Eventually(t, 30*time.Second, fmt.Sprint("the claim of ", n), func() bool {
			list, err := a.store.Claimables(t.Context(), model.ID("article", model.URLKey(fmt.Sprintf("%s/%d", srv.URL, n))))
			if err != nil || len(list) != 1 || list[0].Claim == "" {
				return false
			}
			out = &list[0].Ledger
			return true
		})
		return out
	}
	open, not := said(0), said(1)
	if open.Claim != not.Claim || not.Attitude != model.StanceDenies {
		t.Fatalf("%+v\n%+v\nwant one claim and a denial", open, not)
	}
	_, err := decide(t.Context(), a.store, model.Decision{Noun: "claim", Verb: "split", ID: open.Claim, Parts: []string{open.ID}, Who: "Ada", At: f.now()})
	if err != nil {
		t.Fatal(err)
	}
	items.Store(3)
	later := demo.Start.Add(time.Hour)
	f.at.Store(&later)
	said(2)
	if got := said(1); got.Claim != not.Claim || got.Attitude != model.StanceAsserts {
		t.Errorf("claim %s, %s; want claim %s and that it asserts its own words", got.Claim, got.Attitude, not.Claim)
	}
}
