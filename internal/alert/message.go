package alert

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"crosscheck/internal/model"
)

// The kinds of message.
const (
	KindAlert  = "alert"
	KindDigest = "digest"
	KindTest   = "test"
)

// Message is what is sent to one recipient. Its JSON form is the body of a
// webhook.
type Message struct {
	ID     string            `json:"id"` // the same for every try
	Kind   string            `json:"kind"`
	At     time.Time         `json:"at"` // of the try
	Alerts []model.AlertItem `json:"alerts"`
}

const (
	maxSubject = 120 // runes
	maxQuote   = 400 // runes of an entry's words in a text
)

// Subject is one line about the message.
func (m *Message) Subject() string {
	switch {
	case m.Kind == KindTest:
		return line("["+m.Alerts[0].RuleName+"] test", maxSubject)
	case len(m.Alerts) == 1:
		a := &m.Alerts[0]
		return line("["+a.RuleName+"] "+string(a.Kind)+": "+a.Entry.Text, maxSubject)
	}
	var names []string
	seen := map[string]bool{}
	for _, a := range m.Alerts {
		if !seen[a.RuleName] {
			names = append(names, a.RuleName)
		}
		seen[a.RuleName] = true
	}
	return line(fmt.Sprintf("%d alerts: %s", len(m.Alerts), strings.Join(names, ", ")), maxSubject)
}

// Text is the message for a person, of at most about limit bytes: alerts that
// do not fit are counted.
func (m *Message) Text(limit int) string {
	if m.Kind == KindTest {
		return "This is a test of the rule “" + m.Alerts[0].RuleName + "”. Alerts will arrive here.\n"
	}
	var b strings.Builder
	for i := range m.Alerts {
		part := about(&m.Alerts[i])
		if i > 0 {
			if b.Len()+len(part) > limit {
				fmt.Fprintf(&b, "\nand %d more\n", len(m.Alerts)-i)
				break
			}
			b.WriteByte('\n')
		}
		b.WriteString(part)
	}
	return b.String()
}

// quoted are the kinds of entry whose text is somebody's words.
var quoted = map[model.EntryKind]bool{
	model.EntryStatement: true, model.EntryAsserted: true, model.EntryDenied: true, model.EntryReversal: true,
	model.EntryStory: true, model.EntryRevision: true, model.EntryMovement: true,
}

// about is what a text says of one alert.
func about(a *model.AlertItem) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s) · rule %s\n", strings.ToUpper(string(a.Kind)), a.Why, line(a.RuleName, maxSubject))
	e := &a.Entry
	text := line(e.Text, maxQuote)
	if quoted[e.Kind] {
		text = "“" + text + "”"
	}
	b.WriteString(text + "\n")
	var who []string
	for _, part := range []string{e.Speaker, e.Outlet} {
		if part != "" {
			who = append(who, line(part, maxSubject))
		}
	}
	if e.Before != "" {
		who = append(who, fmt.Sprintf("%s before, %s now", e.Before, e.Stance))
	}
	for _, t := range []struct {
		what string
		at   time.Time
	}{{"happened", e.Happened}, {"said", e.Said}, {"published", e.Published}, {"seen", e.Seen}} {
		if !t.at.IsZero() {
			who = append(who, t.what+" "+t.at.UTC().Format("2 Jan 2006 15:04 UTC"))
		}
	}
	if len(who) > 0 {
		b.WriteString(strings.Join(who, " · ") + "\n")
	}
	if a.Origins > 0 {
		fmt.Fprintf(&b, "carried by %d independent origins; %d speakers\n", a.Origins, a.Speakers)
	}
	if a.Link != "" {
		b.WriteString(a.Link + "\n")
	}
	return b.String()
}

// line puts a text on one line of at most so many runes.
func line(text string, most int) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// Sender delivers a message to one recipient, as AlertRule.To names it. Its
// errors hold no secret: they are stored and shown.
type Sender interface {
	Send(ctx context.Context, to string, m Message) error
}

// Senders are the ways to recipients; one that is nil is not configured.
type Senders struct {
	Mail Sender
	Web  Sender
	Chat Sender
}

// Send delivers by the way the recipient asks for.
func (s Senders) Send(ctx context.Context, to string, m Message) error {
	way, err := s.way(to)
	if err != nil {
		return err
	}
	return way.Send(ctx, to, m)
}

// Check reports a recipient that cannot be reached for want of configuration,
// as an ErrUnsupported that names the key.
func (s Senders) Check(to string) error {
	_, err := s.way(to)
	return err
}

func (s Senders) way(to string) (Sender, error) {
	way, key := s.Web, "alerts.webhook_secret_file"
	switch {
	case strings.HasPrefix(to, "mailto:"):
		way, key = s.Mail, "alerts.mail"
	case strings.HasPrefix(to, "chat:"):
		way, key = s.Chat, "alerts.chats"
	}
	if way == nil {
		return nil, model.Errorf(model.ErrUnsupported, "%s cannot be reached: %s is not configured", model.HideRecipient(to), key)
	}
	return way, nil
}
