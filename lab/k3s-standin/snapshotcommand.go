package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"text/tabwriter"
	"time"

	"fleetlab/k3s-standin/journal"
)

var snapshotFlags = kindsOf(
	"debug snapshot-compress etcd-snapshot-compress s3 etcd-s3 etcd-s3-skip-ssl-verify etcd-s3-insecure",
	`config log data-dir node-name name etcd-snapshot-name dir etcd-snapshot-dir etcd-server etcd-token o output
	 snapshot-retention etcd-snapshot-retention`, "")

// snapshotCommands are `k3s etcd-snapshot …`. Without a name it is save, as it always was.
var snapshotCommands = map[string]command{
	"":       {snapshotFlags, saveCommand},
	"save":   {snapshotFlags, saveCommand},
	"ls":     {snapshotFlags, listCommand},
	"list":   {snapshotFlags, listCommand},
	"delete": {snapshotFlags, deleteCommand},
	"prune":  {snapshotFlags, pruneCommand},
}

// ask sends a request to the server beside this command.
func ask(values flagValues, request snapshotRequest) (answer snapshotAnswer, err error) {
	client, err := localServer(values, "etcd-server", "etcd-token")
	if err != nil {
		return answer, err
	}
	request.Directory = firstOf(values.last("dir"), values.last("etcd-snapshot-dir"))
	if err = client.send(http.MethodPost, "/db/snapshot", request, &answer); err != nil {
		err = fmt.Errorf("see server log for details: %w", err)
	}
	return answer, err
}

func snapshotName(values flagValues) string {
	return firstOf(values.last("name"), values.last("etcd-snapshot-name"), "on-demand")
}

func saveCommand(values flagValues, arguments []string) error {
	if len(arguments) > 0 {
		return errors.New("this command does not take any arguments")
	}
	answer, err := ask(values, snapshotRequest{
		Operation: "save", Name: []string{snapshotName(values)},
		Compress: values.isSet("snapshot-compress") || values.isSet("etcd-snapshot-compress"),
	})
	for _, name := range answer.Created {
		journal.Info("Snapshot %s saved.", name)
	}
	return err
}

func listCommand(values flagValues, _ []string) error {
	answer, err := ask(values, snapshotRequest{Operation: "list"})
	if err != nil {
		return err
	}
	switch format := firstOf(values.last("output"), values.last("o")); format {
	case "json":
		return json.NewEncoder(os.Stdout).Encode(answer.Files)
	case "":
	default:
		return errors.New("invalid output format: " + format)
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 1, ' ', 0)
	fmt.Fprint(table, "Name\tLocation\tSize\tCreated\n")
	for _, file := range answer.Files {
		fmt.Fprintf(table, "%s\t%s\t%d\t%s\n", file.Name, file.Location, file.Size, file.Created.Format(time.RFC3339))
	}
	return table.Flush()
}

func deleteCommand(values flagValues, names []string) error {
	if len(names) == 0 {
		return errors.New("no snapshots given for removal")
	}
	answer, err := ask(values, snapshotRequest{Operation: "delete", Name: names})
	deleted := map[string]bool{}
	for _, name := range answer.Deleted {
		deleted[name] = true
		journal.Info("Snapshot %s deleted.", name)
	}
	for _, name := range names {
		if !deleted[name] && err == nil {
			journal.Warning("Snapshot %s not found.", name)
		}
	}
	return err
}

func pruneCommand(values flagValues, _ []string) error {
	retention, err := numberOr(5, firstOf(values.last("snapshot-retention"), values.last("etcd-snapshot-retention")))
	if err != nil {
		return err
	}
	answer, err := ask(values, snapshotRequest{
		Operation: "prune", Name: []string{snapshotName(values)}, Retention: retention,
	})
	for _, name := range answer.Deleted {
		journal.Info("Snapshot %s deleted.", name)
	}
	return err
}
