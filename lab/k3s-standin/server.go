package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"fleetlab/k3s-standin/controllers"
	"fleetlab/k3s-standin/etcd"
	"fleetlab/k3s-standin/kube"
	"fleetlab/k3s-standin/process"
)

// cluster is what a running server knows and runs.
type cluster struct {
	options     options
	store       *datastore
	authorities authorities
	passwords   passwords
	agentsOwn   string // the password that agents have for themselves, or empty
	etcd        *etcd.Client
	member      *etcd.Member
	apiserver   *process.Process
	admin       *kube.Client // this server's own API server, as system:masters
	isReady     atomic.Bool

	forgetNodePassword bool // the restored data may know another one than this node has
}

// runServer founds a cluster, joins one, or goes on with the one on its disk; then serves it until the context ends.
func runServer(ctx context.Context, o options) error {
	c := &cluster{options: o}
	defer c.stop()
	if o.reset {
		return c.resetMembership(ctx)
	}
	joined, err := c.prepare(ctx)
	if err != nil {
		return err
	}
	closeListener, err := c.listen()
	if err != nil {
		return err
	}
	defer closeListener()
	if err := c.startDatastore(ctx, joined); err != nil {
		return err
	}
	if err := c.startAPI(ctx); err != nil {
		return err
	}
	if err := c.startControllers(ctx); err != nil {
		return err
	}
	go c.runAgent(ctx)
	c.isReady.Store(fault != "never-ready")
	return becomeReady(ctx, server, c.ended())
}

// ended tells when something has ended that the server cannot be without.
func (c *cluster) ended() <-chan error {
	problem := make(chan error, 1)
	go func() {
		select {
		case <-c.apiserver.Ended:
			problem <- fmt.Errorf("apiserver exited: %v", c.apiserver.Problem())
		case <-c.member.Ended:
			select {
			case <-c.member.Removed: // k3s goes on
			case <-time.After(time.Second):
				problem <- fmt.Errorf("etcd exited: %v", c.member.Problem())
			}
		}
	}()
	return problem
}

// stop stops what runs, the datastore last.
func (c *cluster) stop() {
	c.apiserver.Stop(apiserverGrace)
	c.member.Stop()
}

// startControllers starts what one server at a time does for the whole cluster.
func (c *cluster) startControllers(ctx context.Context) error {
	if err := controllers.InstallDefinitions(ctx, c.admin); err != nil {
		return err
	}
	manager := &controllers.Manager{Client: c.admin, Name: c.options.nodeName}
	if c.store.isEtcd {
		manager.Etcd = c.etcd
	}
	go manager.Run(ctx)
	if c.store.isEtcd {
		go c.takeSnapshots(ctx)
	}
	return nil
}
