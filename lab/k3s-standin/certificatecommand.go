package main

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
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

// certificateReport is one line of `k3s certificate check`.
type certificateReport struct {
	Filename, Subject, Issuer string
	Usages                    []string
	ExpiryTime                time.Time
	ResidualTime              time.Duration
	Status                    string
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

func reportOn(file string, certificate *x509.Certificate, now time.Time) certificateReport {
	report := certificateReport{
		Filename: file, Subject: certificate.Subject.CommonName, Issuer: certificate.Issuer.CommonName,
		ExpiryTime: certificate.NotAfter, ResidualTime: certificate.NotAfter.Sub(now), Status: "OK",
	}
	for _, usage := range certificate.ExtKeyUsage {
		switch usage {
		case x509.ExtKeyUsageServerAuth:
			report.Usages = append(report.Usages, "ServerAuth")
		case x509.ExtKeyUsageClientAuth:
			report.Usages = append(report.Usages, "ClientAuth")
		}
	}
	switch {
	case now.Before(certificate.NotBefore):
		report.Status, report.ExpiryTime = "NOT YET VALID", certificate.NotBefore
	case now.After(certificate.NotAfter):
		report.Status = "EXPIRED"
	case report.ResidualTime < renewalDays*day:
		report.Status = "WARNING"
	}
	return report
}

func (r certificateReport) log() {
	name := fmt.Sprintf("%s: certificate %s (%s)", r.Filename, r.Subject, strings.Join(r.Usages, ","))
	moment := r.ExpiryTime.Format(time.RFC3339)
	switch r.Status {
	case "NOT YET VALID":
		journal.Error("%s is not valid before %s", name, moment)
	case "EXPIRED":
		journal.Error("%s expired at %s", name, moment)
	case "WARNING":
		journal.Warning("%s will expire within %d days at %s", name, renewalDays, moment)
	default:
		journal.Info("%s is ok, expires at %s", name, moment)
	}
}

func writeReports(reports []certificateReport) error {
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 3, ' ', 0)
	fmt.Fprintf(table, "\nFILENAME\tSUBJECT\tUSAGES\tEXPIRES\tRESIDUAL TIME\tSTATUS\n")
	fmt.Fprintf(table, "--------\t-------\t------\t-------\t-------------\t------\n")
	for _, r := range reports {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", r.Filename, r.Subject, strings.Join(r.Usages, ","),
			r.ExpiryTime.UTC().Format("Jan 02, 2006 15:04 MST"), roughly(r.ResidualTime), r.Status)
	}
	return table.Flush()
}

// roughly says a time span in its largest unit, by the months of 30 days and the years of 12 months that k3s' library has.
func roughly(span time.Duration) string {
	const month = 30 * day
	if span < 0 {
		span = -span
	}
	if span >= 18*month && span < 24*month {
		return "2 years"
	}
	for _, unit := range []struct {
		name string
		time.Duration
	}{
		{"year", 12 * month}, {"month", month}, {"week", 7 * day}, {"day", day}, {"hour", time.Hour},
		{"minute", time.Minute}, {"second", time.Second},
	} {
		switch count := int(span / unit.Duration); {
		case count == 1:
			return "1 " + unit.name
		case count > 1:
			return fmt.Sprintf("%d %ss", count, unit.name)
		}
	}
	return "now"
}

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
	journal.Info("Successfully backed up certificates to %s, please restart k3s server or agent to rotate certificates", backup)
	return nil
}
