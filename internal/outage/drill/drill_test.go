package drill

import (
	"testing"
)

func TestDrills(t *testing.T) {
	for _, d := range All() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			res := d.Run()
			for _, f := range res.Faults {
				t.Error(f)
			}
			if t.Failed() && len(res.Changes) < 60 {
				for _, c := range res.Changes {
					t.Logf("%s %s %s %s onset %s end %s down %v up %v excluded %v", c.At.Format("15:04:05"), c.Service, c.State, c.Class, c.Onset.Format("15:04:05"), c.End.Format("15:04:05"), c.Down, c.Up, c.Excluded)
				}
			}
		})
	}
}
