package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"fleetlab/k3s-standin/journal"
)

// rotateCertificates removes them, after a copy, so that the next start issues new ones.
func rotateCertificates(values flagValues, _ []string) error {
	files, isServer, err := certificateFiles(values)
	if err != nil {
		return err
	}
	directory := filepath.Join(dataDirectoryOf(values), "agent")
	backup := filepath.Join(directory, fmt.Sprintf("tls-%d", time.Now().Unix()))
	if isServer {
		journal.Info("Server detected, rotating agent and server certificates")
		directory = filepath.Join(dataDirectoryOf(values), "server", "tls")
		backup = filepath.Join(filepath.Dir(directory), filepath.Base(backup))
		if err := copyDirectory(directory, backup); err != nil {
			return err
		}
	} else {
		journal.Info("Agent detected, rotating agent certificates")
	}
	told := ""
	for _, file := range files {
		if file.service != told {
			told = file.service
			journal.Info("Rotating certificates for %s", told)
		}
		for _, extension := range []string{".crt", ".key"} {
			if text, err := os.ReadFile(file.path + extension); err == nil && !isServer {
				if err := writeFile(filepath.Join(backup, filepath.Base(file.path)+extension), string(text), 0o600); err != nil {
					return err
				}
			}
			_ = os.Remove(file.path + extension)
		}
	}
	journal.Info("Successfully backed up certificates to %s, "+
		"please restart k3s server or agent to rotate certificates", backup)
	return nil
}
