package statement

import "strings"

// words is a set of folded words.
type words map[string]bool

func wordSet(list string) words {
	w := words{}
	for _, s := range strings.Fields(list) {
		w[s] = true
	}
	return w
}

// The closed classes of English the rules look at. They are read-only.
var (
	pronouns    = wordSet(`he she it they we i you who someone somebody nobody everyone everybody`)
	possessors  = wordSet("my your his her its our their")
	determiners = wordSet(`the a an this these those his her its their our my your some many several another any
		no all most both each every few other others one half two three four five six seven eight nine ten dozens hundreds`)
	auxiliaries = wordSet(`is are was were be been being am has have had do does did will would shall should can could
		may might must isn't aren't wasn't weren't hasn't haven't hadn't doesn't don't didn't won't wouldn't can't
		couldn't shouldn't cannot it's he's she's they're we're there's that's i'm i've we've they've he'd she'd they'd
		we'd i'd we'll they'll he'll she'll it'll i'll there're you're`)
	conjunctions = wordSet(`that but because while when if although though since whether as than so unless until
		whereas where once nor or and yet which who whom whose what why how before after`)
	prepositions = wordSet(`in on at of for from to with by during about over under into onto against between among
		through across near after before since until within without despite following amid towards toward around
		behind beyond via upon outside inside along up down off per like regarding concerning`)
	adverbs = wordSet(`also later earlier then now recently repeatedly again still already previously initially
		subsequently meanwhile however therefore thus even just only ever never not always often once first
		simply then today yesterday tonight too instead further perhaps maybe soon reportedly allegedly apparently
		separately privately publicly bluntly flatly quickly openly explicitly specifically clearly angrily quietly
		strongly jokingly falsely wrongly rightly finally eventually famously immediately formally
		officially actually really probably certainly consistently`)
	negations = wordSet(`not never didn't doesn't don't hasn't haven't hadn't won't wouldn't couldn't can't cannot isn't
		wasn't aren't weren't nor no neither`)
	modals      = wordSet(`could can may might must should would shall cannot couldn't can't to let`)
	beForms     = wordSet(`is are was were be been being isn't aren't wasn't weren't am 's`)
	commonVerbs = wordSet(`went came made took got gave found left began became saw knew thought felt held brought ran
		kept led met stood lost sent fell hit met paid put set won rose grew spoke broke fought flew drew built
		hope believe think want need know expect see come go make take get give remain remains appear appears seem
		seems means takes says goes comes stands keeps makes shows needs wants lies includes include has`)
	clockWords = wordSet(`one two three four five six seven eight nine ten eleven twelve twenty quarter half`)
	zones      = wordSet(`utc gmt cet cest est edt pst pdt am pm`)
	timeUnits  = wordSet(`week month year night morning afternoon evening weekend summer spring winter autumn`)
	// subordinators open a clause that needs another behind it.
	subordinators = wordSet(`as when while after before if because although though since once until unless whereas with
		despite amid given`)
	// nounish are the verbs of communication whose plain form is also a noun.
	nounish = wordSet(`note report state request claim call pledge demand order comment answer question doubt offer object
		forecast tweet post promise estimate appeal brand label signal query vow broadcast shout cry protest boast`)
	dayNames   = map[string]int{"sunday": 0, "monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6}
	monthNames = map[string]int{
		"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9,
		"october": 10, "november": 11, "december": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7,
		"aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
	}
	// roleNouns name people by what they do.
	roleNouns = wordSet(`spokesman spokeswoman spokesperson spokesmen spokespeople spokespersons minister ministers president
		premier chancellor secretary director head chief leader leaders official officials officer officers member
		members analyst analysts expert experts source sources diplomat diplomats ambassador envoy governor mayor
		commander commanders general colonel lawyer lawyers attorney aide aides adviser advisers advisor advisors
		editor reporter reporters journalist journalists correspondent professor researcher researchers resident
		residents witness witnesses representative representatives chairman chairwoman chair deputy senator
		lawmaker lawmakers critic critics activist activists doctor doctors executive executives manager
		coordinator founder owner prosecutor prosecutors judge king queen prince economist economists
		historian scientist scientists investigator investigators supporter supporters opponent opponents
		relative relatives father mother brother sister wife husband son daughter driver farmer teacher student
		students worker workers neighbour neighbours neighbor neighbors woman man person people voter voters
		delegate delegates candidate candidates rescuer rescuers medic medics soldier soldiers veteran
		strategist pollster ombudsman ombudswoman coordinator rapporteur bishop archbishop banker pharmacist psychologist trader shopkeeper mediator mediators rebel hostage hostages cousin nephew niece uncle aunt grandmother grandfather midwife conductor fisherman translator trustee partner rapporteur magistrate boss inspector inspectors observer observers monitor monitors operator
		villager villagers engineer engineers nurse nurses captain pilot clerk guard guards crowd user users patient patients mourners parents parent mothers fathers children friend friends family families fishermen leaders locals campaigners relatives refugee refugees protester protesters demonstrators commentator commentators passenger passengers colleague colleagues organizers organisers republicans democrats senators survivor survivors author host negotiator negotiators volunteer volunteers`)
	// orgNouns name bodies that speak.
	orgNouns = wordSet(`forum club society trust fund syndicate confederation guild cooperative consortium conglomerate ministry department office agency committee council army government court police party group union
		nations news forces command staff house parliament congress bank service bureau administration commission company
		authority authorities board campaign institute university organisation organization military navy foundation
		association newspaper paper magazine station channel channels network outlet team firm center centre cabinet presidency
		embassy delegation alliance coalition militia brigade league federation corporation airline utility regulator
		hospital church charity observatory consultancy research press times post journal wire state compact headquarters
		kremlin pentagon force panel community lab laboratory school college academy radio television lender tank cluster headquarters chamber opposition daily weekly broadcaster carrier bloc consortium insurer faction movement grid publisher directorate battalion regiment corps fleet garrison provider exchange republic guard mission secretariat tribunal watchdog site website communications affairs studies relations operations services systems company firm`)
	// placeNouns end names of places.
	placeNouns = wordSet(`harbour harbor street road avenue square island islands bay valley sound airport station river
		mountains coast sea ocean gulf strait peninsula province district county village city port quay railway`)
	// documentNouns name writings that state something.
	documentNouns = wordSet(`decree draft declaration assessment dossier memorandum cable manifesto agreement treaty accord audit inquiry data figures statistics records metadata log logs file files report reports statement study document documents letter memo survey poll article editorial
		lawsuit filing complaint email emails communique communiqué resolution ruling indictment affidavit note
		transcript transcripts book bill law constitution notice post tweet message release summary paper bulletin
		complaint warrant order sign leaflet story dispatch advertisement ad video recording text`)
	// titles stand before a name and belong to the role.
	titles = wordSet(`coordinator ombudsman commissioner rapporteur envoy minister-president madame monsieur madam señor señora herr frau dato datuk comandante commandant mullah emir maulana mr mrs ms miss dr prof professor sir dame lord lady president vice prime minister premier
		chancellor king queen prince princess pope cardinal rev reverend bishop archbishop imam sheikh ayatollah gen
		general lt lieutenant col colonel maj major capt captain sgt sergeant cpl corporal adm admiral brig brigadier
		cmdr commander marshal senator sen rep representative congressman congresswoman gov governor mayor judge
		justice ambassador secretary spokesman spokeswoman spokesperson chief chairman chairwoman director head leader
		attorney envoy analyst deputy foreign defence defense interior finance speaker commissioner sheriff
		detective inspector superintendent officer editor adviser advisor aide candidate nominee coach founder
		correspondent reporter author host lawyer manager strategist economist historian lawmaker councillor
		executive digital energy health transport information affairs security general-secretary economy justice
		education trade environment co-founder activist diplomat prosecutor farmer doctor nurse resident driver`)
)

// contraction reports whether a folded word is a pronoun and its verb: "it's",
// "they've".
func contraction(w string) bool {
	head, _, ok := strings.Cut(w, "'")
	return ok && (pronouns[head] || head == "that" || head == "there" || head == "who")
}
