package statement

import (
	"testing"

	"crosscheck/internal/model"
)

func TestQuoteCueSpeaker(t *testing.T) {
	for _, s := range []string{
		"“It is over,” said Marta Olm.", "“It is over,” Marta Olm said.", "Marta Olm said: “It is over.”",
		"Marta Olm said, “It is over.”", "“It is over,” Marta Olm, director of the port, said.", "“It is over”, said Marta Olm.",
		"\"It is over,\" Marta Olm told reporters.", "‘It is over,’ said Marta Olm.", "According to Marta Olm, “it is over.”",
	} {
		got := newExtractor(t).Extract(&model.Article{Text: s})
		if len(got) != 1 || got[0].Speaker != "Marta Olm" || got[0].Kind != model.KindDirect {
			t.Errorf("Extract(%q) = %+v, want one direct statement by Marta Olm", s, got)
		}
	}
}
