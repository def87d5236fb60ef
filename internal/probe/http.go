package probe

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"time"

	"crosscheck/internal/model"
	"crosscheck/internal/netguard"
)

const (
	firstByte    = 10 * time.Second
	maxRedirects = 5
	maxHeader    = 64 << 10 // bytes of status line and header
	maxBody      = 256 << 10
	maxInterim   = 5 // 1xx answers before the real one
	maxRetry     = 5 * time.Minute
)

// page is the last stage of an HTTP target: it follows redirects, each through
// all stages from DNS on, and judges the answer they end at.
func (y *pass) page(ctx context.Context) {
	u, err := pageURL(y.t.URL)
	if err != nil {
		y.try.fail("", unknown(err.Error()))
		return
	}
	for hop := 0; ; hop++ {
		resp := y.visit(ctx, u)
		if resp == nil {
			return
		}
		next, failure := y.next(u, resp)
		if failure == "" && next != nil && hop == maxRedirects {
			failure = tooManyRedirects
		}
		switch {
		case failure != "":
			y.lastFetch().Failure = failure
			y.try.fail(model.LayerHTTP, failure)
			return
		case next == nil:
			y.conclude(resp)
			return
		}
		y.keepCookies(u, resp)
		u = next
	}
}

// visit takes one URL through all stages; nil when one of them failed.
func (y *pass) visit(ctx context.Context, u *url.URL) *response {
	port, err := portOf(u)
	if err != nil {
		y.try.fail(model.LayerHTTP, failHTTPLocation)
		return nil
	}
	conn, to := y.reach(ctx, u.Hostname(), port)
	if conn == nil {
		return nil
	}
	if u.Scheme == "https" {
		secure := y.handshake(ctx, conn, u.Hostname(), to)
		if secure == nil {
			return nil
		}
		conn = secure
	}
	defer conn.Close()
	start := y.p.now()
	resp, err := y.exchange(ctx, conn, u, start)
	f := Fetch{Fetch: model.Fetch{URL: u.String(), Length: -1}, Address: to.String(), Took: ms(resp.firstByte)}
	y.try.ttfb = resp.firstByte
	if resp.status != 0 {
		f.Status, f.Title, f.Challenge, f.Location = resp.status, resp.title, resp.challenge, cut(printable(resp.header.Get("Location")), 512)
		f.Length, f.Headers = resp.length, headerNames(resp.header)
		y.try.status = resp.status
	}
	if err != nil {
		f.Failure = failureOf(err)
		if err == errHeader {
			f.Failure = headerTooLarge
		}
		y.try.fail(model.LayerHTTP, f.Failure)
	}
	y.try.Fetches = append(y.try.Fetches, f)
	if err != nil {
		return nil
	}
	return resp
}

// reach is the stages below TLS.
func (y *pass) reach(ctx context.Context, host string, port uint16) (net.Conn, netip.AddrPort) {
	y.try.dns, y.try.tcp, y.try.tls, y.try.ttfb = 0, 0, 0, 0
	y.try.certificate = nil
	addrs := y.resolve(ctx, host)
	if y.ownHost == "" {
		y.ownHost, y.try.ownAddresses = host, texts(addrs)
	}
	if len(addrs) == 0 {
		return nil, netip.AddrPort{}
	}
	return y.connect(ctx, host, addrs, port)
}

func (y *pass) lastFetch() *Fetch { return &y.try.Fetches[len(y.try.Fetches)-1] }

// next returns where an answer sends the visitor, or nil.
func (y *pass) next(u *url.URL, resp *response) (*url.URL, string) {
	switch resp.status {
	case 301, 302, 303, 307, 308:
	default:
		return nil, ""
	}
	location := resp.header.Get("Location")
	if location == "" || y.t.expects(resp.status) {
		return nil, ""
	}
	next, err := u.Parse(location)
	if err == nil {
		next, err = pageURL(next.String())
	}
	if err != nil {
		return nil, failHTTPLocation
	}
	if a, err := netip.ParseAddr(next.Hostname()); err == nil && y.p.guard.check(a) != nil {
		return nil, forbiddenRedirect + a.String() + ", " + netguard.Nature(a)
	}
	return next, ""
}

// keepCookies holds what a site sets on the way: some redirect to themselves
// until they see it again.
func (y *pass) keepCookies(u *url.URL, resp *response) {
	cookies := (&http.Response{Header: resp.header}).Cookies()
	if len(cookies) == 0 {
		return
	}
	if y.jar == nil {
		y.jar, _ = cookiejar.New(nil) // without options it cannot fail
	}
	y.jar.SetCookies(u, cookies)
}

// refusals are the statuses with which a server that is reached turns the
// visitor away.
var refusals = []int{401, 403, 407, 429, 451}

// conclude judges the answer the redirects ended at.
func (y *pass) conclude(resp *response) {
	try := &y.try
	try.reached = true
	if resp.status == 429 || resp.status == 503 {
		try.retryAfter = retryAfter(resp.header.Get("Retry-After"), y.p.now())
	}
	asked := y.t.expects(resp.status)
	switch {
	case resp.challenge != "", !asked && slices.Contains(refusals, resp.status):
		try.Outcome = model.OutcomeRefused
	case !asked && len(y.t.Status) > 0:
		try.fail(model.LayerHTTP, failHTTPStatus)
	case !asked && (resp.status < 200 || resp.status >= 400):
		try.fail(model.LayerHTTP, failHTTPRequest)
		try.maintenance = maintenance(resp)
	case y.t.Text != "" && !resp.found:
		try.fail(model.LayerHTTP, textMissing)
	default:
		try.Outcome = model.OutcomeOK
		if y.t.Slow > 0 && try.ttfb > y.t.Slow {
			try.Outcome = model.OutcomeSlow
		}
	}
	y.lastFetch().Failure = try.Failure
	y.judgeCertificate()
}

// judgeCertificate lets a fault of a certificate on the way stand where nothing
// else failed: a server was reached, and either visitors are turned away or it
// is not the service. That goes before a refusal, which anybody can speak.
func (y *pass) judgeCertificate() {
	if y.try.Outcome == model.OutcomeFail {
		return
	}
	for _, h := range y.try.Handshakes {
		if h.Certificate != nil && h.Certificate.Failure() != "" {
			y.try.certificate = h.Certificate
			y.try.fail(model.LayerTLS, h.Certificate.Failure())
			return
		}
	}
}

// retryAfter reads the header of that name, at most five minutes: a service
// that recovers is to be seen.
func retryAfter(s string, now time.Time) time.Duration {
	d := time.Duration(0)
	if n, err := strconv.Atoi(s); err == nil {
		d = time.Duration(min(n, int(maxRetry/time.Second))) * time.Second
	} else if at, err := http.ParseTime(s); err == nil {
		d = at.Sub(now)
	}
	return max(0, min(d, maxRetry))
}

// response is an answer as far as it is kept.
type response struct {
	status    int
	header    http.Header
	firstByte time.Duration
	length    int // bytes of the body after decompression, -1 when longer than is read or not known
	found     bool
	title     string
	challenge string
}

var errHeader = errors.New("header too large")

// exchange sends the request and reads the answer, within the header's and the
// body's bounds. The response is never nil; its status is 0 when no header was
// read.
func (y *pass) exchange(ctx context.Context, conn net.Conn, u *url.URL, start time.Time) (*response, error) {
	resp := &response{}
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return resp, err
	}
	req.Close = true
	req.Header.Set("User-Agent", y.p.cfg.UserAgent)
	req.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	req.Header.Set("Accept-Encoding", "gzip")
	if y.jar != nil {
		for _, c := range y.jar.Cookies(u) {
			req.AddCookie(c)
		}
	}
	giveUp := time.AfterFunc(firstByte, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer giveUp.Stop()
	err = y.answer(conn, req, resp, start, giveUp)
	if ctx.Err() == context.Canceled {
		err = context.Canceled
	}
	return resp, err
}

// answer is the exchange on a connection that time-outs are taken care of.
func (y *pass) answer(conn net.Conn, req *http.Request, resp *response, start time.Time, giveUp *time.Timer) error {
	if err := req.Write(conn); err != nil {
		return err
	}
	wire := &capped{r: conn, left: maxHeader}
	br := readers.Get().(*bufio.Reader)
	defer func() {
		br.Reset(nil)
		readers.Put(br)
	}()
	br.Reset(wire)
	_, err := br.Peek(1)
	resp.firstByte = y.p.now().Sub(start)
	if err != nil {
		return err
	}
	giveUp.Stop()
	raw, err := readHeader(br, req)
	if wire.full {
		return errHeader
	}
	if err != nil {
		return err
	}
	resp.status, resp.header = raw.StatusCode, raw.Header
	wire.left = maxBody
	return resp.readBody(raw, wire, y.t.Text)
}

// readHeader passes over interim answers.
func readHeader(br *bufio.Reader, req *http.Request) (*http.Response, error) {
	for range maxInterim {
		raw, err := http.ReadResponse(br, req)
		if err != nil || raw.StatusCode >= 200 || raw.StatusCode == http.StatusSwitchingProtocols {
			return raw, err
		}
	}
	return nil, errors.New("too many interim answers")
}

// capped reads at most left bytes and then ends, noting that it did.
type capped struct {
	r    io.Reader
	left int
	full bool
}

// Read implements io.Reader.
func (c *capped) Read(b []byte) (int, error) {
	if c.left <= 0 {
		c.full = true
		return 0, io.EOF
	}
	n, err := c.r.Read(b[:min(len(b), c.left)])
	c.left -= n
	return n, err
}

// headerNames are the names of a header, sorted, at most 40.
func headerNames(h http.Header) []string {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, cut(name, 64))
	}
	slices.Sort(names)
	return names[:min(len(names), 40)]
}
