package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// authorityFiles are the files below server/tls that make a server part of its cluster: each authority's certificate
// and key, and the key that signs the service accounts' tokens. k3s calls them the bootstrap data; a joining server
// gets them from another one, and the datastore keeps them under the cluster's token.
var authorityFiles = []string{
	"server-ca.crt", "server-ca.key", "client-ca.crt", "client-ca.key",
	"request-header-ca.crt", "request-header-ca.key",
	"etcd/server-ca.crt", "etcd/server-ca.key", "etcd/peer-ca.crt", "etcd/peer-ca.key",
	"service.key",
}

// authorities holds the contents of authorityFiles, by name.
type authorities map[string][]byte

// newAuthorities founds a cluster.
func newAuthorities() (authorities, error) {
	all, now := authorities{}, time.Now().Unix()
	for name, commonName := range map[string]string{
		"server-ca": "k3s-server-ca", "client-ca": "k3s-client-ca", "request-header-ca": "k3s-request-header-ca",
		"etcd/server-ca": "etcd-server-ca", "etcd/peer-ca": "etcd-peer-ca",
	} {
		authority, err := newAuthority(fmt.Sprintf("%s@%d", commonName, now))
		if err != nil {
			return nil, err
		}
		all[name+".crt"], all[name+".key"] = authority.Certificate, authority.Key
	}
	key, err := newKey()
	all["service.key"] = key
	return all, err
}

// readAuthorities returns what is on the disk, or nil when a file is missing.
func readAuthorities(directory string) (authorities, error) {
	all := authorities{}
	for _, name := range authorityFiles {
		text, err := os.ReadFile(filepath.Join(directory, name))
		if os.IsNotExist(err) {
			return nil, nil
		} else if err != nil {
			return nil, err
		}
		all[name] = text
	}
	return all, nil
}

func (a authorities) write(directory string) error {
	for _, name := range authorityFiles {
		if err := writeFile(filepath.Join(directory, name), string(a[name]), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// of a name such as "server-ca".
func (a authorities) of(name string) identity { return identity{a[name+".crt"], a[name+".key"]} }

func (a authorities) encode() ([]byte, error) { return json.Marshal(a) }

func decodeAuthorities(text []byte) (authorities, error) {
	var all authorities
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, err
	}
	for _, name := range authorityFiles {
		if len(all[name]) == 0 {
			return nil, fmt.Errorf("the bootstrap data lacks %s", name)
		}
	}
	return all, nil
}
