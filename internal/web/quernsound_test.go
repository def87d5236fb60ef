package web

import (
	"time"

	"crosscheck/internal/model"
)

// quernSound is the invented crisis the tests show: two stories that move, and
// some that do not.
func quernSound() *memory {
	m := newMemory()
	m.withdrawal()
	m.bank()
	m.quiet()
	for _, id := range []string{"withdrawal", "bank", "flood", "ferries", "count", "pass"} {
		m.sum(id)
	}
	m.follow()
	m.counts = map[string]int64{"stories": 6, "articles": int64(len(m.articles)), "origins": 20, "statements": 29, "sources": int64(len(m.sources))}
	m.dead = []DeadLetter{{Stage: "read", ID: "01f3c0ffee", Error: "https://theweir.example/video: the page holds no article text", Attempts: 5, At: at("12 15:20")}}
	return m
}

func (m *memory) withdrawal() {
	const s = "withdrawal"
	m.add(s, "aldwire-1", "Aldwire", "11 08:24", "Kestria says two brigades are returning to garrison",
		"ARVENHOLT (Aldwire) – Kestria announced on Tuesday that troops are leaving the line.\n\n{a mod 11 c1|Units of the 4th and 9th Brigades that have completed their exercises have begun to return to garrison}, the Ministry of Defence said in a written statement at 08:10.\n\nIt gave neither numbers nor a date by which the return would be complete.\n\nThe exercises began on 2 March and were due to end on Sunday. Tolmark has called them a threat from the first day; Kestria has called them routine.")
	m.copied("aldwire-1", "courier-1", "Sennabruk Courier", "11 08:31", "Kestria: brigades ‘return to garrison’", 1)
	m.copied("aldwire-1", "islemere-1", "Islemere Post", "11 08:47", "Kestria says two brigades are returning to garrison", .64)
	m.copied("aldwire-1", "radio-1", "Radio Quern", "11 09:02", "Troops leave the line, says Arvenholt", .61)
	m.copied("aldwire-1", "gazette-1", "Kestrian Gazette", "11 09:20", "Exercises completed: brigades go home", 1)
	m.copied("aldwire-1", "weir-1", "The Weir", "11 10:05", "A withdrawal, or the word for one", .83)
	m.add(s, "courier-2", "Sennabruk Courier", "11 09:52", "Pellmark: ‘The columns stand where they stood’",
		"SENNABRUK. Tolmark’s Defence Minister did not wait for his own staff.\n\n“{x pellmark 11 c1|No withdrawal has taken place. The columns stand where they stood on Sunday},” Joran Pellmark told reporters on the steps of the ministry.")
	m.add(s, "radio-2", "Radio Quern", "11 10:31", "Compact has seen no sign of a withdrawal",
		"“{d varrenhof 11 c1|We have not yet seen any sign of this on the ground},” the Secretary General of the Meridian Compact, Ilse Varrenhof, said in Hallin on Tuesday morning. She asked both sides to let observers through.")
	m.add(s, "plumbline-1", "Plumbline Research", "11 11:02", "Railheads, 9 to 11 March",
		"“{x okafell 11 c1|Nothing in this morning’s pictures is leaving}.” “{a okafell 11 c2|More equipment is moving towards the line than away from it}.” Flat wagons at Ambry: 31 on Sunday, 44 today. M. Okafell")
	m.add(s, "press-1", "From the Press Room", "11 12:20", "Post 4,117",
		"“{k rasmirel 11 c1|Will somebody please wake the prophets of war? The train they were waiting for has left, and it is going home}.” The spokeswoman wrote this at noon. Some comments have been removed.")
	m.lanthorn()
	m.add(s, "aldwire-2", "Aldwire", "11 13:41", "Sorvane: counted movement is ‘going forward’",
		"ISLEMERE (Aldwire) – “{k sorvane 11 c2|What we can count is going forward},” said Annik Sorvane, who leads the observers at the Sound. Her teams have had no access to Ambry since Friday.")
	m.add(s, "gazette-2", "Kestrian Gazette", "11 14:22", "Dressik: pictures show a railway yard",
		"“{x dressik 11 c2|The pictures show a railway yard doing what railway yards do},” the Chief of the General Staff said. “{! dressik 11|Let those who count wagons count the ones that leave}.” No questions were taken.")
	m.add(s, "courier-3", "Sennabruk Courier", "12 14:38", "Pellmark confirms two battalions have left Dorrin",
		"“{k pellmark 12 c1|I can confirm that two battalions of the 9th Brigade have left the camp at Dorrin},” Joran Pellmark said on Wednesday, a day after he had denied it. He did not say where they went.")
	m.add(s, "radio-3", "Radio Quern", "12 15:26", "Varrenhof: two battalions are not a withdrawal",
		"“{d varrenhof 12 c1|Two battalions are welcome. We do not yet see a withdrawal},” Ilse Varrenhof said. “{? varrenhof 12 c3|Where are the other fourteen companies}?” she asked.")
	m.add(s, "gazette-3", "Kestrian Gazette", "12 16:10", "Ministry: only the ordinary guard remains",
		"“{x mod 12 c3|There is nobody at the line but the ordinary guard},” the ministry said in a written statement. {a driver|The road to Dorrin was empty}, a lorry driver said.")
}

// lanthorn is the article that was changed after publication.
func (m *memory) lanthorn() {
	a := m.add("withdrawal", "lanthorn-1", "The Lanthorn", "11 13:30", "Forty companies still at the line, Tolmark says", "")
	old := m.revisions[a.ID][0]
	const text = "HALLIN. The announcement came before breakfast and was one sentence long. {a mod 11 c1|Units of the 4th and 9th Brigades that have completed their exercises have begun to return to garrison}, Kestria’s Ministry of Defence said in a written statement on Tuesday.\n\nBy noon it had been read out, doubted, contradicted and laughed about. “{d varrenhof 11 c1|We have not yet seen any sign of this on the ground},” Ilse Varrenhof, Secretary General of the Meridian Compact, told a press conference in Hallin.\n\nNor had those who look from above. “{x okafell 11 c1|Nothing in this morning’s pictures is leaving},” said Mirrin Okafell, who studies railheads and camps for Plumbline Research from pictures that anybody can buy. “{a okafell 11 c2|More equipment is moving towards the line than away from it},” she wrote, pointing to flat wagons at Ambry.\n\n{a staff 11 c3|Fourteen companies remain within fifteen kilometres of the line}, Tolmark’s General Staff told The Lanthorn. It would not say how it counts them.\n\nIn Arvenholt, the tone was lighter. “{k rasmirel 11 c1|Will somebody please wake the prophets of war? The train they were waiting for has left, and it is going home},” Oda Rasmirel, the Foreign Ministry’s spokeswoman, wrote on her channel.\n\nOn the quay at Islemere, where the ferries to the eastern shore have not sailed since Sunday, nobody was packing or unpacking. The kiosk had sold out of batteries and was doing well with postcards.\n\nCorrection, 15:05. An earlier version of this article, and its headline, gave the number of companies as forty. The General Staff’s figure is fourteen."
	a.Text = m.mark(a.ID, 2, text)
	old.Text = "HALLIN" + a.Text[len("HALLIN"):len(a.Text)-len("\n\nCorrection, 15:05. An earlier version of this article, and its headline, gave the number of companies as forty. The General Staff’s figure is fourteen.")]
	old.Text = replaceOnce(old.Text, "Fourteen companies", "Forty companies")
	body := []byte("<title>Fourteen companies</title>" + a.Text)
	a.Title, a.Bylines, a.Revision = "Fourteen companies still at the line, Tolmark says", []string{"Wenna Tarrow"}, 2
	a.Modified, a.Seen, a.Capture = at("11 15:05"), at("11 15:08"), model.HashOf(body)
	m.bodies[a.Capture] = body
	m.revisions[a.ID] = []model.Revision{old, {Article: a.ID, N: 2, Capture: a.Capture, Title: a.Title, Text: a.Text, Modified: a.Modified, Seen: a.Seen}}
}

func (m *memory) bank() {
	const s = "bank"
	m.add(s, "landbank-1", "Sennabruk Courier", "11 16:58", "Landbank unreachable since late afternoon",
		"“{a landbank 11|Our site and our app cannot be reached at present},” Landbank of Tolmark said. {a landbank 11|Deposits are safe}, it added. Customers queued at two branches in Sennabruk.")
	m.add(s, "aldwire-3", "Aldwire", "11 17:20", "Monitor confirms loss of connectivity to Landbank",
		"“{k fathom 11|We confirm the loss of connectivity},” said Fathom Observatory, which monitors internet activity. It gave no cause.")
	m.add(s, "courier-4", "Sennabruk Courier", "11 17:32", "Tessary: flood directed from Kestria",
		"“{a tessary 11 c4|The flood is being directed from Kestrian territory},” Interior Minister Bram Tessary said on Tuesday evening.")
	m.add(s, "press-2", "From the Press Room", "11 18:05", "Post 4,121", "“{x rasmirel 11 c4|We do not flood banks. We have a river for that}.”")
	m.add(s, "lanthorn-2", "The Lanthorn", "12 07:15", "Nobody can say who sent the requests",
		"“{d fathom 12 c4|Nothing we measure says who sent the requests, or from where},” the observatory said on Wednesday.")
}

func (m *memory) quiet() {
	m.add("flood", "orrel-1", "Islemere Post", "12 17:44", "Orrel river: the flood at Hallin crests below the bridge",
		"{a staff 12|The water has stopped rising}, the General Staff’s engineers said. The road stays closed.")
	m.add("ferries", "ferry-1", "Islemere Post", "12 09:35", "Ferry crews vote for a second week", "The crews voted on Wednesday. The company had no comment.")
	m.copied("ferry-1", "ferry-2", "Radio Quern", "12 09:50", "Second week without ferries", .92)
	m.copied("ferry-1", "ferry-3", "The Weir", "12 11:10", "Crews vote to stay ashore", .71)
	m.add("count", "count-1", "Aldwire", "12 06:10", "Skerrin commission publishes first count", "“{a sorvane 12|The count is slow because it is careful},” said Annik Sorvane, who also observes the vote.")
	m.add("pass", "pass-1", "The Weir", "11 19:30", "Carrow Pass: the closed road", "The pass has been closed since Sunday.")
}

func (m *memory) follow() {
	seen := map[string]bool{}
	for i, a := range m.articles {
		if seen[a.Source] {
			continue
		}
		seen[a.Source] = true
		src := model.Source{
			ID: a.Source, Kind: model.SourceFeed, URL: "https://" + a.Outlet + ".example/feed", Outlet: a.Outlet, Licence: model.LicenceExcerpt,
			State: model.SourceState{Interval: 15 * time.Minute, LastAttempt: at("12 18:02"), LastSuccess: at("12 18:02"), NextPoll: at("12 18:17"), ItemsPerDay: float64(i%7) * 3.4, Items: int64(12 + i*31)},
		}
		src.URL = a.URL[:len(a.URL)-len(a.ID)] + "feed.xml"
		switch a.Outlet {
		case "Radio Quern":
			src.State.Failures, src.State.LastSuccess = 4, at("12 15:40")
			src.State.LastError = "radioquern.example: the server’s certificate expired on 12 March 2031"
		case "The Weir":
			src.Paused = true
		case "Plumbline Research":
			src.Licence = model.LicenceFull
		case "From the Press Room":
			src.Kind = model.SourcePage
		}
		m.sources = append(m.sources, src)
	}
}
