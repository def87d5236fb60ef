package alert

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crosscheck/internal/model"
)

func TestParseRules(t *testing.T) {
	got, err := ParseRules([]byte(`
- name: Denials about the garrison
  situation: s1
  kinds: [denied, reversal]
  speakers: Ada Brandt
  places: [567293]
  services: [bank]
  words: [garrison, "troop*"]
  min_origins: 2
  min_speakers: 3
  quiet: {from: 22:00, to: "07:00", zone: Europe/Berlin}
  digest: 1h
  to: [Desk <desk@example.org>, "https://hooks.example.org/x", "chat: desk"]
- id: second
  name: The bank
  services: [bank]
  to: mailto:desk@example.org
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []model.AlertRule{{
		ID: model.ID("rule", "Denials about the garrison"), Name: "Denials about the garrison", Situation: "s1",
		Kinds: []model.EntryKind{model.EntryDenied, model.EntryReversal}, Speakers: []string{"Ada Brandt"}, Places: []int64{567293},
		Services: []string{"bank"}, Words: []string{"garrison", "troop*"}, MinOrigins: 2, MinSpeakers: 3,
		Quiet: model.QuietHours{From: "22:00", To: "07:00", Zone: "Europe/Berlin"}, Digest: time.Hour,
		To: []string{"mailto:desk@example.org", "https://hooks.example.org/x", "chat:desk"},
	}, {ID: "second", Name: "The bank", Services: []string{"bank"}, To: []string{"mailto:desk@example.org"}}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestRuleFaults(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"all at once", `
name: ""
kinds: [denied, denial]
wrods: [x]
words: ["*", ok]
places: [-1, here]
min_origins: -1
min_speakers: many
quiet: {from: "25:00", to: soon, zone: Mars/Base, until: x}
digest: often
to: [nobody, "ftp://example.org/hush", "https://", "chat:"]
`, []string{
			`name ""`, `kinds "denial"`, `unknown key "wrods"`, `words: one of them is empty`, `places: want a number`, `min_origins: want a number`,
			`min_speakers: want a number`, `quiet.from "25:00"`, `quiet.to "soon"`, `quiet.zone "Mars/Base"`, `unknown key "until"`, `digest: want a duration`,
			`to "nobody"`, `to "ftp://example.org/…"`, `one of the web addresses`, `to "chat:"`, "rule 1 (without a name)",
		}},
		{"no condition, nobody", `name: x`, []string{"no condition", "to: want at least one"}},
		{"too long a digest", "name: x\nwords: [a]\nto: a@b.example\ndigest: 9999h", []string{"digest 9999h0m0s"}},
		{"quiet all day", "name: x\nwords: [a]\nto: a@b.example\nquiet: {from: '07:00', to: '07:00'}", []string{"quiet: from 07:00 to 07:00"}},
		{"quiet that is none", "name: x\nwords: [a]\nto: a@b.example\nquiet: 7", []string{"want from, to and zone"}},
		{"twice", "- {name: x, words: [a], to: a@b.example}\n- {name: x, words: [b], to: a@b.example}", []string{"another one of that name"}},
		{"second of two", "- {name: x, words: [a], to: a@b.example}\n- {name: y, to: a@b.example}", []string{"rule 2 (y)", "no condition"}},
		{"empty", "", []string{"want keys"}},
		{"no rules", "[]", []string{"no rule"}},
		{"text", "hello", []string{"want keys"}},
		{"not YAML", "a: [", []string{"["}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ParseRules([]byte(c.text))
			if !errors.Is(err, model.ErrInvalid) {
				t.Fatalf("error %v, want an ErrInvalid", err)
			}
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) || strings.Contains(err.Error(), "hush") {
					t.Errorf("error lacks %q, or has a secret:\n%v", w, err)
				}
			}
		})
	}
	if _, err := ParseRules(make([]byte, maxFile+1)); !errors.Is(err, model.ErrTooLarge) {
		t.Errorf("a huge file: %v", err)
	}
}

func FuzzParseRules(f *testing.F) {
	f.Add([]byte("- name: x\n  kinds: [denied]\n  words: [a]\n  quiet: {from: '22:00', to: '07:00'}\n  digest: 1h\n  to: [a@b.example]"))
	f.Add([]byte("a: &a [*a]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rules, err := ParseRules(data)
		if err != nil {
			return
		}
		for i := range rules {
			r := &rules[i]
			if err := r.Validate(); err != nil {
				t.Errorf("a rule that was read is not valid: %v", err)
			}
			at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
			if when, _ := due(r, at); when.Before(at) || when.Sub(at) > 9*24*time.Hour {
				t.Errorf("due %s after %s", when, at)
			}
			concerns(r, "", &model.Entry{Text: string(data)})
		}
	})
}
