package alert

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"crosscheck/internal/model"
)

const (
	// growth is how many times the origins of the last time make an event be
	// told again.
	growth = 3
	// maxEntries and maxVoices are kept of one event.
	maxEntries = 200
	maxVoices  = 200
)

// whyNew is why an event is told for the first time.
const whyNew = "new"

// gravity ranks what can happen in an event; what is over weighs nothing.
var gravity = map[model.EntryKind]int{
	model.EntryStatement: 1, model.EntryStory: 1, model.EntryRevision: 1, model.EntryMovement: 1,
	model.EntryAsserted: 2, model.EntryOnset: 2,
	model.EntryDenied: 3, model.EntryConfirmed: 3,
	model.EntryReversal: 4,
}

// eventOf is the event an entry belongs to: an outage, else a claim, else for
// what happens to articles the story, else the entry itself.
func eventOf(e *model.Entry) string {
	switch {
	case e.Outage != "":
		return "outage:" + e.Outage
	case e.Claim != "":
		return "claim:" + e.Claim
	case e.Story != "" && (e.Kind == model.EntryStory || e.Kind == model.EntryRevision):
		return "story:" + e.Story
	}
	return "entry:" + e.ID
}

// alertID names the alert of a rule on an event in a situation.
func alertID(r *model.AlertRule, situation, event string) string {
	return model.ID("alert", r.ID, situation, event)
}

// weigh puts an entry that concerns a rule into the alert of its event, which
// is the zero Alert for the first one, at the time it became known. Why says
// in words for what it is to be told, "" when it is not. An entry that is in
// the alert already changes nothing unless more origins carry it; changed
// reports whether it did.
func weigh(r *model.AlertRule, a model.Alert, situation string, e *model.Entry, at time.Time) (next model.Alert, why string, changed bool) {
	if a.ID == "" {
		event := eventOf(e)
		a = model.Alert{ID: alertID(r, situation, event), Rule: r.ID, Situation: situation, Event: event, Opened: at}
	}
	if slices.Contains(a.Entries, e.ID) && e.Origins <= a.Origins {
		return a, "", false
	}
	a = enter(a, e, at)
	if why = rise(r, &a); why != "" {
		a.Told++
		a.ToldKind, a.ToldOrigins = a.Kind, a.Origins
	}
	return a, why, true
}

// enter puts the entry into the alert.
func enter(a model.Alert, e *model.Entry, at time.Time) model.Alert {
	if !slices.Contains(a.Entries, e.ID) {
		a.Entries = append(slices.Clone(a.Entries), e.ID)
		a.Entries = a.Entries[max(0, len(a.Entries)-maxEntries):]
		switch {
		case !a.Over.IsZero() && !e.At.After(a.Over): // comes late
		case e.Kind == model.EntryResolved:
			a.Kind, a.Over = e.Kind, e.At
		case gravity[e.Kind] > gravity[a.Kind]:
			a.Kind = e.Kind
		}
	}
	if voice := cmp.Or(e.SpeakerID, e.Speaker); voice != "" && !slices.Contains(a.Speakers, voice) && len(a.Speakers) < maxVoices {
		a.Speakers = append(slices.Clone(a.Speakers), voice)
	}
	a.Origins = max(a.Origins, e.Origins)
	a.Changed = at
	return a
}

// rise says why an alert is to be told, "" when it is not: it never was and
// passes the rule's thresholds, or it is graver than when it was last told,
// or several times as many origins carry it, or it is over.
func rise(r *model.AlertRule, a *model.Alert) string {
	if a.Kind == model.EntryResolved {
		if a.ToldKind != a.Kind && (a.Told > 0 || slices.Contains(r.Kinds, a.Kind)) {
			return "over"
		}
		return ""
	}
	measured := strings.HasPrefix(a.Event, "outage:") // no matter who says it
	if !measured && (a.Origins < r.MinOrigins || len(a.Speakers) < r.MinSpeakers) {
		return ""
	}
	switch {
	case a.Told == 0:
		return whyNew
	case gravity[a.Kind] > gravity[a.ToldKind]:
		return fmt.Sprintf("%s, after %s", a.Kind, a.ToldKind)
	case a.Origins >= growth*max(1, a.ToldOrigins):
		return fmt.Sprintf("carried by %d independent origins, after %d", a.Origins, a.ToldOrigins)
	}
	return ""
}

// due is when a message found at a time is sent, and whether it is gathered
// with others until then.
func due(r *model.AlertRule, at time.Time) (when time.Time, gather bool) {
	when = at
	if r.Digest > 0 {
		when, gather = at.Truncate(r.Digest).Add(r.Digest), true
	}
	if end := r.Quiet.Until(when); end.After(when) {
		when, gather = end, true
	}
	return when, gather
}

// item is what is told of an alert.
func item(r *model.AlertRule, a *model.Alert, e *model.Entry, why string, at time.Time) model.AlertItem {
	return model.AlertItem{
		Alert: a.ID, Rule: r.ID, RuleName: r.Name, Situation: a.Situation, Event: a.Event, Why: why, Told: a.Told,
		Kind: a.Kind, Origins: a.Origins, Speakers: len(a.Speakers), At: at.UTC(),
		Entry: model.AlertEntry{
			ID: e.ID, Kind: e.Kind, Text: e.Text, Speaker: e.Speaker, Stance: e.Stance, Before: e.Before, Outlet: e.Outlet,
			Service: e.Service, Origins: e.Origins, Happened: e.Happened, Said: e.Said, Published: e.Published, Seen: e.Seen,
		},
	}
}
