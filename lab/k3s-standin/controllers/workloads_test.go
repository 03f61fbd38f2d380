package controllers

import (
	"testing"

	"fleetlab/k3s-standin/kube"
)

func deployment() kube.Object {
	return kube.Object{
		"metadata": kube.Object{"name": "web", "namespace": "apps", "uid": "1", "generation": float64(2)},
		"spec": kube.Object{
			"replicas": float64(2), "selector": kube.Object{"matchLabels": kube.Object{"app": "web"}},
			"template": kube.Object{
				"metadata": kube.Object{"labels": kube.Object{"app": "web"}},
				"spec":     kube.Object{"containers": []kube.Object{{"name": "main", "image": "web:1"}}},
			},
		},
	}
}

func TestAReplicaSetSelectsItsOwnPods(t *testing.T) {
	set := newReplicaSet(deployment(), "abc", 2).Copy()
	pod := newPod(set, "ReplicaSet", "", nil).Copy()
	if !kube.Selects(set.Map("spec", "selector"), pod.Texts("metadata", "labels")) {
		t.Errorf("%v does not select %v", set.Map("spec", "selector"), pod.Texts("metadata", "labels"))
	}
	if owner := pod.Owner(); owner.Text("kind") != "ReplicaSet" || owner.Text("name") != "web-abc" {
		t.Errorf("the owner is %v", owner)
	}
	if deployment().At("spec", "template", "metadata", "labels", hashLabel) != nil {
		t.Error("the Deployment itself was changed")
	}
}

func TestADeploymentIsAvailableWithAllItsPods(t *testing.T) {
	for available, want := range map[int]string{1: "False", 2: "True"} {
		status := kube.Object{"status": deploymentStatus(deployment(), 2, 2, 2, available)}
		if got := status.Condition("Available").Text("status"); got != want {
			t.Errorf("%d of 2: %s", available, got)
		}
	}
}

func TestADaemonRunsOnCordonedNodesAsWell(t *testing.T) {
	pod := daemonPod(deployment(), "pi1", "abc")
	node := func(key string) kube.Object {
		return kube.Object{"spec": kube.Object{"taints": []kube.Object{{"key": key, "effect": "NoSchedule"}}}}
	}
	if !canTake(node("node.kubernetes.io/unschedulable"), pod) || canTake(node("dedicated"), pod) {
		t.Error("a cordoned node must take it, one with a taint of a person's must not")
	}
}
