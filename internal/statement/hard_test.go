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
			[]string{
				"Lena Orst | direct asserts | The officer told us, ‘Go home and stay there,’ and then he left",
				"unnamed: officer | direct asserts | Go home and stay there",
			},
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
		{
			"a source behind a preposition is not the subject",
			"The joint declaration issued after the talks says that a court will sit in Hallin. Five residents reached by telephone described a retreat.",
			[]string{
				"joint declaration | indirect asserts | a court will sit in Hallin",
				"unnamed: five residents reached by telephone | indirect asserts | a retreat",
			},
		},
		{
			"a report of a report, before the cue",
			"Oda Remmel told the court that she had only wanted to “frighten a rival,” the indictment says.",
			[]string{
				"indictment | mixed asserts | Oda Remmel told the court that she had only wanted to “frighten a rival,”",
				"Oda Remmel | mixed asserts | she had only wanted to “frighten a rival,”",
			},
		},
		{
			"who asks not to be named asks for nothing else",
			"A diplomat in Hallin who asked not to be named because his government mediates between the two camps said the shells had come from the north.",
			[]string{"unnamed: diplomat in Hallin | indirect asserts | the shells had come from the north"},
		},
		{
			"two who speak together, and what takes them up",
			"The agency’s director, Luc Abessa, and the mayor of Adun, Tomo Hira, said in a joint statement that the road was shut. “Every day costs us a convoy,” they said.",
			[]string{
				"Luc Abessa and Tomo Hira | indirect asserts | the road was shut",
				"Luc Abessa and Tomo Hira | direct asserts | Every day costs us a convoy",
			},
		},
		{
			"a body with a conjunction in its name is one",
			"The Ministry of Labour and Welfare said that wages had risen.",
			[]string{"Ministry of Labour and Welfare | indirect asserts | wages had risen"},
		},
		{
			"three countries",
			"Norway, Sweden and Denmark said that the strait was open.",
			[]string{"Norway, Sweden and Denmark | indirect asserts | the strait was open"},
		},
		{
			"a document by what it is, its length and whose it is",
			"A report published last month by the Lakes Network found that the dam leaks. The 90-page study, which nobody answered, said the gates were rusty. It warned that the river would rise.",
			[]string{
				"report by the Lakes Network | indirect asserts | the dam leaks",
				"report by the Lakes Network | indirect asserts | the gates were rusty",
				"report by the Lakes Network | indirect asserts | the river would rise",
			},
		},
		{
			"it, behind a country that does something",
			"Norway closed the crossing at noon. It said that the bridge was unsafe.",
			[]string{"Norway | indirect asserts | the bridge was unsafe"},
		},
		{
			"she, who is named behind",
			"His colleague was blunter. “A patrol is not a defence,” she said. Ruta Venn, who took over the ministry in May, said the city would pay.",
			[]string{
				"Ruta Venn | direct asserts | A patrol is not a defence",
				"Ruta Venn | indirect asserts | the city would pay",
			},
		},
		{
			"two of one surname",
			"“We have the money,” said Plamena Radeva, the bank’s chief executive. Daniela Radeva, a lawmaker, who is no relation, was not convinced.\n\nThe queue was shorter by noon.\n\nThe doors were open.\n\nMs. Radeva said the bank would stay open. Daniela Radeva said it would not.",
			[]string{
				"Plamena Radeva | direct asserts | We have the money",
				"Plamena Radeva | indirect asserts | the bank would stay open",
				"Daniela Radeva | indirect asserts | it would not",
			},
		},
		{
			"the deputy, named in an apposition, is he",
			"“We waited for the rain,” Hossam Tolba, the chairman, said. His deputy, Karim Aziz, disagreed: the well, he said, was never dry.",
			[]string{
				"Hossam Tolba | direct asserts | We waited for the rain",
				"Karim Aziz | indirect asserts | the well … was never dry",
			},
		},
		{
			"a driver who gives his name is the driver",
			"A driver who gave his name only as Osman said a soldier had sent him back. “He didn’t say why,” the driver said.",
			[]string{
				"Osman | indirect asserts | a soldier had sent him back",
				"Osman | direct asserts | He didn’t say why",
			},
		},
		{
			"whoever is reported has not spoken here",
			"Oda Remmel said that her brother Ivo had told her to leave the town. “I stayed,” she said. The mayor, Karl Venn, said that Tam Brode had told him to wait by the river. “There was no boat,” he said.",
			[]string{
				"Oda Remmel | indirect asserts | her brother Ivo had told her to leave the town",
				"Ivo | indirect asserts | to leave the town",
				"Oda Remmel | direct asserts | I stayed",
				"Karl Venn | indirect asserts | Tam Brode had told him to wait by the river",
				"Tam Brode | indirect asserts | him to wait by the river",
				"Karl Venn | direct asserts | There was no boat",
			},
		},
		{
			"what is denied, not that it is claimed",
			"Mayor Ivo Brandt denied claims on several channels that the well had been poisoned.",
			[]string{"Ivo Brandt | indirect denies | the well had been poisoned"},
		},
		{
			"what the writer says of it",
			"General Anders Holm told the committee that 300 boats had been inspected, a number that two researchers called implausible.",
			[]string{"Anders Holm | indirect asserts | 300 boats had been inspected"},
		},
		{
			"according to, with an apposition",
			"According to the Lakes Network, a league of 12 clubs in the two countries, both towns are to blame.",
			[]string{"Lakes Network | indirect asserts | both towns are to blame"},
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
