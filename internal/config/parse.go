package config

import (
	"bytes"
	"errors"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"crosscheck/internal/model"
)

// maxFile bounds a configuration file, bytes.
const maxFile = 1 << 20

// Parse overlays cfg with the YAML text. Every unknown key is reported with
// its line and the nearest right one.
func Parse(data []byte, cfg *Config) error {
	if len(data) > maxFile {
		return model.Errorf(model.ErrTooLarge, "larger than %d bytes", maxFile)
	}
	if err := CheckText(data); err != nil {
		return err
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return model.Errorf(model.ErrInvalid, "%s", YAMLFault(err))
	}
	var faults []error
	says := false
	for _, doc := range file.Docs {
		says = says || doc.Body != nil && doc.Body.Type() != ast.NullType && doc.Body.Type() != ast.CommentType
		faults = append(faults, unknownKeys(doc.Body, reflect.TypeFor[Config](), "")...)
	}
	if !says {
		return nil // the decoder would empty cfg
	}
	before := *cfg
	if err := yaml.Unmarshal(data, cfg); err != nil {
		*cfg = before
		if len(faults) == 0 {
			return model.Errorf(model.ErrInvalid, "%s", YAMLFault(err))
		}
	}
	return errors.Join(faults...)
}

// CheckText reports what is no text in UTF-8 as an ErrInvalid: its faults as
// YAML would be shown as what it is not.
func CheckText(data []byte) error {
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return model.Errorf(model.ErrInvalid, "is not text in UTF-8")
	}
	return nil
}

// wrongType is how the decoder reports a value of another kind than its key
// takes.
var wrongType = regexp.MustCompile(`cannot unmarshal \S+(?: \{\})? into Go (?:struct field \S+|value) of type (\S+)`)

// YAMLFault is an error of the YAML reader for a person: line and column, what
// is wrong, and the lines around it.
func YAMLFault(err error) string {
	text := strings.TrimSpace(yaml.FormatError(err, false, true))
	text = strings.Replace(text, "found character '\t' that cannot start any token", "found a tab: indent with spaces", 1)
	return wrongType.ReplaceAllStringFunc(text, func(found string) string {
		m := wrongType.FindStringSubmatch(found)
		want := "another kind of value"
		switch kind := strings.TrimLeft(m[1], "*"); {
		case strings.HasPrefix(kind, "[]"):
			want = "a list"
		case kind == "string":
			want = "a text"
		case kind == "bool":
			want = "true or false"
		case strings.HasPrefix(kind, "int"), strings.HasPrefix(kind, "uint"), strings.HasPrefix(kind, "float"):
			want = "a number"
		case strings.HasPrefix(kind, "map"), strings.Contains(kind, "."):
			want = "keys with values"
		}
		return "want " + want
	})
}

// unknownKeys walks the document beside the type it will be decoded into.
func unknownKeys(n ast.Node, t reflect.Type, path string) []error {
	switch n := n.(type) {
	case *ast.MappingNode:
		var faults []error
		for _, v := range n.Values {
			faults = append(faults, unknownKeys(v, t, path)...)
		}
		return faults
	case *ast.MappingValueNode:
		return unknownKey(n, t, path)
	case *ast.SequenceNode:
		if t.Kind() != reflect.Slice {
			return nil
		}
		var faults []error
		for _, v := range n.Values {
			faults = append(faults, unknownKeys(v, t.Elem(), path)...)
		}
		return faults
	}
	return nil
}

func unknownKey(n *ast.MappingValueNode, t reflect.Type, path string) []error {
	if t.Kind() != reflect.Struct {
		return nil
	}
	key := n.Key.GetToken().Value
	names := make([]string, t.NumField())
	for i := range names {
		names[i] = t.Field(i).Tag.Get("yaml")
		if names[i] == key && t.Field(i).Type == reflect.TypeFor[time.Duration]() {
			return badDuration(n, path+key)
		}
		if names[i] == key {
			return unknownKeys(n.Value, t.Field(i).Type, path+key+".")
		}
	}
	line := n.Key.GetToken().Position.Line
	return []error{model.Errorf(model.ErrInvalid, "line %d: unknown key %q: %s", line, path+key, suggest(key, names))}
}

// badDuration checks what the decoder would report without naming its key.
func badDuration(n *ast.MappingValueNode, key string) []error {
	value := n.Value.GetToken()
	if _, err := time.ParseDuration(value.Value); err != nil {
		return []error{model.Errorf(model.ErrInvalid, "line %d: %s %q: want a duration such as 30s or 5m", value.Position.Line, key, value.Value)}
	}
	return nil
}

// suggest names the nearest of the right words, or all of them when none is
// near.
func suggest(word string, right []string) string {
	if near := Nearest(word, right); near != "" {
		return "did you mean " + near + "?"
	}
	return "want one of " + strings.Join(right, ", ")
}

// Nearest returns the candidate with the least edit distance to word, or ""
// when none is within half of word's length.
func Nearest(word string, candidates []string) string {
	best, bestDist := "", max(1, len(word)/2)+1
	for _, c := range candidates {
		if d := distance(strings.ToLower(word), strings.ToLower(c)); d < bestDist {
			best, bestDist = c, d
		}
	}
	return best
}

// distance is Levenshtein's, in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		prev := slices.Clone(row)
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(prev[j+1]+1, row[j]+1, prev[j]+cost)
		}
	}
	return row[len(b)]
}
