package main

import (
	"context"
	"net"
	"net/url"
	"path/filepath"

	"fleetlab/k3s-standin/journal"
	"fleetlab/k3s-standin/kube"
	"fleetlab/k3s-standin/kubelet"
)

// runAgent joins the cluster, however long that takes: a server that is down or refuses leaves the unit `activating`.
func runAgent(ctx context.Context, o options) error {
	t, err := parseToken(o.token)
	if err != nil {
		return err
	}
	address, err := o.address()
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
	i, err := fetchNodeCertificates(ctx, o, client, password)
	if err != nil {
		return err
	}
	server, err := url.Parse(o.serverURL)
	if err != nil {
		return err
	}
	b := &balancer{servers: []string{server.Host}}
	api, err := newKubeClient("https://kubernetes", client.authority, i, b)
	if err != nil {
		return err
	}
	k := kubelet.New(o.node(address), api)
	if err := k.Register(ctx); err != nil {
		return err
	}
	go k.Run(ctx)
	followServers(ctx, api, b, server.Port())
	return becomeReady(ctx, agent, nil)
}

// node is what the machine says about itself in the cluster.
func (o options) node(address string) kubelet.Node {
	return kubelet.Node{
		Name: o.nodeName, Address: address, Version: version, Labels: o.nodeLabels, Taints: o.nodeTaints,
		NeverReady: fault == "never-node-ready",
	}
}

// fetchNodeCertificates gets the certificates of the node's programs, writes them to agent/, and returns the kubelet's.
func fetchNodeCertificates(ctx context.Context, o options, client *clusterClient, password string) (identity, error) {
	directory := filepath.Join(o.dataDirectory, "agent")
	if err := writeFile(filepath.Join(directory, "server-ca.crt"), string(client.authority), 0o644); err != nil {
		return identity{}, err
	}
	clients, err := persist(ctx, func() ([]byte, error) { return client.get("/v1-k3s/client-ca.crt", nil) })
	if err == nil {
		err = writeFile(filepath.Join(directory, "client-ca.crt"), string(clients), 0o644)
	}
	if err != nil {
		return identity{}, err
	}
	var kubelet identity
	for _, l := range nodeLeaves(o.nodeName) { // the kubelet's is the last
		kubelet, err = persist(ctx, func() (identity, error) {
			return client.nodeIdentity(l.file+".crt", o.nodeName, password)
		})
		if err == nil {
			err = writeIdentity(filepath.Join(directory, l.file), kubelet)
		}
		if err != nil {
			return identity{}, err
		}
	}
	return kubelet, nil
}

// persist tries again and again, and logs why.
func persist[Result any](ctx context.Context, try func() (Result, error)) (Result, error) {
	for {
		result, err := try()
		if err == nil {
			return result, nil
		}
		journal.Error("%v", err)
		if err := pause(ctx, retryInterval); err != nil {
			return result, err
		}
	}
}

// awaitCluster connects to the configured server, again and again until it works.
func awaitCluster(ctx context.Context, o options, user string, t token) (*clusterClient, error) {
	for {
		client, err := connectToCluster(o.serverURL, user, t)
		if err == nil {
			return client, nil
		}
		journal.Error("Failed to validate connection to cluster at %s: %v", o.serverURL, err)
		if err := pause(ctx, retryInterval); err != nil {
			return nil, err
		}
	}
}

// followServers keeps the balancer's list that of the Endpoints of the Service `kubernetes`.
func followServers(ctx context.Context, api *kube.Client, b *balancer, port string) {
	var mirror *kube.Mirror
	mirrored := make(chan struct{})
	mirror = kube.NewMirror(ctx, api, kube.Endpoints.Path("default")+"?fieldSelector=metadata.name=kubernetes", func() {
		<-mirrored
		var servers []string
		for _, subset := range mirror.Find("default", "kubernetes").List("subsets") {
			for _, address := range subset.List("addresses") {
				servers = append(servers, net.JoinHostPort(address.Text("ip"), port))
			}
		}
		if len(servers) > 0 {
			b.set(servers)
		}
	})
	close(mirrored)
}
