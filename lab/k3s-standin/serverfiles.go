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

// writeFiles writes what a server leaves on its disk: the authorities and its own certificates, tokens, and the
// administrator's kubeconfig.
func (c *cluster) writeFiles() error {
	directory := filepath.Join(c.options.dataDirectory, "server")
	if err := os.Chmod(directory, 0o700); err != nil {
		return err
	}
	if err := c.authorities.write(c.options.tlsDirectory()); err != nil {
		return err
	}
	names, err := serverNames(c.options)
	if err != nil {
		return err
	}
	if err := renewLeaves(c.options.tlsDirectory(), c.authorities, serverLeaves(names)); err != nil {
		return err
	}
	if err := c.writeTokens(); err != nil {
		return err
	}
	return writeKubeconfig(c.options, c.authorities["server-ca.crt"])
}

// writeTokens writes the server's and the agents' token in the secure form.
func (c *cluster) writeTokens() error {
	directory := filepath.Join(c.options.dataDirectory, "server")
	authority, password := c.authorities["server-ca.crt"], c.passwords.ofServer()
	files := map[string]string{"token": secureForm(authority, "server", password) + "\n"}
	links := map[string]string{"node-token": "token"}
	if c.options.agentToken == "" {
		links["agent-token"] = "token"
	} else {
		files["agent-token"] = secureForm(authority, "node", c.passwords.ofAgent()) + "\n"
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
	return nil
}

func link(target, path string) error {
	if current, err := os.Readlink(path); err == nil && current == target {
		return nil
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Symlink(target, path)
}

func writeKubeconfig(o options, authority []byte) error {
	administrator, err := readIdentity(o.tlsDirectory("client-admin"))
	if err != nil {
		return err
	}
	mode, err := strconv.ParseUint(o.kubeconfigMode, 8, 9)
	if err != nil {
		return fmt.Errorf("not a file mode: --write-kubeconfig-mode=%s", o.kubeconfigMode)
	}
	encode := base64.StdEncoding.EncodeToString
	text := fmt.Sprintf(kubeconfig, encode(authority), o.port,
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
