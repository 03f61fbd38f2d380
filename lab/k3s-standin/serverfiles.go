package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// writeServerFiles writes what a server leaves on its disk: tokens, the authority, and the administrator's kubeconfig.
func writeServerFiles(o options, authority identity, password, agentPassword string) error {
	directory := filepath.Join(o.dataDirectory, "server")
	if err := os.MkdirAll(directory, 0o700); err != nil {
		return err
	}
	if err := os.Chmod(directory, 0o700); err != nil {
		return err
	}
	files := map[string]string{
		"token":             secureForm(authority.Certificate, "server", password) + "\n",
		"tls/server-ca.crt": string(authority.Certificate),
		"tls/server-ca.key": string(authority.Key),
	}
	links := map[string]string{"node-token": "token"}
	if agentPassword == password {
		links["agent-token"] = "token"
	} else {
		files["agent-token"] = secureForm(authority.Certificate, "node", agentPassword) + "\n"
	}
	for name, text := range files {
		if err := writeFile(filepath.Join(directory, name), text, 0o600); err != nil {
			return err
		}
	}
	for name, target := range links {
		if err := link(filepath.Join(directory, target), filepath.Join(directory, name)); err != nil {
			return err
		}
	}
	return writeKubeconfig(o, authority)
}

func link(target, path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Symlink(target, path)
}

func writeKubeconfig(o options, authority identity) error {
	administrator, err := authority.clientCertificate("system:admin", "system:masters")
	if err != nil {
		return err
	}
	mode, err := strconv.ParseUint(o.kubeconfigMode, 8, 9)
	if err != nil {
		return fmt.Errorf("not a file mode: --write-kubeconfig-mode=%s", o.kubeconfigMode)
	}
	encode := base64.StdEncoding.EncodeToString
	text := fmt.Sprintf(kubeconfig, encode(authority.Certificate), o.port,
		encode(administrator.Certificate), encode(administrator.Key))
	return writeFile(o.kubeconfig, text, os.FileMode(mode))
}

const kubeconfig = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: %s
    server: https://127.0.0.1:%s
  name: default
contexts:
- context:
    cluster: default
    user: default
  name: default
current-context: default
kind: Config
preferences: {}
users:
- name: default
  user:
    client-certificate-data: %s
    client-key-data: %s
`
