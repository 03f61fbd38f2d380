package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"fleetlab/k3s-standin/etcd"
	"fleetlab/k3s-standin/journal"
)

// datastore is where a server's cluster lives: an etcd that other servers can join, or one that nobody else reaches and
// that stands in for SQLite. What is under server/db tells them apart, as it does with k3s:
//
//	server/db/etcd/       etcd's data, and the member's name
//	server/db/state.db    a note that there is no etcd; the data are beside it, in sqliteData
type datastore struct {
	directory string // the data
	isEtcd    bool
	isNew     bool // there are no data yet
	name      string
	address   string
	options   options
	others    *etcd.Client // the members that this one joined, if it did
}

func databaseDirectory(o options, name string) string {
	return filepath.Join(o.dataDirectory, "server", "db", name)
}

const sqliteData = "state.db-stand-in"

const sqliteNote = "The stand-in k3s has no SQLite: this server's data are in an etcd of its own, in " +
	sqliteData + ".\n"

// openDatastore decides which one this server has. Etcd data on the disk win over everything; data in place of SQLite
// move to etcd when the server is told to have one.
func openDatastore(o options) (*datastore, error) {
	address, err := o.address()
	if err != nil {
		return nil, err
	}
	d := &datastore{isEtcd: true, directory: databaseDirectory(o, "etcd"), address: address, options: o}
	if err := d.buryTombstone(); err != nil {
		return nil, err
	}
	sqlite, note := databaseDirectory(o, sqliteData), databaseDirectory(o, "state.db")
	switch {
	case hasData(d.directory):
		journal.Info("Managed etcd cluster bootstrap already complete and initialized")
	case o.serverURL != "":
		journal.Info("Managed etcd cluster not yet initialized")
		d.isNew = true
	case o.clusterInit && exists(note):
		journal.Info("Migrating content from sqlite to etcd")
		if err := os.RemoveAll(d.directory); err != nil {
			return nil, err
		}
		if err := os.Rename(sqlite, d.directory); err != nil {
			return nil, err
		}
		if err := os.Rename(note, note+".migrated"); err != nil {
			return nil, err
		}
	case o.clusterInit:
		journal.Info("Managed etcd cluster initializing")
		d.isNew = true
	default:
		d.isEtcd, d.directory, d.isNew = false, sqlite, !hasData(sqlite)
		if err := writeFile(note, sqliteNote, 0o600); err != nil {
			return nil, err
		}
	}
	return d, d.nameMember()
}

func hasData(directory string) bool { return exists(filepath.Join(directory, "member", "wal")) }

// nameMember reads the member's name, or gives it one.
func (d *datastore) nameMember() error {
	file := filepath.Join(d.directory, "name")
	if text, err := os.ReadFile(file); err == nil {
		d.name = string(text)
		return nil
	}
	suffix, err := randomHex(4)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(d.directory, 0o700); err != nil {
		return err
	}
	d.name = d.options.nodeName + "-" + suffix
	return writeFile(file, d.name, 0o600)
}

// buryTombstone puts the data away of a member that was removed from its cluster, so that it can join anew.
func (d *datastore) buryTombstone() error {
	if !exists(filepath.Join(d.directory, "tombstone")) {
		return nil
	}
	journal.Info("tombstone file has been detected, removing data dir to rejoin the cluster")
	return d.moveAside()
}

func (d *datastore) moveAside() error {
	return os.Rename(d.directory, fmt.Sprintf("%s-old-%d", d.directory, time.Now().Unix()))
}

func (d *datastore) memberOptions() etcd.Options {
	return etcd.Options{
		Directory: d.directory, Certificates: d.options.tlsDirectory("etcd"), Name: d.name, Address: d.address,
		LocalOnly: !d.isEtcd, Cluster: d.name + "=" + etcd.PeerURL(d.address),
		Further: d.options.etcdArguments,
	}
}

// start starts the member of a cluster that it was in before, or of a new one.
func (d *datastore) start() (*etcd.Member, error) { return etcd.Start(d.memberOptions()) }

// await returns once the member takes part in its cluster: it is no learner, and reads that need a quorum succeed.
func (d *datastore) await(ctx context.Context, member *etcd.Member, client *etcd.Client) error {
	for complained := time.Now(); ; {
		if client.IsHealthy(ctx) {
			journal.Info("etcd data store connection OK")
			return nil
		}
		d.promote(ctx)
		if time.Since(complained) > 5*time.Second {
			journal.Info("Failed to test data store connection: etcd has no quorum, or has not caught up yet")
			complained = time.Now()
		}
		select {
		case <-member.Ended:
			return fmt.Errorf("etcd exited: %v", member.Problem())
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// authoritiesInside looks into data that came without certificates, as from a restored snapshot, in a copy of them.
func (d *datastore) authoritiesInside(ctx context.Context, password string) (authorities, error) {
	journal.Info("Starting temporary etcd to reconcile with datastore")
	o := d.memberOptions()
	o.Directory = d.directory + "-tmp"
	if err := copyDirectory(d.directory, o.Directory); err != nil {
		return nil, err
	}
	defer os.RemoveAll(o.Directory)
	member, err := etcd.StartTemporary(o)
	if err != nil {
		return nil, err
	}
	defer member.Stop()
	client := etcd.Temporary()
	if err := d.await(ctx, member, client); err != nil {
		return nil, err
	}
	all, err := loadBootstrapData(ctx, client, password)
	if all == nil && err == nil {
		err = errors.New("the datastore holds no bootstrap data")
	}
	return all, err
}

// watch records when the others remove this member. k3s runs on then, without a datastore.
func (d *datastore) watch(member *etcd.Member) {
	<-member.Removed
	if err := os.WriteFile(filepath.Join(d.directory, "tombstone"), nil, 0o600); err != nil {
		journal.Error("failed to write tombstone file: %v", err)
	}
	journal.Info("this node has been removed from the cluster please restart k3s to rejoin the cluster")
}
