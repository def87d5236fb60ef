package place

// threshold is the score from which a candidate names a place.
const threshold = -0.6

// elsewhere is how much a sure mention of a name counts for another of it.
const elsewhere = 0.6

// listed is how much it counts that a surer place stands beside a name in a list.
const listed = 0.5

// finding are the weights of the features: a logistic regression over half of
// two labelled sets (docs/places.md), rounded.
var finding = [numFeatures]float64{
	always:           -0.7,
	locSame:          2.3,
	locWithin:        -2.2,
	locCross:         -0.7,
	orgSame:          -1.2,
	orgWithin:        -0.8,
	orgCross:         -0.7,
	perSame:          -0.6,
	perWithin:        -0.7,
	perCross:         -0.2,
	otherName:        -0.9,
	noName:           0.2,
	afterPreposition: 0.2,
	qualified:        0.6,
	qualifier:        0.4,
	afterCapital:     -1.3,
	beforeCapital:    -0.6,
	isCountry:        -0.5,
	isAdmin1:         1.2,
	isAdmin2:         4.0,
	isWide:           -0.4,
	onlyVariant:      -2.0,
	renowned:         1.0,
	manyWords:        0.1,
	atStart:          0.1,
	inCapitals:       1.5,
	afterTitle:       -1.7,
	afterThe:         0.3,
	beforeSpeech:     -0.1,
	smallElsewhere:   -1.3,
	notProper:        -2.3,
	personElsewhere:  -2.2,
	placeElsewhere:   0.8,
	beforeHyphen:     0.7,
	afterHyphen:      1.8,
	orgStart:         0.9,
	afterOf:          0.5,
	besidePerson:     -1.5,
	tiny:             -1.3,
	famous:           0.9,
}
