package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"fleetlab/k3s-standin/journal"
)

// command is one of k3s' subcommands that do one thing and end.
type command struct {
	flags map[string]flagKind
	run   func(values flagValues, arguments []string) error
}

// runCommand runs the one that the first argument names, with its flags and those of the configuration files. It returns
// the exit status.
func runCommand(group string, commands map[string]command, arguments []string) int {
	name := ""
	if len(arguments) > 0 && !strings.HasPrefix(arguments[0], "-") {
		name, arguments = arguments[0], arguments[1:]
	}
	chosen, known := commands[name]
	if !known {
		if name == "" || name == "help" {
			commandHelp(group, commands)
			return 0
		}
		fmt.Fprintf(os.Stderr, "No help topic for '%s'\n", name)
		return 3
	}
	given, rest, err := parseArguments(chosen.flags, arguments)
	if err != nil {
		fmt.Fprintf(os.Stdout, "Incorrect Usage: %v\n\n", err)
		journal.Fatal("%v", err)
		return 1
	}
	values, warnings, err := withConfig(chosen.flags, given)
	for _, warning := range warnings {
		journal.Warning("%s", warning)
	}
	if err == nil {
		err = chosen.run(values, rest)
	}
	if err != nil {
		journal.Fatal("%v", err)
		return 1
	}
	return 0
}

func commandHelp(group string, commands map[string]command) {
	fmt.Printf("NAME:\n   k3s %s - a stand-in of the fleetd lab\n\nCOMMANDS:\n", group)
	for name := range commands {
		if name != "" {
			fmt.Printf("   %s\n", name)
		}
	}
}

// localServer connects to the server on this node, or to the one that is named, as a server does.
func localServer(values flagValues, serverFlag, tokenFlag string) (*clusterClient, error) {
	text := values.last(tokenFlag)
	if text == "" {
		stored, err := os.ReadFile(filepath.Join(dataDirectoryOf(values), "server", "token"))
		if err != nil {
			return nil, err
		}
		text = strings.TrimSpace(string(stored))
	}
	t, err := parseToken(text)
	if err != nil {
		return nil, err
	}
	return connectToCluster(firstOf(values.last(serverFlag), "https://127.0.0.1:6443"), "server", t)
}

func dataDirectoryOf(values flagValues) string {
	return firstOf(values.last("data-dir"), os.Getenv("K3S_DATA_DIR"), "/var/lib/rancher/k3s")
}
