package store

import (
	"bytes"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crosscheck/internal/model"
)

func testSources(t *testing.T, s *Store) {
	ctx := t.Context()
	src := &model.Source{URL: "https://ostmere.example/feed", Outlet: "Ostmere Post", Country: "SE", Licence: model.LicenceLink, Added: at(8, 0)}
	check(t, s.SaveSource(ctx, src))
	st := model.SourceState{
		ETag: `"x"`, LastModified: "Mon", Interval: 90 * time.Second, NextPoll: at(9, 0), LastAttempt: at(8, 58),
		LastSuccess: at(8, 57), LastError: "time-out", Failures: 2, ItemsPerDay: 12.5, Items: 7, Title: "News",
	}
	check(t, s.SaveSourceState(ctx, src.ID, st))
	again := &model.Source{URL: src.URL, Outlet: "The Ostmere Post", Paused: true, Added: at(12, 0)}
	check(t, s.SaveSource(ctx, again))

	want := model.Source{
		ID: src.ID, Kind: model.SourceFeed, URL: src.URL, Outlet: "The Ostmere Post",
		Licence: model.LicenceExcerpt, Paused: true, Added: at(8, 0), State: st,
	}
	if d := cmp.Diff(want, *must(s.Source(ctx, src.ID))(t)); d != "" {
		t.Errorf("Source (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]model.Source{want}, must(s.Sources(ctx))(t)); d != "" {
		t.Errorf("Sources (-want +got):\n%s", d)
	}
	if err := s.SaveSource(ctx, &model.Source{URL: "gopher://x"}); !errors.Is(err, model.ErrInvalid) {
		t.Errorf("SaveSource(gopher) = %v, want an ErrInvalid", err)
	}
	if err := s.SaveSourceState(ctx, "nobody", st); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("SaveSourceState(nobody) = %v, want an ErrNotFound", err)
	}
}

func testDueSources(t *testing.T, s *Store) {
	ctx := t.Context()
	for i, next := range []time.Time{at(9, 30), at(9, 0), {}, at(11, 0)} {
		src := &model.Source{URL: "https://h" + string(rune('0'+i)) + ".example/", Licence: model.LicenceLink}
		check(t, s.SaveSource(ctx, src))
		check(t, s.SaveSourceState(ctx, src.ID, model.SourceState{NextPoll: next}))
	}
	check(t, s.SaveSource(ctx, &model.Source{URL: "https://paused.example/", Paused: true}))
	var got []string
	for _, src := range must(s.DueSources(ctx, at(10, 0), 10))(t) {
		got = append(got, src.Outlet)
	}
	if d := cmp.Diff([]string{"h2.example", "h1.example", "h0.example"}, got); d != "" {
		t.Errorf("due sources (-want +got):\n%s", d)
	}
	gone := model.ID("source", "https://h1.example/")
	check(t, s.DeleteSource(ctx, gone))
	if err := s.DeleteSource(ctx, gone); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("DeleteSource twice = %v, want an ErrNotFound", err)
	}
	if _, err := s.Source(ctx, gone); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("Source(deleted) = %v, want an ErrNotFound", err)
	}
	if got := must(s.Licences(ctx))(t)[gone]; got != model.LicenceLink {
		t.Errorf("licence of a deleted source among all = %q", got)
	}
	if got := must(s.Licence(ctx, gone))(t); got != model.LicenceLink {
		t.Errorf("licence of a deleted source = %q, want link", got)
	}
	if got := len(must(s.DueSources(ctx, at(10, 0), 1))(t)); got != 1 {
		t.Errorf("%d due sources, want 1 as the limit says", got)
	}
	check(t, s.SaveSource(ctx, &model.Source{URL: "https://h1.example/"}))
	must(s.Source(ctx, gone))(t)
}

func testItems(t *testing.T, s *Store) {
	ctx := t.Context()
	first := model.Item{
		Source: "a", URL: "https://www.ostmere.example/1?utm_source=x", GUID: "g", Title: "Bank stops", Byline: "Ada Orr",
		Published: at(9, 0), Updated: at(9, 1), Summary: "s", Content: "<p>c</p>", Future: true, Seen: at(9, 5),
	}
	it := first
	if changed := must(s.SaveItem(ctx, &it))(t); !changed {
		t.Error("a new item is not changed")
	}
	first.ID, first.Key = it.ID, "ostmere.example/1"
	if d := cmp.Diff(first, *must(s.Item(ctx, it.ID))(t)); d != "" {
		t.Errorf("item (-want +got):\n%s", d)
	}
	other := first
	other.Source, other.Seen = "b", at(9, 9)
	for range 2 {
		if changed := must(s.SaveItem(ctx, &other))(t); changed {
			t.Error("the same item from another feed is changed")
		}
		if other.Source != "a" || !other.Seen.Equal(at(9, 5)) {
			t.Errorf("source and sighting = %s, %v, want the first ones", other.Source, other.Seen)
		}
		other.Source, other.Seen = "b", at(9, 9)
	}
	other.Title = "Bank starts again"
	if changed := must(s.SaveItem(ctx, &other))(t); !changed {
		t.Error("an item with another title is not changed")
	}
	first.Title = other.Title
	if d := cmp.Diff(first, *must(s.Item(ctx, it.ID))(t)); d != "" {
		t.Errorf("changed item (-want +got):\n%s", d)
	}
	if got := must(s.ItemState(ctx, it.ID))(t); !cmp.Equal(got.Sources, []string{"a", "b"}) {
		t.Errorf("sources = %v, want a and b", got.Sources)
	}
	if _, err := s.Item(ctx, "none"); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("Item(none) = %v, want an ErrNotFound", err)
	}
}

func testItemMarks(t *testing.T, s *Store) {
	ctx := t.Context()
	it := &model.Item{Source: "a", URL: "https://ostmere.example/1", Title: "x", Seen: at(9, 0)}
	must(s.SaveItem(ctx, it))(t)
	pending := func(stage string, want int) {
		t.Helper()
		if got := must(s.Pending(ctx, stage, 10))(t); len(got) != want {
			t.Errorf("pending of %s = %v, want %d", stage, got, want)
		}
	}
	pending(StageFetch, 1)
	check(t, s.SaveDeadLetter(ctx, DeadLetter{Stage: StageFetch, ID: it.ID, Problem: "the server answered 404"}))
	pending(StageFetch, 0)
	pending(StageRead, 0)
	it.Title = "y"
	must(s.SaveItem(ctx, it))(t)
	pending(StageFetch, 1)
	check(t, s.SetItemCapture(ctx, it.ID, it.Fingerprint(), "h1"))
	pending(StageFetch, 0)
	pending(StageRead, 1)
	check(t, s.SetItemRead(ctx, it.ID, "h1", "art"))
	pending(StageRead, 0)
	check(t, s.SetItemCheck(ctx, it.ID, `"e"`, "yesterday", at(10, 0)))
	if ids := must(s.TakeChecks(ctx, at(9, 59), time.Minute, 10))(t); len(ids) != 0 {
		t.Errorf("checks before their time: %v", ids)
	}
	for _, now := range []time.Time{at(10, 0), at(10, 1)} {
		if ids := must(s.TakeChecks(ctx, now, time.Minute, 10))(t); len(ids) != 1 || ids[0] != it.ID {
			t.Errorf("checks at %s = %v, want the item", now, ids)
		}
	}
	check(t, s.SetItemCheck(ctx, it.ID, `"e"`, "yesterday", time.Time{}))
	if ids := must(s.TakeChecks(ctx, at(23, 0), time.Minute, 10))(t); len(ids) != 0 {
		t.Errorf("checks after the last: %v", ids)
	}
	want := ItemState{
		Fetched: it.Fingerprint(), Capture: "h1", ETag: `"e"`, LastModified: "yesterday",
		Read: "h1", Article: "art", Sources: []string{"a"},
	}
	if d := cmp.Diff(want, must(s.ItemState(ctx, it.ID))(t)); d != "" {
		t.Errorf("state (-want +got):\n%s", d)
	}
	if err := s.SetItemRead(ctx, "none", "h1", "art"); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("SetItemRead(none) = %v, want an ErrNotFound", err)
	}
}

func testCaptures(t *testing.T, s *Store) {
	ctx := t.Context()
	body := bytes.Repeat([]byte("<p>The bank is open.</p>\x00\xff"), 500)
	c := model.Capture{
		Hash: model.HashOf(body), URL: "https://o.example/1", FinalURL: "https://o.example/2",
		ContentType: "text/html", Size: int64(len(body)), At: at(9, 0),
	}
	check(t, s.SaveCapture(ctx, c, body))
	later := c
	later.At, later.URL = at(10, 0), "https://p.example/"
	check(t, s.SaveCapture(ctx, later, body))
	if d := cmp.Diff(c, must(s.Capture(ctx, c.Hash))(t)); d != "" {
		t.Errorf("capture (-want +got):\n%s", d)
	}
	if got := must(s.CaptureBody(ctx, c.Hash))(t); !bytes.Equal(got, body) {
		t.Error("the body came back changed")
	}
	path := s.captures.path(c.Hash)
	if info := must(os.Stat(path))(t); info.Size() > int64(len(body)/10) {
		t.Errorf("%d bytes on disk for %d, want them compressed", info.Size(), len(body))
	}
	if err := s.SaveCapture(ctx, c, []byte("other")); !errors.Is(err, model.ErrInvalid) {
		t.Errorf("SaveCapture(wrong hash) = %v, want an ErrInvalid", err)
	}
	for _, hash := range []string{model.HashOf(nil), "../../etc/passwd", ""} {
		if _, err := s.CaptureBody(ctx, hash); !errors.Is(err, model.ErrNotFound) && !errors.Is(err, model.ErrInvalid) {
			t.Errorf("CaptureBody(%q) = %v, want an ErrNotFound or ErrInvalid", hash, err)
		}
	}
}

func testArticles(t *testing.T, s *Store) {
	ctx := t.Context()
	a := sample("ostmere", "bank", "The bank is closed.\n\nNobody says why.", at(9, 0))
	a.Modified, a.Image, a.Canonical = at(9, 2), "https://i.example/1.jpg", a.URL
	a.Origin = model.Origin{Name: "Wire", URL: "https://wire.example/"}
	a.Source = "src"
	if changed := must(s.SaveArticle(ctx, a))(t); !changed {
		t.Error("a new article is not changed")
	}
	if a.Revision != 1 || !a.FirstSeen.Equal(a.Seen) || a.ID == "" {
		t.Errorf("filled in: revision %d, first seen %v, id %q", a.Revision, a.FirstSeen, a.ID)
	}
	if d := cmp.Diff(a, must(s.Article(ctx, a.ID))(t)); d != "" {
		t.Errorf("article (-want +got):\n%s", d)
	}
	again := *a
	again.Seen = at(12, 0)
	if changed := must(s.SaveArticle(ctx, &again))(t); changed {
		t.Error("the same article is changed")
	}
	if _, err := s.Article(ctx, "none"); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("Article(none) = %v, want an ErrNotFound", err)
	}
	ahead := sample("ostmere", "ahead", "Tomorrow.", at(9, 0))
	ahead.Seen, ahead.Published = at(9, 0), at(23, 0)
	must(s.SaveArticle(ctx, ahead))(t)
	if got := must(s.Article(ctx, ahead.ID))(t); !got.Future || !got.Published.Equal(at(23, 0)) {
		t.Errorf("an article of the future: %v, %v, want it flagged and kept as stated", got.Future, got.Published)
	}
}

func testRevisions(t *testing.T, s *Store) {
	ctx := t.Context()
	first := sample("ostmere", "bank", "The bank is closed.", at(9, 0))
	must(s.SaveArticle(ctx, first))(t)
	check(t, s.SaveStatements(ctx, first.ID, 1, []model.Statement{said(first, 1, "bank is closed", "bank")}))
	check(t, s.AssignStory(ctx, Assignment{Article: first.ID, Story: "s1"}))

	edited := sample("ostmere", "bank?utm_medium=y", "The bank is open.", time.Time{})
	edited.Seen, edited.Modified, edited.Bylines = at(11, 0), at(10, 50), nil
	if changed := must(s.SaveArticle(ctx, edited))(t); !changed {
		t.Fatal("an edited article is not changed")
	}
	if edited.Revision != 2 || !edited.FirstSeen.Equal(first.FirstSeen) || edited.Story != "s1" {
		t.Errorf("filled in: revision %d, first seen %v, story %q", edited.Revision, edited.FirstSeen, edited.Story)
	}
	got := must(s.Article(ctx, first.ID))(t)
	if got.Text != "The bank is open." || !got.Published.Equal(at(9, 0)) || len(got.Bylines) != 1 || got.Story != "s1" {
		t.Errorf("the article after the edit: %+v", got)
	}
	revs := must(s.Revisions(ctx, first.ID))(t)
	if len(revs) != 2 || revs[0].Text != "The bank is closed." || revs[1].N != 2 || !revs[1].Modified.Equal(at(10, 50)) {
		t.Errorf("revisions = %+v", revs)
	}
	if got := must(s.Statements(ctx, first.ID))(t); len(got) != 0 {
		t.Errorf("statements before the second revision was worked on: %v", got)
	}
	if got := must(s.Pending(ctx, StageStatement, 10))(t); !cmp.Equal(got, []string{first.ID}) {
		t.Errorf("pending statements = %v, want the edited article", got)
	}
}

func testReadings(t *testing.T, s *Store) {
	base := func() *model.Article { return sample("ostmere", "bank", "The bank is closed.", at(9, 0)) }
	for _, c := range []struct {
		name    string
		known   func(*model.Article)
		reading func(*model.Article)
		changed bool
		text    string
	}{
		{"another URL", nil, func(a *model.Article) { a.URL, a.Text = "https://copy.example/", "Other." }, false, "The bank is closed."},
		{"older capture", nil, func(a *model.Article) { a.Seen, a.Text = at(9, 1), "Other." }, false, "The bank is closed."},
		{"now behind a paywall", nil, func(a *model.Article) { a.Readability, a.Text = model.ReadPaywall, "Subscribe." }, false, "The bank is closed."},
		{
			"text at last, elsewhere", func(a *model.Article) { a.Readability, a.Text = model.ReadEmpty, "" },
			func(a *model.Article) { a.URL = "https://amp.example/" }, true, "The bank is closed.",
		},
		{"retitled", nil, func(a *model.Article) { a.Title = "Calm" }, true, "The bank is closed."},
		{"metadata only", nil, func(a *model.Article) { a.Image = "https://i.example/" }, false, "The bank is closed."},
	} {
		t.Run(c.name, func(t *testing.T) {
			known, reading := base(), base()
			key := model.URLKey("https://" + model.ID(c.name) + ".example/")
			known.Key, reading.Key = key, key
			if c.known != nil {
				c.known(known)
			}
			must(s.SaveArticle(t.Context(), known))(t)
			c.reading(reading)
			if changed := must(s.SaveArticle(t.Context(), reading))(t); changed != c.changed {
				t.Errorf("changed = %v, want %v", changed, c.changed)
			}
			got := must(s.Article(t.Context(), known.ID))(t)
			if got.Text != c.text || got.Revision != reading.Revision {
				t.Errorf("text %q in revision %d, want %q in %d", got.Text, got.Revision, c.text, reading.Revision)
			}
			if c.name == "metadata only" && got.Image != reading.Image {
				t.Errorf("image = %q, want it filled in", got.Image)
			}
		})
	}
}
