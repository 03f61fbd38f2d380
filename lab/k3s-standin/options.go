package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"

	"fleetlab/k3s-standin/kube"
)

const (
	nodeDirectory     = "/etc/rancher/node" // outside the data directory: it survives an uninstallation
	defaultKubeconfig = "/etc/rancher/k3s/k3s.yaml"
)

// options is the configuration that the stand-in acts on.
type options struct {
	role           role
	dataDirectory  string // /var/lib/rancher/k3s
	nodeName       string
	nodeAddress    string // empty: that of the default route
	nodeLabels     map[string]string
	nodeTaints     []kube.Object
	serverURL      string // https://…, or empty
	token          string // in any form, or empty
	agentToken     string // what agents may join with; empty: the server's token
	clusterInit    bool
	port           string
	subjectNames   []string // tls-san
	etcdArguments  []string // etcd-arg: FLAG=VALUE
	kubeconfig     string
	kubeconfigMode string
	critical       criticalOptions
	snapshots      snapshotOptions
	reset          bool   // cluster-reset
	restorePath    string // cluster-reset-restore-path
}

func newOptions(r role, values flagValues) (options, error) {
	o := options{
		role:           r,
		dataDirectory:  firstOf(values.last("data-dir"), os.Getenv("K3S_DATA_DIR"), "/var/lib/rancher/k3s"),
		nodeAddress:    firstWord(values["node-ip"]),
		serverURL:      firstOf(values.last("server"), os.Getenv("K3S_URL")),
		clusterInit:    values.isSet("cluster-init"),
		port:           firstOf(values.last("https-listen-port"), "6443"),
		subjectNames:   splitAll(values["tls-san"]),
		etcdArguments:  values["etcd-arg"],
		kubeconfig:     firstOf(values.last("write-kubeconfig"), os.Getenv("K3S_KUBECONFIG_OUTPUT"), defaultKubeconfig),
		kubeconfigMode: firstOf(values.last("write-kubeconfig-mode"), os.Getenv("K3S_KUBECONFIG_MODE"), "0600"),
		reset:          values.isSet("cluster-reset"),
		restorePath:    values.last("cluster-reset-restore-path"),
		nodeLabels:     map[string]string{},
	}
	var err error
	if o.token, err = tokenFrom(values, "token", "K3S_TOKEN"); err != nil {
		return o, err
	}
	if o.agentToken, err = tokenFrom(values, "agent-token", "K3S_AGENT_TOKEN"); err != nil {
		return o, err
	}
	if o.nodeName, err = nodeName(values); err != nil {
		return o, err
	}
	for _, label := range splitAll(values["node-label"]) {
		key, value, _ := strings.Cut(label, "=")
		o.nodeLabels[key] = value
	}
	for _, taint := range splitAll(values["node-taint"]) {
		parsed, err := parseTaint(taint)
		if err != nil {
			return o, err
		}
		o.nodeTaints = append(o.nodeTaints, parsed)
	}
	o.critical = newCriticalOptions(values, o.agentToken)
	if o.snapshots, err = newSnapshotOptions(values, o); err != nil {
		return o, err
	}
	if o.reset && o.serverURL != "" {
		return o, errors.New("cannot perform cluster-reset while server URL is set - " +
			"remove server from configuration before resetting")
	}
	if o.serverURL != "" && !strings.HasPrefix(o.serverURL, "https://") {
		return o, fmt.Errorf("--server must be an https:// URL: %s", o.serverURL)
	}
	if r == agent && o.serverURL == "" {
		return o, fmt.Errorf("--server is required")
	}
	if o.token == "" && (r == agent || o.serverURL != "") {
		return o, fmt.Errorf("--token is required")
	}
	return o, nil
}

// address of the node: the configured one, or the one that its default route leaves from.
func (o options) address() (string, error) {
	if o.nodeAddress != "" {
		return o.nodeAddress, nil
	}
	// Connecting a datagram socket asks the kernel for a route and sends nothing. The address is for documentation.
	connection, err := net.Dial("udp4", "192.0.2.1:9")
	if err != nil {
		return "", errors.New("unable to select an IP from default routes.")
	}
	defer connection.Close()
	return connection.LocalAddr().(*net.UDPAddr).IP.String(), nil
}

// tlsDirectory holds a server's certificates.
func (o options) tlsDirectory(name ...string) string {
	return filepath.Join(append([]string{o.dataDirectory, "server", "tls"}, name...)...)
}
