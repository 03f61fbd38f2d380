package main

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// writeFile replaces a file by rename, so that a killed process leaves the old one or the new one. A file that holds
// the text already is left alone, as k3s leaves it.
func writeFile(path, text string, mode os.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if current, err := os.ReadFile(path); err == nil && string(current) == text {
		return os.Chmod(path, mode)
	}
	temporary := path + ".tmp"
	if err := os.WriteFile(temporary, []byte(text), mode); err != nil {
		return err
	}
	if err := os.Chmod(temporary, mode); err != nil {
		return err
	}
	return os.Rename(temporary, path)
}

// kept returns the random hex number in a file, which it first writes if there is none.
func kept(file string, bytes int) (string, error) {
	if text, err := os.ReadFile(file); err == nil {
		return strings.TrimSpace(string(text)), nil
	}
	text, err := randomHex(bytes)
	if err != nil {
		return "", err
	}
	return text, writeFile(file, text+"\n", 0o600)
}

func randomHex(bytes int) (string, error) {
	number := make([]byte, bytes)
	_, err := rand.Read(number)
	return hex.EncodeToString(number), err
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func copyDirectory(from, to string) error {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	output, err := exec.Command("cp", "-a", from, to).CombinedOutput()
	if err != nil {
		return fmt.Errorf("failed to copy %s: %s", from, output)
	}
	return nil
}
