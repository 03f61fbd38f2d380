package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"fleetlab/k3s-standin/journal"
)

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
