// Verify a log of Colophon's Record with code that Colophon's authors did not
// write: golang.org/x/mod's signed notes and tiled logs.
//
// README: needs Debian's golang-go and golang-golang-x-mod-dev, no network:
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run verify.go BASE VKEY [INDEX]
//
// BASE is the log's address (http://127.0.0.1:8080/record), VKEY a verifier key of it:
// where the log went over to another, it follows the list at /record/vkeys from that key
// on, and back (docs/keys.md). It checks the checkpoint's signature, recomputes the tree from the entry
// bundles, reads every tile that the tree has and, where INDEX is given, checks
// that entry's inclusion by a proof made from the tiles alone. Prints OK and the
// size, or the fault; exits 0 or 1.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height    = 8 // tlog-tiles: tiles of 2^8 hashes
	width     = 1 << height
	mostBytes = 32 << 20 // of one answer; a full bundle may have 16 MiB
)

var errNotFound = errors.New("not found")

var client = &http.Client{Timeout: 20 * time.Second}

func get(url string) ([]byte, error) {
	answer, err := client.Get(url)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusNotFound {
		return nil, fmt.Errorf("%s: %w", url, errNotFound)
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: HTTP status %d", url, answer.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, mostBytes+1))
	if err == nil && len(body) > mostBytes {
		err = fmt.Errorf("%s: more than %d bytes", url, mostBytes)
	}
	return body, err
}

// link is one key of a log, and the size from which on it signs.
type link struct {
	vkey     string
	from     int64
	verifier note.Verifier
}

// handedOver checks that both keys signed the statement by which one follows the other.
func handedOver(old, next link, signatures []string) error {
	said := fmt.Sprintf("colophon/key/v1\n%s\n%d\n%s\n%s\n", old.verifier.Name(), next.from, old.vkey, next.vkey)
	for i, by := range []link{old, next} {
		signature, err := base64.StdEncoding.DecodeString(signatures[i])
		if err != nil || !by.verifier.Verify([]byte(said), signature) {
			return fmt.Errorf("%s: the hand-over to it is not signed by %s", next.vkey, by.vkey)
		}
	}
	return nil
}

// readLine reads "VKEY FROM", and of all but the first "BY-OLD BY-NEW".
func readLine(line string, before []link) (link, error) {
	var next link
	var err error
	parts := strings.Split(line, " ")
	if (len(before) == 0) != (len(parts) == 2) || (len(before) > 0) != (len(parts) == 4) {
		return next, fmt.Errorf("list of keys: %q", line)
	}
	next.vkey = parts[0]
	if next.verifier, err = note.NewVerifier(parts[0]); err != nil {
		return next, fmt.Errorf("list of keys: %w", err)
	}
	next.from, err = strconv.ParseInt(parts[1], 10, 64)
	if err != nil || next.from < 0 || (len(before) == 0 && next.from != 0) {
		return next, fmt.Errorf("list of keys: from %q", parts[1])
	}
	if len(before) == 0 {
		return next, nil
	}
	old := before[len(before)-1]
	if next.from < old.from {
		return next, fmt.Errorf("list of keys: from %d, after %d", next.from, old.from)
	}
	return next, handedOver(old, next, parts[2:])
}

// keys follows the published list from a key that is trusted.
func keys(base, vkey string) ([]link, error) {
	trusted, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, fmt.Errorf("verifier key: %w", err)
	}
	text, err := get(strings.TrimSuffix(base, "/voices") + "/vkeys")
	if errors.Is(err, errNotFound) {
		return []link{{vkey, 0, trusted}}, nil
	}
	if err != nil {
		return nil, err
	}
	var chain []link
	found := false
	for _, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		if !strings.HasPrefix(line, trusted.Name()+"+") {
			continue // of another log
		}
		next, err := readLine(line, chain)
		if err != nil {
			return nil, err
		}
		chain = append(chain, next)
		found = found || next.vkey == vkey
	}
	if !found {
		return nil, fmt.Errorf("%s is none of the log's keys", vkey)
	}
	return chain, nil
}

// holding is the key that signs a checkpoint that says it has so many entries.
func holding(chain []link, text []byte) note.Verifier {
	lines := strings.SplitN(string(text), "\n", 3)
	held := chain[0]
	if len(lines) > 1 {
		size, _ := strconv.ParseInt(lines[1], 10, 64)
		for _, next := range chain[1:] {
			if next.from < size {
				held = next
			}
		}
	}
	return held.verifier
}

// checkpoint reads the signed note at base and checks it.
func checkpoint(base, vkey string) (tlog.Tree, error) {
	var tree tlog.Tree
	chain, err := keys(base, vkey)
	if err != nil {
		return tree, err
	}
	text, err := get(base + "/checkpoint")
	if err != nil {
		return tree, err
	}
	verifier := holding(chain, text)
	signed, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return tree, fmt.Errorf("checkpoint: %w", err)
	}
	lines := strings.Split(signed.Text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return tree, fmt.Errorf("checkpoint: %d lines, not 3", len(lines)-1)
	}
	if lines[0] != verifier.Name() {
		return tree, fmt.Errorf("checkpoint: origin %q is not the key's name %q", lines[0], verifier.Name())
	}
	tree.N, err = strconv.ParseInt(lines[1], 10, 64)
	if err != nil || tree.N < 0 || strconv.FormatInt(tree.N, 10) != lines[1] {
		return tree, fmt.Errorf("checkpoint: size %q", lines[1])
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return tree, err
}

// path is a tile's path in tlog-tiles: no height, "entries" for "data".
func path(tile tlog.Tile) string {
	rest := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
	return "tile/" + strings.Replace(rest, "data/", "entries/", 1)
}

// fetch reads a tile or a bundle; a partial one may have become full meanwhile.
func fetch(base string, tile tlog.Tile) ([]byte, error) {
	body, err := get(base + "/" + path(tile))
	if errors.Is(err, errNotFound) && tile.W < width {
		full := tile
		full.W = width
		if again, fullErr := get(base + "/" + path(full)); fullErr == nil {
			return again, nil
		}
	}
	return body, err
}

// tiles is a tlog.TileReader over HTTP.
type tiles struct{ base string }

func (t tiles) Height() int { return height }

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		body, err := fetch(t.base, tile)
		if err != nil {
			return nil, err
		}
		if len(body) < tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s: %d bytes", path(tile), len(body))
		}
		all = append(all, body[:tile.W*tlog.HashSize])
	}
	return all, nil
}

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// split cuts a bundle into its entries.
func split(bundle []byte, count int) ([][]byte, error) {
	var entries [][]byte
	for len(entries) < count {
		if len(bundle) < 2 {
			return nil, errors.New("cut short")
		}
		length := int(binary.BigEndian.Uint16(bundle))
		if len(bundle)-2 < length {
			return nil, errors.New("cut short within an entry")
		}
		entries = append(entries, bundle[2:2+length])
		bundle = bundle[2+length:]
	}
	return entries, nil
}

// stored is a tree in memory, in the order of tlog.StoredHashIndex.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index < 0 || index >= int64(len(s)) {
			return nil, fmt.Errorf("no hash %d", index)
		}
		hashes[i] = s[index]
	}
	return hashes, nil
}

// readEntries makes the tree anew from all entries; it also returns the one wanted.
func readEntries(base string, size, wanted int64) (stored, []byte, error) {
	var tree stored
	var found []byte
	for first := int64(0); first < size; first += width {
		bundle := tlog.Tile{H: height, L: -1, N: first / width, W: width}
		if size-first < width {
			bundle.W = int(size - first)
		}
		body, err := fetch(base, bundle)
		if err != nil {
			return nil, nil, err
		}
		entries, err := split(body, bundle.W)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", path(bundle), err)
		}
		for i, entry := range entries {
			hashes, err := tlog.StoredHashes(first+int64(i), entry, tree)
			if err != nil {
				return nil, nil, err
			}
			tree = append(tree, hashes...)
			if first+int64(i) == wanted {
				found = entry
			}
		}
	}
	return tree, found, nil
}

func treeHash(size int64, tree tlog.HashReader) (tlog.Hash, error) {
	if size == 0 { // x/mod before 0.9 answers with zeros
		return tlog.Hash(sha256.Sum256(nil)), nil
	}
	return tlog.TreeHash(size, tree)
}

// compareTiles asks for every tile of the tree and compares it with our own.
func compareTiles(base string, size int64, tree stored) error {
	all := tlog.NewTiles(height, 0, size)
	for i, tile := range all {
		if i+1 < len(all) && all[i+1].L == tile.L && all[i+1].N == tile.N {
			continue // the widest of a partial tile is the one this checkpoint promises
		}
		want, err := tlog.ReadTileData(tile, tree)
		if err != nil {
			return err
		}
		got, err := fetch(base, tile)
		if err != nil {
			return err
		}
		if len(got) < len(want) || !bytes.Equal(got[:len(want)], want) {
			return fmt.Errorf("%s is not what the entries make", path(tile))
		}
	}
	return nil
}

func checkInclusion(base string, tree tlog.Tree, index int64, entry []byte) error {
	if index < 0 || index >= tree.N {
		return fmt.Errorf("index %d is not in a tree of %d", index, tree.N)
	}
	proof, err := tlog.ProveRecord(tree.N, index, tlog.TileHashReader(tree, tiles{base}))
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry))
}

func verify(base, vkey string, index int64, indexed bool) (int64, error) {
	tree, err := checkpoint(base, vkey)
	if err != nil {
		return 0, err
	}
	own, entry, err := readEntries(base, tree.N, index)
	if err != nil {
		return 0, err
	}
	root, err := treeHash(tree.N, own)
	if err != nil {
		return 0, err
	}
	if root != tree.Hash {
		return 0, fmt.Errorf("the entries make root %v, the checkpoint says %v", root, tree.Hash)
	}
	if err := compareTiles(base, tree.N, own); err != nil {
		return 0, err
	}
	if indexed {
		err = checkInclusion(base, tree, index, entry)
	}
	return tree.N, err
}

func main() {
	index, indexed := int64(-1), len(os.Args) == 4
	if len(os.Args) != 3 && !indexed {
		fmt.Fprintln(os.Stderr, "usage: verify BASE VKEY [INDEX]")
		os.Exit(1)
	}
	if indexed {
		var err error
		if index, err = strconv.ParseInt(os.Args[3], 10, 64); err != nil {
			fmt.Fprintln(os.Stderr, "INDEX is no number")
			os.Exit(1)
		}
	}
	size, err := verify(strings.TrimSuffix(os.Args[1], "/"), strings.TrimSpace(os.Args[2]), index, indexed)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Printf("OK %d\n", size)
}
