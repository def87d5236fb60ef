package probe

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/miekg/dns"

	"crosscheck/internal/model"
)

const (
	dnsTimeout   = 3 * time.Second // of one question; asked twice
	ednsSize     = 1232            // bytes of a UDP answer, what DNS flag day 2020 settled on
	maxAddresses = 16              // taken from one answer
	maxChain     = 12              // CNAMEs followed in one answer
)

// answer is what one resolver said of a host.
type answer struct {
	addrs   []netip.Addr
	failure string
	took    time.Duration
}

// lookup asks every resolver for the addresses of a host, all at once. A
// question is asked a second time after a time-out, unless addresses are known
// by then.
func (p *Prober) lookup(ctx context.Context, host string) []answer {
	answers := make([]answer, len(p.resolvers))
	var answered atomic.Bool
	var wg sync.WaitGroup
	for i, resolver := range p.resolvers {
		wg.Go(func() {
			start := p.now()
			answers[i] = p.ask(ctx, resolver, host, &answered)
			answers[i].took = p.now().Sub(start)
		})
	}
	wg.Wait()
	return answers
}

// ask puts both questions about a host to one resolver.
func (p *Prober) ask(ctx context.Context, resolver netip.AddrPort, host string, answered *atomic.Bool) answer {
	var v4, v6 answer
	var wg sync.WaitGroup
	wg.Go(func() { v6 = p.question(ctx, resolver, host, dns.TypeAAAA, answered) })
	v4 = p.question(ctx, resolver, host, dns.TypeA, answered)
	wg.Wait()
	a := answer{addrs: slices.Concat(v4.addrs, v6.addrs)}
	if len(a.addrs) == 0 {
		if a.failure = v4.failure; a.failure == failDNSNoAnswer {
			a.failure = v6.failure
		}
	}
	return a
}

func (p *Prober) question(ctx context.Context, resolver netip.AddrPort, host string, kind uint16, answered *atomic.Bool) answer {
	q := new(dns.Msg)
	q.SetQuestion(dns.Fqdn(host), kind)
	q.SetEdns0(ednsSize, false)
	for attempt := 0; ; attempt++ {
		reply, err := p.exchange(ctx, resolver, q)
		if err == nil {
			addrs, failure := readAnswer(q, reply)
			if len(addrs) > 0 {
				answered.Store(true)
			}
			return answer{addrs: addrs, failure: failure}
		}
		failure := dnsFailure(err)
		if failure != failTimeout || attempt == 1 || answered.Load() || ctx.Err() != nil {
			return answer{failure: failure}
		}
	}
}

func (p *Prober) exchange(ctx context.Context, resolver netip.AddrPort, q *dns.Msg) (*dns.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, dnsTimeout)
	defer cancel()
	return p.network.Exchange(ctx, resolver, q)
}

// dnsFailure names an error of an exchange: what cannot be read is a server
// that misbehaves.
func dnsFailure(err error) string {
	if err == dns.ErrId {
		return failDNSWrongID
	}
	if name := failureOf(err); !strings.HasPrefix(name, failUnknown) {
		return name
	}
	return failDNSServer
}

// rcodes are the failure names of answers; any other code but success is a
// server that misbehaves.
var rcodes = map[int]string{
	dns.RcodeNameError:     failDNSNX,
	dns.RcodeServerFailure: failDNSServfail,
	dns.RcodeRefused:       failDNSRefused,
}

// readAnswer returns the addresses that a reply gives for the host of a
// question, through its CNAMEs, without repetition; or the failure's name.
func readAnswer(q, reply *dns.Msg) ([]netip.Addr, string) {
	switch {
	case reply.Id != q.Id:
		return nil, failDNSWrongID
	case !reply.Response || len(reply.Question) != 1 || !strings.EqualFold(reply.Question[0].Name, q.Question[0].Name) ||
		reply.Question[0].Qtype != q.Question[0].Qtype:
		return nil, failDNSServer
	case reply.Rcode != dns.RcodeSuccess:
		if name := rcodes[reply.Rcode]; name != "" {
			return nil, name
		}
		return nil, failDNSServer
	}
	name := strings.ToLower(q.Question[0].Name)
	for range maxChain {
		if addrs := addressesOf(reply, name); len(addrs) > 0 {
			return addrs, ""
		}
		next := aliasOf(reply, name)
		if next == "" {
			break
		}
		name = next
	}
	return nil, failDNSNoAnswer
}

func addressesOf(reply *dns.Msg, name string) []netip.Addr {
	var addrs []netip.Addr
	for _, rr := range reply.Answer {
		var raw []byte
		switch rr := rr.(type) {
		case *dns.A:
			raw = rr.A.To4()
		case *dns.AAAA:
			raw = rr.AAAA.To16()
		}
		a, ok := netip.AddrFromSlice(raw)
		if !ok || !strings.EqualFold(rr.Header().Name, name) || slices.Contains(addrs, a) {
			continue
		}
		if addrs = append(addrs, a); len(addrs) == maxAddresses {
			break
		}
	}
	return addrs
}

func aliasOf(reply *dns.Msg, name string) string {
	for _, rr := range reply.Answer {
		if c, ok := rr.(*dns.CNAME); ok && strings.EqualFold(c.Hdr.Name, name) {
			return strings.ToLower(c.Target)
		}
	}
	return ""
}

// resolve is the DNS stage of a try: it returns the addresses to connect to.
// The first resolver's answer is used, or on the second try the second's; a
// resolver whose answer holds no address that may be probed is passed over.
func (y *pass) resolve(ctx context.Context, host string) []netip.Addr {
	if a, err := netip.ParseAddr(host); err == nil {
		if y.p.guard.check(a) != nil { // of a target it was asked before, of a redirect too
			y.try.fail(model.LayerDNS, failDNSBogon)
			return nil
		}
		return []netip.Addr{a}
	}
	if a, ok := y.known[host]; ok {
		y.try.dns = a.took
		return a.addrs
	}
	answers := y.p.lookup(ctx, host)
	var failure string
	var addrs []netip.Addr
	for n := range answers {
		i := (n + y.number) % len(answers)
		a := &answers[i]
		permitted := y.p.permitted(a.addrs)
		if a.failure == "" && len(permitted) == 0 {
			a.failure = failDNSBogon
		}
		if len(addrs) == 0 {
			if failure == "" || failure == failTimeout {
				failure = a.failure
			}
			addrs, y.try.dns = permitted, a.took
		}
	}
	for i, a := range answers {
		y.try.Lookups = append(y.try.Lookups, Lookup{model.Lookup{
			Host: host, Resolver: y.p.resolvers[i].String(), Failure: a.failure, Addresses: texts(a.addrs),
		}, ms(a.took)})
	}
	if len(addrs) == 0 {
		y.try.fail(model.LayerDNS, failure)
		return nil
	}
	y.known[host] = answer{addrs: addrs, took: y.try.dns}
	return addrs
}

// permitted returns the addresses that the guard lets through.
func (p *Prober) permitted(addrs []netip.Addr) []netip.Addr {
	var kept []netip.Addr
	for _, a := range addrs {
		if p.guard.check(a) == nil {
			kept = append(kept, a)
		}
	}
	return kept
}

func texts(addrs []netip.Addr) []string {
	var s []string
	for _, a := range addrs {
		s = append(s, a.String())
	}
	return s
}
