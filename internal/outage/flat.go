package outage

import (
	"strconv"

	"crosscheck/internal/model"
)

// flat is a reader of the common form of an observation: one flat JSON object
// whose strings are plain ASCII and whose keys each stand once. It is several
// times as fast as encoding/json, which reads everything else.
type flat struct {
	raw []byte
	i   int
}

// The keys of the common form, as bits.
const (
	keyAt = 1 << iota
	keyService
	keyVantage
	keyASN
	keyCountry
	keyValid
	keyOutcome
	keyLayer
	keyFailure
	keyStatus
	keyDNS
	keyTCP
	keyTLS
	keyTTFB
)

// parseFlat reads an observation in the common form; ok is false for any other,
// correct or not.
func parseFlat(raw []byte, o *model.Observation) (ok bool) {
	f := flat{raw: raw}
	if !f.take('{') {
		return false
	}
	seen := 0
	for {
		name, ok := f.text()
		if !ok || !f.take(':') {
			return false
		}
		bit, ok := f.field(string(name), o)
		if !ok || seen&bit != 0 {
			return false
		}
		seen |= bit
		if f.take(',') {
			continue
		}
		return f.take('}') && f.atEnd() && seen&keyValid != 0
	}
}

// field reads the value of a key into its field.
func (f *flat) field(name string, o *model.Observation) (bit int, ok bool) {
	switch name {
	case "at":
		s, ok := f.text()
		return keyAt, ok && o.At.UnmarshalText(s) == nil
	case "service":
		return keyService, into(f, &o.Service)
	case "vantage":
		return keyVantage, into(f, &o.Vantage)
	case "country":
		return keyCountry, into(f, &o.Country)
	case "outcome":
		return keyOutcome, into(f, &o.Outcome)
	case "layer":
		return keyLayer, into(f, &o.Layer)
	case "failure":
		return keyFailure, into(f, &o.Failure)
	case "valid":
		return keyValid, f.boolean(&o.Valid)
	case "asn":
		n, ok := f.number()
		o.ASN = uint32(n)
		return keyASN, ok && n == float64(o.ASN)
	case "status":
		n, ok := f.number()
		o.Status = int(n)
		return keyStatus, ok && n == float64(o.Status)
	case "dns_ms":
		return keyDNS, f.float(&o.DNS)
	case "tcp_ms":
		return keyTCP, f.float(&o.TCP)
	case "tls_ms":
		return keyTLS, f.float(&o.TLS)
	case "ttfb_ms":
		return keyTTFB, f.float(&o.TTFB)
	}
	return 0, false
}

func (f *flat) space() {
	for f.i < len(f.raw) && (f.raw[f.i] == ' ' || f.raw[f.i] == '\t' || f.raw[f.i] == '\r' || f.raw[f.i] == '\n') {
		f.i++
	}
}

// take reads one byte behind white space, if it is c.
func (f *flat) take(c byte) bool {
	f.space()
	if f.i >= len(f.raw) || f.raw[f.i] != c {
		return false
	}
	f.i++
	return true
}

func (f *flat) atEnd() bool {
	f.space()
	return f.i == len(f.raw)
}

// text reads a string of printable ASCII without escapes.
func (f *flat) text() ([]byte, bool) {
	if !f.take('"') {
		return nil, false
	}
	for start := f.i; f.i < len(f.raw); f.i++ {
		switch c := f.raw[f.i]; {
		case c == '"':
			f.i++
			return f.raw[start : f.i-1], true
		case c < ' ' || c >= 0x7f || c == '\\':
			return nil, false
		}
	}
	return nil, false
}

func into[S ~string](f *flat, to *S) bool {
	s, ok := f.text()
	*to = S(s)
	return ok
}

func (f *flat) boolean(to *bool) bool {
	for _, word := range [...]string{"true", "false"} {
		f.space()
		if rest := f.raw[f.i:]; len(rest) >= len(word) && string(rest[:len(word)]) == word {
			f.i += len(word)
			*to = word == "true"
			return true
		}
	}
	return false
}

func (f *flat) float(to *float64) (ok bool) {
	*to, ok = f.number()
	return ok
}

// tens are the powers of ten a quotient by which is exactly rounded.
var tens = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// number reads a number without sign or exponent.
func (f *flat) number() (float64, bool) {
	f.space()
	start, point, n := f.i, -1, uint64(0)
	for ; f.i < len(f.raw); f.i++ {
		c := f.raw[f.i]
		if c == '.' && point < 0 {
			point = f.i
		} else if c >= '0' && c <= '9' {
			n = n*10 + uint64(c-'0')
		} else {
			break
		}
	}
	whole, places := f.i, 0
	if point >= 0 {
		whole, places = point, f.i-point-1
	}
	if whole == start || whole-start > 1 && f.raw[start] == '0' || point >= 0 && places == 0 {
		return 0, false
	}
	if f.i-start < len(tens) {
		return float64(n) / tens[places], true
	}
	x, err := strconv.ParseFloat(string(f.raw[start:f.i]), 64)
	return x, err == nil
}
