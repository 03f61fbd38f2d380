package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"fleetlab/k3s-standin/etcd"
)

// startDatastore starts etcd and waits for it to be of use.
func (c *cluster) startDatastore(ctx context.Context, joined *clusterClient) (err error) {
	resetFlag := databaseDirectory(c.options, "reset-flag")
	wasReset := exists(resetFlag)
	if joined != nil {
		c.member, err = c.store.join(ctx, joined)
	} else {
		c.member, err = c.store.start()
	}
	if err != nil {
		return err
	}
	go c.store.watch(c.member)
	if c.etcd, err = etcd.NewClient(c.options.tlsDirectory("etcd")); err != nil {
		return err
	}
	password := c.passwords.ofServer()
	if err := c.checkToken(ctx, password); err != nil {
		return err
	}
	if err := c.store.await(ctx, c.member, c.etcd); err != nil {
		return err
	}
	if c.store.isNew && joined == nil {
		if err := saveBootstrapData(ctx, c.etcd, c.authorities, password); err != nil {
			return err
		}
	}
	if wasReset {
		c.forgetNodePassword = true
		return os.Remove(resetFlag)
	}
	return nil
}

// checkToken fails when the cluster was founded with another one. It needs no quorum: a server says so at once.
func (c *cluster) checkToken(ctx context.Context, password string) error {
	if c.store.isNew {
		return nil
	}
	for {
		_, err := loadBootstrapData(ctx, c.etcd, password)
		if err == nil || errors.Is(err, errDifferentToken) {
			return err
		}
		select {
		case <-c.member.Ended:
			return fmt.Errorf("etcd exited: %v", c.member.Problem())
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}
