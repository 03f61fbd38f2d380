package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// datastore stands where etcd or SQLite would: a file under server/db with what a server needs to be the same cluster
// after a restart. It is bound to the password that it was made with.
type datastore struct {
	file     string
	lock     sync.Mutex
	contents datastoreContents
}

type datastoreContents struct {
	PasswordDigest string            `json:"passwordDigest"`
	Authority      identity          `json:"authority"`
	NodePasswords  map[string]string `json:"nodePasswords"` // node name to the digest of its password
}

// The places that tell etcd from SQLite to whoever looks at the disk.
func etcdFile(dataDirectory string) string {
	return filepath.Join(dataDirectory, "server", "db", "etcd", "stand-in.json")
}

func sqliteFile(dataDirectory string) string {
	return filepath.Join(dataDirectory, "server", "db", "state.db")
}

// openDatastore returns the datastore that is on disk, or nil. Etcd's wins, as in k3s.
func openDatastore(dataDirectory string) (*datastore, error) {
	for _, file := range []string{etcdFile(dataDirectory), sqliteFile(dataDirectory)} {
		text, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return nil, err
		}
		store := &datastore{file: file}
		if err := json.Unmarshal(text, &store.contents); err != nil {
			return nil, err
		}
		return store, nil
	}
	return nil, nil
}

func createDatastore(file string, authority identity, password string) (*datastore, error) {
	contents := datastoreContents{digestOf([]byte(password)), authority, map[string]string{}}
	store := &datastore{file: file, contents: contents}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, err
	}
	return store, store.save()
}

// moveToEtcd is what cluster-init does to a server that ran on SQLite.
func (d *datastore) moveToEtcd(dataDirectory string) error {
	if d.file == etcdFile(dataDirectory) {
		return nil
	}
	old := d.file
	d.file = etcdFile(dataDirectory)
	if err := os.MkdirAll(filepath.Dir(d.file), 0o700); err != nil {
		return err
	}
	if err := d.save(); err != nil {
		return err
	}
	return os.Remove(old)
}

// checkPassword fails when the cluster was founded with another one.
func (d *datastore) checkPassword(password string) error {
	if d.contents.PasswordDigest != digestOf([]byte(password)) {
		return errors.New("starting kubernetes: preparing server: " +
			"bootstrap data already found and encrypted with different token")
	}
	return nil
}

// admit is whether a node of this name may join with this password: any password the first time, the same ever after.
func (d *datastore) admit(node, password string) (bool, error) {
	d.lock.Lock()
	defer d.lock.Unlock()
	digest := digestOf([]byte(password))
	if known, found := d.contents.NodePasswords[node]; found {
		return known == digest, nil
	}
	d.contents.NodePasswords[node] = digest
	return true, d.save()
}

func (d *datastore) save() error {
	text, err := json.Marshal(d.contents)
	if err != nil {
		return err
	}
	return writeFile(d.file, string(text), 0o600)
}
