// Command k3s is the fleetd lab's stand-in for k3s. It keeps the contract that fleetd meets on a node (version output,
// configuration files, tokens, node passwords, certificates, readiness, failure texts) around a real API server and
// etcd, and runs no containers.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// Set by the linker: see lab/lib/releases.sh and lab/k3s-standin/releases.
var (
	version = "v0.0.0+k3s0" // the release that this binary poses as
	fault   = ""            // what is wrong with that release: "", "dies", "never-ready" or "never-node-ready"
)

const commit = "98262b5d"

const help = `NAME:
   k3s - a stand-in of the fleetd lab: a real API server and etcd, and no containers

USAGE:
   k3s [global options] command [command options]

COMMANDS:
   server         Run management server
   agent          Run node agent
   kubectl        Run kubectl
   crictl, ctr    Not in this stand-in: exit 1
   token          Manage tokens
   etcd-snapshot  Manage etcd snapshots
   certificate    Manage K3s certificates

GLOBAL OPTIONS:
   --help, -h     show help
   --version, -v  print the version
`

func main() {
	os.Exit(run(os.Args))
}

// run is k3s with these arguments, the first being the name that it was called by: /usr/local/bin/kubectl is a link to
// k3s. It returns the exit status.
func run(arguments []string) int {
	name, rest := filepath.Base(arguments[0]), arguments[1:]
	switch name {
	case "kubectl", "crictl", "ctr":
		rest = append([]string{name}, rest...)
	}
	if len(rest) == 0 {
		rest = []string{"--help"}
	}
	switch rest[0] {
	case "--version", "-v":
		fmt.Printf("%s version %s (%s)\ngo version %s\n", name, version, commit, runtime.Version())
		return 0
	case "--help", "-h", "help":
		fmt.Print(help)
		return 0
	case "server", "agent":
		return runRole(role(rest[0]), rest[1:])
	case "kubectl":
		return runKubectl(rest[1:])
	case "etcd-snapshot":
		return runCommand("etcd-snapshot", snapshotCommands, rest[1:])
	case "token":
		return runCommand("token", tokenCommands, rest[1:])
	case "stand-in-age-certificates": // for lab/age-certificates
		return ageCertificates(rest[1:])
	case "certificate":
		return runCommand("certificate", certificateCommands, rest[1:])
	case "crictl", "ctr":
		fmt.Fprintf(os.Stderr, "k3s %s: this stand-in runs no containers\n", rest[0])
		return 1
	}
	fmt.Fprintf(os.Stderr, "No help topic for '%s'\n", rest[0])
	return 1
}
