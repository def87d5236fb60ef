package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"crosscheck/internal/article"
	"crosscheck/internal/bus"
	"crosscheck/internal/fetch"
	"crosscheck/internal/model"
	"crosscheck/internal/movement"
	"crosscheck/internal/place"
	"crosscheck/internal/store"
	"crosscheck/internal/story"
)

// The subjects of the bus. Each message carries one id.
const (
	subjectItem    = "item.new"        // an item to fetch
	subjectFetched = "item.fetched"    // an item whose page is stored
	subjectRead    = "article.read"    // an article to look for statements in
	subjectStated  = "article.stated"  // an article to group
	subjectGrouped = "article.grouped" // an article whose statements to put into claims
	subjectClaimed = "article.claimed" // an article to compare with the situations
)

// stage is one step of an article's way: what it listens to and what it does.
// A handler loads, computes with a pure function, stores on a natural key and
// publishes the next id; done twice is done once.
type stage struct {
	name    string // the store's mark and the bus's consumer
	subject string
	role    string
	workers int
	handle  func(ctx context.Context, id string) error
}

// stages lists the steps in order.
func (a *App) stages() []stage {
	return []stage{
		{store.StageFetch, subjectItem, "collect", 64, a.fetchItem}, // most wait for their host's turn
		{store.StageRead, subjectFetched, "read", 2, a.readItem},
		{store.StageStatement, subjectRead, "read", 2, a.extract},
		{store.StageStory, subjectStated, "read", 1, a.group},
		{store.StageClaim, subjectGrouped, "read", 1, a.claim},
		{store.StageSituation, subjectClaimed, "read", 1, a.situate},
	}
}

// consume runs one stage until ctx is done.
func (a *App) consume(ctx context.Context, s stage) error {
	return a.bus.Consume(ctx, bus.Consumer{
		Name: s.name, Subject: s.subject, Workers: s.workers, Handle: s.handle,
		Dead: func(ctx context.Context, id string, attempts int, err error) {
			if err := a.giveUp(ctx, s.name, id, attempts, err); err != nil {
				a.lg.Error("dead letter", "stage", s.name, "id", id, "error", err)
			}
		},
	})
}

// giveUp makes a dead letter of an id. A page whose server only asked for
// patience is tried again later all the same, as long as it is looked after.
func (a *App) giveUp(ctx context.Context, stage, id string, attempts int, cause error) error {
	letter := store.DeadLetter{Stage: stage, ID: id, Attempts: attempts, Problem: cause.Error(), At: a.now()}
	if err := a.store.SaveDeadLetter(ctx, letter); err != nil {
		return err
	}
	if stage != store.StageFetch || !errors.Is(cause, model.ErrTemporary) {
		return nil
	}
	it, state, err := a.item(ctx, id)
	if err != nil {
		return err
	}
	return a.store.SetItemCheck(ctx, id, state.ETag, state.LastModified, nextCheck(a.now(), it.Seen))
}

// item loads an item and how far it has come.
func (a *App) item(ctx context.Context, id string) (*model.Item, store.ItemState, error) {
	it, err := a.store.Item(ctx, id)
	if err != nil {
		return nil, store.ItemState{}, err
	}
	state, err := a.store.ItemState(ctx, id)
	return it, state, err
}

// fetchItem stores the page an item points to, unless it is the one already
// stored. Where the page cannot be had for good, the item's own content stands
// in for it; where it was had before, that stays.
func (a *App) fetchItem(ctx context.Context, id string) error {
	it, state, err := a.item(ctx, id)
	if err != nil {
		return err
	}
	res, err := a.fetch.Get(ctx, fetch.Request{URL: it.URL, Page: true, ETag: state.ETag, LastModified: state.LastModified})
	switch {
	case err == nil && res.NotModified:
		return a.fetched(ctx, it, state, state.Capture, res)
	case err == nil:
		if err := a.saveCapture(ctx, res.Capture, res.Body); err != nil {
			return err
		}
		return a.fetched(ctx, it, state, res.Capture.Hash, res)
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, model.ErrTemporary):
		return err
	case state.Fetched == it.Fingerprint():
		return a.store.SetItemCheck(ctx, id, "", "", time.Time{})
	case it.Content != "":
		body := []byte(it.Content)
		c := model.Capture{Hash: model.HashOf(body), URL: it.URL, FinalURL: it.URL, ContentType: feedContent, Size: int64(len(body))}
		if err := a.saveCapture(ctx, c, body); err != nil {
			return err
		}
		return a.fetched(ctx, it, state, c.Hash, &fetch.Response{})
	}
	return err
}

// feedContent is the content type of a capture taken from a feed's own entry.
const feedContent = "text/html; charset=utf-8"

func (a *App) saveCapture(ctx context.Context, c model.Capture, body []byte) error {
	c.At = a.now()
	return a.store.SaveCapture(ctx, c, body)
}

// fetched marks the item as fetched with that capture, says when to look at its
// page again, and passes a new capture on.
func (a *App) fetched(ctx context.Context, it *model.Item, old store.ItemState, hash string, res *fetch.Response) error {
	if err := a.store.SetItemCapture(ctx, it.ID, it.Fingerprint(), hash); err != nil {
		return err
	}
	if err := a.store.SetItemCheck(ctx, it.ID, res.ETag, res.LastModified, nextCheck(a.now(), it.Seen)); err != nil {
		return err
	}
	if hash == old.Read {
		return nil
	}
	return a.bus.Publish(ctx, subjectFetched, it.ID, hash)
}

const (
	// firstCheck is when a page is looked at again; each further look comes
	// when the item has doubled its age, until checkFor.
	firstCheck = 30 * time.Minute
	checkFor   = 48 * time.Hour
	// checkLease is how long a look under way is not begun again.
	checkLease = 10 * time.Minute
)

// nextCheck is when to look whether the page of an item seen then was edited;
// zero when it is too old for that.
func nextCheck(now, seen time.Time) time.Time {
	age := now.Sub(seen)
	if age > checkFor {
		return time.Time{}
	}
	return now.Add(max(firstCheck, age))
}

// readItem reads the capture of an item into an article.
func (a *App) readItem(ctx context.Context, id string) error {
	it, state, err := a.item(ctx, id)
	if err != nil {
		return err
	}
	art, err := a.read(ctx, it, state.Capture)
	if err != nil {
		return err
	}
	if art == nil {
		return a.store.SetItemRead(ctx, id, state.Capture, "")
	}
	changed, err := a.store.SaveArticle(ctx, art)
	if err != nil {
		return err
	}
	if err := a.store.SetItemRead(ctx, id, state.Capture, art.ID); err != nil {
		return err
	}
	if !changed {
		return nil
	}
	return a.bus.Publish(ctx, subjectRead, art.ID, fmt.Sprint(art.Revision))
}

// read turns a stored capture into an article; nil where a watched page shows
// no text at present.
func (a *App) read(ctx context.Context, it *model.Item, hash string) (*model.Article, error) {
	c, err := a.store.Capture(ctx, hash)
	if err != nil {
		return nil, err
	}
	body, err := a.store.CaptureBody(ctx, hash)
	if err != nil {
		return nil, err
	}
	src, err := a.store.Source(ctx, it.Source)
	if err != nil && !errors.Is(err, model.ErrNotFound) {
		return nil, err
	}
	hints := article.Hints{URL: c.FinalURL, ContentType: c.ContentType, Item: it, Now: c.At}
	seen := c.At
	if model.URLKey(c.URL) != model.URLKey(it.URL) {
		// The same bytes came from another address first, whose capture stays:
		// this one is an article of its own all the same, a copy.
		hints.URL = it.URL
		if it.Seen.After(seen) {
			seen = it.Seen
		}
	}
	watched := false
	if src != nil {
		hints.Outlet, watched = src.Outlet, src.Kind == model.SourcePage
	}
	art, err := article.Read(body, hints)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.FinalURL, err)
	}
	if watched && art.Text == "" {
		return nil, nil
	}
	art.Source, art.Capture, art.Seen = it.Source, hash, seen
	return art, nil
}

// extract stores the statements of an article.
func (a *App) extract(ctx context.Context, id string) error {
	art, err := a.store.Article(ctx, id)
	if err != nil {
		return err
	}
	said := a.extractor.Extract(art)
	if err := a.store.SaveStatements(ctx, id, art.Revision, said); err != nil {
		return err
	}
	named := place.Mentions(art, said)
	if err := a.store.SaveMentions(ctx, id, int64(art.Revision), named); err != nil {
		return err
	}
	if err := a.store.SaveMovements(ctx, id, int64(art.Revision), movement.Extract(art, said, named)); err != nil {
		return err
	}
	return a.bus.Publish(ctx, subjectStated, id, fmt.Sprint(art.Revision))
}

// group puts an article into a story. Earlier articles that turn out to be its
// copies are moved with it. One that has its story keeps it, also when the
// stage before was done again: what it was compared with then may be out of the
// window by now.
func (a *App) group(ctx context.Context, id string) error {
	done, err := a.store.Done(ctx, store.StageStory, id)
	if err != nil {
		return err
	}
	if done {
		return a.bus.Publish(ctx, subjectGrouped, id, fmt.Sprint("again ", time.Now().UnixNano()))
	}
	a.grouping.Lock()
	defer a.grouping.Unlock()
	if err := a.takeUp(ctx); err != nil {
		return err
	}
	art, err := a.store.Article(ctx, id)
	if err != nil {
		return err
	}
	d := doc(art)
	if art.Pinned {
		d.Story, d.Pinned = art.Story, true
	}
	var list []store.Assignment
	for i, as := range a.grouper.Add(d) {
		one, err := a.assignment(ctx, as, art, i == 0)
		if err != nil {
			return err
		}
		list = append(list, one)
	}
	if err := a.store.AssignStory(ctx, list...); err != nil {
		return err
	}
	a.metrics.grouped(art, time.Now())
	a.web.Notify("article")
	return a.bus.Publish(ctx, subjectGrouped, id, fmt.Sprint(art.Revision))
}

// assignment is one as the store keeps it, with what was changed in a copy.
func (a *App) assignment(ctx context.Context, as story.Assignment, art *model.Article, own bool) (store.Assignment, error) {
	why, _ := json.Marshal(as.Why) // strings and a finite number
	out := store.Assignment{
		Article: as.ID, Story: as.Story, CopyOf: as.CopyOf, From: as.From, Share: as.Share, Credit: as.Credit, Why: string(why),
	}
	if own {
		out.Revision = art.Revision
	}
	if as.CopyOf == "" {
		return out, nil
	}
	texts := make([]story.Text, 2)
	for i, id := range []string{as.CopyOf, as.ID} {
		x := art
		if id != art.ID {
			var err error
			if x, err = a.store.Article(ctx, id); err != nil {
				return out, err
			}
		}
		texts[i] = story.Text{Title: x.Title, Body: x.Text}
	}
	out.Change = story.Compare(texts[0], texts[1]).String()
	return out, nil
}

// doc is what grouping needs of an article that is new to it.
func doc(art *model.Article) story.Doc {
	return story.Doc{
		ID: art.ID, Title: art.Title, Text: art.Text, At: articleTime(art), Seen: art.FirstSeen,
		Outlet: art.Outlet, URL: art.URL, Origin: art.Origin,
	}
}

// articleTime is when an article was published; when it was first seen, where
// that is not stated or lies in the future.
func articleTime(art *model.Article) time.Time {
	if art.Published.IsZero() || art.Published.After(art.FirstSeen) {
		return art.FirstSeen
	}
	return art.Published
}

// restore fills the grouper with the articles of the window, as they were
// grouped before the program stopped, and with sketches of those before it.
func (a *App) restore(ctx context.Context) error {
	if !a.has("read") {
		return nil
	}
	decided, err := a.store.Decisions(ctx, "", "", 1)
	if err != nil {
		return err
	}
	if len(decided) > 0 {
		a.decided = decided[0].N
	}
	window := a.now().Add(-a.grouper.Window())
	return a.store.Recent(ctx, a.now().Add(-a.grouper.CopyWindow()), func(art *model.Article) error {
		d := doc(art)
		d.Story, d.Copy, d.From, d.Share, d.Pinned = art.Story, art.CopyOf, art.CopyFrom, art.CopyShare, art.Pinned
		if art.FirstSeen.Before(window) {
			a.grouper.Remember(d)
			return nil
		}
		a.grouper.Add(d)
		return a.restoreClaims(ctx, art)
	})
}

const (
	// sweepBatch is how many lost ids of a stage are published at a time.
	sweepBatch = 500
	// firstSweep is when, after the start, what a crash lost is looked for.
	firstSweep = 2 * time.Second
)

// sweep publishes again the ids whose stage left no mark: what was stored
// before a crash and never published, or lost by the bus. A stage that is
// still at work is left alone.
func (a *App) sweep(ctx context.Context) error {
	next := time.NewTimer(min(a.opt.Sweep, firstSweep))
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-next.C:
		}
		for _, s := range a.stages() {
			if !a.has(s.role) {
				continue
			}
			if err := a.sweepStage(ctx, s); err != nil && ctx.Err() == nil {
				a.lg.Error("sweep", "stage", s.name, "error", err)
			}
		}
		next.Reset(a.opt.Sweep)
	}
}

func (a *App) sweepStage(ctx context.Context, s stage) error {
	waiting, err := a.bus.Backlog(ctx, s.name)
	if err != nil || waiting > 0 {
		return err
	}
	ids, err := a.store.Pending(ctx, s.name, sweepBatch)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := a.bus.Publish(ctx, s.subject, id, fmt.Sprint("sweep ", time.Now().UnixNano())); err != nil {
			return err
		}
	}
	return nil
}
