package controllers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"fleetlab/k3s-standin/kube"
)

// podsOf are the Pods that an object controls, without those that are over or going.
func (m *Manager) podsOf(owner kube.Object) []kube.Object {
	var pods []kube.Object
	for _, pod := range m.pods.All() {
		if pod.Owner().Text("uid") == owner.UID() && !pod.IsBeingDeleted() && !isOver(pod) {
			pods = append(pods, pod)
		}
	}
	return pods
}

// newPod is made from the owner's template. Further things go into its spec.
func newPod(owner kube.Object, kind, name string, spec kube.Object) kube.Object {
	template := kube.Object(owner.Map("spec", "template").Copy())
	metadata := kube.Object{
		"namespace": owner.Namespace(), "labels": template.At("metadata", "labels"),
		"annotations": template.At("metadata", "annotations"),
		"ownerReferences": []kube.Object{{
			"apiVersion": "apps/v1", "kind": kind, "name": owner.Name(), "uid": owner.UID(),
			"controller": true, "blockOwnerDeletion": true,
		}},
	}
	if name == "" {
		metadata["generateName"] = owner.Name() + "-"
	} else {
		metadata["name"] = name
	}
	content := template.Map("spec")
	for key, value := range spec {
		content[key] = value
	}
	return kube.Object{"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": content}
}

func (m *Manager) createPod(ctx context.Context, pod kube.Object) {
	answer, err := m.Client.Create(ctx, kube.Pods.Path(pod.Namespace()), pod)
	put(m.pods, answer, err)
}

func (m *Manager) deletePod(ctx context.Context, pod kube.Object) {
	answer, err := m.Client.Get(ctx, kube.Pods.PathOf(pod))
	if err == nil && answer.UID() == pod.UID() {
		err = m.Client.Delete(ctx, kube.Pods.PathOf(pod), kube.Object{"preconditions": kube.Object{"uid": pod.UID()}})
	}
	if err == nil {
		going := pod.Copy()
		going.Map("metadata")["deletionTimestamp"] = "going"
		m.pods.Put(going)
	}
}

// setStatus writes a status that differs from the one that is there.
func (m *Manager) setStatus(
	ctx context.Context, resource kube.Resource, mirror *kube.Mirror, object kube.Object, status kube.Object,
) {
	current := object.Map("status")
	same := true
	for key, value := range status {
		same = same && equalJSON(current[key], value)
	}
	if same {
		return
	}
	answer, err := m.Client.Patch(ctx, resource.PathOf(object, "status"), kube.Object{
		"metadata": kube.Object{"resourceVersion": object.ResourceVersion()}, "status": status,
	})
	put(mirror, answer, err)
}

func equalJSON(one, other any) bool {
	first, firstErr := json.Marshal(one)
	second, secondErr := json.Marshal(other)
	return firstErr == nil && secondErr == nil && string(first) == string(second)
}

// hashOf a template, short and the same on every server.
func hashOf(value any) string {
	text, _ := json.Marshal(value)
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:5])
}

func countReady(pods []kube.Object) int {
	count := 0
	for _, pod := range pods {
		if isReady(pod) {
			count++
		}
	}
	return count
}
