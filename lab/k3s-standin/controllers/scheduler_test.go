package controllers

import (
	"testing"

	"fleetlab/k3s-standin/kube"
)

func TestWhatANodeTakes(t *testing.T) {
	cordoned := kube.Object{"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}
	node := func(taints ...kube.Object) kube.Object {
		return kube.Object{
			"metadata": kube.Object{"labels": kube.Object{"disk": "ssd"}}, "spec": kube.Object{"taints": taints},
		}
	}
	selecting := func(disk string) kube.Object {
		return kube.Object{"spec": kube.Object{"nodeSelector": kube.Object{"disk": disk}}}
	}
	toleration := func(toleration kube.Object) kube.Object {
		return kube.Object{"spec": kube.Object{"tolerations": []kube.Object{toleration}}}
	}
	for name, example := range map[string]struct {
		node, pod kube.Object
		takes     bool
	}{
		"anything":                    {node(), kube.Object{}, true},
		"by its label":                {node(), selecting("ssd"), true},
		"another label":               {node(), selecting("sd"), false},
		"nothing when it is cordoned": {node(cordoned), kube.Object{}, false},
		"what tolerates the key": {
			node(cordoned), toleration(kube.Object{"key": "node.kubernetes.io/unschedulable", "operator": "Exists"}), true,
		},
		"what tolerates everything":    {node(cordoned), toleration(kube.Object{"operator": "Exists"}), true},
		"not what tolerates something": {node(cordoned), toleration(kube.Object{"key": "other", "operator": "Exists"}), false},
		"what only prefers otherwise": {
			node(kube.Object{"key": "a", "effect": "PreferNoSchedule"}), kube.Object{}, true,
		},
	} {
		if canTake(example.node, example.pod) != example.takes {
			t.Errorf("%s: want %v", name, example.takes)
		}
	}
}

func TestTaintsFollowTheNodesState(t *testing.T) {
	own := kube.Object{"key": "own", "effect": "NoExecute"}
	stale := kube.Object{"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}
	node := kube.Object{
		"spec":   kube.Object{"taints": []kube.Object{own, stale}, "unschedulable": true},
		"status": kube.Object{"conditions": []kube.Object{{"type": "Ready", "status": "Unknown"}}},
	}
	want := []kube.Object{
		own,
		{"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"},
		{"key": "node.kubernetes.io/unreachable", "effect": "NoSchedule"},
		{"key": "node.kubernetes.io/unreachable", "effect": "NoExecute"},
	}
	if got := wantedTaints(node); !sameTaints(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
