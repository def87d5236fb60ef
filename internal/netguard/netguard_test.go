package netguard

import (
	"net/netip"
	"strings"
	"testing"
)

func TestGuard(t *testing.T) {
	g := New(nil)
	for _, c := range []struct{ address, why string }{
		{"127.0.0.1", "a loopback address"},
		{"127.8.9.1", "a loopback address"},
		{"::1", "a loopback address"},
		{"10.0.0.1", "a private address"},
		{"172.16.3.4", "a private address"},
		{"192.168.1.1", "a private address"},
		{"fd00::1", "a private address"},
		{"169.254.169.254", "a link-local address"},
		{"fe80::1", "a link-local address"},
		{"fe80::1%eth0", "a link-local address"},
		{"100.64.0.1", "an address behind a provider's shared NAT"},
		{"224.0.0.1", "a multicast address"},
		{"ff02::1", "a multicast address"},
		{"0.0.0.0", "the unspecified address"},
		{"::", "the unspecified address"},
		{"0.1.2.3", "an address reserved for special use"},
		{"255.255.255.255", "an address reserved for special use"},
		{"198.18.0.1", "an address reserved for special use"},
		{"168.63.129.16", "a cloud provider's internal address"},
		{"64:ff9b::7f00:1", "a NAT64 address"},
		{"64:ff9b::808:808", "a NAT64 address"},
		{"64:ff9b:1::a00:1", "a NAT64 address"},
		{"2002:7f00:1::", "a 6to4 address"},
		{"2001::1", "a Teredo address"},
		{"2001:db8::1", "an address reserved for special use"},
		{"::ffff:127.0.0.1", "a loopback address"},
		{"::ffff:a00:1", "a private address"},
		{"::7f00:1", "an address reserved for special use"},
	} {
		err := g.Check(netip.MustParseAddr(c.address))
		if err == nil || !strings.HasSuffix(err.Error(), ": "+c.why) {
			t.Errorf("Check(%s) = %v, want %q", c.address, err, c.why)
		}
	}
	for _, a := range []string{"8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"} {
		if err := g.Check(netip.MustParseAddr(a)); err != nil {
			t.Errorf("Check(%s) = %v, want nil", a, err)
		}
	}
}

func TestGuardPermits(t *testing.T) {
	g := New([]netip.Prefix{netip.MustParsePrefix("10.1.2.3/16"), netip.MustParsePrefix("fd00:1::/32")})
	for address, want := range map[string]bool{"10.1.9.9:80": true, "10.2.0.1:80": false, "[fd00:1::5]:80": true, "[fd00:2::5]:80": false, "[::ffff:10.1.0.1]:80": true, "here": false} {
		if err := g.Control("tcp", address, nil); (err == nil) != want {
			t.Errorf("Control(%s) = %v, want permitted: %v", address, err, want)
		}
	}
}
