package store

import (
	"strings"
	"unicode/utf8"
)

// cleanArgs makes every string storable on both engines.
func cleanArgs(args []any) []any {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = clean(s)
		}
	}
	return args
}

// clean puts a space for every NUL byte and every byte that is not UTF-8, so
// that the length of a text, and with it every offset, stays.
func clean(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	b := []byte(s)
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == 0 || (r == utf8.RuneError && n == 1) {
			b[i] = ' '
		}
		i += n
	}
	return string(b)
}
