package model

import (
	"net/url"
	"slices"
	"strings"
)

// tracking holds query parameters that say how a reader came, not what the
// page is.
var tracking = []string{"fbclid", "gclid", "dclid", "msclkid", "mc_cid", "mc_eid", "igshid", "cmpid", "ocid", "smid", "ncid", "wt_mc", "xtor"}

// URLKey returns the natural key of a web page: host and path without scheme,
// "www.", default port, fragment, tracking parameters or a final slash, and
// with the query sorted. Two URLs of one page have one key. A string that is
// no URL is its own key.
func URLKey(raw string) string {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Host == "" {
		return raw
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	if p := u.Port(); p != "" && p != "80" && p != "443" {
		host += ":" + p
	}
	q := u.Query()
	for name := range q {
		if tracks(name) {
			q.Del(name)
		}
	}
	key := host + strings.TrimRight(u.EscapedPath(), "/")
	if enc := q.Encode(); enc != "" {
		key += "?" + enc
	}
	return key
}

// tracks reports whether a query parameter only says how a reader came.
func tracks(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "utm_") || slices.Contains(tracking, name)
}

// PlainURL returns an address without its tracking parameters; all else stays as
// it is written.
func PlainURL(raw string) string {
	rest, fragment, hashed := strings.Cut(raw, "#")
	page, query, asked := strings.Cut(rest, "?")
	if !asked {
		return raw
	}
	kept := slices.DeleteFunc(strings.Split(query, "&"), func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		plain, err := url.QueryUnescape(name)
		return err == nil && tracks(plain)
	})
	if len(kept) > 0 {
		page += "?" + strings.Join(kept, "&")
	}
	if hashed {
		page += "#" + fragment
	}
	return page
}
