package fetch

import (
	"net/http"
	"net/url"
	"strings"

	"crosscheck/internal/model"
)

// parseURL accepts absolute http and https addresses, without their fragment.
func parseURL(raw string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil {
		return nil, &Error{URL: clip(raw), Cause: "not a valid address", kind: model.ErrInvalid, err: err}
	}
	u.Scheme = strings.ToLower(u.Scheme)
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, &Error{URL: display(u), Cause: "only http and https addresses can be fetched", kind: model.ErrInvalid}
	}
	if u.Hostname() == "" {
		return nil, &Error{URL: display(u), Cause: "the address names no host", kind: model.ErrInvalid}
	}
	u.Host = strings.ToLower(u.Host)
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// redirect returns where resp leads, if that may be followed.
func (v *visit) redirect(from *url.URL, resp *http.Response) (*url.URL, error) {
	if v.hops++; v.hops > maxRedirects {
		return nil, &Error{URL: display(v.asked), Status: resp.StatusCode, Cause: "more than 5 redirects", kind: model.ErrInvalid}
	}
	loc := resp.Header.Get("Location")
	if loc == "" {
		return nil, &Error{URL: display(from), Status: resp.StatusCode, Cause: "a redirect that does not say where to", kind: model.ErrInvalid}
	}
	next, err := from.Parse(loc)
	if err != nil {
		return nil, &Error{URL: display(from), Status: resp.StatusCode, Cause: "a redirect to an address that is not valid", kind: model.ErrInvalid, err: err}
	}
	if next.Scheme != "http" && next.Scheme != "https" {
		return nil, &Error{
			URL: display(from), Status: resp.StatusCode, kind: model.ErrForbidden,
			Cause: "a redirect to " + clip(next.String()) + ", which is neither http nor https",
		}
	}
	permanent := resp.StatusCode == http.StatusMovedPermanently || resp.StatusCode == http.StatusPermanentRedirect
	v.moved = permanent && (v.hops == 1 || v.moved)
	return parseURL(next.String())
}

// display is u for people and records: without credentials.
func display(u *url.URL) string {
	c := *u
	c.User = nil
	return c.String()
}

// clip shortens an address that would drown the sentence it stands in.
func clip(s string) string {
	const most = 200
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
