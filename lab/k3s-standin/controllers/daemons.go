package controllers

import (
	"context"

	"fleetlab/k3s-standin/kube"
)

const generationLabel = "controller-revision-hash"

// daemonTolerations are those that every Pod of a DaemonSet has: it runs on nodes that are cordoned or not ready.
var daemonTolerations = []any{
	map[string]any{"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute"},
	map[string]any{"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoSchedule"},
	map[string]any{"key": "node.kubernetes.io/unreachable", "operator": "Exists", "effect": "NoExecute"},
	map[string]any{"key": "node.kubernetes.io/unreachable", "operator": "Exists", "effect": "NoSchedule"},
	map[string]any{"key": "node.kubernetes.io/unschedulable", "operator": "Exists", "effect": "NoSchedule"},
}

// reconcileDaemons keeps one Pod of a DaemonSet on every node that can take it.
func (m *Manager) reconcileDaemons(ctx context.Context, set kube.Object) {
	if set.IsBeingDeleted() {
		return
	}
	hash, byNode := hashOf(set.At("spec", "template")), map[string]kube.Object{}
	for _, pod := range m.podsOf(set) {
		byNode[pod.Text("spec", "nodeName")] = pod
	}
	wanted, current, updated, ready := 0, 0, 0, 0
	for _, node := range m.nodes.All() {
		made := daemonPod(set, node.Name(), hash)
		if !canTake(node, made) {
			continue
		}
		wanted++
		pod := byNode[node.Name()]
		delete(byNode, node.Name())
		switch {
		case pod == nil:
			m.createPod(ctx, made)
			continue
		case pod.Label(generationLabel) != hash:
			m.deletePod(ctx, pod)
		default:
			updated++
		}
		current++
		if isReady(pod) {
			ready++
		}
	}
	for _, pod := range byNode {
		m.deletePod(ctx, pod)
	}
	status := kube.Object{
		"observedGeneration": set.Number(0, "metadata", "generation"), "desiredNumberScheduled": wanted,
		"currentNumberScheduled": current, "numberReady": ready, "numberMisscheduled": 0,
	}
	for key, number := range map[string]int{
		"updatedNumberScheduled": updated, "numberAvailable": ready, "numberUnavailable": wanted - ready,
	} {
		if status[key] = number; number == 0 {
			status[key] = nil // the API leaves out what is zero
		}
	}
	m.setStatus(ctx, kube.DaemonSets, m.daemonSets, set, status)
}

func daemonPod(set kube.Object, node, hash string) kube.Object {
	tolerations, _ := set.At("spec", "template", "spec", "tolerations").([]any)
	pod := newPod(set, "DaemonSet", "", kube.Object{
		"nodeName": node, "tolerations": append(append([]any{}, tolerations...), daemonTolerations...),
	})
	labels := kube.Object{generationLabel: hash}
	for key, value := range set.Texts("spec", "template", "metadata", "labels") {
		labels[key] = value
	}
	pod.Map("metadata")["labels"] = labels
	return pod
}
