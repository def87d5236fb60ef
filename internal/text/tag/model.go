package tag

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/klauspost/compress/zstd"
)

// packed is the model that train writes.
//
//go:embed model.zst
var packed []byte

// magic starts a model of the one version this package reads.
const magic = "TAG00001"

// maxRows bounds the rows of a table, against a damaged file.
const maxRows = 1 << 22

var errDamaged = errors.New("damaged")

// Pack returns what the tagger has learned, in the form New reads.
func (t *Tagger) Pack() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(magic)
	writeUsual(&b, t.usual)
	writeTable(&b, t.speech)
	writeTable(&b, t.names)
	for _, row := range t.trans {
		for _, v := range row {
			b.Write(binary.LittleEndian.AppendUint32(nil, uint32(v)))
		}
	}
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	return enc.EncodeAll(b.Bytes(), nil), enc.Close()
}

func writeUsual(b *bytes.Buffer, u usual) {
	keys := make([]uint32, 0, len(u.tags))
	for key := range u.tags {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	writeKeys(b, keys)
	for _, key := range keys {
		b.WriteByte(byte(u.tags[key]))
	}
}

// writeKeys writes sorted keys, byte by byte of all: the high bytes of sorted
// numbers pack well.
func writeKeys(b *bytes.Buffer, keys []uint32) {
	b.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(keys))))
	for shift := 24; shift >= 0; shift -= 8 {
		for _, key := range keys {
			b.WriteByte(byte(key >> shift))
		}
	}
}

// writeTable writes the features in the order of their hashes and then, label
// by label, their weights.
func writeTable(b *bytes.Buffer, t *table) {
	used := slices.DeleteFunc(slices.Clone(t.slots), func(s slot) bool { return s.row == 0 })
	slices.SortFunc(used, func(x, y slot) int { return cmp.Compare(x.key, y.key) })
	keys := make([]uint32, len(used))
	for i, s := range used {
		keys[i] = s.key
	}
	writeKeys(b, keys)
	for k := range t.labels {
		for _, s := range used {
			b.WriteByte(byte(t.rows[int(s.row-1)*t.labels+k]))
		}
	}
}

// read makes a tagger of a packed model.
func read(packed []byte) (*Tagger, error) {
	raw, err := unpack(packed)
	if err != nil {
		return nil, err
	}
	return parse(raw)
}

func unpack(packed []byte) ([]byte, error) {
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(1<<28))
	if err != nil {
		return nil, err
	}
	defer dec.Close()
	return dec.DecodeAll(packed, nil)
}

func parse(raw []byte) (*Tagger, error) {
	if !bytes.HasPrefix(raw, []byte(magic)) {
		return nil, fmt.Errorf("another version: %w", errDamaged)
	}
	t, err := blank()
	if err != nil {
		return nil, err
	}
	r := reader{b: raw[len(magic):]}
	t.usual = r.usual()
	t.speech = r.table(numPOS)
	t.names = r.table(numLabels)
	for a := range t.trans {
		for k := range t.trans[a] {
			t.trans[a][k] = int32(r.number())
		}
	}
	if r.err == nil && len(r.b) > 0 {
		r.err = errDamaged
	}
	return t, r.err
}

// reader takes a model apart; after an error it returns nothing.
type reader struct {
	b   []byte
	err error
}

func (r *reader) take(n int) []byte {
	if r.err == nil && n > len(r.b) {
		r.err = io.ErrUnexpectedEOF
	}
	if r.err != nil {
		return nil
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) number() uint32 {
	b := r.take(4)
	if b == nil {
		return 0
	}
	return binary.LittleEndian.Uint32(b)
}

func (r *reader) keys() []uint32 {
	n := r.number()
	if n > maxRows {
		r.err = errDamaged
		return nil
	}
	b := r.take(4 * int(n))
	if b == nil {
		return nil
	}
	keys := make([]uint32, n)
	for i, v := range b {
		keys[i%int(n)] = keys[i%int(n)]<<8 | uint32(v)
	}
	return keys
}

func (r *reader) usual() usual {
	keys := r.keys()
	u := usual{make(map[uint32]POS, len(keys))}
	for i, p := range r.take(len(keys)) {
		if p >= numPOS {
			r.err = errDamaged
		}
		u.tags[keys[i]] = POS(p)
	}
	return u
}

func (r *reader) table(labels int) *table {
	keys := r.keys()
	b := r.take(labels * len(keys))
	t := newTable(labels, len(keys))
	row := make([]int8, labels)
	if b == nil {
		return t
	}
	for i, key := range keys {
		for k := range row {
			row[k] = int8(b[k*len(keys)+i])
		}
		t.add(key, row)
	}
	return t
}
