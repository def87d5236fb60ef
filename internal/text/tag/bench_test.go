package tag_test

import (
	"strings"
	"testing"

	"crosscheck/internal/text"
	"crosscheck/internal/text/tag"
)

// article is invented, of the kind and length of a news article.
var article = strings.Repeat(`KYIV (Reuters) - Ukraine’s defence minister, Olena Kovalchuk, said on Tuesday that the 93rd Mechanised Brigade had
shot down 14 Shahed drones over the Kharkiv region. “We do not see any sign of a withdrawal,” she told reporters in
Brussels. The Russian ministry denied the report, and a spokesman for NATO, James Haldane, wrote that two T-72B3 tanks
and an S-300 system were moved from Belgorod on February 15, 2022. Kovalchuk added that $1.5 million had been spent.

`, 9)

func BenchmarkTag(b *testing.B) {
	t, err := tag.New()
	if err != nil {
		b.Fatal(err)
	}
	d := text.Parse(article)
	b.ReportAllocs()
	for b.Loop() {
		t.Tag(d)
	}
	b.ReportMetric(float64(len(d.Tokens))*float64(b.N)/b.Elapsed().Seconds(), "tokens/s")
}
