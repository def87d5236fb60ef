package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"

	"crosscheck/internal/app"
	"crosscheck/internal/place"
)

// ledgerWidth is the width of a ledger on a terminal, columns.
const ledgerWidth = 96

// printLedger writes the reading of an input for a person; what could not be
// read goes to errw.
func printLedger(w, errw io.Writer, input string, r app.Reading) error {
	if r.Error != "" {
		why := r.Error
		if !strings.Contains(why, input) {
			why = input + ": " + why
		}
		_, err := fmt.Fprintf(errw, "crosscheck: %s\n", printable(why))
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n", orDash(r.Title), about(r))
	if r.Origin.Name != "" {
		fmt.Fprintf(&b, "Credited to %s %s\n", r.Origin.Name, r.Origin.URL)
	}
	if r.Problem != "" {
		fmt.Fprintf(&b, "Note: %s\n", r.Problem)
	}
	if len(r.Statements) == 0 {
		b.WriteString("\n  no attributed statement found\n")
	}
	for _, s := range r.Statements {
		writeStatement(&b, s)
	}
	writePlaces(&b, r.Places)
	for i, s := range r.Positions {
		if i == 0 {
			b.WriteString("\nHeld, not said (beliefs, wishes, plans):\n")
		}
		writeStatement(&b, s)
	}
	for i := range r.Rejected {
		if i == 0 {
			b.WriteString("\nLooked at and rejected:\n")
		}
		writeRejected(&b, &r.Rejected[i])
	}
	b.WriteByte('\n')
	_, err := io.WriteString(w, printable(b.String()))
	return err
}

// printable puts a mark in the place of control characters other than line
// breaks and tabs: what strangers wrote must not command the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// about is the line under the title: outlet, author, times, length.
func about(r app.Reading) string {
	parts := []string{orDash(r.Outlet)}
	if len(r.Bylines) > 0 {
		parts = append(parts, "by "+strings.Join(r.Bylines, ", "))
	}
	parts = append(parts, "published "+day(r.Published))
	if r.Modified != nil {
		parts = append(parts, "modified "+day(r.Modified))
	}
	return strings.Join(append(parts, counted(len(strings.Fields(r.Text)), "word")), " · ")
}

// counted is a number with its noun.
func counted(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

func day(t *time.Time) string {
	if t == nil {
		return "not stated"
	}
	return t.Format("2 Jan 2006 15:04 MST")
}

func writeStatement(b *strings.Builder, s app.ReadingStatement) {
	who := s.Speaker
	if s.Role != nil {
		who += ", " + *s.Role
	}
	how := []string{string(s.Kind)}
	if s.Channel != nil {
		how = append(how, *s.Channel)
	}
	if s.SaidOn != nil {
		how = append(how, "said on "+*s.SaidOn)
	}
	fmt.Fprintf(b, "\n%-9s %s (%s)\n", s.Stance, who, strings.Join(how, ", "))
	for _, line := range wrap("“"+s.Words()+"”", ledgerWidth-10) {
		fmt.Fprintf(b, "%9s %s\n", "", line)
	}
	if s.By != "" {
		fmt.Fprintf(b, "%9s found by %s%s\n", "", s.By, sure(s.Score))
	}
}

// writePlaces lists the places named as places, each once, in the order of the
// text.
func writePlaces(b *strings.Builder, places []app.ReadingPlace) {
	var names []string
	for _, p := range places {
		name := p.Name
		switch {
		case p.Lat == nil:
			name += " (not told which)"
		case p.In() != "":
			name += " (" + p.In() + ")"
		}
		if p.Use == place.UsePlace && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return
	}
	b.WriteString("\nplaces\n")
	for _, line := range wrap(strings.Join(names, ", "), ledgerWidth-10) {
		fmt.Fprintf(b, "%9s %s\n", "", line)
	}
}

func writeRejected(b *strings.Builder, r *app.Rejected) {
	content, cue := r.Words()
	fmt.Fprintf(b, "\n%9s %s: %s (found by %s%s)\n", "", orDash(cue), r.Why, r.By, sure(r.Score))
	for _, line := range wrap("“"+content+"”", ledgerWidth-10) {
		fmt.Fprintf(b, "%9s %s\n", "", line)
	}
}

// sure is how sure the network was, "" where it was not asked.
func sure(score float64) string {
	if score == 0 {
		return ""
	}
	return fmt.Sprintf(", %.0f %% sure", 100*score)
}

// wrap breaks text at blanks into lines of at most width bytes where a word
// allows it.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(lines, line)
}
