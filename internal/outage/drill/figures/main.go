// Command figures prints what the fault drills and the long runs come to.
package main

import (
	"fmt"
	"os"
	"strings"

	"crosscheck/internal/outage/drill"
)

func main() {
	wrong := 0
	for _, d := range drill.All() {
		verdict := "right"
		if faults := d.Run().Faults; len(faults) > 0 {
			wrong++
			verdict = "WRONG: " + strings.Join(faults, "; ")
		}
		fmt.Printf("drill: %-62s %s\n", d.Name, verdict)
	}
	for _, r := range drill.Runs() {
		fmt.Printf("run: %-46s %s\n", r.Name, r.Run())
	}
	if wrong > 0 {
		os.Exit(1)
	}
}
