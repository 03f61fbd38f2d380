package main

import (
	"context"
	"path/filepath"
)

// runAgent joins the cluster, however long that takes: a server that is down or refuses leaves the unit `activating`.
func runAgent(ctx context.Context, o options) error {
	t, err := parseToken(o.token)
	if err != nil {
		return err
	}
	client, err := awaitCluster(ctx, o, "node", t)
	if err != nil {
		return err
	}
	password, err := kept(filepath.Join(nodeDirectory, "password"), 16)
	if err != nil {
		return err
	}
	for {
		if err = client.join(o.nodeName, password); err == nil {
			break
		}
		log.error("%v", err)
		if err := pause(ctx, retryInterval); err != nil {
			return err
		}
	}
	authority := filepath.Join(o.dataDirectory, "agent", "server-ca.crt")
	if err := writeFile(authority, string(client.authority), 0o600); err != nil {
		return err
	}
	if err := pause(ctx, startTime); err != nil {
		return err
	}
	return becomeReady(ctx, agent)
}

// awaitCluster connects to the configured server, again and again until it works.
func awaitCluster(ctx context.Context, o options, user string, t token) (*clusterClient, error) {
	for {
		client, err := connectToCluster(o.serverURL, user, t)
		if err == nil {
			return client, nil
		}
		log.error("Failed to validate connection to cluster at %s: %v", o.serverURL, err)
		if err := pause(ctx, retryInterval); err != nil {
			return nil, err
		}
	}
}
