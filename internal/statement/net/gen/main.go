// Command gen packs a trained model folder (weights.bin and vocab.tsv, as the
// training programs export them) into the two files that package net embeds:
//
//	go run ./internal/statement/net/gen MODEL internal/statement/net
//
// The weights stay as exported: vectors of words in 8 bits a number, matrices
// in 16, the rest in 32. Only Zstandard is added.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: gen MODEL OUT")
		os.Exit(2)
	}
	for from, to := range map[string]string{"weights.bin": "weights.zst", "vocab.tsv": "vocab.zst"} {
		if err := pack(filepath.Join(os.Args[1], from), filepath.Join(os.Args[2], to)); err != nil {
			fmt.Fprintln(os.Stderr, "gen:", err)
			os.Exit(1)
		}
	}
}

func pack(from, to string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	return os.WriteFile(to, enc.EncodeAll(b, nil), 0o644)
}
