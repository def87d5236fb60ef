package movement

import (
	"strings"

	"crosscheck/internal/model"
)

// verb is how a verb tells of an event.
type verb struct {
	kind   model.MovementKind
	object need // what its object, or its subject in the passive, must be
	must   bool // it tells of an event only with that object
	goes   bool // its subject goes somewhere, so that a place must be named
	direct role // what a place that is its object is to it
}

// need is what kind of thing a verb acts on.
type need uint8

const (
	anything need = iota
	target        // something that can be hit or taken
	way           // something that can be closed and opened
	weapon        // something that is fired
)

// role is what a place is to an event.
type role uint8

const (
	at role = iota
	from
	to
)

// verbs are the forms of the verbs that tell of events.
var verbs = map[string]*verb{}

func init() {
	for _, list := range []struct {
		verb
		forms string
	}{
		{verb{kind: model.MovementMoved, goes: true, direct: to}, `moved moving advanced advancing marched marching crossed crossing headed heading sailed sailing drove driven driving
			travelled traveled travelling traveling rolled rolling pushed pushing deployed deploying redeployed redeploying transferred transferring
			flown flew flying streamed streaming shipped shipping convoyed`},
		{verb{kind: model.MovementArrived, goes: true, direct: to}, `arrived arriving reached reaching landed landing docked docking entered entering returned returning invaded invading`},
		{verb{kind: model.MovementLeft, goes: true, direct: from}, `left leaving departed departing withdrew withdrawn withdrawing fled fleeing retreated retreating
			evacuated evacuating exited exiting abandoned abandoning`},
		{verb{kind: model.MovementStruck, object: target, must: true}, `struck striking hit hitting shelled shelling bombed bombing bombarded bombarding destroyed destroying damaged damaging attacked
			attacking targeted targeting rocked shook shaken burned burnt sank sunk torpedoed derailed raided shot demolished`},
		{verb{kind: model.MovementClosed, object: way, must: true}, `closed closing shut shutting blocked blocking sealed sealing blockaded suspended cut`},
		{verb{kind: model.MovementOpened, object: way, must: true}, `opened opening reopened reopening unblocked restored`},
		{verb{kind: model.MovementCaptured, object: target, must: true}, `seized seizing captured capturing occupied occupying retook retaken recaptured recapturing liberated liberating overran`},
		{verb{kind: model.MovementFired, object: weapon, must: true}, `fired firing launched launching`},
	} {
		for f := range strings.FieldsSeq(list.forms) {
			v := list.verb
			verbs[f] = &v
		}
	}
}

// targets are heads of what can be hit or taken, ways of what can be closed,
// weapons of what is fired; all in the singular.
var (
	targets = wordSet(`depot bridge building block plant base hospital clinic school kindergarten university house home apartment flat warehouse airfield airport airbase
		aerodrome ship vessel tanker boat frigate cruiser warship submarine freighter convoy column train station port harbour harbor refinery grid substation
		village town city district suburb neighbourhood neighborhood centre center market church mosque synagogue cathedral temple checkpoint post headquarters tank
		vehicle car bus truck lorry ambulance position trench barracks runway dam tower pipeline cable mall hotel office embassy consulate camp shelter garage
		aircraft plane jet helicopter drone missile rocket bomber fighter balloon launcher radar battery system facility factory mine well terminal silo museum theatre
		theater prison farm railway tunnel crossing stadium square island oilfield reactor laboratory storage site shop
		supermarket café cafe restaurant bank ministry parliament palace outpost stronghold garrison infrastructure depots it them troop soldier civilian force`)
	ways = wordSet(`border crossing bridge port harbour harbor airport airfield airspace road highway motorway street route corridor railway line track tunnel strait canal
		checkpoint station school university embassy consulate mission factory plant pipeline terminal hospital market mine lane gate pass ferry service frontier
		waterway channel sea lock metro subway railroad shop bank court office church mosque`)
	weapons = wordSet(`missile rocket shell drone mortar artillery shot torpedo gas salvo barrage projectile round grenade munition bullet cannon bomb flare howitzer`)
	// loose are subjects that move only in a manner of speaking.
	loose = wordSet(`share index price stock oil dollar euro pound yen market talk debate discussion attention focus season bill case deal fund money currency yield bond
		striker midfielder defender goalkeeper coach manager winger player team side club conversation vote motion story film series show game match race negotiation
		inflation rate growth economy party conference summit tournament exhibition levy tax image photo`)
	// riders are verbs whose object, where they have one, is who or what is taken along.
	riders = wordSet("drove driven driving travelled traveled travelling traveling flown flew flying sailed sailing marched marching headed heading")
	usual  = wordSet("usually often always every traditionally typically normally regularly generally sometimes once")
	blasts = wordSet(`explosion blast earthquake quake tremor detonation strike attack bombing`)
)

// singular is a rough singular of an English noun, in small letters.
func singular(w string) string {
	switch {
	case len(w) > 4 && strings.HasSuffix(w, "ies"):
		return w[:len(w)-3] + "y"
	case len(w) > 4 && (strings.HasSuffix(w, "ches") || strings.HasSuffix(w, "shes") || strings.HasSuffix(w, "sses") || strings.HasSuffix(w, "xes")):
		return w[:len(w)-2]
	case len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss"):
		return w[:len(w)-1]
	}
	return w
}
