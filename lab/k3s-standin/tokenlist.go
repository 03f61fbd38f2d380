package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"fleetlab/k3s-standin/kube"
)

func listTokens(values flagValues, _ []string) error {
	client, _, err := administrator(values)
	if err != nil {
		return err
	}
	secrets, err := client.List(context.Background(),
		kube.Secrets.Path("kube-system")+"?fieldSelector=type="+bootstrapTokenType)
	if err != nil {
		return err
	}
	if firstOf(values.last("output"), values.last("o")) == "json" {
		return json.NewEncoder(os.Stdout).Encode(secrets)
	}
	table := tabwriter.NewWriter(os.Stdout, 10, 4, 3, ' ', 0)
	fmt.Fprintf(table, "TOKEN\tTTL\tEXPIRES\tUSAGES\tDESCRIPTION\tEXTRA GROUPS\n")
	for _, secret := range secrets {
		lifetime, expires := "<forever>", "<never>"
		if expiry, err := time.Parse(time.RFC3339, secretText(secret, "expiration")); err == nil {
			lifetime, expires = shortDuration(time.Until(expiry)), expiry.Format(time.RFC3339)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", secretText(secret, "token-id"), lifetime, expires,
			"authentication,signing", firstOf(secretText(secret, "description"), "<none>"),
			firstOf(secretText(secret, "auth-extra-groups"), "<none>"))
	}
	return table.Flush()
}

// shortDuration is the largest unit alone, as kubectl shows an age.
func shortDuration(duration time.Duration) string {
	switch {
	case duration < 0:
		return "<invalid>"
	case duration < time.Minute:
		return fmt.Sprintf("%ds", int(duration.Seconds()))
	case duration < time.Hour:
		return fmt.Sprintf("%dm", int(duration.Minutes()))
	case duration < day:
		return fmt.Sprintf("%dh", int(duration.Hours()))
	}
	return fmt.Sprintf("%dd", int(duration.Hours()/24))
}
