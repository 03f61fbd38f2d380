package controllers

import (
	"context"
	"fmt"
	"sort"

	"fleetlab/k3s-standin/kube"
)

// reconcileReplicas keeps the number of Pods of a ReplicaSet or of a StatefulSet, whose Pods have numbers for names.
func (m *Manager) reconcileReplicas(
	ctx context.Context, resource kube.Resource, mirror *kube.Mirror, set kube.Object,
) {
	if set.IsBeingDeleted() {
		return
	}
	wanted, pods := set.Number(1, "spec", "replicas"), m.podsOf(set)
	isStateful := resource == kube.StatefulSets
	switch {
	case isStateful:
		pods = m.reconcileNumbered(ctx, set, wanted, pods)
	case len(pods) < wanted:
		for count := len(pods); count < wanted; count++ {
			m.createPod(ctx, newPod(set, "ReplicaSet", "", nil))
		}
	case len(pods) > wanted:
		sort.Slice(pods, func(i, j int) bool { return !isReady(pods[i]) && isReady(pods[j]) })
		for _, pod := range pods[:len(pods)-wanted] {
			m.deletePod(ctx, pod)
		}
	}
	pods = m.podsOf(set)
	ready := countReady(pods)
	status := kube.Object{
		"observedGeneration": set.Number(0, "metadata", "generation"),
		"replicas":           len(pods), "readyReplicas": ready,
	}
	if isStateful {
		status["currentReplicas"], status["updatedReplicas"] = len(pods), len(pods)
		revision := set.Name() + "-" + hashOf(set.At("spec", "template"))
		status["currentRevision"], status["updateRevision"] = revision, revision
	} else {
		status["fullyLabeledReplicas"], status["availableReplicas"] = len(pods), ready
	}
	for _, count := range []string{
		"readyReplicas", "availableReplicas", "fullyLabeledReplicas", "currentReplicas", "updatedReplicas",
	} {
		if number, found := status[count]; found && number == 0 {
			status[count] = nil
		}
	}
	m.setStatus(ctx, resource, mirror, set, status)
}

// reconcileNumbered creates NAME-0 … and replaces, one at a time, those of an older template.
func (m *Manager) reconcileNumbered(ctx context.Context, set kube.Object, wanted int, pods []kube.Object) []kube.Object {
	hash, byName := hashOf(set.At("spec", "template")), map[string]kube.Object{}
	for _, pod := range pods {
		byName[pod.Name()] = pod
	}
	for number := 0; number < wanted; number++ {
		name := fmt.Sprintf("%s-%d", set.Name(), number)
		pod := byName[name]
		delete(byName, name)
		if pod == nil && m.pods.Find(set.Namespace(), name) == nil {
			made := newPod(set, "StatefulSet", name, nil)
			labels := kube.Object{generationLabel: set.Name() + "-" + hash}
			for key, value := range set.Texts("spec", "template", "metadata", "labels") {
				labels[key] = value
			}
			made.Map("metadata")["labels"] = labels
			m.createPod(ctx, made)
			return pods
		}
		if pod == nil || !isReady(pod) {
			return pods
		}
		if pod.Label(generationLabel) != set.Name()+"-"+hash {
			m.deletePod(ctx, pod)
			return pods
		}
	}
	for _, pod := range byName {
		m.deletePod(ctx, pod)
	}
	return pods
}
