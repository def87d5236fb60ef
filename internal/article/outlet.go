package article

import (
	"net/url"
	"strings"
)

// outlet names who publishes the page.
func (r *reading) outlet() string {
	f := r.facts
	if r.hints.Outlet != "" {
		return r.hints.Outlet
	}
	if s := cleanLD(f.get("og:site_name", "application-name", "dc.publisher", "al:android:app_name", "publisher", "apple-mobile-web-app-title")); s != "" && !strings.Contains(s, "://") {
		return s
	}
	for _, n := range f.ld {
		if s := n.str("publisher"); s != "" && !strings.Contains(s, "://") && !strings.HasPrefix(s, "#") {
			return s
		}
	}
	for _, n := range f.ld {
		if n.is("Organization", "WebSite") {
			if s := n.str("name"); s != "" && !strings.Contains(s, "://") {
				return s
			}
		}
	}
	return r.host()
}

// siteNames lists every name the page gives its site.
func (r *reading) siteNames() []string {
	if r.sites != nil {
		return r.sites
	}
	f := r.facts
	names := []string{r.outlet(), r.hints.Outlet, cleanLD(f.get("og:site_name")), cleanLD(f.get("application-name")), r.host()}
	for _, n := range f.ld {
		if s := n.str("publisher"); s != "" {
			names = append(names, s)
		}
		if n.is("Organization", "WebSite", "NewsMediaOrganization") {
			names = append(names, n.str("name"), n.str("alternateName"))
		}
	}
	if h := r.host(); h != "" {
		labels := strings.Split(h, ".")
		if len(labels) >= 2 {
			names = append(names, labels[len(labels)-2], labels[0])
		}
	}
	if f.get("twitter:site") != "" {
		names = append(names, f.get("twitter:site"))
	}
	r.sites = names
	return names
}

// host returns the host of the page's address without "www.".
func (r *reading) host() string {
	for _, raw := range [...]string{r.hints.URL, r.facts.canonical, r.facts.get("og:url")} {
		if u, err := url.Parse(raw); err == nil && u.Host != "" {
			return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
		}
	}
	return ""
}
