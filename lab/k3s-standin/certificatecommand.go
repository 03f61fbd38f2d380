package main

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"time"

	"fleetlab/k3s-standin/journal"
)

var certificateFlags = kindsOf("debug", "config log data-dir o output", "s service")

// certificateCommands are `k3s certificate …`.
var certificateCommands = map[string]command{
	"check":  {certificateFlags, checkCertificates},
	"rotate": {certificateFlags, rotateCertificates},
}

// certificateFile is a certificate on this node, and the service that it belongs to.
type certificateFile struct{ service, path string }

// certificateFiles are those of these services, or of all that run on this node.
func certificateFiles(values flagValues) (files []certificateFile, isServer bool, err error) {
	directory := dataDirectoryOf(values)
	isServer = exists(filepath.Join(directory, "server"))
	if isServer {
		for _, l := range serverLeaves(nil) {
			files = append(files, certificateFile{l.service, filepath.Join(directory, "server", "tls", l.file)})
		}
	}
	for _, l := range nodeLeaves("") {
		files = append(files, certificateFile{l.service, filepath.Join(directory, "agent", l.file)})
	}
	wanted := splitAll(append(append([]string{}, values["service"]...), values["s"]...))
	if len(wanted) == 0 {
		return files, isServer, nil
	}
	var chosen []certificateFile
	for _, service := range wanted {
		found := false
		for _, file := range files {
			if file.service == service {
				chosen, found = append(chosen, file), true
			}
		}
		if !found {
			return nil, isServer, errors.New("service " + service + " is not recognized")
		}
	}
	return chosen, isServer, nil
}

func checkCertificates(values flagValues, _ []string) error {
	files, isServer, err := certificateFiles(values)
	if err != nil {
		return err
	}
	if isServer {
		journal.Info("Server detected, checking agent and server certificates")
	} else {
		journal.Info("Agent detected, checking agent certificates")
	}
	now, reports := time.Now(), []certificateReport{}
	for _, file := range files {
		text, err := os.ReadFile(file.path + ".crt")
		if err != nil {
			continue
		}
		for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
			if certificate, err := x509.ParseCertificate(block.Bytes); err == nil {
				reports = append(reports, reportOn(filepath.Base(file.path)+".crt", certificate, now))
			}
		}
	}
	switch format := firstOf(values.last("output"), values.last("o"), "text"); format {
	case "text":
		for _, report := range reports {
			report.log()
		}
	case "table":
		return writeReports(reports)
	case "json":
		return json.NewEncoder(os.Stdout).Encode(map[string]any{"Certificates": reports})
	default:
		return errors.New("invalid output format " + format)
	}
	return nil
}
