package main

import (
	"crypto/x509"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"fleetlab/k3s-standin/journal"
)

// certificateReport is one line of `k3s certificate check`.
type certificateReport struct {
	Filename, Subject, Issuer string
	Usages                    []string
	ExpiryTime                time.Time
	ResidualTime              time.Duration
	Status                    string
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

// roughly says a time span in its largest unit, by the months of 30 days and the years of 12 months that k3s' library
// has.
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
