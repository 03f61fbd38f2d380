package controllers

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"fleetlab/k3s-standin/kube"
)

// grace is how long a node may be silent before it is called unreachable. A real cluster's is 40 seconds.
const grace = 10 * time.Second

// heard is when a node's Lease last changed, by this server's clock; of the change before it led, by the node's.
type heard struct {
	renewal string
	at      time.Time
}

// reconcileNode is the node lifecycle controller: it marks silent nodes, taints what should not be used, and gives each
// node its addresses.
func (m *Manager) reconcileNode(ctx context.Context, node kube.Object) {
	if m.isSilent(node) && node.Condition("Ready").Text("status") != "Unknown" && node.Condition("Ready") != nil {
		answer, err := m.Client.PatchStrategically(ctx, kube.Nodes.PathOf(node, "status"), silence(node))
		put(m.nodes, answer, err)
		if err == nil {
			node = answer
		}
		m.markPods(ctx, node)
	}
	spec := kube.Object{}
	if taints := wantedTaints(node); !sameTaints(taints, node.List("spec", "taints")) {
		spec["taints"] = taints
	}
	if node.Text("spec", "podCIDR") == "" {
		network := m.freeNetwork()
		spec["podCIDR"], spec["podCIDRs"] = network, []string{network}
	}
	if len(spec) > 0 {
		answer, err := m.Client.Patch(ctx, kube.Nodes.PathOf(node),
			kube.Object{"metadata": kube.Object{"resourceVersion": node.ResourceVersion()}, "spec": spec})
		put(m.nodes, answer, err)
	}
}

// isSilent is whether a node has given no sign of life for a while: neither renewed its Lease nor reported its status.
func (m *Manager) isSilent(object kube.Object) bool {
	node := object.Name()
	lease := m.leases.Find("kube-node-lease", node)
	renewal := lease.Text("spec", "renewTime") + object.Condition("Ready").Text("lastHeartbeatTime")
	now := time.Now()
	last, known := m.heard[node]
	if !known || last.renewal != renewal {
		last = heard{renewal, now}
		if told := lease.Time("spec", "renewTime"); !known && !told.IsZero() && told.Before(now) {
			last.at = told
		}
		m.heard[node] = last
	}
	return time.Since(last.at) > grace
}

// silence is the status of a node that has stopped reporting.
func silence(node kube.Object) kube.Object {
	now, conditions := kube.Timestamp(time.Now()), []kube.Object{}
	for _, kind := range []string{"Ready", "MemoryPressure", "DiskPressure", "PIDPressure"} {
		conditions = append(conditions, kube.Object{
			"type": kind, "status": "Unknown", "reason": "NodeStatusUnknown",
			"message": "Kubelet stopped posting node status.", "lastTransitionTime": now,
			"lastHeartbeatTime": node.Condition(kind).At("lastHeartbeatTime"),
		})
	}
	return kube.Object{"status": kube.Object{"conditions": conditions}}
}

// markPods says of the Pods of a silent node that they are not ready. Its kubelet says otherwise when it is back.
func (m *Manager) markPods(ctx context.Context, node kube.Object) {
	for _, pod := range m.pods.All() {
		if pod.Text("spec", "nodeName") != node.Name() || pod.Condition("Ready").Text("status") != "True" {
			continue
		}
		answer, err := m.Client.PatchStrategically(ctx, kube.Pods.PathOf(pod, "status"),
			kube.Object{"status": kube.Object{"conditions": []kube.Object{{
				"type": "Ready", "status": "False", "reason": "NodeNotReady",
				"lastTransitionTime": kube.Timestamp(time.Now()),
			}}}})
		put(m.pods, answer, err)
	}
}

// wantedTaints are those that people set, and those that follow from the node's state.
func wantedTaints(node kube.Object) []kube.Object {
	taints := []kube.Object{}
	for _, taint := range node.List("spec", "taints") {
		switch taint.Text("key") {
		case "node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable", "node.kubernetes.io/unschedulable":
		default:
			taints = append(taints, taint)
		}
	}
	add := func(key string, effects ...string) {
		for _, effect := range effects {
			taints = append(taints, kube.Object{"key": "node.kubernetes.io/" + key, "effect": effect})
		}
	}
	if node.Flag("spec", "unschedulable") {
		add("unschedulable", "NoSchedule")
	}
	switch node.Condition("Ready").Text("status") {
	case "True":
	case "Unknown":
		add("unreachable", "NoSchedule", "NoExecute")
	default:
		add("not-ready", "NoSchedule", "NoExecute")
	}
	return taints
}

func sameTaints(one, other []kube.Object) bool {
	set := func(taints []kube.Object) map[[3]string]bool {
		all := map[[3]string]bool{}
		for _, taint := range taints {
			all[[3]string{taint.Text("key"), taint.Text("value"), taint.Text("effect")}] = true
		}
		return all
	}
	return reflect.DeepEqual(set(one), set(other))
}

// freeNetwork is the first /24 of the cluster's network that no node has.
func (m *Manager) freeNetwork() string {
	taken := map[string]bool{}
	for _, node := range m.nodes.All() {
		taken[node.Text("spec", "podCIDR")] = true
	}
	for number := 0; ; number++ {
		if network := fmt.Sprintf("10.42.%d.0/24", number); !taken[network] {
			return network
		}
	}
}

func isReady(object kube.Object) bool { return object.Condition("Ready").Text("status") == "True" }
