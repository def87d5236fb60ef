package statement

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crosscheck/internal/model"
)

// TestHardCases holds the constructions that readers of news know to be hard.
// A statement is written "speaker | kind stance | content … content".
func TestHardCases(t *testing.T) {
	e := newExtractor(t)
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{
			"a quotation interrupted by its cue",
			"“The bridge,” Mara Olm, the mayor, said on Monday, “has been closed since the storm.”",
			[]string{"Mara Olm | direct asserts | The bridge … has been closed since the storm"},
		},
		{
			"three paragraphs of one quotation",
			"Governor Ivo Brandt addressed the crowd.\n\n“We lost four houses in the night,” Brandt said. “We will build them again.\n\n“Nobody will sleep in a tent this winter.\n\n“That is a promise.”",
			[]string{
				"Ivo Brandt | direct asserts | We lost four houses in the night",
				"Ivo Brandt | direct asserts | We will build them again",
				"Ivo Brandt | direct asserts | Nobody will sleep in a tent this winter",
				"Ivo Brandt | direct asserts | That is a promise",
			},
		},
		{
			"no closing mark",
			"General Jonas Rask told reporters: “We have taken the hill and we will hold it.\n\nThe ministry gave no figures.",
			[]string{"Jonas Rask | direct asserts | We have taken the hill and we will hold it"},
		},
		{
			"a quotation inside a quotation",
			"“The officer told us, ‘Go home and stay there,’ and then he left,” said Lena Orst, a nurse.",
			[]string{"Lena Orst | direct asserts | The officer told us, ‘Go home and stay there,’ and then he left"},
		},
		{
			"he added, after a paragraph about someone else",
			"“The talks were useful,” Prime Minister Karl Venn said.\n\nIlse Marr, the opposition leader, waited outside in the rain.\n\n“We will meet again in May,” he added.",
			[]string{
				"Karl Venn | direct asserts | The talks were useful",
				"Karl Venn | direct asserts | We will meet again in May",
			},
		},
		{
			"two speakers in one sentence",
			"Kestria said its troops were leaving, while Tolmark said nobody had moved.",
			[]string{
				"Kestria | indirect asserts | its troops were leaving",
				"Tolmark | indirect asserts | nobody had moved",
			},
		},
		{
			"passive",
			"Defence Minister Halvar Dressik was quoted by the news agency KTA as saying that the exercise would end on Friday.",
			[]string{"Halvar Dressik | indirect asserts | the exercise would end on Friday"},
		},
		{
			"inverted",
			"“Water is running out,” said Oda Kell, who runs the shelter.",
			[]string{"Oda Kell | direct asserts | Water is running out"},
		},
		{
			"cue before and after",
			"Tam Brode said: “The road is open.” “Drive slowly,” he said.",
			[]string{
				"Tam Brode | direct asserts | The road is open",
				"Tam Brode | direct asserts | Drive slowly",
			},
		},
		{
			"a headline that attributes",
			"Troops will stay until spring, says minister\n\nDefence Minister Iva Renn said on Tuesday that the troops would stay until spring.",
			[]string{
				"Iva Renn | indirect asserts | Troops will stay until spring",
				"Iva Renn | indirect asserts | the troops would stay until spring",
			},
		},
		{
			"bulleted statements",
			"The Relief Council made three points:\n\n• The council said that 4,000 people had no shelter.\n\n• The council warned that wells were running dry.",
			[]string{
				"Relief Council | indirect asserts | 4,000 people had no shelter",
				"Relief Council | indirect asserts | wells were running dry",
			},
		},
		{
			"a list of posts",
			"Spokeswoman Oda Remmel wrote on Telegram: “No convoy has crossed the line.”\n\nAn hour later Remmel wrote: “The pictures are from last year.”",
			[]string{
				"Oda Remmel | direct asserts | No convoy has crossed the line",
				"Oda Remmel | direct asserts | The pictures are from last year",
			},
		},
		{
			"no verb of saying, but a statement",
			"The army, in a statement on Monday: “Three of our men were killed at the ford.”\n\nIn a post on Telegram, Governor Lena Orst was brief: “The dam holds for the time being.”",
			[]string{
				"army | direct asserts | Three of our men were killed at the ford",
				"Lena Orst | direct asserts | The dam holds for the time being",
			},
		},
		{
			"scare quotes and a title",
			"The so-called “line of shame” runs through the valley. Her book, “Railheads in Winter”, won a prize.",
			nil,
		},
		{
			"said to be",
			"The general is said to be ill. The tanks are believed to have left.",
			nil,
		},
		{
			"negated, refused and future saying",
			"The ministry did not say whether the bridge was safe. The mayor declined to comment. The president is expected to announce a curfew. Officials would not say who gave the order.",
			nil,
		},
		{
			"hypothetical saying",
			"Critics would say that the plan came too late.",
			nil,
		},
		{
			"a denial",
			"Kestria’s Defence Ministry denied that its soldiers had crossed the river.",
			[]string{"Defence Ministry, Kestria | indirect denies | its soldiers had crossed the river"},
		},
		{
			"doubt",
			"The alliance said it had seen no sign of a withdrawal.",
			[]string{"alliance | indirect doubts | it had seen no sign of a withdrawal"},
		},
		{
			"demand and question",
			"The union demanded an inquiry. Reporters from the Courier asked whether the dam was safe.",
			[]string{
				"union | indirect demands | an inquiry",
				"unnamed: reporters from the Courier | indirect asks | whether the dam was safe",
			},
		},
		{
			"nested",
			"Mayor Mara Olm said the army had denied that it fired first.",
			[]string{
				"Mara Olm | indirect asserts | the army had denied that it fired first",
				"army | indirect denies | it fired first",
			},
		},
		{
			"beliefs and wishes are none",
			"Residents believe that the road is mined. The government hopes for rain and plans to dig wells.",
			nil,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := &model.Article{ID: "a", Revision: 1, Text: c.text, Published: time.Date(2031, 3, 12, 12, 0, 0, 0, time.UTC)}
			var got []string
			for _, s := range e.Extract(a) {
				if s.Class == model.ClassPosition {
					continue
				}
				var parts []string
				for _, sp := range s.Content {
					parts = append(parts, sp.Of(a.Text))
				}
				got = append(got, s.Speaker+" | "+string(s.Kind)+" "+string(s.Stance)+" | "+strings.Join(parts, " … "))
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("statements (-want +got):\n%s", d)
			}
		})
	}
}
