package tag

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"crosscheck/internal/text"
)

// lessonText is invented; its sample is enough to learn from.
const lessonText = "Mira Olsen met Bruno in Tarnow. Mira Olsen met Bruno in Tarnow."

func lessonSample() Sample {
	d := text.Parse(lessonText)
	s := Sample{Doc: d, Named: true}
	for k := range 2 {
		s.POS = append(s.POS, NNP, NNP, VBD, NNP, IN, NNP, Stop)
		at := 7 * k
		s.Names = append(s.Names, Name{text.Range{Start: at, End: at + 2}, Person},
			Name{text.Range{Start: at + 3, End: at + 4}, Person}, Name{text.Range{Start: at + 5, End: at + 6}, Location})
	}
	return s
}

func TestLearnAndPack(t *testing.T) {
	samples := []Sample{lessonSample()}
	tg, err := Learn(samples, samples)
	if err != nil {
		t.Fatal(err)
	}
	packed, err := tg.Pack()
	if err != nil {
		t.Fatal(err)
	}
	back, err := read(packed)
	if err != nil {
		t.Fatal(err)
	}
	want := Tags{samples[0].POS, samples[0].Names}
	if diff := cmp.Diff(&want, back.Tag(samples[0].Doc)); diff != "" {
		t.Error(diff)
	}
	twin, err := Learn(samples, samples)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := twin.Pack(); err != nil || !bytes.Equal(packed, again) {
		t.Errorf("the same samples gave another model (%v)", err)
	}
}

func TestReadDamaged(t *testing.T) {
	whole, err := unpack(packed)
	if err != nil {
		t.Fatal(err)
	}
	for _, cut := range []int{0, 7, 8, 11, 12, 1000, len(whole) - 1} {
		if _, err := parse(whole[:cut]); err == nil {
			t.Errorf("a model cut at %d is read", cut)
		}
	}
	if _, err := read([]byte("no model")); err == nil {
		t.Error("what is no model is read")
	}
	if _, err := parse(append(bytes.Clone(whole), 0)); err == nil {
		t.Error("a model with more behind it is read")
	}
}
