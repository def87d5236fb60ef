package web

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	"crosscheck/internal/model"
)

// Bounds of the event streams.
const (
	maxListeners = 1000
	heartbeat    = 20 * time.Second
	patience     = 10 * time.Second // for one write to a slow reader
)

// hub passes events to open pages. A page that is slow to read misses events
// between two writes, never the last: any event means "ask again".
type hub struct {
	mu        sync.Mutex
	listeners map[chan string]bool
	done      chan struct{}
	once      sync.Once
}

func newHub() *hub {
	return &hub{listeners: map[chan string]bool{}, done: make(chan struct{})}
}

func (h *hub) notify(event string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.listeners {
		select {
		case c <- event:
		default: // one is waiting already
		}
	}
}

// join returns a stream of events, or false when there are too many.
func (h *hub) join() (chan string, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.listeners) >= maxListeners {
		return nil, false
	}
	c := make(chan string, 1)
	h.listeners[c] = true
	return c, true
}

func (h *hub) leave(c chan string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.listeners, c)
}

func (h *hub) close() { h.once.Do(func() { close(h.done) }) }

// events streams a line for every change until the reader or the server ends
// it.
func (s *Server) events(w http.ResponseWriter, r *http.Request) error {
	c, ok := s.hub.join()
	if !ok {
		return tell(model.ErrTemporary, "Too many open pages are waiting for news.")
	}
	defer s.hub.leave(c)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	out := http.NewResponseController(w)
	write := func(text string) bool {
		_ = out.SetWriteDeadline(time.Now().Add(patience)) // not every writer has one
		if _, err := fmt.Fprint(w, text); err != nil {
			return false
		}
		return out.Flush() == nil
	}
	if r.Method == http.MethodHead || !write("retry: 5000\n\n") {
		return nil
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-r.Context().Done():
			return nil
		case <-s.hub.done:
			return nil
		case <-beat.C:
			if !write(": still here\n\n") {
				return nil
			}
		case event := <-c:
			if !write("event: change\ndata: " + squeeze(event) + "\n\n") {
				return nil
			}
		}
	}
}
