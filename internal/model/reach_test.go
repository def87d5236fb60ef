package model

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestServiceValidate(t *testing.T) {
	s := Service{ID: "bank", Name: "  "}
	if err := s.Validate(); err != nil || s.Name != "bank" {
		t.Errorf("%+v, %v", s, err)
	}
	at := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	for _, s := range []Service{{}, {ID: "a\nb"}, {ID: strings.Repeat("x", maxName+1)}, {ID: "bank", Country: "Germany"}, {ID: "bank", Maintenance: []TimeInterval{{at, at}}}} {
		if err := s.Validate(); !errors.Is(err, ErrInvalid) {
			t.Errorf("Validate(%+v) = %v, want an ErrInvalid", s, err)
		}
	}
}

func TestVantageValidate(t *testing.T) {
	good := Vantage{ID: "fra-1", ASN: 3320, Country: "DE"}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for _, v := range []Vantage{{}, {ID: "v", Country: "de"}, {ID: "v", Group: strings.Repeat("x", maxName+1)}} {
		if err := v.Validate(); !errors.Is(err, ErrInvalid) {
			t.Errorf("Validate(%+v) = %v, want an ErrInvalid", v, err)
		}
	}
}

func TestTimeInterval(t *testing.T) {
	at := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	i := TimeInterval{at, at.Add(time.Hour)}
	if !i.Contains(at) || i.Contains(at.Add(time.Hour)) || i.Contains(at.Add(-1)) {
		t.Error("the start belongs to an interval, the end does not")
	}
}
