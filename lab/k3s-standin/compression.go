package main

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// compress writes PATH.zip.
func compress(path string) error {
	source, err := os.Open(path)
	if err != nil {
		return err
	}
	defer source.Close()
	archive, err := os.OpenFile(path+compressed, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer archive.Close()
	writer := zip.NewWriter(archive)
	entry, err := writer.Create(filepath.Base(path))
	if err == nil {
		_, err = io.Copy(entry, source)
	}
	if err == nil {
		err = writer.Close()
	}
	return err
}

// decompress writes the snapshot of a PATH.zip beside it and returns its path.
func decompress(path string) (string, error) {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return "", err
	}
	defer archive.Close()
	if len(archive.File) != 1 {
		return "", fmt.Errorf("not one snapshot in %s", path)
	}
	source, err := archive.File[0].Open()
	if err != nil {
		return "", err
	}
	defer source.Close()
	target := strings.TrimSuffix(path, compressed) + ".decompressed"
	file, err := os.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return "", err
	}
	defer file.Close()
	_, err = io.Copy(file, source)
	return target, err
}
