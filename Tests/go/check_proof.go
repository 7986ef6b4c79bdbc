// Checks a receipt's entry against its .tlog-proof with the Go checksum database's packages
// (golang.org/x/mod/sumdb), which have nothing in common with Hofbuch's code.
//
//	go run check_proof.go LOG-KEY ENTRY PROOF
package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func hash(text string) tlog.Hash {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(raw) != tlog.HashSize {
		log.Fatalf("%q is no hash", text)
	}
	var value tlog.Hash
	copy(value[:], raw)
	return value
}

func number(text string) int64 {
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 4 {
		log.Fatal("usage: check_proof LOG-KEY ENTRY PROOF")
	}
	verifier, err := note.NewVerifier(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	entry, err := os.ReadFile(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	proof, err := os.ReadFile(os.Args[3])
	if err != nil {
		log.Fatal(err)
	}
	head, checkpoint, found := bytes.Cut(proof, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		log.Fatal("no proof file")
	}
	opened, err := note.Open(checkpoint, note.VerifierList(verifier))
	if err != nil {
		log.Fatal(err)
	}
	body := strings.Split(opened.Text, "\n")
	if len(body) != 4 || body[0] != verifier.Name() {
		log.Fatal("no checkpoint of this log")
	}
	index := number(strings.TrimPrefix(lines[1], "index "))
	var path tlog.RecordProof
	for _, line := range lines[2:] {
		path = append(path, hash(line))
	}
	size, root := number(body[1]), hash(body[2])
	if err := tlog.CheckRecord(path, size, root, index, tlog.RecordHash(entry)); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("entry %d is in %s of size %d\n", index, body[0], size)
}
