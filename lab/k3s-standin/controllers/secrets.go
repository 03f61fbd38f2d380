package controllers

import (
	"context"
	"encoding/base64"
	"time"

	"fleetlab/k3s-standin/kube"
	"fleetlab/k3s-standin/nodepassword"
)

// orphanAge is how long a node may take from its first sign of life to its registration.
const orphanAge = 10 * time.Minute

// reconcileSecrets removes the node passwords of nodes that are gone, and bootstrap tokens that have expired.
func (m *Manager) reconcileSecrets(ctx context.Context) {
	for _, secret := range m.secrets.All() {
		remove := false
		if node, isPassword := nodepassword.NodeOf(secret); isPassword {
			remove = m.isForgotten(ctx, secret, node)
		} else if secret.Text("type") == "bootstrap.kubernetes.io/token" {
			text, _ := base64.StdEncoding.DecodeString(secret.Text("data", "expiration"))
			expiry, err := time.Parse(time.RFC3339, string(text))
			remove = err == nil && time.Now().After(expiry)
		}
		if remove {
			complain(m.Client.Delete(ctx, kube.Secrets.PathOf(secret),
				kube.Object{"preconditions": kube.Object{"uid": secret.UID()}}))
		}
	}
}

// isForgotten is whether a node password is of no more use. While it is, the Node owns it.
func (m *Manager) isForgotten(ctx context.Context, secret kube.Object, name string) bool {
	node, owners := m.nodes.Find("", name), secret.List("metadata", "ownerReferences")
	switch {
	case node == nil && len(owners) == 0:
		return time.Since(secret.Time("metadata", "creationTimestamp")) > orphanAge
	case node == nil:
		return true
	case len(owners) == 0 || owners[0].Text("uid") != node.UID():
		answer, err := m.Client.Patch(ctx, kube.Secrets.PathOf(secret), kube.Object{"metadata": kube.Object{
			"resourceVersion": secret.ResourceVersion(), "ownerReferences": []kube.Object{nodepassword.Owner(node)},
		}})
		put(m.secrets, answer, err)
	}
	return false
}
