package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"fleetlab/k3s-standin/etcd"
	"fleetlab/k3s-standin/journal"
)

// databaseInformation is what a server tells a joining one of the datastore, at /db/info.
type databaseInformation struct {
	Members []etcd.Membership `json:"members"`
}

// join makes this server a member of the cluster that the client speaks to, and starts it.
func (d *datastore) join(ctx context.Context, cluster *clusterClient) (*etcd.Member, error) {
	member, err := d.joinAs(ctx, cluster)
	if err != nil {
		return nil, fmt.Errorf("etcd cluster join failed: %w", err)
	}
	return member, nil
}

func (d *datastore) joinAs(ctx context.Context, cluster *clusterClient) (*etcd.Member, error) {
	client, err := d.clientOf(cluster)
	if err != nil {
		return nil, err
	}
	d.others = client
	members, err := client.Members(ctx)
	if err != nil {
		return nil, err
	}
	isMember, list, err := d.placeAmong(members)
	if err != nil {
		// A new name is made when the node's is fixed.
		_ = os.Remove(filepath.Join(d.directory, "name"))
		return nil, err
	}
	if !isMember {
		journal.Info("Adding member %s=%s to etcd cluster %v", d.name, etcd.PeerURL(d.address), list)
		if err := client.AddLearner(ctx, etcd.PeerURL(d.address)); err != nil {
			return nil, err
		}
		list = append(list, d.name+"="+etcd.PeerURL(d.address))
	}
	journal.Info("Starting etcd for cluster %v", list)
	o := d.memberOptions()
	o.Cluster, o.Joining = strings.Join(list, ","), true
	return etcd.Start(o)
}

// clientOf the members that the other server knows, without this one and without learners.
func (d *datastore) clientOf(cluster *clusterClient) (*etcd.Client, error) {
	text, err := cluster.get("/db/info", nil)
	if err != nil {
		return nil, err
	}
	var known databaseInformation
	if err := json.Unmarshal(text, &known); err != nil {
		return nil, err
	}
	var urls []string
	for _, member := range known.Members {
		if !member.IsLearner && !d.isAt(member.ClientURLs) {
			urls = append(urls, member.ClientURLs...)
		}
	}
	if urls == nil {
		return nil, errors.New("no etcd member to ask: the server at " + cluster.url + " has no etcd")
	}
	return etcd.NewClient(d.options.tlsDirectory("etcd"), urls...)
}

// placeAmong is whether this server is a member already, and the list of all that a starting etcd needs.
func (d *datastore) placeAmong(members []etcd.Membership) (isMember bool, list []string, err error) {
	for _, member := range members {
		// One that was announced and never came up has no name: at this address it is this one.
		if member.Name == "" && d.isAt(member.PeerURLs) {
			member.Name = d.name
		}
		if member.Name == d.name && d.isAt(member.PeerURLs) {
			isMember = true
		}
		if len(member.PeerURLs) > 0 {
			list = append(list, member.Name+"="+member.PeerURLs[0])
		}
		node := member.Name
		if hyphen := strings.LastIndex(node, "-"); hyphen > 1 {
			node = node[:hyphen]
		}
		if member.Name != d.name && node == d.options.nodeName {
			return false, nil, errors.New("duplicate node name found, please use a unique name for this node")
		}
	}
	return isMember, list, nil
}

func (d *datastore) isAt(urls []string) bool {
	for _, text := range urls {
		if parsed, err := url.Parse(text); err == nil && parsed.Hostname() == d.address {
			return true
		}
	}
	return false
}

// promote makes a voter of this member if it is a learner. Only the others can, and only once it has caught up.
func (d *datastore) promote(ctx context.Context) {
	if d.others == nil {
		// A learner that was restarted: whom it joined, its configuration still says.
		t, err := serverToken(d.options)
		if err != nil || d.options.serverURL == "" {
			return
		}
		cluster, err := connectToCluster(d.options.serverURL, "server", t)
		if err != nil {
			return
		}
		if d.others, err = d.clientOf(cluster); err != nil {
			return
		}
	}
	members, err := d.others.Members(ctx)
	if err != nil {
		return
	}
	for _, member := range members {
		if member.IsLearner && d.isAt(member.PeerURLs) && d.others.Promote(ctx, member.ID) == nil {
			journal.Info("Promoted learner %s", d.name)
		}
	}
}
