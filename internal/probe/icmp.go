package probe

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"sync"
	"time"

	"crosscheck/internal/model"
)

const (
	pingTimeout  = 3 * time.Second
	blockPort    = 443
	blocksAtOnce = 128 // so that the most blocks there are have time enough in one try
)

// echo is the stages of an ICMP target: its failures have no layer, because
// none of the four stages of a connection took place.
func (y *pass) echo(ctx context.Context) {
	addrs := y.resolve(ctx, y.t.Host)
	y.ownHost, y.try.ownAddresses = y.t.Host, texts(addrs)
	if len(addrs) == 0 {
		return
	}
	for _, a := range y.choose(addrs) {
		failure := y.ping(ctx, a)
		y.used = append(y.used, a)
		if failure == "" {
			y.try.reached, y.try.Outcome = true, model.OutcomeOK
			return
		}
		y.try.fail("", failure)
	}
}

// ping sends echoes to one address, notes what became of them, and returns the
// failure.
func (y *pass) ping(ctx context.Context, a netip.Addr) string {
	took, err := y.p.network.Ping(ctx, a)
	failure := failureOf(err)
	if errors.Is(err, ErrNotPermitted) {
		y.try.skipped = "skipped: " + err.Error()
		failure = unknown(y.try.skipped)
	}
	y.try.Pings = append(y.try.Pings, Connect{model.Attempt{Address: a.String(), Host: y.t.Host, Failure: failure}, msOrZero(took)})
	return failure
}

// blocks is the one stage of a prefix target: it fails when fewer than half of
// its blocks answer. Hosts that may not be probed are left out.
func (y *pass) blocks(ctx context.Context) {
	var blocks [][]netip.Addr
	for _, hosts := range blocksOf(y.t.Prefixes, y.t.Hosts) {
		if hosts = y.p.permitted(hosts); len(hosts) > 0 {
			blocks = append(blocks, hosts)
		}
	}
	if len(blocks) == 0 {
		y.try.skipped = "skipped: none of its hosts may be probed"
		y.try.fail("", unknown(y.try.skipped))
		return
	}
	results := make([][]Connect, len(blocks))
	var wg sync.WaitGroup
	slots := make(chan struct{}, blocksAtOnce)
	for i, hosts := range blocks {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			results[i] = y.p.block(ctx, hosts)
		})
	}
	wg.Wait()
	y.try.blocks = &Blocks{Asked: len(blocks)}
	y.try.Outcome = model.OutcomeOK
	failure := ""
	for _, r := range results {
		y.try.Connects = append(y.try.Connects, r...)
		if slices.ContainsFunc(r, answers) {
			y.try.blocks.Up++
		} else {
			failure = r[len(r)-1].Failure
		}
	}
	if y.try.reached = y.try.blocks.Up > 0; 2*y.try.blocks.Up < len(blocks) {
		y.try.fail("", failure)
	}
}

// block connects to the hosts of one block, all at once; where none answers,
// they are sent echoes.
func (p *Prober) block(ctx context.Context, hosts []netip.Addr) []Connect {
	tried := each(hosts, func(h netip.Addr) Connect { return p.knock(ctx, h) })
	if slices.ContainsFunc(tried, answers) {
		return tried
	}
	echoes := each(hosts, func(h netip.Addr) Connect {
		took, err := p.network.Ping(ctx, h)
		if errors.Is(err, ErrNotPermitted) {
			return Connect{}
		}
		return Connect{model.Attempt{Address: h.String(), Failure: failureOf(err)}, msOrZero(took)}
	})
	for _, e := range echoes {
		if e.Address != "" {
			tried = append(tried, e)
		}
	}
	return tried
}

// each asks every host at once.
func each(hosts []netip.Addr, ask func(netip.Addr) Connect) []Connect {
	results := make([]Connect, len(hosts))
	var wg sync.WaitGroup
	for i, h := range hosts {
		wg.Go(func() { results[i] = ask(h) })
	}
	wg.Wait()
	return results
}

// knock connects to the port that most hosts have open.
func (p *Prober) knock(ctx context.Context, h netip.Addr) Connect {
	ctx, cancel := context.WithTimeout(ctx, pingTimeout)
	defer cancel()
	to, start := netip.AddrPortFrom(h, blockPort), p.now()
	conn, err := p.network.Dial(ctx, to)
	took := p.now().Sub(start)
	if err == nil {
		conn.Close()
	}
	return Connect{model.Attempt{Address: to.String(), Failure: failureOf(err)}, ms(took)}
}

// answers reports whether what was tried shows that the host is there: who
// refuses a connection is.
func answers(c Connect) bool {
	return c.Failure == "" || c.Failure == failRefused || c.Failure == failReset
}

// usual are the last bytes of the hosts asked in a block of which none is
// known.
var usual = []byte{1, 2, 254}

// hostsPerBlock bounds what is asked of one block.
const hostsPerBlock = 4

// blocksOf returns the hosts to ask, by block: those given, or the usual ones.
func blocksOf(prefixes []netip.Prefix, given []netip.Addr) [][]netip.Addr {
	var blocks [][]netip.Addr
	for _, p := range prefixes {
		block := netip.PrefixFrom(p.Addr(), max(p.Bits(), blockBits(p)))
		for range blockCount(p) {
			hosts := slices.DeleteFunc(slices.Clone(given), func(a netip.Addr) bool { return !block.Contains(a) })
			if len(hosts) == 0 {
				hosts = usualHosts(block)
			}
			blocks = append(blocks, hosts[:min(len(hosts), hostsPerBlock)])
			block = netip.PrefixFrom(nextBlock(block), block.Bits())
		}
	}
	return blocks
}

// usualHosts returns those of the usual hosts that lie in the block; of a block
// too small for them, its own address.
func usualHosts(block netip.Prefix) []netip.Addr {
	var hosts []netip.Addr
	for _, last := range usual {
		b := block.Addr().AsSlice()
		b[len(b)-1] = last
		if a, _ := netip.AddrFromSlice(b); block.Contains(a) {
			hosts = append(hosts, a)
		}
	}
	if len(hosts) == 0 {
		hosts = append(hosts, block.Addr())
	}
	return hosts
}

// blockBits is the length of a block's prefix: /24, or /48 of IPv6.
func blockBits(p netip.Prefix) int {
	if p.Addr().Is4() {
		return 24
	}
	return 48
}

// blockCount is how many blocks a prefix has, at least one, and more than
// maxBlocks for any that has too many.
func blockCount(p netip.Prefix) int {
	return 1 << min(max(blockBits(p)-p.Bits(), 0), 20)
}

// nextBlock is the address of the block after this one.
func nextBlock(block netip.Prefix) netip.Addr {
	b := block.Addr().AsSlice()
	for i := (block.Bits() - 1) / 8; i >= 0; i-- {
		step := byte(1)
		if i == (block.Bits()-1)/8 {
			step = 1 << (7 - (block.Bits()-1)%8)
		}
		if b[i] += step; b[i] >= step {
			break
		}
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}
