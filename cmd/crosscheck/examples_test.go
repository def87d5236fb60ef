package main

import (
	"os"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestEveryCommandHasAnExample asks every command for its help, and holds the
// table of examples and the README's against the commands there are.
func TestEveryCommandHasAnExample(t *testing.T) {
	parser, err := kong.New(&cli{}, kong.Vars{"spool": ""})
	if err != nil {
		t.Fatal(err)
	}
	paths := map[string]bool{}
	var walk func(n *kong.Node, path string)
	walk = func(n *kong.Node, path string) {
		for _, c := range n.Children {
			of := strings.TrimSpace(path + " " + c.Name)
			paths[of] = true
			status, out, errOut := cmd(t, "", append(strings.Fields(of), "--help")...)
			if _, after, _ := strings.Cut(out, "Example"); status != exitOK || !strings.Contains(after, "\n    crosscheck "+of) {
				t.Errorf("crosscheck %s --help: status %d, no example in\n%s%s", of, status, out, errOut)
			}
			walk(c, of)
		}
	}
	walk(parser.Model.Node, "")
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for path := range paths {
		command, sub, _ := strings.Cut(path, " ")
		i := strings.Index(string(readme), "\n| `crosscheck "+command+" ")
		if i < 0 {
			i = strings.Index(string(readme), "\n| `crosscheck "+command+"`")
		}
		if i < 0 {
			t.Errorf("the README's table lacks crosscheck %s", command)
			continue
		}
		if row, _, _ := strings.Cut(string(readme)[i+1:], "\n"); !strings.Contains(row, sub) {
			t.Errorf("the README's table lacks crosscheck %s", path)
		}
	}
	for path, list := range examples {
		if !paths[path] {
			t.Errorf("examples of %q, which is no command", path)
		}
		for _, x := range list {
			if !strings.HasPrefix(x, "crosscheck "+path) {
				t.Errorf("%s: the example %q is of another command", path, x)
			}
		}
	}
}
