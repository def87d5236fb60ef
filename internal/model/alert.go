package model

import (
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
)

// AlertRule says which entries of timelines somebody wants to be told of, how
// and when. An entry must meet every condition that is stated; within one, any
// of the values. Its JSON form is how it is stored.
type AlertRule struct {
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Situation   string      `json:"situation,omitempty"` // Situation.ID; "": all
	Kinds       []EntryKind `json:"kinds,omitempty"`
	Speakers    []string    `json:"speakers,omitempty"` // Speaker IDs, or words of names
	Places      []int64     `json:"places,omitempty"`   // gazetteer ids
	Services    []string    `json:"services,omitempty"` // Service IDs
	Words       []string    `json:"words,omitempty"`    // words and phrases, folded; with * at the end: beginnings of words
	MinOrigins  int         `json:"min_origins,omitempty"`
	MinSpeakers int         `json:"min_speakers,omitempty"`
	Quiet       QuietHours  `json:"quiet"`

	// Digest is how long alerts are gathered into one message; 0: each is sent
	// at once.
	Digest  time.Duration `json:"digest,omitempty"`
	To      []string      `json:"to"`      // "mailto:desk@example.org", "https://…" or "chat:name"
	Created time.Time     `json:"created"` // what was known before is not told
}

// QuietHours is a time of the day in which nobody is told anything. The zero
// value is none.
type QuietHours struct {
	From string `json:"from,omitempty"` // "22:00"
	To   string `json:"to,omitempty"`   // "07:00"; before From: of the next day
	Zone string `json:"zone,omitempty"` // IANA name; "": UTC
}

// The bounds of a rule.
const (
	maxConditions = 200
	minDigest     = time.Minute
	maxDigest     = 7 * 24 * time.Hour
)

// entryKinds are those a rule may name.
var entryKinds = []EntryKind{
	EntryStatement, EntryAsserted, EntryDenied, EntryReversal, EntryStory, EntryRevision, EntryOnset, EntryConfirmed, EntryResolved, EntryMovement,
}

// Validate fills defaults and reports every fault of a rule at once, each an
// ErrInvalid naming the field.
func (r *AlertRule) Validate() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, Errorf(ErrInvalid, format, args...)) }
	if r.Name = strings.TrimSpace(r.Name); r.Name == "" || len(r.Name) > maxName || strings.ContainsFunc(r.Name, unicode.IsControl) {
		fault("name %q: want a line of at most %d bytes", r.Name, maxName)
	}
	if r.ID == "" {
		r.ID = ID("rule", r.Name)
	}
	for _, k := range r.Kinds {
		if !slices.Contains(entryKinds, k) {
			fault("kinds %q: want some of %s", k, strings.ReplaceAll(strings.Trim(fmt.Sprint(entryKinds), "[]"), " ", ", "))
		}
	}
	for what, list := range map[string][]string{"speakers": r.Speakers, "services": r.Services, "words": r.Words} {
		if slices.ContainsFunc(list, func(s string) bool { return strings.TrimSpace(strings.TrimSuffix(s, "*")) == "" }) {
			fault("%s: one of them is empty", what)
		}
		if len(list) > maxConditions {
			fault("%s: more than %d", what, maxConditions)
		}
	}
	if slices.ContainsFunc(r.Places, func(id int64) bool { return id <= 0 }) {
		fault("places: want ids of the gazetteer")
	}
	if r.MinOrigins < 0 {
		fault("min_origins %d: want 0 or more", r.MinOrigins)
	}
	if r.MinSpeakers < 0 {
		fault("min_speakers %d: want 0 or more", r.MinSpeakers)
	}
	if r.Situation == "" && len(r.Kinds)+len(r.Speakers)+len(r.Places)+len(r.Services)+len(r.Words)+r.MinOrigins+r.MinSpeakers == 0 {
		fault("the rule has no condition: want some of situation, kinds, speakers, places, services, words, min_origins, min_speakers")
	}
	if r.Digest != 0 && (r.Digest < minDigest || r.Digest > maxDigest) {
		fault("digest %s: want %s to %s, or nothing", r.Digest, minDigest, maxDigest)
	}
	if len(r.To) == 0 {
		fault("to: want at least one of mailto:desk@example.org, https://example.org/hook, chat:name")
	}
	for i, to := range r.To {
		var err error
		if r.To[i], err = recipient(to); err != nil {
			faults = append(faults, err)
		}
	}
	return errors.Join(append(faults, r.Quiet.Validate())...)
}

// recipient puts a recipient in its form. The error does not repeat an address
// of the web, which may hold a secret.
func recipient(to string) (string, error) {
	to = strings.TrimSpace(to)
	scheme, rest, _ := strings.Cut(to, ":")
	switch strings.ToLower(scheme) {
	case "https", "http":
		if u, err := url.Parse(to); err != nil || u.Host == "" {
			return to, Errorf(ErrInvalid, "to: one of the web addresses cannot be read")
		}
		return to, nil
	case "chat":
		if strings.TrimSpace(rest) == "" {
			return to, Errorf(ErrInvalid, "to %q: want chat: and a name of alerts.chats", to)
		}
		return "chat:" + strings.TrimSpace(rest), nil
	case "mailto":
		to = rest
	}
	a, err := mail.ParseAddress(to)
	if err != nil {
		return to, Errorf(ErrInvalid, "to %q: want mailto: and an address, a web address, or chat: and a name", HideRecipient(to))
	}
	return "mailto:" + a.Address, nil
}

// HideRecipient is a recipient for logs and lists: of a web address the host
// only, since the rest may be a secret.
func HideRecipient(to string) string {
	scheme, _, isWeb := strings.Cut(to, "://")
	if !isWeb {
		return to
	}
	u, err := url.Parse(to)
	if err != nil {
		return scheme + "://…"
	}
	return scheme + "://" + u.Host + "/…"
}

// clock is how quiet hours are written.
const clock = "15:04"

// Validate reports every fault of quiet hours at once, as ErrInvalid.
func (q QuietHours) Validate() error {
	if q == (QuietHours{}) {
		return nil
	}
	var faults []error
	for what, text := range map[string]string{"from": q.From, "to": q.To} {
		if _, err := time.Parse(clock, text); err != nil {
			faults = append(faults, Errorf(ErrInvalid, "quiet.%s %q: want a time such as 22:00", what, text))
		}
	}
	if q.From == q.To {
		faults = append(faults, Errorf(ErrInvalid, "quiet: from %s to %s is no time or the whole day", q.From, q.To))
	}
	if _, err := time.LoadLocation(q.Zone); err != nil {
		faults = append(faults, Errorf(ErrInvalid, "quiet.zone %q: want a name such as Europe/Berlin", q.Zone))
	}
	return errors.Join(faults...)
}

// Until is when the quiet hours that hold at t end, in UTC; t itself where none
// hold. It needs valid quiet hours.
func (q QuietHours) Until(t time.Time) time.Time {
	from, ferr := time.Parse(clock, q.From)
	to, terr := time.Parse(clock, q.To)
	zone, zerr := time.LoadLocation(q.Zone)
	if errors.Join(ferr, terr, zerr) != nil {
		return t
	}
	local := t.In(zone)
	for day := -1; day <= 0; day++ { // the hours that began yesterday, or today
		on := func(c time.Time, add int) time.Time {
			return time.Date(local.Year(), local.Month(), local.Day()+day+add, c.Hour(), c.Minute(), 0, 0, zone)
		}
		start, end := on(from, 0), on(to, 0)
		if !to.After(from) {
			end = on(to, 1)
		}
		if !local.Before(start) && local.Before(end) {
			return end.UTC()
		}
	}
	return t
}

// Alert is what a rule has found of one event, told once and told again only
// when it rises. Its JSON form is how it is stored.
type Alert struct {
	ID        string    `json:"id"` // of rule and event
	Rule      string    `json:"rule"`
	Situation string    `json:"situation"`
	Event     string    `json:"event"`    // "outage:", "claim:", "story:" or "entry:" and an id
	Kind      EntryKind `json:"kind"`     // of the gravest entry, or resolved
	Origins   int       `json:"origins"`  // most independent origins of one entry
	Speakers  []string  `json:"speakers"` // who spoke in it, by id or name
	Entries   []string  `json:"entries"`  // ids of the newest entries in it
	Opened    time.Time `json:"opened"`   // first entry
	Changed   time.Time `json:"changed"`
	Over      time.Time `json:"over,omitzero"` // Entry.At of the end; what is earlier opens nothing again

	Told        int       `json:"told"`         // how often it was told
	ToldKind    EntryKind `json:"told_kind"`    // when it was last told
	ToldOrigins int       `json:"told_origins"` // when it was last told
}

// AlertItem is an alert as it was at a moment, with the entry that made it be
// told: what a message is made of. Its JSON form is what a webhook gets.
type AlertItem struct {
	Alert     string     `json:"id"` // Alert.ID
	Rule      string     `json:"rule"`
	RuleName  string     `json:"rule_name"`
	Situation string     `json:"situation,omitempty"`
	Event     string     `json:"event"`
	Why       string     `json:"why"`     // it is told now
	Told      int        `json:"told"`    // the how manieth time it is told
	Kind      EntryKind  `json:"kind"`    // of the event, as Alert.Kind
	Origins   int        `json:"origins"` // as Alert.Origins
	Speakers  int        `json:"speakers"`
	At        time.Time  `json:"at"` // it was found
	Link      string     `json:"link,omitempty"`
	Entry     AlertEntry `json:"entry"`
}

// AlertEntry is an entry of a timeline in a message. A time that is not known
// is left out.
type AlertEntry struct {
	ID        string    `json:"id"`
	Kind      EntryKind `json:"kind"`
	Text      string    `json:"text"` // verbatim
	Speaker   string    `json:"speaker,omitempty"`
	Stance    Stance    `json:"stance,omitempty"`
	Before    Stance    `json:"before,omitempty"` // of a reversal
	Outlet    string    `json:"outlet,omitempty"`
	Service   string    `json:"service,omitempty"`
	Origins   int       `json:"origins,omitempty"`
	Happened  time.Time `json:"happened,omitzero"`
	Said      time.Time `json:"said,omitzero"`
	Published time.Time `json:"published,omitzero"`
	Seen      time.Time `json:"seen,omitzero"`
}

// Delivery is an alert on its way to one recipient.
type Delivery struct {
	ID     string
	Rule   string
	To     string // as AlertRule.To
	Item   AlertItem
	Gather bool      // may be sent in one message with others
	Since  time.Time // when it was first to be sent
	Due    time.Time // next try
	Tries  int
	Err    string // of the last try, without secrets
	State  DeliveryState
	Done   time.Time // when it was sent or given up
}

// DeliveryState is how far a delivery is.
type DeliveryState string

// The states.
const (
	DeliveryWaiting DeliveryState = "waiting"
	DeliverySent    DeliveryState = "sent"
	DeliveryGivenUp DeliveryState = "given up"
)
