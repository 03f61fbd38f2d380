package main

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
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
	serverURL      string // https://…, or empty
	token          string // in any form, or empty
	agentToken     string // what agents may join with; empty: the server's token
	clusterInit    bool
	port           string
	subjectNames   []string // tls-san
	kubeconfig     string
	kubeconfigMode string
}

func newOptions(r role, values flagValues) (options, error) {
	o := options{
		role:           r,
		dataDirectory:  firstOf(values.last("data-dir"), os.Getenv("K3S_DATA_DIR"), "/var/lib/rancher/k3s"),
		serverURL:      firstOf(values.last("server"), os.Getenv("K3S_URL")),
		clusterInit:    values.isSet("cluster-init"),
		port:           firstOf(values.last("https-listen-port"), "6443"),
		subjectNames:   values["tls-san"],
		kubeconfig:     firstOf(values.last("write-kubeconfig"), os.Getenv("K3S_KUBECONFIG_OUTPUT"), defaultKubeconfig),
		kubeconfigMode: firstOf(values.last("write-kubeconfig-mode"), os.Getenv("K3S_KUBECONFIG_MODE"), "0600"),
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
	if values.isSet("cluster-reset") {
		return o, fmt.Errorf("this stand-in has no datastore that a snapshot could be restored to")
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

// tokenFrom reads --NAME, --NAME-file, ENVIRONMENT or ENVIRONMENT_FILE, the first that is set.
func tokenFrom(values flagValues, name, environment string) (string, error) {
	if token := firstOf(values.last(name), os.Getenv(environment)); token != "" {
		return token, nil
	}
	file := firstOf(values.last(name+"-file"), os.Getenv(environment+"_FILE"))
	if file == "" {
		return "", nil
	}
	text, err := os.ReadFile(file)
	return strings.TrimRight(string(text), "\r\n"), err
}

// nodeName is --node-name or the host's name; --with-node-id appends an id that is kept from then on.
func nodeName(values flagValues) (string, error) {
	name := firstOf(values.last("node-name"), os.Getenv("K3S_NODE_NAME"))
	if name == "" {
		host, err := os.Hostname()
		if err != nil {
			return "", err
		}
		name = host
	}
	name = strings.ToLower(name)
	if !values.isSet("with-node-id") {
		return name, nil
	}
	id, err := kept(filepath.Join(nodeDirectory, "id"), 4)
	return name + "-" + id, err
}

// kept returns the random hex number in a file, which it first writes if there is none.
func kept(file string, bytes int) (string, error) {
	if text, err := os.ReadFile(file); err == nil {
		return strings.TrimSpace(string(text)), nil
	}
	text, err := randomHex(bytes)
	if err != nil {
		return "", err
	}
	return text, writeFile(file, text+"\n", 0o600)
}

func randomHex(bytes int) (string, error) {
	number := make([]byte, bytes)
	_, err := rand.Read(number)
	return hex.EncodeToString(number), err
}

func firstOf(candidates ...string) string {
	for _, candidate := range candidates {
		if candidate != "" {
			return candidate
		}
	}
	return ""
}
