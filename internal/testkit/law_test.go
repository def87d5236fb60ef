package testkit

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// law says which of our packages each package may import. A package that is
// not listed may import none; tests may import anything.
var law = map[string][]string{
	"model":     {},
	"config":    {"model"},
	"netguard":  {},
	"fetch":     {"model", "netguard", "text"},
	"bus":       {"model"},
	"store":     {"model"},
	"collect":   {"model", "text", "fetch"},
	"article":   {"model", "text"},
	"text":      {},
	"statement": {"model", "text"},
	"speaker":   {"model", "text"},
	"story":     {"model", "text"},
	"claim":     {"model", "text"},
	"movement":  {"model", "text"},
	"outage":    {"model"},
	"place":     {"model", "text"},
	"probe":     {"model", "netguard"},
	"signal":    {"model"},
	"vantage":   {"model", "probe"},
	"alert":     {"model"},
	"publish":   {"model"},
	"worldmap":  {"model"},
	"web":       {"model", "publish", "worldmap"},
	"demo":      {"model"},
	"testkit":   {},
}

// everybody is the one package that knows all the others.
const everybody = "app"

func TestLawOfImports(t *testing.T) {
	root := filepath.Join("..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		checkFile(t, root, path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkFile(t *testing.T, root, path string) {
	rel, err := filepath.Rel(root, path)
	if err != nil {
		t.Fatal(err)
	}
	pkg, _, _ := strings.Cut(filepath.ToSlash(rel), "/")
	if pkg == everybody {
		return
	}
	allowed, known := law[pkg]
	if !known {
		t.Errorf("%s: package %s is not in the law of imports", path, pkg)
		return
	}
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, imp := range f.Imports {
		ours, isOurs := strings.CutPrefix(strings.Trim(imp.Path.Value, `"`), "crosscheck/internal/")
		ours, _, _ = strings.Cut(ours, "/")
		if isOurs && ours != pkg && !slices.Contains(allowed, ours) {
			t.Errorf("%s imports %s; %s may import only %v", path, ours, pkg, allowed)
		}
	}
}
