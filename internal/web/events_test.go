package web

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestEvents(t *testing.T) {
	s := site(t, quernSound())
	web := httptest.NewServer(s)
	defer web.Close()
	res, err := http.Get(web.URL + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got := res.Header.Get("Content-Type"); got != "text/event-stream" || res.Header.Get("Content-Encoding") != "" {
		t.Errorf("content type %q, encoding %q", got, res.Header.Get("Content-Encoding"))
	}
	lines := bufio.NewScanner(res.Body)
	next := func() string {
		for lines.Scan() {
			if lines.Text() != "" {
				return lines.Text()
			}
		}
		return "the end"
	}
	if got := next(); got != "retry: 5000" {
		t.Errorf("first line %q", got)
	}
	s.Notify("article.grouped\nid: 7") // no line of its own
	if got := next() + " / " + next(); got != "event: change / data: article.grouped id: 7" {
		t.Errorf("event is %q", got)
	}
	s.Close()
	s.Close()
	if got := next(); got != "the end" {
		t.Errorf("after Close: %q", got)
	}
}

func TestEventsAreBounded(t *testing.T) {
	h := newHub()
	var last chan string
	for range maxListeners {
		c, ok := h.join()
		if !ok {
			t.Fatal("refused too early")
		}
		last = c
	}
	if _, ok := h.join(); ok {
		t.Error("one too many was let in")
	}
	for range 100 {
		h.notify("x") // nobody reads: must not block
	}
	if got := len(last); got != 1 {
		t.Errorf("%d events wait, want 1", got)
	}
	h.leave(last)
	if _, ok := h.join(); !ok {
		t.Error("a free place was refused")
	}
	s := site(t, quernSound())
	s.hub = h
	if w := get(t, s, "/events"); w.Code != 503 || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "Wait a minute") {
		t.Errorf("a full house answers %d %v", w.Code, w.Header())
	}
}
