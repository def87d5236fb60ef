package probe

import (
	"bytes"
	"net/http"
	"strings"
)

// challenges are the marks of pages that ask whether the visitor is a person.
// Each must be one that the ordinary pages behind the same gate do not carry:
// most gates put a script of theirs into every page.
var challenges = []struct {
	who    string
	header string // this header,
	value  string // when not "", with this in its value, says so alone
	marks  []string
}{
	{who: "Cloudflare", header: "Cf-Mitigated", value: "challenge", marks: []string{"window._cf_chl_opt", "/cdn-cgi/challenge-platform/h/b/orchestrate/", "/cdn-cgi/challenge-platform/h/g/orchestrate/", "cf-browser-verification"}},
	{who: "AWS WAF", header: "X-Amzn-Waf-Action", marks: []string{"window.gokuProps"}},
	{who: "Vercel", header: "X-Vercel-Mitigated", value: "challenge", marks: []string{"<title>Vercel Security Checkpoint</title>"}},
	{who: "Imperva", marks: []string{"Request unsuccessful. Incapsula incident ID", "_Incapsula_Resource?CWUDNSAI="}},
	{who: "DataDome", marks: []string{"geo.captcha-delivery.com", "ct.captcha-delivery.com"}},
	{who: "HUMAN", marks: []string{"px-captcha", "/_px/captcha.js"}},
	{who: "Akamai", marks: []string{"sec-if-cpt-container", "/_sec/cp_challenge/"}},
	{who: "DDoS-Guard", marks: []string{"<title>DDoS-Guard</title>", "/.well-known/ddos-guard/js-challenge"}},
	{who: "Sucuri", marks: []string{"sucuri_cloudproxy_js"}},
	{who: "Alibaba Cloud", marks: []string{"acw_sc__v2", "aliyun_waf_aa"}},
	{who: "Anubis", marks: []string{"/.within.website/x/cmd/anubis/"}},
	{who: "Kasada", header: "X-Kpsdk-Ct"},
	{who: "Variti", marks: []string{"/_guard/html.js"}},
	{who: "Servicepipe", marks: []string{"id_captcha_frame_div", "servicepipe.ru/static/checkjs"}},
	{who: "Qrator", marks: []string{"/__qrator/qauth"}},
	{who: "a test for persons", marks: []string{"<title>Are you a robot?</title>", "<title>Robot Check</title>", "<title>Bot Verification</title>", "<title>Human Verification</title>"}},
}

// challenge says whose page an answer is that asks whether the visitor is a
// person, or "". Only the head of the page is looked at.
func challenge(header http.Header, head []byte) string {
	for i := range challenges {
		c := &challenges[i]
		if c.header != "" && header.Get(c.header) != "" && strings.Contains(strings.ToLower(header.Get(c.header)), c.value) {
			return c.who
		}
		for _, mark := range c.marks {
			if bytes.Contains(head, []byte(mark)) {
				return c.who
			}
		}
	}
	return ""
}

// maintenanceWords stand in the titles of pages that announce work.
var maintenanceWords = []string{"maintenance", "wartung", "mantenimiento", "manutenção", "manutenzione", "onderhoud", "технические работы", "обслуживан", "технічні роботи", "bakım", "صيانة", "维护", "メンテナンス"}

// maintenance reports whether a 503 is announced work.
func maintenance(resp *response) bool {
	if resp.status != http.StatusServiceUnavailable {
		return false
	}
	if resp.header.Get("Retry-After") != "" {
		return true
	}
	lower := strings.ToLower(resp.title)
	for _, w := range maintenanceWords {
		if strings.Contains(lower, w) {
			return true
		}
	}
	return false
}
