package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"fleetlab/k3s-standin/controllers"
	"fleetlab/k3s-standin/etcd"
	"fleetlab/k3s-standin/journal"
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

// prepare puts everything on the disk that a server needs before it runs anything. It returns the server that this one
// joins, if it does.
func (c *cluster) prepare(ctx context.Context) (*clusterClient, error) {
	if err := os.MkdirAll(filepath.Join(c.options.dataDirectory, "server"), 0o700); err != nil {
		return nil, err
	}
	var err error
	if c.store, err = openDatastore(c.options); err != nil {
		return nil, err
	}
	t, err := serverToken(c.options)
	if err != nil {
		return nil, fmt.Errorf("starting kubernetes: preparing server: %w", err)
	}
	if c.options.agentToken != "" {
		agents, err := parseToken(c.options.agentToken)
		if err != nil {
			return nil, err
		}
		c.agentsOwn = agents.password
	}
	c.passwords.set(t.password, c.agentsOwn)
	joined, err := c.findAuthorities(ctx, t)
	if err != nil {
		return nil, err
	}
	return joined, c.writeFiles()
}

// findAuthorities takes the cluster's certificate authorities from the disk, from the server that this one joins, or
// from a restored datastore; the first server of a cluster makes them.
func (c *cluster) findAuthorities(ctx context.Context, t token) (joined *clusterClient, err error) {
	switch isJoining := c.store.isNew && c.options.serverURL != ""; {
	case isJoining:
		if joined, err = awaitCluster(ctx, c.options, "server", t); err != nil {
			return nil, err
		}
		if err = joined.compareCriticalOptions(c.options.critical); err != nil {
			return nil, err
		}
		c.authorities, err = joined.bootstrap()
	case c.store.isNew:
		if t.authorityDigest != "" && !exists(c.options.tlsDirectory("server-ca.crt")) {
			return nil, errors.New("stand-in: the first server of a cluster takes a token in the short form only")
		}
		if c.authorities, err = readAuthorities(c.options.tlsDirectory()); err == nil && c.authorities == nil {
			journal.Info("stand-in: founding a new cluster")
			c.authorities, err = newAuthorities()
		}
	default:
		if c.authorities, err = readAuthorities(c.options.tlsDirectory()); err == nil && c.authorities == nil {
			c.authorities, err = c.store.authoritiesInside(ctx, t.password)
		}
	}
	return joined, err
}

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

// serverToken is the configured one, else the one on the disk, else a new one.
func serverToken(o options) (token, error) {
	if o.token != "" {
		return parseToken(o.token)
	}
	stored, err := os.ReadFile(filepath.Join(o.dataDirectory, "server", "token"))
	if errors.Is(err, fs.ErrNotExist) {
		password, err := randomHex(16)
		return token{"", password}, err
	} else if err != nil {
		return token{}, err
	}
	t, err := parseToken(strings.TrimSpace(string(stored)))
	return token{"", t.password}, err
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
