package main

import (
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestEveryCommandHasAnExample asks every command for its help, and holds the
// table of examples against the commands there are.
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
