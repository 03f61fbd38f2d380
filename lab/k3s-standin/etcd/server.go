// Package etcd runs a member of the cluster's datastore and speaks to it.
package etcd

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"fleetlab/k3s-standin/process"
)

const (
	heartbeat = 250 * time.Millisecond // k3s: 500 ms and 5 s; quicker, so that tests wait less for a new leader
	election  = 2500 * time.Millisecond
	stopGrace = 5 * time.Second

	// temporaryPort is that of an etcd that is started to look into data whose certificates are not known yet.
	temporaryPort = 2399
)

// Debian's etcd refuses to start on ARM64, which it does not support, unless it is told that this is known; where that
// needs no telling it warns of it.
func init() {
	if runtime.GOARCH == "arm64" {
		os.Setenv("ETCD_UNSUPPORTED_ARCH", runtime.GOARCH)
	}
}

// Options say which member to run.
type Options struct {
	Directory    string // the data
	Certificates string // the directory with server-ca.crt, server-client.*, …
	Name         string
	Address      string   // under which the other members reach it
	LocalOnly    bool     // stands in for SQLite: nobody else may reach it
	Cluster      string   // NAME=PEER_URL,…; only read when there is no data yet
	Joining      bool     // the cluster exists
	ForceNew     bool     // reset the membership to this member alone
	Further      []string // etcd-arg: further flags, the last of which count
}

// Member is a running etcd.
type Member struct {
	*process.Process
	Removed chan struct{} // closed when the others have removed it from the cluster
}

func PeerURL(address string) string   { return "https://" + address + ":2380" }
func ClientURL(address string) string { return "https://" + address + ":2379" }

// Start starts a member.
func Start(o Options) (*Member, error) {
	certificate := func(name string) string { return filepath.Join(o.Certificates, name) }
	clients, peers := "https://127.0.0.1:2379,"+ClientURL(o.Address), PeerURL(o.Address)
	if o.LocalOnly {
		clients, peers = "https://127.0.0.1:2379", "https://127.0.0.1:2380"
	}
	arguments := append(common(o),
		"--listen-client-urls="+clients, "--advertise-client-urls="+ClientURL(o.Address),
		"--listen-peer-urls="+peers, "--initial-advertise-peer-urls="+PeerURL(o.Address),
		"--client-cert-auth", "--trusted-ca-file="+certificate("server-ca.crt"),
		"--cert-file="+certificate("server-client.crt"), "--key-file="+certificate("server-client.key"),
		"--peer-client-cert-auth", "--peer-trusted-ca-file="+certificate("peer-ca.crt"),
		"--peer-cert-file="+certificate("peer-server-client.crt"),
		"--peer-key-file="+certificate("peer-server-client.key"),
	)
	member := &Member{Removed: make(chan struct{})}
	removed := false
	process, err := process.Start("etcd", arguments, func(line string) bool {
		if !removed && strings.Contains(line, "the member has been permanently removed from the cluster") {
			removed = true
			close(member.Removed)
		}
		return isWorthIt(line)
	})
	member.Process = process
	return member, err
}

// StartTemporary starts a member on the loopback alone, without certificates. Its client is Temporary().
func StartTemporary(o Options) (*Member, error) {
	peer := fmt.Sprintf("http://127.0.0.1:%d", temporaryPort+1)
	clients := fmt.Sprintf("http://127.0.0.1:%d", temporaryPort)
	o.Cluster, o.ForceNew = o.Name+"="+peer, true
	process, err := process.Start("etcd", append(common(o),
		"--listen-client-urls="+clients, "--advertise-client-urls="+clients,
		"--listen-peer-urls="+peer, "--initial-advertise-peer-urls="+peer,
	), isWorthIt)
	return &Member{process, make(chan struct{})}, err
}

// isWorthIt drops what etcd warns of at every start, and many times a second while another member is away.
func isWorthIt(line string) bool {
	for _, always := range []string{
		"found invalid file under data directory", "simple token is not cryptographically signed",
		"established TCP streaming connection with remote peer", "closed TCP streaming connection with remote peer",
		"dropped internal Raft message since sending buffer is full", "prober detected unhealthy status",
		"failed to reach the peer URL", "failed to get version",
	} {
		if strings.Contains(line, always) {
			return false
		}
	}
	return true
}

func common(o Options) []string {
	state := "new"
	if o.Joining {
		state = "existing"
	}
	arguments := []string{
		"--name=" + o.Name, "--data-dir=" + o.Directory,
		"--initial-cluster=" + o.Cluster, "--initial-cluster-state=" + state,
		fmt.Sprintf("--heartbeat-interval=%d", heartbeat.Milliseconds()),
		fmt.Sprintf("--election-timeout=%d", election.Milliseconds()),
		"--logger=zap", "--log-level=warn", "--log-outputs=stderr",
	}
	if o.ForceNew {
		arguments = append(arguments, "--force-new-cluster")
	}
	for _, flag := range o.Further {
		arguments = append(arguments, "--"+flag)
	}
	return arguments
}

// Stop ends the member in order.
func (m *Member) Stop() {
	if m != nil {
		m.Process.Stop(stopGrace)
	}
}
