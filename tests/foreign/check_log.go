// Checks a log of blocks as somebody would who has never heard of Hufu: with golang.org/x/mod/sumdb alone.
//
//	check_log FOLDER
//
//	FOLDER/vkeys          the log keys of the nodes, one verifier key a line
//	FOLDER/checkpoint     the newest checkpoint, a signed note
//	FOLDER/older          an older one
//	FOLDER/tile/…         C2SP tlog-tiles
//	FOLDER/records        "<height> <block header> <path hash>…", binary in base64
//	FOLDER/consistency    "<path hash>…" from the older checkpoint to the newest
//
// Prints what it has checked; exits with 1 at the first thing that is not right.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func demand(holds bool, what string, arguments ...any) {
	if !holds {
		log.Fatalf(what, arguments...)
	}
}

func lines(path string) []string {
	file := must(os.Open(path))
	defer file.Close()
	var all []string
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		all = append(all, scanner.Text())
	}
	return must(all, scanner.Err())
}

func hash(text string) tlog.Hash { return must(tlog.ParseHash(text)) }

func hashes(words []string) []tlog.Hash {
	var all []tlog.Hash
	for _, word := range words {
		all = append(all, hash(word))
	}
	return all
}

// All keys must have signed, and none of the other lines may stop the note from opening.
func openCheckpoint(path string, keys []note.Verifier) (origin string, tree tlog.Tree) {
	opened := must(note.Open(must(os.ReadFile(path)), note.VerifierList(keys...)))
	demand(len(opened.Sigs) == len(keys), "%s: %d of %d log keys signed", path, len(opened.Sigs), len(keys))
	demand(len(opened.UnverifiedSigs) == len(keys), "%s: %d cosignatures", path, len(opened.UnverifiedSigs))
	body := strings.Split(opened.Text, "\n")
	demand(len(body) == 4 && body[3] == "", "%s: %d lines", path, len(body))
	return body[0], tlog.Tree{N: must(strconv.ParseInt(body[1], 10, 64)), Hash: hash(body[2])}
}

// The tiles of a folder; tlog writes its tile height into paths, C2SP has one height and leaves it out.
type tileFolder string

func (folder tileFolder) Height() int { return tileHeight }
func (folder tileFolder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		bytes, err := os.ReadFile(filepath.Join(string(folder), path))
		if err != nil {
			return nil, err
		}
		data = append(data, bytes)
	}
	return data, nil
}
func (folder tileFolder) SaveTiles([]tlog.Tile, [][]byte) {}

// The entries of one bundle.
func bundle(path string) [][]byte {
	var entries [][]byte
	for rest := must(os.ReadFile(path)); len(rest) > 0; {
		demand(len(rest) >= 2, "%s: a length is cut off", path)
		length := int(binary.BigEndian.Uint16(rest))
		demand(len(rest) >= 2+length, "%s: an entry is cut off", path)
		entries = append(entries, rest[2:2+length])
		rest = rest[2+length:]
	}
	return entries
}

func bundlePath(folder string, first, size int64) string {
	tile := tlog.Tile{H: tileHeight, L: -1, N: first >> tileHeight, W: int(min(size-first, 1<<tileHeight))}
	return filepath.Join(folder, strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1))
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("check_log: ")
	folder := os.Args[1]

	var keys []note.Verifier
	for _, line := range lines(filepath.Join(folder, "vkeys")) {
		keys = append(keys, must(note.NewVerifier(line)))
	}
	origin, tree := openCheckpoint(filepath.Join(folder, "checkpoint"), keys)
	olderOrigin, older := openCheckpoint(filepath.Join(folder, "older"), keys)
	for _, key := range keys {
		demand(key.Name() == origin && key.Name() == olderOrigin, "key %s signs for %s", key.Name(), origin)
	}
	fmt.Printf("%d signatures on each checkpoint of %s\n", len(keys), origin)

	tiles := tlog.TileHashReader(tree, tileFolder(folder))
	proof := hashes(strings.Fields(lines(filepath.Join(folder, "consistency"))[0]))
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, older.N, older.Hash); err != nil {
		log.Fatal(err)
	}
	demand(reflect.DeepEqual([]tlog.Hash(must(tlog.ProveTree(tree.N, older.N, tiles))), proof),
		"the tiles give another consistency proof")
	fmt.Printf("the log of %d begins with the log of %d\n", tree.N, older.N)

	records := lines(filepath.Join(folder, "records"))
	for _, line := range records {
		words := strings.Fields(line)
		height := must(strconv.ParseInt(words[0], 10, 64))
		header := must(base64.StdEncoding.DecodeString(words[1]))
		path := hashes(words[2:])
		if err := tlog.CheckRecord(path, tree.N, tree.Hash, height, tlog.RecordHash(header)); err != nil {
			log.Fatalf("record %d: %v", height, err)
		}
		demand(reflect.DeepEqual([]tlog.Hash(must(tlog.ProveRecord(tree.N, height, tiles))), path),
			"record %d: the tiles give another proof", height)
	}
	fmt.Printf("%d records are in the log\n", len(records))

	var stored []int64
	var leaves []tlog.Hash
	for first := int64(0); first < tree.N; first += 1 << tileHeight {
		for _, entry := range bundle(bundlePath(folder, first, tree.N)) {
			stored = append(stored, tlog.StoredHashIndex(0, int64(len(stored))))
			leaves = append(leaves, tlog.RecordHash(entry))
		}
	}
	demand(int64(len(leaves)) == tree.N, "%d entries", len(leaves))
	demand(reflect.DeepEqual(must(tiles.ReadHashes(stored)), leaves), "the entries are not the leaves of the tiles")
	fmt.Printf("%d entries are the leaves of the tiles\n", len(leaves))
}
