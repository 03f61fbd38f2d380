package controllers

import (
	"context"

	"fleetlab/k3s-standin/kube"
)

// reconcileBudget writes into a PodDisruptionBudget how many of its Pods may be evicted now. The API server itself
// refuses the eviction of more.
func (m *Manager) reconcileBudget(ctx context.Context, budget kube.Object) {
	if budget.IsBeingDeleted() {
		return
	}
	expected, healthy := 0, 0
	counted := map[string]bool{}
	for _, pod := range m.pods.All() {
		if pod.Namespace() != budget.Namespace() || isOver(pod) ||
			!kube.Selects(budget.Map("spec", "selector"), pod.Texts("metadata", "labels")) {
			continue
		}
		if isReady(pod) && !pod.IsBeingDeleted() && budget.At("status", "disruptedPods", pod.Name()) == nil {
			healthy++
		}
		if owner := pod.Owner().Text("uid"); owner == "" {
			expected++
		} else if !counted[owner] {
			counted[owner] = true
			expected += m.replicasOf(owner)
		}
	}
	desired := 0
	if most := budget.At("spec", "maxUnavailable"); most != nil {
		unavailable, _ := kube.IntOrPercent(most, expected)
		desired = expected - unavailable
	} else if least := budget.At("spec", "minAvailable"); least != nil {
		desired, _ = kube.IntOrPercent(least, expected)
	}
	if desired < 0 {
		desired = 0
	}
	allowed := healthy - desired
	if allowed < 0 || expected == 0 {
		allowed = 0
	}
	m.setStatus(ctx, kube.Budgets, m.budgets, budget, kube.Object{
		"observedGeneration": budget.Number(0, "metadata", "generation"), "disruptionsAllowed": allowed,
		"currentHealthy": healthy, "desiredHealthy": desired, "expectedPods": expected,
		"disruptedPods": m.stillDisrupted(budget),
	})
}

// stillDisrupted is null, which clears the list, unless a Pod that the API server has let go is not seen going yet.
func (m *Manager) stillDisrupted(budget kube.Object) any {
	for name := range budget.Map("status", "disruptedPods") {
		if pod := m.pods.Find(budget.Namespace(), name); pod != nil && !pod.IsBeingDeleted() {
			return budget.At("status", "disruptedPods")
		}
	}
	return nil
}

// replicasOf the set with this UID is how many Pods it is to have.
func (m *Manager) replicasOf(uid string) int {
	for _, mirror := range []*kube.Mirror{m.replicaSets, m.stateful} {
		for _, set := range mirror.All() {
			if set.UID() == uid {
				return set.Number(1, "spec", "replicas")
			}
		}
	}
	for _, set := range m.daemonSets.All() {
		if set.UID() == uid {
			return set.Number(0, "status", "desiredNumberScheduled")
		}
	}
	return 0
}
