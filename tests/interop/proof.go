// Verify a .tlog-proof with code that Colophon's authors did not write: golang.org/x/mod.
//
//	go run proof.go FILE VKEY ENTRY
//
// FILE is a C2SP tlog-proof, VKEY the log's verifier key, ENTRY the file with the bytes
// of the entry. Reads the file by itself, checks the signature with sumdb/note and the
// place with sumdb/tlog. Prints OK, or the fault; exits 0 or 1.
package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func check(file, vkey string, entry []byte) error {
	head, checkpoint, found := strings.Cut(file, "\n\n")
	lines := strings.Split(head, "\n")
	if !found || lines[0] != "c2sp.org/tlog-proof@v1" {
		return errors.New("no tlog-proof")
	}
	lines = lines[1:]
	if strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	if err != nil {
		return err
	}
	var proof tlog.RecordProof
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		proof = append(proof, hash)
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	opened, err := note.Open([]byte(checkpoint), note.VerifierList(verifier))
	if err != nil {
		return err
	}
	text := strings.Split(opened.Text, "\n")
	if text[0] != verifier.Name() {
		return errors.New("another log's checkpoint: " + text[0])
	}
	size, err := strconv.ParseInt(text[1], 10, 64)
	if err != nil {
		return err
	}
	root, err := tlog.ParseHash(text[2])
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, size, root, index, tlog.RecordHash(entry))
}

func main() {
	file, err := os.ReadFile(os.Args[1])
	if err == nil {
		var entry []byte
		entry, err = os.ReadFile(os.Args[3])
		if err == nil {
			err = check(string(file), os.Args[2], entry)
		}
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("OK")
}
