package alert

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crosscheck/internal/model"
)

// start is when the tests play: a Monday, noon.
var start = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func after(minutes int) time.Time { return start.Add(time.Duration(minutes) * time.Minute) }

// entry is one of the claim c that became known some minutes after the start.
func entry(id string, kind model.EntryKind, minutes, origins int, speaker string) model.Entry {
	return model.Entry{ID: id, Kind: kind, At: after(minutes), Seen: after(minutes), Text: "Words of " + id + ".", Claim: "c", Origins: origins, Speaker: speaker}
}

// outage is one of the outage o.
func outage(id string, kind model.EntryKind, minutes int) model.Entry {
	return model.Entry{ID: id, Kind: kind, At: after(minutes), Seen: after(minutes), Text: "Report of " + id + ".", Outage: "o", Service: "bank"}
}

// told lists when a rule tells what of some entries, and why.
func told(r model.AlertRule, entries ...model.Entry) []string {
	r.ID, r.To = "r", []string{"mailto:desk@example.org"}
	var out []string
	for _, d := range Replay([]model.AlertRule{r}, "s", entries) {
		out = append(out, fmt.Sprintf("%s %s: %s", d.Due.Sub(start), d.Item.Entry.ID, d.Item.Why))
	}
	return out
}

func TestRise(t *testing.T) {
	const (
		asserted = model.EntryAsserted
		denied   = model.EntryDenied
		reversal = model.EntryReversal
		said     = model.EntryStatement
	)
	for _, c := range []struct {
		name    string
		rule    model.AlertRule
		entries []model.Entry
		want    []string
	}{
		{"once, and when it is graver", model.AlertRule{}, []model.Entry{
			entry("a", asserted, 0, 1, "A"), entry("b", said, 1, 1, "B"), entry("c", denied, 2, 1, "C"), entry("d", denied, 3, 1, "D"), entry("e", reversal, 4, 1, "A"),
		}, []string{"0s a: new", "2m0s c: denied, after asserted", "4m0s e: reversal, after denied"}},
		{"the same again", model.AlertRule{}, []model.Entry{entry("a", asserted, 0, 1, "A"), entry("a", asserted, 1, 1, "A"), entry("a", asserted, 2, 1, "A")}, []string{"0s a: new"}},
		{"origins grow", model.AlertRule{}, []model.Entry{
			entry("a", asserted, 0, 1, "A"), entry("a", asserted, 1, 2, "A"), entry("a", asserted, 2, 3, "A"), entry("a", asserted, 3, 8, "A"), entry("a", asserted, 4, 9, "A"),
		}, []string{"0s a: new", "2m0s a: carried by 3 independent origins, after 1", "4m0s a: carried by 9 independent origins, after 3"}},
		{"enough origins", model.AlertRule{MinOrigins: 2}, []model.Entry{
			entry("a", asserted, 0, 1, "A"), entry("a", asserted, 1, 2, "A"), entry("a", asserted, 2, 5, "A"), entry("a", asserted, 3, 6, "A"),
		}, []string{"1m0s a: new", "3m0s a: carried by 6 independent origins, after 2"}},
		{"enough speakers", model.AlertRule{MinSpeakers: 3}, []model.Entry{
			entry("a", said, 0, 1, "A"), entry("b", said, 1, 1, "A"), entry("c", said, 2, 1, "B"), entry("d", said, 3, 1, "C"),
		}, []string{"3m0s d: new"}},
		{"what does not concern the rule does not count", model.AlertRule{MinSpeakers: 2, Kinds: []model.EntryKind{denied}}, []model.Entry{
			entry("a", denied, 0, 1, "A"), entry("b", asserted, 1, 1, "B"), entry("c", denied, 2, 1, "C"),
		}, []string{"2m0s c: new"}},
		{"an outage, whatever the origins", model.AlertRule{MinOrigins: 5, MinSpeakers: 5}, []model.Entry{
			outage("a", model.EntryOnset, 0), outage("b", model.EntryConfirmed, 2), outage("c", model.EntryResolved, 30),
		}, []string{"0s a: new", "2m0s b: confirmed, after onset", "30m0s c: over"}},
		{"lost again", model.AlertRule{}, []model.Entry{
			outage("a", model.EntryOnset, 0), outage("b", model.EntryResolved, 5), outage("c", model.EntryOnset, 9), outage("d", model.EntryResolved, 12),
		}, []string{"0s a: new", "5m0s b: over", "9m0s c: onset, after resolved", "12m0s d: over"}},
		{"the end, asked for", model.AlertRule{Kinds: []model.EntryKind{model.EntryResolved}}, []model.Entry{
			outage("a", model.EntryOnset, 0), outage("b", model.EntryResolved, 5),
		}, []string{"5m0s b: over"}},
		{"the end of what was not told", model.AlertRule{Services: []string{"bank"}}, []model.Entry{outage("b", model.EntryResolved, 5)}, nil},
		{"two claims", model.AlertRule{}, []model.Entry{
			entry("a", asserted, 0, 1, "A"), {ID: "b", Kind: asserted, Seen: after(1), Claim: "other"},
		}, []string{"0s a: new", "1m0s b: new"}},
		{"statements without a claim", model.AlertRule{Speakers: []string{"A"}}, []model.Entry{
			{ID: "a", Kind: said, Seen: after(0), Speaker: "A", Story: "s"}, {ID: "b", Kind: said, Seen: after(1), Speaker: "A", Story: "s"},
		}, []string{"0s a: new", "1m0s b: new"}},
		{"a story", model.AlertRule{}, []model.Entry{
			{ID: "a", Kind: model.EntryStory, Seen: after(0), Story: "s", Origins: 1}, {ID: "b", Kind: model.EntryRevision, Seen: after(1), Story: "s", Origins: 1}, {ID: "a", Kind: model.EntryStory, Seen: after(2), Story: "s", Origins: 4},
		}, []string{"0s a: new", "2m0s a: carried by 4 independent origins, after 1"}},
		{"out of order", model.AlertRule{}, []model.Entry{entry("c", denied, 2, 1, "C"), entry("a", asserted, 0, 1, "A")}, []string{"0s a: new", "2m0s c: denied, after asserted"}},
		{"no time seen", model.AlertRule{}, []model.Entry{{ID: "a", Kind: asserted, At: after(7), Claim: "c"}}, []string{"7m0s a: new"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want, told(c.rule, c.entries...)); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestLate gives the confirmation of an outage after its end.
func TestLate(t *testing.T) {
	late := outage("b", model.EntryConfirmed, 2)
	late.Seen = after(20)
	want := []string{"0s a: new", "10m0s c: over"}
	if d := cmp.Diff(want, told(model.AlertRule{}, outage("a", model.EntryOnset, 0), outage("c", model.EntryResolved, 10), late)); d != "" {
		t.Error(d)
	}
}

// TestBounds gives more entries and speakers of one claim than are kept.
func TestBounds(t *testing.T) {
	var a model.Alert
	r := model.AlertRule{ID: "r"}
	for i := range 1000 {
		e := entry(fmt.Sprint(i), model.EntryStatement, i, 1, fmt.Sprint(i))
		a, _, _ = weigh(&r, a, "s", &e, after(i))
	}
	if len(a.Entries) != maxEntries || a.Entries[maxEntries-1] != "999" || len(a.Speakers) != maxVoices || a.Told != 1 {
		t.Errorf("%d entries, %d speakers, told %d times", len(a.Entries), len(a.Speakers), a.Told)
	}
}

func TestDue(t *testing.T) {
	night := model.QuietHours{From: "22:00", To: "07:00", Zone: "Europe/Berlin"} // an hour ahead of UTC in March
	for _, c := range []struct {
		name   string
		rule   model.AlertRule
		at     string
		want   string
		gather bool
	}{
		{"at once", model.AlertRule{}, "2026-03-02 12:34", "2026-03-02 12:34", false},
		{"by day", model.AlertRule{Quiet: night}, "2026-03-02 20:59", "2026-03-02 20:59", false},
		{"in the evening", model.AlertRule{Quiet: night}, "2026-03-02 21:00", "2026-03-03 06:00", true},
		{"in the morning", model.AlertRule{Quiet: night}, "2026-03-03 05:59", "2026-03-03 06:00", true},
		{"at the end", model.AlertRule{Quiet: night}, "2026-03-03 06:00", "2026-03-03 06:00", false},
		{"the night the clock goes forward", model.AlertRule{Quiet: night}, "2026-03-28 23:00", "2026-03-29 05:00", true},
		{"at noon", model.AlertRule{Quiet: model.QuietHours{From: "11:00", To: "13:00"}}, "2026-03-02 12:00", "2026-03-02 13:00", true},
		{"each hour", model.AlertRule{Digest: time.Hour}, "2026-03-02 12:34", "2026-03-02 13:00", true},
		{"each hour, at night", model.AlertRule{Digest: time.Hour, Quiet: night}, "2026-03-02 20:34", "2026-03-03 06:00", true},
	} {
		const layout = "2006-01-02 15:04"
		at, err := time.Parse(layout, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got, gather := due(&c.rule, at); got.Format(layout) != c.want || gather != c.gather {
			t.Errorf("%s: due %s, gathered %v, want %s, %v", c.name, got.Format(layout), gather, c.want, c.gather)
		}
	}
}
