package main

import (
	"context"
	"errors"
	"path/filepath"

	"fleetlab/k3s-standin/journal"
	"fleetlab/k3s-standin/kube"
	"fleetlab/k3s-standin/kubelet"
	"fleetlab/k3s-standin/nodepassword"
)

// runAgent makes a node of the server as well. k3s calls the server ready without it.
func (c *cluster) runAgent(ctx context.Context) {
	if err := c.runNode(ctx); err != nil && !errors.Is(err, context.Canceled) {
		journal.Error("%v", err)
	}
}

func (c *cluster) runNode(ctx context.Context) error {
	o := c.options
	password, err := kept(filepath.Join(nodeDirectory, "password"), 16)
	if err != nil {
		return err
	}
	if c.forgetNodePassword {
		if err := nodepassword.Forget(ctx, c.admin, o.nodeName); err != nil {
			return err
		}
	}
	if _, err := persist(ctx, func() (any, error) {
		return nil, nodepassword.Ensure(ctx, c.admin, o.nodeName, password)
	}); err != nil {
		return err
	}
	i, err := c.nodeCertificates()
	if err != nil {
		return err
	}
	api, err := newKubeClient("https://127.0.0.1:"+apiserverPort, c.authorities["server-ca.crt"], i, nil)
	if err != nil {
		return err
	}
	k := kubelet.New(c.node(), api)
	if err := k.Register(ctx); err != nil {
		return err
	}
	k.Run(ctx)
	return nil
}

// nodeCertificates issues what an agent fetches.
func (c *cluster) nodeCertificates() (identity, error) {
	directory := filepath.Join(c.options.dataDirectory, "agent")
	if err := renewLeaves(directory, c.authorities, nodeLeaves(c.options.nodeName)); err != nil {
		return identity{}, err
	}
	for _, authority := range []string{"server-ca.crt", "client-ca.crt"} {
		if err := writeFile(filepath.Join(directory, authority), string(c.authorities[authority]), 0o644); err != nil {
			return identity{}, err
		}
	}
	return readIdentity(filepath.Join(directory, "client-kubelet"))
}

// node is a server's: with its roles and, where it has etcd, what the controllers of k3s must know of the member.
func (c *cluster) node() kubelet.Node {
	node := c.options.node(c.store.address)
	labels := map[string]string{
		"node-role.kubernetes.io/control-plane": "true", "node-role.kubernetes.io/master": "true",
	}
	for key, value := range node.Labels {
		labels[key] = value
	}
	node.Labels = labels
	if c.store.isEtcd {
		labels["node-role.kubernetes.io/etcd"] = "true"
		node.Annotations = map[string]string{
			"etcd.k3s.cattle.io/node-name": c.store.name, "etcd.k3s.cattle.io/node-address": c.store.address,
		}
		node.Finalizers = []string{"wrangler.cattle.io/managed-etcd-controller"}
		node.Conditions = []kube.Object{{
			"type": "EtcdIsVoter", "status": "True", "reason": "MemberNotLearner",
			"message": "Node is a voting member of the etcd cluster",
		}}
	}
	return node
}
