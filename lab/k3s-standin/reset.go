package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"fleetlab/k3s-standin/etcd"
	"fleetlab/k3s-standin/journal"
)

// resetMembership is `k3s server --cluster-reset`: it makes this server the only member of its cluster, with the data
// that it has or those of a snapshot, and ends.
func (c *cluster) resetMembership(ctx context.Context) error {
	o := c.options
	flag, tokenFile := databaseDirectory(o, "reset-flag"), filepath.Join(o.dataDirectory, "server", "token")
	if o.restorePath != "" && o.token == "" && !exists(tokenFile) {
		return errors.New(tokenFile + " does not exist, please pass --token to complete the restoration")
	}
	if o.restorePath == "" && exists(flag) {
		return fmt.Errorf("starting kubernetes: preparing server: start managed database: Managed etcd cluster membership "+
			"was previously reset, please remove the cluster-reset flag and start k3s normally. If you need to perform "+
			"another cluster reset, you must first manually delete the %s file", flag)
	}
	t, err := serverToken(o)
	if err != nil {
		return err
	}
	address, err := o.address()
	if err != nil {
		return err
	}
	c.store = &datastore{isEtcd: true, directory: databaseDirectory(o, "etcd"), address: address, options: o}
	if o.restorePath != "" {
		if err := c.store.restore(ctx, o.restorePath); err != nil {
			return err
		}
	} else if !hasData(c.store.directory) {
		return errors.New("starting kubernetes: preparing server: etcd database not found in " + c.store.directory)
	}
	if err := os.MkdirAll(filepath.Join(o.dataDirectory, "server"), 0o700); err != nil {
		return err
	}
	if err := c.store.standAlone(ctx, func(client *etcd.Client) error {
		all, err := loadBootstrapData(ctx, client, t.password)
		if err != nil {
			return err
		}
		if all == nil {
			return errors.New("the snapshot holds no bootstrap data")
		}
		return all.write(o.tlsDirectory())
	}); err != nil {
		return err
	}
	if err := writeFile(flag, "", 0o600); err != nil {
		return err
	}
	journal.Info("Managed etcd cluster membership has been reset, restart without --cluster-reset flag now. " +
		"Backup and delete ${datadir}/server/db on each peer etcd server and rejoin the nodes")
	return nil
}

// restore puts a snapshot in the place of the data, which it moves aside.
func (d *datastore) restore(ctx context.Context, path string) error {
	information, err := os.Stat(path)
	if os.IsNotExist(err) {
		return fmt.Errorf("starting kubernetes: preparing server: start managed database: "+
			"etcd: snapshot path does not exist: %s", path)
	}
	if err != nil {
		return err
	}
	if information.IsDir() {
		return fmt.Errorf("etcd: snapshot path must be a file, not a directory: %s", path)
	}
	if exists(d.directory) {
		if err := d.moveAside(); err != nil {
			return err
		}
		journal.Info("Pre-restore etcd database moved to %s-old-*", d.directory)
	}
	if strings.HasSuffix(path, compressed) {
		journal.Info("Decompressing etcd snapshot file: %s", path)
		if path, err = decompress(path); err != nil {
			return err
		}
		defer os.Remove(path)
	}
	suffix, err := randomHex(4)
	if err != nil {
		return err
	}
	d.name = d.options.nodeName + "-" + suffix
	journal.Info("Restoring etcd snapshot %s", path)
	if err := os.MkdirAll(filepath.Dir(d.directory), 0o700); err != nil {
		return err
	}
	if err := etcdctl(ctx, "snapshot", "restore", path, "--data-dir="+d.directory, "--name="+d.name,
		"--initial-cluster="+d.name+"="+etcd.PeerURL(d.address),
		"--initial-advertise-peer-urls="+etcd.PeerURL(d.address)); err != nil {
		return fmt.Errorf("failed to restore etcd snapshot: %w", err)
	}
	return writeFile(filepath.Join(d.directory, "name"), d.name, 0o600)
}

// standAlone makes the member the only one of its cluster, under its own address, and lets do something with the data.
func (d *datastore) standAlone(ctx context.Context, do func(*etcd.Client) error) error {
	if err := d.nameMember(); err != nil {
		return err
	}
	member, err := etcd.StartTemporary(d.memberOptions())
	if err != nil {
		return err
	}
	defer member.Stop()
	client := etcd.Temporary()
	if err := d.await(ctx, member, client); err != nil {
		return err
	}
	members, err := client.Members(ctx)
	if err != nil {
		return err
	}
	if len(members) != 1 {
		return fmt.Errorf("etcd still has %d members", len(members))
	}
	if err := client.Move(ctx, members[0].ID, etcd.PeerURL(d.address)); err != nil {
		return err
	}
	return do(client)
}
