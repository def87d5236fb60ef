package story

const (
	// maxSame is the number of articles kept for one print. A shingle that so
	// many origins hold tells nothing, and the work for it stays bounded.
	maxSame  = 24
	shardLog = 8
	// maxLoad of the slots of a shard are used before it grows.
	maxLoad = 0.87
)

// postings maps prints to the numbers of the articles that hold them: open
// addressing with linear probing, in shards that grow one at a time, so that
// neither the memory nor the time of growing shows. Numbers below a base are
// stale: they are skipped, and taken out when their shard grows.
type postings struct {
	shards [1 << shardLog]shard
}

type shard struct {
	slots []cell
	used  int
}

// cell is empty where num is 0.
type cell struct{ print, num uint32 }

func (s *shard) home(print uint32) int {
	return int(uint64(print) * uint64(len(s.slots)) >> 32)
}

// find appends the live numbers of a print to buf, at most maxSame.
func (p *postings) find(print uint64, base uint32, buf []uint32) []uint32 {
	s, key, found := &p.shards[print>>(64-shardLog)], uint32(print), 0
	if s.used == 0 {
		return buf
	}
	for i := s.home(key); s.slots[i].num != 0; {
		if s.slots[i].print == key && s.slots[i].num >= base {
			buf = append(buf, s.slots[i].num)
			if found++; found == maxSame {
				break
			}
		}
		if i++; i == len(s.slots) {
			i = 0
		}
	}
	return buf
}

// put adds a number to a print.
func (p *postings) put(print uint64, num, base uint32) {
	s := &p.shards[print>>(64-shardLog)]
	if float64(s.used+1) > maxLoad*float64(len(s.slots)) {
		s.grow(base)
	}
	s.put(cell{uint32(print), num})
}

func (s *shard) put(x cell) {
	i := s.home(x.print)
	for s.slots[i].num != 0 {
		if i++; i == len(s.slots) {
			i = 0
		}
	}
	s.slots[i] = x
	s.used++
}

// grow makes room for a third more than what is live.
func (s *shard) grow(base uint32) {
	live := 0
	for _, x := range s.slots {
		if x.num >= base {
			live++
		}
	}
	old := s.slots
	s.slots, s.used = make([]cell, live+live/3+8), 0
	for _, x := range old {
		if x.num >= base {
			s.put(x)
		}
	}
}
