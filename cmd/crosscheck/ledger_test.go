package main

import "testing"

func TestPrintable(t *testing.T) {
	if got, want := printable("a\x1b[2Jb\u009bc\td\n"), "a\ufffd[2Jb\ufffdc\td\n"; got != want {
		t.Errorf("printable = %q, want %q", got, want)
	}
}
