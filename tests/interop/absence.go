// Verify a proof of absence with code that shares none with Colophon: signed notes
// and inclusion in the log by golang.org/x/mod, the state map and the list of covered
// works by what src/record/state_map.h and state.h say of them.
//
// README: needs Debian's golang-go and golang-golang-x-mod-dev, no network:
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run absence.go FILE VKEY
//
// Prints "OK" and the ids of the restrictions that touch the work; exits 0 or 1.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type leaf struct{ Key, Value string }

type key struct {
	Kind, Key string
	Value     *string
	Path      []string
	Leaf      *leaf
}

type proof struct {
	Type       string
	V          int
	Storefront string
	Work       uint64
	Checkpoint string
	Head       struct {
		Index int64
		Entry string
		Path  []string
	}
	Keys    []key
	Covered []struct {
		Index int64
		Leaf  string
		Path  []string
	}
}

type value struct {
	Kind, Key, Storefront string
	Works                 int64
	Root                  string
	Restrictions          []struct{ ID uint64 }
}

func hash(parts ...[]byte) []byte {
	h := sha256.New()
	for _, part := range parts {
		h.Write(part)
	}
	return h.Sum(nil)
}

func unhex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

func record(path []string) tlog.RecordProof {
	var p tlog.RecordProof
	for _, step := range path {
		var h tlog.Hash
		copy(h[:], unhex(step))
		p = append(p, h)
	}
	return p
}

// bit is the bit of a key at a depth of the map, the highest first.
func bit(key []byte, depth int) byte { return key[depth/8] >> (7 - depth%8) & 1 }

// standing walks up from what stands at the end of a path and compares with the root.
func standing(root, at, leafKey, leafValue []byte, path []string) error {
	h := hash()
	if leafKey != nil {
		for i := range path {
			if bit(leafKey, i) != bit(at, i) {
				return errors.New("a leaf from elsewhere")
			}
		}
		h = hash([]byte{2}, leafKey, leafValue)
	}
	for i := len(path) - 1; i >= 0; i-- {
		if bit(at, i) == 0 {
			h = hash([]byte{3}, h, unhex(path[i]))
		} else {
			h = hash([]byte{3}, unhex(path[i]), h)
		}
	}
	if !bytes.Equal(h, root) {
		return errors.New("it does not lead to the map's root")
	}
	return nil
}

func mapRoot(p *proof, vkey string) ([]byte, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, err
	}
	signed, err := note.Open([]byte(p.Checkpoint), note.VerifierList(verifier))
	if err != nil {
		return nil, err
	}
	lines := strings.Split(signed.Text, "\n")
	if lines[0] != verifier.Name() {
		return nil, errors.New("another log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return nil, err
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return nil, err
	}
	if err := tlog.CheckRecord(record(p.Head.Path), size, root, p.Head.Index, tlog.RecordHash([]byte(p.Head.Entry))); err != nil {
		return nil, err
	}
	var head struct{ Type, Map string }
	if err := json.Unmarshal([]byte(p.Head.Entry), &head); err != nil {
		return nil, err
	}
	if head.Type != "head" || len(head.Map) != 64 {
		return nil, errors.New("no head with a map")
	}
	return unhex(head.Map), nil
}

func check(p *proof, vkey string) ([]uint64, error) {
	root, err := mapRoot(p, vkey)
	if err != nil {
		return nil, fmt.Errorf("head: %w", err)
	}
	var own, found []uint64
	var covered value
	elsewhere := map[uint64]bool{}
	needed := 0
	for _, k := range p.Keys {
		at := hash([]byte("colophon/state/v1\x00" + p.Storefront + "\x00" + k.Kind + "\x00" + k.Key))
		var v value
		leafKey, leafValue := []byte(nil), []byte(nil)
		if k.Leaf != nil {
			leafKey, leafValue = unhex(k.Leaf.Key), unhex(k.Leaf.Value)
			if bytes.Equal(leafKey, at) {
				return nil, errors.New("absent, yet there")
			}
		}
		if k.Value != nil {
			leafKey, leafValue = at, hash([]byte(*k.Value))
			if err := json.Unmarshal([]byte(*k.Value), &v); err != nil {
				return nil, err
			}
			if v.Kind != k.Kind || v.Key != k.Key || v.Storefront != p.Storefront {
				return nil, errors.New("a value of something else")
			}
		}
		if err := standing(root, at, leafKey, leafValue, k.Path); err != nil {
			return nil, fmt.Errorf("%s %s: %w", k.Kind, k.Key, err)
		}
		switch {
		case k.Kind == "work" && k.Key == strconv.FormatUint(p.Work, 10):
			needed |= 1
			for _, r := range v.Restrictions {
				own = append(own, r.ID)
			}
		case k.Kind == "covered":
			needed |= 2
			covered = v
		default:
			for _, r := range v.Restrictions {
				elsewhere[r.ID] = true
			}
		}
	}
	if needed != 3 {
		return nil, errors.New("the work's own key and what sets cover are needed")
	}
	found = own
	if (len(p.Covered) == 0) != (covered.Works == 0) || len(p.Covered) > 2 {
		return nil, errors.New("covered: too few or too many leaves")
	}
	var works []uint64
	for _, c := range p.Covered {
		bytes := unhex(c.Leaf)
		var top tlog.Hash
		copy(top[:], unhex(covered.Root))
		if err := tlog.CheckRecord(record(c.Path), covered.Works, top, c.Index, tlog.RecordHash(bytes)); err != nil {
			return nil, fmt.Errorf("covered: %w", err)
		}
		works = append(works, binary.BigEndian.Uint64(bytes))
		if works[len(works)-1] == p.Work {
			for at := 8; at < len(bytes); at += 8 {
				id := binary.BigEndian.Uint64(bytes[at:])
				if !elsewhere[id] {
					return nil, fmt.Errorf("restriction %d covers it, and is not shown", id)
				}
				found = append(found, id)
			}
			return found, nil
		}
	}
	switch {
	case len(works) == 0:
	case len(works) == 2 && works[0] < p.Work && p.Work < works[1] && p.Covered[1].Index == p.Covered[0].Index+1:
	case len(works) == 1 && p.Work < works[0] && p.Covered[0].Index == 0:
	case len(works) == 1 && works[0] < p.Work && p.Covered[0].Index == covered.Works-1:
	default:
		return nil, errors.New("covered: these are not its neighbours")
	}
	return found, nil
}

func main() {
	text, err := os.ReadFile(os.Args[1])
	if err == nil {
		var p proof
		if err = json.Unmarshal(text, &p); err == nil {
			var found []uint64
			if found, err = check(&p, os.Args[2]); err == nil {
				fmt.Println("OK", found)
				return
			}
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
