package controllers

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"fleetlab/k3s-standin/journal"
	"fleetlab/k3s-standin/kube"
)

// What k3s says of an etcd member on its Node, and what a person says there to have it removed.
const (
	etcdFinalizer      = "wrangler.cattle.io/managed-etcd-controller"
	etcdLabel          = "node-role.kubernetes.io/etcd"
	nodeNameAnnotation = "etcd.k3s.cattle.io/node-name"
	addressAnnotation  = "etcd.k3s.cattle.io/node-address"
	removeAnnotation   = "etcd.k3s.cattle.io/remove"
	removedAnnotation  = "etcd.k3s.cattle.io/removed-node-name"
)

// reconcileMember removes a server's etcd member when its Node is deleted, or annotated to that end.
func (m *Manager) reconcileMember(ctx context.Context, node kube.Object) {
	if m.Etcd == nil {
		return
	}
	switch {
	case node.IsBeingDeleted() && node.HasFinalizer(etcdFinalizer):
		if node.Label(etcdLabel) != "" && node.Annotation(removedAnnotation) == "" {
			journal.Info("Removing etcd member %s from cluster", node.Name())
			if err := m.removeMember(ctx, node); err != nil {
				complain(err)
				return
			}
		}
		kept := []string{}
		for _, finalizer := range node.Strings("metadata", "finalizers") {
			if finalizer != etcdFinalizer {
				kept = append(kept, finalizer)
			}
		}
		_, err := m.Client.Patch(ctx, kube.Nodes.PathOf(node), kube.Object{"metadata": kube.Object{"finalizers": kept}})
		if err != nil && !kube.IsNotFound(err) {
			complain(err)
		}
	case strings.EqualFold(node.Annotation(removeAnnotation), "true") && node.Annotation(removedAnnotation) == "":
		if err := m.removeMember(ctx, node); err != nil {
			complain(err)
			return
		}
		m.annotate(ctx, node, kube.Object{
			removedAnnotation: node.Annotation(nodeNameAnnotation), nodeNameAnnotation: nil, addressAnnotation: nil,
		})
	case node.Annotation(removedAnnotation) != "" && node.Annotation(nodeNameAnnotation) != "" &&
		node.Annotation(nodeNameAnnotation) != node.Annotation(removedAnnotation):
		m.annotate(ctx, node, kube.Object{removedAnnotation: nil, removeAnnotation: "false"}) // it has joined anew
	}
}

func (m *Manager) annotate(ctx context.Context, node, annotations kube.Object) {
	answer, err := m.Client.Patch(ctx, kube.Nodes.PathOf(node),
		kube.Object{"metadata": kube.Object{"annotations": annotations}})
	put(m.nodes, answer, err)
}

// removeMember removes the member with the name and the address that the Node says.
func (m *Manager) removeMember(ctx context.Context, node kube.Object) error {
	name, address := node.Annotation(nodeNameAnnotation), node.Annotation(addressAnnotation)
	if name == "" || address == "" {
		return fmt.Errorf("node name annotation for node %s not found", node.Name())
	}
	members, err := m.Etcd.Members(ctx)
	if err != nil {
		return err
	}
	for _, member := range members {
		for _, peer := range member.PeerURLs {
			if parsed, err := url.Parse(peer); err != nil || parsed.Hostname() != address || member.Name != name {
				continue
			}
			if len(members) == 1 {
				return errors.New("not removing the last member of the etcd cluster")
			}
			journal.Info("Removing name=%s id=%s address=%s from etcd", name, member.ID, address)
			return m.Etcd.Remove(ctx, member.ID)
		}
	}
	return nil
}
