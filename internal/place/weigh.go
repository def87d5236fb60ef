package place

// threshold is the score from which a candidate names a place.
const threshold = -0.5

// elsewhere is how much a sure mention of a name counts for another of it.
var elsewhere = 0.6

// finding are the weights of the features: a logistic regression over half of
// two labelled sets (docs/places.md), rounded.
var finding = [numFeatures]float64{
	always:           -1.44,
	locSame:          2.27,
	locWithin:        -2.42,
	locCross:         -0.63,
	orgSame:          -1.53,
	orgWithin:        -0.47,
	orgCross:         -0.75,
	perSame:          -0.84,
	perWithin:        -2.35,
	perCross:         -0.88,
	otherName:        -2.19,
	noName:           -0.36,
	afterPreposition: 0.19,
	qualified:        0.86,
	qualifier:        0.59,
	afterCapital:     -1.64,
	beforeCapital:    -0.53,
	isCountry:        -0.44,
	isAdmin1:         0.34,
	isAdmin2:         3.08,
	isWide:           -0.48,
	onlyVariant:      -1.76,
	renowned:         2.45,
	manyWords:        0.30,
	atStart:          0.02,
	inCapitals:       1.13,
	afterTitle:       -1.93,
	afterThe:         0.25,
	beforeSpeech:     -0.13,
	smallElsewhere:   -2.75,
	notProper:        -1.41,
	personElsewhere:  -2.01,
	placeElsewhere:   0.76,
	beforeHyphen:     0.64,
	afterHyphen:      1.46,
}
