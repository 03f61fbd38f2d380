package controllers

import (
	"context"
	"time"

	"fleetlab/k3s-standin/kube"
)

const hashLabel = "pod-template-hash"

// reconcileDeployment keeps one ReplicaSet for the current template at full size, and shrinks the others by as many Pods
// as the new one has ready.
func (m *Manager) reconcileDeployment(ctx context.Context, deployment kube.Object) {
	if deployment.IsBeingDeleted() {
		return
	}
	hash, wanted := hashOf(deployment.At("spec", "template")), deployment.Number(1, "spec", "replicas")
	var current kube.Object
	var older []kube.Object
	for _, set := range m.replicaSets.All() {
		switch {
		case set.Owner().Text("uid") != deployment.UID():
		case set.Label(hashLabel) == hash:
			current = set
		default:
			older = append(older, set)
		}
	}
	if current == nil {
		answer, err := m.Client.Create(ctx, kube.ReplicaSets.Path(deployment.Namespace()),
			newReplicaSet(deployment, hash, wanted))
		put(m.replicaSets, answer, err)
		return
	}
	m.scale(ctx, current, wanted)
	ready := current.Number(0, "status", "readyReplicas")
	if ready > wanted {
		ready = wanted
	}
	total, available := current.Number(0, "status", "replicas"), ready
	for _, set := range older {
		m.scale(ctx, set, minimum(set.Number(0, "spec", "replicas"), wanted-ready))
		total += set.Number(0, "status", "replicas")
		available += set.Number(0, "status", "readyReplicas")
	}
	m.setStatus(ctx, kube.Deployments, m.deployments, deployment, deploymentStatus(
		deployment, wanted, total, current.Number(0, "status", "replicas"), available))
}

func newReplicaSet(deployment kube.Object, hash string, replicas int) kube.Object {
	template := deployment.Map("spec", "template").Copy()
	labels := kube.Object{}
	for key, value := range template.Texts("metadata", "labels") {
		labels[key] = value
	}
	labels[hashLabel] = hash
	metadata := template.Map("metadata")
	if metadata == nil {
		metadata = kube.Object{}
		template["metadata"] = metadata
	}
	metadata["labels"] = labels
	selector := deployment.Map("spec", "selector").Copy()
	matched := kube.Object{hashLabel: hash}
	for key, value := range selector.Texts("matchLabels") {
		matched[key] = value
	}
	selector["matchLabels"] = matched
	return kube.Object{
		"apiVersion": "apps/v1", "kind": "ReplicaSet",
		"metadata": kube.Object{
			"name": deployment.Name() + "-" + hash, "namespace": deployment.Namespace(), "labels": labels,
			"ownerReferences": []kube.Object{{
				"apiVersion": "apps/v1", "kind": "Deployment", "name": deployment.Name(), "uid": deployment.UID(),
				"controller": true, "blockOwnerDeletion": true,
			}},
		},
		"spec": kube.Object{"replicas": replicas, "selector": selector, "template": template},
	}
}

func (m *Manager) scale(ctx context.Context, set kube.Object, replicas int) {
	if replicas < 0 {
		replicas = 0
	}
	if set.Number(1, "spec", "replicas") != replicas {
		answer, err := m.Client.Patch(ctx, kube.ReplicaSets.PathOf(set),
			kube.Object{"spec": kube.Object{"replicas": replicas}})
		put(m.replicaSets, answer, err)
	}
}

func deploymentStatus(deployment kube.Object, wanted, total, updated, available int) kube.Object {
	condition := func(kind string, holds bool, reason string) kube.Object {
		status := "False"
		if holds {
			status = "True"
		}
		since := deployment.Condition(kind).Text("lastTransitionTime")
		if since == "" || deployment.Condition(kind).Text("status") != status {
			since = kube.Timestamp(time.Now())
		}
		return kube.Object{
			"type": kind, "status": status, "reason": reason, "message": "", "lastTransitionTime": since,
			"lastUpdateTime": since,
		}
	}
	isAvailable := available >= wanted
	reason := "MinimumReplicasAvailable"
	if !isAvailable {
		reason = "MinimumReplicasUnavailable"
	}
	status := kube.Object{
		"observedGeneration": deployment.Number(0, "metadata", "generation"),
		"replicas":           total, "updatedReplicas": updated, "readyReplicas": available, "availableReplicas": available,
		"unavailableReplicas": total - available,
		"conditions": []kube.Object{
			condition("Available", isAvailable, reason), condition("Progressing", true, "NewReplicaSetAvailable"),
		},
	}
	for _, count := range []string{
		"replicas", "updatedReplicas", "readyReplicas", "availableReplicas", "unavailableReplicas",
	} {
		if status[count] == 0 {
			status[count] = nil // the API leaves out what is zero
		}
	}
	return status
}

func minimum(one, other int) int {
	if one < other {
		return one
	}
	return other
}
