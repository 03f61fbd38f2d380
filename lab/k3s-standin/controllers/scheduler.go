package controllers

import (
	"context"
	"sort"
	"time"

	"fleetlab/k3s-standin/kube"
)

// schedule binds a waiting Pod to the node with the fewest Pods among those that can take it.
func (m *Manager) schedule(ctx context.Context, pod kube.Object) {
	if pod.Text("spec", "nodeName") != "" || pod.IsBeingDeleted() || isOver(pod) {
		return
	}
	load := map[string]int{}
	for _, other := range m.pods.All() {
		load[other.Text("spec", "nodeName")]++
	}
	var candidates []kube.Object
	for _, node := range m.nodes.All() {
		if isReady(node) && canTake(node, pod) {
			candidates = append(candidates, node)
		}
	}
	if len(candidates) == 0 {
		m.reportUnschedulable(ctx, pod)
		return
	}
	sort.Slice(candidates, func(i, j int) bool {
		one, other := candidates[i].Name(), candidates[j].Name()
		return load[one] < load[other] || load[one] == load[other] && one < other
	})
	_, err := m.Client.Create(ctx, kube.Pods.PathOf(pod, "binding"), kube.Object{
		"apiVersion": "v1", "kind": "Binding", "metadata": kube.Object{"name": pod.Name(), "uid": pod.UID()},
		"target": kube.Object{"apiVersion": "v1", "kind": "Node", "name": candidates[0].Name()},
	})
	if err == nil {
		bound := pod.Copy()
		bound.Map("spec")["nodeName"] = candidates[0].Name()
		m.pods.Put(bound)
	} else if !kube.IsConflict(err) && !kube.IsNotFound(err) {
		complain(err)
	}
}

// canTake is whether the node's labels and taints, and with them a cordon, let the Pod in.
func canTake(node, pod kube.Object) bool {
	labels := node.Texts("metadata", "labels")
	for key, value := range pod.Texts("spec", "nodeSelector") {
		if labels[key] != value {
			return false
		}
	}
	if terms := pod.List("spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution",
		"nodeSelectorTerms"); len(terms) > 0 && !matchesTerm(terms, labels) {
		return false
	}
	for _, taint := range node.List("spec", "taints") {
		if taint.Text("effect") != "PreferNoSchedule" && !tolerates(pod, taint) {
			return false
		}
	}
	return !node.IsBeingDeleted()
}

func matchesTerm(terms []kube.Object, labels map[string]string) bool {
	for _, term := range terms {
		matches := true
		for _, expression := range term.List("matchExpressions") {
			matches = matches && kube.Matches(expression, labels)
		}
		if matches {
			return true
		}
	}
	return false
}

func tolerates(pod, taint kube.Object) bool {
	for _, toleration := range pod.List("spec", "tolerations") {
		if effect := toleration.Text("effect"); effect != "" && effect != taint.Text("effect") {
			continue
		}
		key, operator := toleration.Text("key"), toleration.Text("operator")
		switch {
		case key == "" && operator == "Exists":
			return true
		case key != taint.Text("key"):
		case operator == "Exists" || toleration.Text("value") == taint.Text("value"):
			return true
		}
	}
	return false
}

func (m *Manager) reportUnschedulable(ctx context.Context, pod kube.Object) {
	if pod.Condition("PodScheduled") != nil {
		return
	}
	answer, err := m.Client.PatchStrategically(ctx, kube.Pods.PathOf(pod, "status"),
		kube.Object{"status": kube.Object{"conditions": []kube.Object{{
			"type": "PodScheduled", "status": "False", "reason": "Unschedulable",
			"message": "no node is ready and lets this Pod in", "lastTransitionTime": kube.Timestamp(time.Now()),
		}}}})
	put(m.pods, answer, err)
}

// isOver is whether a Pod has run to its end.
func isOver(pod kube.Object) bool {
	phase := pod.Text("status", "phase")
	return phase == "Succeeded" || phase == "Failed"
}
