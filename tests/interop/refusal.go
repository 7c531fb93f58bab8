// Verify a refusal with code that Colophon's authors did not write: golang.org/x/mod.
//
//	go run refusal.go FILE ENTRIES
//
// FILE is what the shop gave out, ENTRIES the entries of its decisions log, one a line. The
// keys that may have signed are those that `refusal_key` entries name, each until another
// replaces it. Prints OK and the key, or the fault; exits 0 or 1.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

type key struct {
	vkey, until string
}

func keys(entries string) ([]key, error) {
	var found []key
	for _, line := range strings.Split(strings.TrimSpace(entries), "\n") {
		var e struct{ Type, At, Key, Replaces string }
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			return nil, err
		}
		if e.Type != "refusal_key" {
			continue
		}
		replaced := e.Replaces == ""
		for i := range found {
			if found[i].vkey == e.Key || (found[i].vkey == e.Replaces && found[i].until != "") {
				return nil, errors.New("named or replaced twice: " + found[i].vkey)
			}
			if found[i].vkey == e.Replaces {
				found[i].until, replaced = e.At, true
			}
		}
		if !replaced {
			return nil, errors.New("it replaces an unknown key: " + e.Replaces)
		}
		found = append(found, key{vkey: e.Key})
	}
	return found, nil
}

func check(file, entries string) (string, error) {
	known, err := keys(entries)
	if err != nil {
		return "", err
	}
	_, signed, found := strings.Cut(file, "\n\n")
	if !found || !strings.HasPrefix(file, "colophon-refusal@v1\n") {
		return "", errors.New("no refusal")
	}
	for _, k := range known {
		verifier, err := note.NewVerifier(k.vkey)
		if err != nil {
			return "", err
		}
		opened, err := note.Open([]byte(signed), note.VerifierList(verifier))
		if err != nil {
			continue
		}
		lines := strings.Split(opened.Text, "\n")
		if lines[0] != verifier.Name() || !strings.HasPrefix(lines[1], "refused ") {
			return "", errors.New("no refusal of this shop")
		}
		if at := strings.TrimPrefix(lines[1], "refused "); k.until != "" && at > k.until {
			return "", errors.New("its key had been replaced on " + k.until)
		}
		return k.vkey, nil
	}
	return "", errors.New("none of the keys that entries name has signed it")
}

func main() {
	var texts [2]string
	for i := range texts {
		bytes, err := os.ReadFile(os.Args[i+1])
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		texts[i] = string(bytes)
	}
	vkey, err := check(texts[0], texts[1])
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("OK", vkey)
}
