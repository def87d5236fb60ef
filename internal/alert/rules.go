package alert

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"crosscheck/internal/model"
)

// maxFile bounds a file of rules, bytes.
const maxFile = 1 << 20

// fields reads each key of a rule in a file into the rule.
var fields = map[string]func(*model.AlertRule, any) error{
	"id":           func(r *model.AlertRule, v any) error { return read(&r.ID, v) },
	"name":         func(r *model.AlertRule, v any) error { return read(&r.Name, v) },
	"situation":    func(r *model.AlertRule, v any) error { return read(&r.Situation, v) },
	"kinds":        func(r *model.AlertRule, v any) error { return readList(&r.Kinds, v) },
	"speakers":     func(r *model.AlertRule, v any) error { return readList(&r.Speakers, v) },
	"places":       func(r *model.AlertRule, v any) error { return readList(&r.Places, v) },
	"services":     func(r *model.AlertRule, v any) error { return readList(&r.Services, v) },
	"words":        func(r *model.AlertRule, v any) error { return readList(&r.Words, v) },
	"min_origins":  func(r *model.AlertRule, v any) error { return read(&r.MinOrigins, v) },
	"min_speakers": func(r *model.AlertRule, v any) error { return read(&r.MinSpeakers, v) },
	"to":           func(r *model.AlertRule, v any) error { return readList(&r.To, v) },
	"quiet":        readQuiet,
	"digest":       readDigest,
}

// ParseRules reads a file of rules: one rule, or a list of them, as YAML. Every
// fault of every rule is in the one error, an ErrInvalid.
func ParseRules(data []byte) ([]model.AlertRule, error) {
	if len(data) > maxFile {
		return nil, model.Errorf(model.ErrTooLarge, "larger than %d bytes", maxFile)
	}
	var file any
	if err := yaml.Unmarshal(data, &file); err != nil {
		return nil, model.Errorf(model.ErrInvalid, "%s", yaml.FormatError(err, false, true))
	}
	list, isList := file.([]any)
	if !isList {
		list = []any{file}
	}
	if len(list) == 0 {
		return nil, model.Errorf(model.ErrInvalid, "has no rule")
	}
	var out []model.AlertRule
	var faults []error
	ids := map[string]bool{}
	for i, raw := range list {
		r, err := parseRule(raw)
		if err != nil {
			faults = append(faults, fmt.Errorf("rule %d (%s):\n%w", i+1, orNameless(r.Name), err))
		} else if ids[r.ID] {
			faults = append(faults, model.Errorf(model.ErrInvalid, "rule %d (%s): there is another one of that name or id", i+1, r.Name))
		}
		ids[r.ID] = true
		out = append(out, r)
	}
	return out, errors.Join(faults...)
}

func orNameless(name string) string {
	if name == "" {
		return "without a name"
	}
	return name
}

func parseRule(raw any) (model.AlertRule, error) {
	var r model.AlertRule
	m, ok := raw.(map[string]any)
	if !ok {
		return r, model.Errorf(model.ErrInvalid, "want keys such as name, kinds and to")
	}
	var faults []error
	for _, key := range slices.Sorted(maps.Keys(m)) {
		set, known := fields[key]
		if !known {
			faults = append(faults, model.Errorf(model.ErrInvalid, "unknown key %q: want some of %s", key, strings.Join(slices.Sorted(maps.Keys(fields)), ", ")))
			continue
		}
		if err := set(&r, m[key]); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", key, err))
		}
	}
	return r, errors.Join(append(faults, r.Validate())...)
}

// read takes a value as text or as a number.
func read[T string | int | int64 | model.EntryKind](to *T, v any) error {
	text, isText := v.(string)
	whole, isWhole := v.(uint64)
	switch to := any(to).(type) {
	case *string:
		if *to = text; isText {
			return nil
		}
	case *model.EntryKind:
		if *to = model.EntryKind(text); isText {
			return nil
		}
	case *int:
		if *to = int(whole); isWhole && whole <= 1e6 {
			return nil
		}
	case *int64:
		if *to = int64(whole); isWhole && whole <= 1e15 {
			return nil
		}
	}
	want := "text"
	switch any(*to).(type) {
	case int, int64:
		want = "a number"
	}
	return model.Errorf(model.ErrInvalid, "want %s, not %.40v", want, v)
}

// readList takes a list, or one value as a list of it.
func readList[T string | int64 | model.EntryKind](to *[]T, v any) error {
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	var faults []error
	for _, raw := range list {
		var one T
		faults = append(faults, read(&one, raw))
		*to = append(*to, one)
	}
	return errors.Join(faults...)
}

func readQuiet(r *model.AlertRule, v any) error {
	m, ok := v.(map[string]any)
	if !ok {
		return model.Errorf(model.ErrInvalid, "want from, to and zone")
	}
	var faults []error
	for _, key := range slices.Sorted(maps.Keys(m)) {
		to, known := map[string]*string{"from": &r.Quiet.From, "to": &r.Quiet.To, "zone": &r.Quiet.Zone}[key]
		if !known {
			faults = append(faults, model.Errorf(model.ErrInvalid, "unknown key %q: want from, to or zone", key))
			continue
		}
		faults = append(faults, read(to, m[key]))
	}
	return errors.Join(faults...)
}

func readDigest(r *model.AlertRule, v any) error {
	text, _ := v.(string)
	d, err := time.ParseDuration(text)
	if err != nil {
		return model.Errorf(model.ErrInvalid, "want a duration such as 1h, not %.40v", v)
	}
	r.Digest = d
	return nil
}
