package fakenet

import (
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// window is how much one side may write before the other reads, bytes.
const window = 64 << 10

// pipe returns the two ends of a connection. Unlike net.Pipe it buffers, as
// sockets do: TLS servers write before clients read.
func pipe() (client, server *conn) {
	a, b := newHalf(), newHalf()
	return &conn{in: a, out: b}, &conn{in: b, out: a}
}

// conn is one end of a connection.
type conn struct{ in, out *half }

// half is one direction of a connection.
type half struct {
	mu     sync.Mutex
	change *sync.Cond
	buf    []byte
	closed bool // by the writer: what is buffered can still be read
	gone   bool // by the reader
	torn   bool // reset
	read   deadline
	write  deadline
}

// deadline is a point in time after which reads or writes fail.
type deadline struct {
	timer  *time.Timer
	passed bool
}

func newHalf() *half {
	h := &half{}
	h.change = sync.NewCond(&h.mu)
	return h
}

// set arms a deadline of the half; the caller holds no lock.
func (h *half) set(d *deadline, t time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if d.timer != nil {
		d.timer.Stop()
	}
	d.timer, d.passed = nil, false
	if t.IsZero() {
		return
	}
	wait := time.Until(t)
	if d.passed = wait <= 0; d.passed {
		h.change.Broadcast()
		return
	}
	var timer *time.Timer
	timer = time.AfterFunc(wait, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if d.timer == timer {
			d.passed = true
			h.change.Broadcast()
		}
	})
	d.timer = timer
}

// Read implements net.Conn.
func (c *conn) Read(b []byte) (int, error) {
	h := c.in
	h.mu.Lock()
	defer h.mu.Unlock()
	for {
		switch {
		case h.gone:
			return 0, net.ErrClosed
		case h.read.passed:
			return 0, opError("read", os.ErrDeadlineExceeded)
		case h.torn:
			return 0, opError("read", os.NewSyscallError("read", syscall.ECONNRESET))
		case len(h.buf) > 0:
			n := copy(b, h.buf)
			h.buf = h.buf[n:]
			h.change.Broadcast()
			return n, nil
		case h.closed:
			return 0, io.EOF
		}
		h.change.Wait()
	}
}

// Write implements net.Conn.
func (c *conn) Write(b []byte) (int, error) {
	h := c.out
	h.mu.Lock()
	defer h.mu.Unlock()
	written := 0
	for {
		switch {
		case h.closed:
			return written, net.ErrClosed
		case h.write.passed:
			return written, opError("write", os.ErrDeadlineExceeded)
		case h.torn, h.gone:
			return written, opError("write", os.NewSyscallError("write", syscall.ECONNRESET))
		case len(b) == written:
			return written, nil
		}
		if room := window - len(h.buf); room > 0 {
			n := min(room, len(b)-written)
			h.buf = append(h.buf, b[written:written+n]...)
			written += n
			h.change.Broadcast()
			continue
		}
		h.change.Wait()
	}
}

func opError(op string, err error) error { return &net.OpError{Op: op, Net: "tcp", Err: err} }

// Close implements net.Conn.
func (c *conn) Close() error {
	c.out.end(func(h *half) { h.closed = true })
	c.in.end(func(h *half) { h.gone = true })
	for _, h := range []*half{c.in, c.out} {
		d := &h.write
		if h == c.in {
			d = &h.read
		}
		h.set(d, time.Time{})
	}
	return nil
}

// reset ends a connection the hard way.
func (c *conn) reset() {
	c.out.end(func(h *half) { h.torn = true })
	c.in.end(func(h *half) { h.torn = true })
}

func (h *half) end(how func(*half)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	how(h)
	h.change.Broadcast()
}

// SetDeadline implements net.Conn.
func (c *conn) SetDeadline(t time.Time) error {
	c.in.set(&c.in.read, t)
	c.out.set(&c.out.write, t)
	return nil
}

// SetReadDeadline implements net.Conn.
func (c *conn) SetReadDeadline(t time.Time) error {
	c.in.set(&c.in.read, t)
	return nil
}

// SetWriteDeadline implements net.Conn.
func (c *conn) SetWriteDeadline(t time.Time) error {
	c.out.set(&c.out.write, t)
	return nil
}

// LocalAddr implements net.Conn.
func (c *conn) LocalAddr() net.Addr { return &net.TCPAddr{} }

// RemoteAddr implements net.Conn.
func (c *conn) RemoteAddr() net.Addr { return &net.TCPAddr{} }
