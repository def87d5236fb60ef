package outage

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"crosscheck/internal/model"
)

// Sentence says in one sentence what was judged of the service called name,
// who of all vantage points saw it, and whose word did not count. A state that
// is none of the constants reads as unknown.
func Sentence(o model.Outage, name string) string {
	var b strings.Builder
	if o.Reviewed {
		b.WriteString("Reviewed: ")
	}
	b.WriteString(strings.Replace(cmp.Or(leads[o.State], leads[model.StateUnknown]), "%s", name, 1))
	if !o.Onset.IsZero() {
		fmt.Fprintf(&b, " from %s (±%s)", clock(o.Onset, o.At), spell(o.Uncertainty))
	}
	if !o.End.IsZero() {
		fmt.Fprintf(&b, " to %s", clock(o.End, o.At))
	}
	if all := plural(o.Asked+len(o.Excluded), "vantage point"); o.Asked > 0 {
		if len(o.Down) > 0 {
			fmt.Fprintf(&b, ", seen from %d of %s (%s, %s)", len(o.Down), all, plural(o.Networks, "network"), land(o.Countries))
		} else {
			fmt.Fprintf(&b, ", reached from %d of %s", len(o.Up), all)
		}
	}
	if text := classText(o.Class); text != "" {
		if o.State == model.StateResolved && strings.HasPrefix(text, "failing") {
			text = "it had been " + text
		}
		b.WriteString("; " + text)
	}
	if len(o.Support) > 0 {
		b.WriteString("; borne out by " + strings.Join(o.Support, ", "))
	}
	if ex := excluded(o.Excluded); ex != "" {
		b.WriteString("; " + ex)
	}
	return b.String() + "."
}

// leads are how a sentence begins, by state; %s is the service.
var leads = map[model.OutageState]string{
	model.StateUnknown:    "Unknown: too few vantage points can say whether %s is reached",
	model.StateUp:         "Up: %s is reached",
	model.StateSuspect:    "Suspected: trouble reaching %s",
	model.StatePartial:    "Partial, not confirmed: loss of connectivity to %s",
	model.StateRegional:   "Regional: loss of connectivity to %s",
	model.StateProbable:   "Probable, not confirmed: loss of connectivity to %s",
	model.StateConfirmed:  "Confirmed: loss of connectivity to %s",
	model.StateRecovering: "Recovering: loss of connectivity to %s",
	model.StateResolved:   "Resolved: loss of connectivity to %s",
	model.StateFlapping:   "Flapping: connectivity to %s lost and regained in turn",
}

// classText is the class in words.
func classText(c model.OutageClass) string {
	if land, ok := strings.CutPrefix(string(c), string(model.ClassBlockedFrom)); ok {
		return "lost from " + land + " only, reached from elsewhere"
	}
	return classTexts[c]
}

var classTexts = map[model.OutageClass]string{
	model.ClassDNSAuthority: "failing at DNS: the name is not answered",
	model.ClassDNSResolver:  "failing at DNS from there only: others resolve the name",
	model.ClassDNSTampered:  "failing at DNS: the answers differ from those elsewhere",
	model.ClassTCP:          "failing at TCP",
	model.ClassTLS:          "failing at TLS",
	model.ClassHTTP:         "failing at HTTP",
	model.ClassGeoFenced:    "let in at home, turned away abroad",
	model.ClassSlow:         "slower than ordinary",
	model.ClassRouting:      "failing at routing: no way to the address",
	model.ClassMaintenance:  "announced as maintenance",
	model.ClassFloodLike:    "overload pattern consistent with a flood; cause not established",
	model.ClassCertificate:  "its certificate does not hold",
	model.ClassMixed:        "failing in different ways from different places",
}

// excluded counts those whose word did not count, by reason.
func excluded(list []model.Exclusion) string {
	by := map[string]int{}
	var whys []string
	for _, e := range list {
		if by[e.Why]++; by[e.Why] == 1 {
			whys = append(whys, e.Why)
		}
	}
	slices.Sort(whys)
	for i, why := range whys {
		n := by[why]
		if n > 1 {
			why = strings.NewReplacer("its own uplink was", "their own uplinks were", "its clock is", "their clocks are", "its services fail from it", "their services fail from them").Replace(why)
		}
		whys[i] = fmt.Sprintf("%d excluded: %s", n, why)
	}
	return strings.Join(whys, "; ")
}

// Unknowns lists what the verdict leaves open, in sentences.
func Unknowns(o model.Outage) []string {
	var out []string
	say := func(ok bool, s string) {
		if ok {
			out = append(out, s)
		}
	}
	trouble := len(o.Down) > 0 || o.State == model.StateProbable || o.State == model.StateConfirmed
	say(trouble, "The cause is not established.")
	say(trouble && o.Countries < 2, "Nothing is known from a second country.")
	say(trouble && o.End.IsZero() && o.State != model.StateConfirmed, "Whether the service is lost for everybody is not known.")
	undecided := o.Asked - len(o.Down) - len(o.Up)
	say(undecided > 0, fmt.Sprintf("%s could not decide.", plural(undecided, "vantage point")))
	say(len(o.Excluded) > 0, fmt.Sprintf("What %s would have seen is not known.", plural(len(o.Excluded), "excluded vantage point")))
	return out
}

// clock writes a time to the nearest minute, with its day where that is not
// plain.
func clock(t, now time.Time) string {
	if t = t.UTC().Round(time.Minute); now.Sub(t).Abs() < 12*time.Hour {
		return t.Format("15:04 UTC")
	}
	return t.Format("2 Jan 2006 15:04 UTC")
}

func spell(d time.Duration) string {
	return fmt.Sprintf("%d min", max(1, int(math.Ceil(d.Minutes()-0.25))))
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func land(n int) string {
	if n == 1 {
		return "1 country"
	}
	return fmt.Sprintf("%d countries", n)
}
