package controllers

import (
	"context"
	"time"

	"fleetlab/k3s-standin/kube"
)

// owned are the kinds whose objects go with what owns them, beside Leases and Secrets of nodes.
func (m *Manager) owned() map[kube.Resource]*kube.Mirror {
	return map[kube.Resource]*kube.Mirror{
		kube.Pods: m.pods, kube.ReplicaSets: m.replicaSets, kube.Jobs: m.jobs, kube.Deployments: m.deployments,
		kube.DaemonSets: m.daemonSets, kube.StatefulSets: m.stateful,
	}
}

// owners are all objects that can own one of those, by UID.
func (m *Manager) owners() map[string]kube.Object {
	all := map[string]kube.Object{}
	for _, mirror := range []*kube.Mirror{
		m.nodes, m.replicaSets, m.deployments, m.daemonSets, m.stateful, m.jobs, m.charts, m.pods,
	} {
		for _, object := range mirror.All() {
			all[object.UID()] = object
		}
	}
	return all
}

// ownerKinds are the kinds that owners knows. An object with an owner of another kind is left alone.
var ownerKinds = map[string]bool{
	"Node": true, "ReplicaSet": true, "Deployment": true, "DaemonSet": true, "StatefulSet": true, "Job": true,
	"HelmChart": true, "Pod": true,
}

// collectGarbage deletes what has lost its owner, and what was bound to a node that is gone. An owner that is deleted in
// the foreground waits for what it owns, one that orphans lets it go first.
func (m *Manager) collectGarbage(ctx context.Context) {
	owners, dependents := m.owners(), map[string]int{}
	for resource, mirror := range m.owned() {
		for _, object := range mirror.All() {
			owner := controllerOf(object)
			if owner == nil || !ownerKinds[owner.Text("kind")] {
				continue
			}
			uid := owner.Text("uid")
			alive := owners[uid]
			dependents[uid]++
			switch {
			case alive.HasFinalizer("orphan") && alive.IsBeingDeleted():
				answer, err := m.Client.Patch(ctx, resource.PathOf(object),
					kube.Object{"metadata": kube.Object{"ownerReferences": []any{}}})
				put(mirror, answer, err)
				dependents[uid]--
			case (alive == nil || alive.HasFinalizer("foregroundDeletion") && alive.IsBeingDeleted()) &&
				!object.IsBeingDeleted():
				complain(m.Client.Delete(ctx, resource.PathOf(object), kube.Object{
					"propagationPolicy": "Background", "preconditions": kube.Object{"uid": object.UID()},
				}))
			}
		}
	}
	for resource, mirror := range m.owned() {
		for _, object := range mirror.All() {
			if object.IsBeingDeleted() && dependents[object.UID()] == 0 &&
				(object.HasFinalizer("foregroundDeletion") || object.HasFinalizer("orphan")) {
				m.release(ctx, resource, object)
			}
		}
	}
	m.collectOfNodes(ctx)
}

func controllerOf(object kube.Object) kube.Object {
	if owner := object.Owner(); owner != nil {
		return owner
	}
	for _, owner := range object.List("metadata", "ownerReferences") {
		return owner
	}
	return nil
}

// release takes the garbage collector's own finalizers off an object.
func (m *Manager) release(ctx context.Context, resource kube.Resource, object kube.Object) {
	kept := []string{}
	for _, finalizer := range object.Strings("metadata", "finalizers") {
		if finalizer != "foregroundDeletion" && finalizer != "orphan" {
			kept = append(kept, finalizer)
		}
	}
	_, err := m.Client.Patch(ctx, resource.PathOf(object), kube.Object{"metadata": kube.Object{"finalizers": kept}})
	if err != nil && !kube.IsNotFound(err) {
		complain(err)
	}
}

func (m *Manager) collectOfNodes(ctx context.Context) {
	now := kube.Object{"gracePeriodSeconds": 0}
	for _, pod := range m.pods.All() {
		if node := pod.Text("spec", "nodeName"); node != "" && m.nodes.Find("", node) == nil {
			complain(m.Client.Delete(ctx, kube.Pods.PathOf(pod), now))
		}
	}
	for _, lease := range m.leases.All() {
		// A Lease may be seen before the new Node that it is for.
		if m.nodes.Find("", lease.Name()) == nil && time.Since(lease.Time("metadata", "creationTimestamp")) > grace {
			complain(m.Client.Delete(ctx, kube.Leases.PathOf(lease), nil))
		}
	}
}
