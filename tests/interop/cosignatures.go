// Verify the witnesses' cosignatures on a checkpoint of Colophon's Record with
// code that Colophon's authors did not write: golang.org/x/mod opens the signed
// note; what it lacks, a verifier of C2SP tlog-cosignature's type 0x04, is here.
//
// README: needs Debian's golang-go and golang-golang-x-mod-dev, no network:
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run cosignatures.go CHECKPOINT VKEY WITNESS-VKEY...
//
// CHECKPOINT is a file. The log's own signature and one cosignature of each
// witness named must stand there and be good. Prints OK, the origin, the size and
// the times, or the fault; exits 0 or 1.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const timestamped = 0x04

// witness is a note.Verifier of timestamped Ed25519 cosignatures.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
	at   []uint64 // of those that were good
}

func (w *witness) Name() string    { return w.name }
func (w *witness) KeyHash() uint32 { return w.hash }

func (w *witness) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	at := binary.BigEndian.Uint64(signature)
	said := fmt.Sprintf("cosignature/v1\ntime %d\n%s", at, text)
	if !ed25519.Verify(w.key, []byte(said), signature[8:]) {
		return false
	}
	w.at = append(w.at, at)
	return true
}

// parse reads "name+hash+base64(type || key)", as a note's verifier key is written.
func parse(vkey string) (*witness, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("not of three parts")
	}
	hash, err := strconv.ParseUint(parts[1], 16, 32)
	if err != nil {
		return nil, err
	}
	data, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil {
		return nil, err
	}
	if len(data) != 1+ed25519.PublicKeySize || data[0] != timestamped {
		return nil, errors.New("not of type 0x04")
	}
	due := sha256.Sum256(append([]byte(parts[0]+"\n"), data...))
	if uint64(binary.BigEndian.Uint32(due[:4])) != hash {
		return nil, errors.New("its hash is another")
	}
	return &witness{name: parts[0], hash: uint32(hash), key: data[1:]}, nil
}

func run(path, vkey string, witnesses []string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	log, err := note.NewVerifier(vkey)
	if err != nil {
		return "", fmt.Errorf("verifier key: %w", err)
	}
	verifiers := []note.Verifier{log}
	var known []*witness
	for _, vkey := range witnesses {
		w, err := parse(vkey)
		if err != nil {
			return "", fmt.Errorf("%s: %w", vkey, err)
		}
		known = append(known, w)
		verifiers = append(verifiers, w)
	}
	signed, err := note.Open(text, note.VerifierList(verifiers...))
	if err != nil {
		return "", err
	}
	if len(signed.Sigs) != len(verifiers) {
		return "", fmt.Errorf("%d good signatures, %d are due", len(signed.Sigs), len(verifiers))
	}
	var out bytes.Buffer
	lines := strings.Split(signed.Text, "\n")
	if len(lines) != 4 || lines[0] != log.Name() {
		return "", errors.New("this is not the log's checkpoint")
	}
	if _, err := tlog.ParseHash(lines[2]); err != nil {
		return "", err
	}
	fmt.Fprintf(&out, "OK %s %s", lines[0], lines[1])
	for _, w := range known {
		if len(w.at) != 1 || w.at[0] == 0 {
			return "", fmt.Errorf("%s: no one time", w.name)
		}
		fmt.Fprintf(&out, " %d", w.at[0])
	}
	return out.String(), nil
}

func main() {
	if len(os.Args) < 4 {
		fmt.Fprintln(os.Stderr, "usage: cosignatures CHECKPOINT VKEY WITNESS-VKEY...")
		os.Exit(2)
	}
	out, err := run(os.Args[1], os.Args[2], os.Args[3:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(out)
}
