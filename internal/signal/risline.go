package signal

import (
	"encoding/json"
	"math"
	"net/netip"
	"time"

	"crosscheck/internal/model"
)

// risUpdate is what one peer of RIS says of some prefixes.
type risUpdate struct {
	at        time.Time
	peer      string // collector and address
	announced []netip.Prefix
	withdrawn []netip.Prefix
}

// parseRIS reads a message of RIS Live. A message that is no update of routes
// gives one without prefixes; an ris_error is an ErrUnsupported with its words.
func parseRIS(raw []byte) (risUpdate, error) {
	var envelope struct {
		Type string          `json:"type"`
		Data json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(raw, &envelope); err != nil {
		return risUpdate{}, model.Errorf(model.ErrUnsupported, "sends what cannot be read: %w", err)
	}
	if envelope.Type != "ris_message" && envelope.Type != "ris_error" {
		return risUpdate{}, nil
	}
	var d struct {
		Message       string  `json:"message"` // of an ris_error
		Type          string  `json:"type"`
		Timestamp     float64 `json:"timestamp"` // Unix seconds
		Host          string  `json:"host"`
		Peer          string  `json:"peer"`
		Announcements []struct {
			Prefixes []string `json:"prefixes"`
		} `json:"announcements"`
		Withdrawals []string `json:"withdrawals"`
	}
	if err := json.Unmarshal(envelope.Data, &d); err != nil {
		return risUpdate{}, model.Errorf(model.ErrUnsupported, "sends a message that cannot be read: %w", err)
	}
	switch {
	case envelope.Type == "ris_error":
		return risUpdate{}, model.Errorf(model.ErrUnsupported, "says: %.200s", d.Message)
	case d.Type != "UPDATE" || d.Peer == "":
		return risUpdate{}, nil
	}
	u := risUpdate{peer: d.Host + " " + d.Peer, withdrawn: prefixes(d.Withdrawals)}
	if d.Timestamp > 0 && d.Timestamp < 1e10 {
		whole, part := math.Modf(d.Timestamp)
		u.at = time.Unix(int64(whole), int64(part*1e9)).UTC()
	}
	for _, a := range d.Announcements {
		u.announced = append(u.announced, prefixes(a.Prefixes)...)
	}
	return u, nil
}

// prefixes reads those that are prefixes.
func prefixes(texts []string) []netip.Prefix {
	var out []netip.Prefix
	for _, text := range texts {
		if p, err := netip.ParsePrefix(text); err == nil {
			out = append(out, p.Masked())
		}
	}
	return out
}
