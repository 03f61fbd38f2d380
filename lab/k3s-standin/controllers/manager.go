// Package controllers does in one of a cluster's servers what Kubernetes' and k3s' own controllers do: no more of it
// than shows on a fleet's nodes and workloads.
package controllers

import (
	"context"
	"time"

	"fleetlab/k3s-standin/etcd"
	"fleetlab/k3s-standin/journal"
	"fleetlab/k3s-standin/kube"
)

const (
	settling = 50 * time.Millisecond // after a change, for further ones to come along
	interval = 2 * time.Second       // at least as often, for what depends on time
)

// Manager runs the controllers while this server is their leader.
type Manager struct {
	Client *kube.Client
	Name   string       // of this server's node
	Etcd   *etcd.Client // nil without etcd

	dirty       chan struct{}
	nodes       *kube.Mirror
	leases      *kube.Mirror
	pods        *kube.Mirror
	secrets     *kube.Mirror
	endpoints   *kube.Mirror
	namespaces  *kube.Mirror
	deployments *kube.Mirror
	replicaSets *kube.Mirror
	stateful    *kube.Mirror
	daemonSets  *kube.Mirror
	budgets     *kube.Mirror
	jobs        *kube.Mirror
	charts      *kube.Mirror

	heard    map[string]heard     // by node
	finished map[string]time.Time // by the UID of a Job
}

// lead runs until the context ends: mirrors what the controllers look at, and after each change lets all of them bring
// about what should be. None keeps a state of its own that another leader would need.
func (m *Manager) lead(ctx context.Context) {
	m.dirty = make(chan struct{}, 1)
	m.heard, m.finished = map[string]heard{}, map[string]time.Time{}
	changed := func() {
		select {
		case m.dirty <- struct{}{}:
		default:
		}
	}
	mirror := func(resource kube.Resource) *kube.Mirror {
		return kube.NewMirror(ctx, m.Client, resource.Path(""), changed)
	}
	// Leases change all the time, and matter only when they do not.
	m.leases = kube.NewMirror(ctx, m.Client, kube.Leases.Path("kube-node-lease"), func() {})
	m.nodes, m.pods, m.secrets = mirror(kube.Nodes), mirror(kube.Pods), mirror(kube.Secrets)
	m.namespaces, m.deployments = mirror(kube.Namespaces), mirror(kube.Deployments)
	m.replicaSets, m.stateful, m.daemonSets = mirror(kube.ReplicaSets), mirror(kube.StatefulSets), mirror(kube.DaemonSets)
	m.budgets, m.jobs, m.charts = mirror(kube.Budgets), mirror(kube.Jobs), mirror(kube.HelmCharts)
	m.endpoints = kube.NewMirror(ctx, m.Client,
		kube.Endpoints.Path("default")+"?fieldSelector=metadata.name=kubernetes", changed)

	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-m.dirty:
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(settling):
		}
		if m.isSynced() {
			m.reconcile(ctx)
		}
	}
}

func (m *Manager) isSynced() bool {
	for _, mirror := range []*kube.Mirror{
		m.nodes, m.leases, m.pods, m.secrets, m.endpoints, m.namespaces, m.deployments, m.replicaSets, m.stateful,
		m.daemonSets, m.budgets, m.jobs, m.charts,
	} {
		if !mirror.IsSynced() {
			return false
		}
	}
	return true
}

func (m *Manager) reconcile(ctx context.Context) {
	for _, node := range m.nodes.All() {
		m.reconcileNode(ctx, node)
		m.reconcileMember(ctx, node)
	}
	m.reconcileServers(ctx)
	m.reconcileSecrets(ctx)
	for _, namespace := range m.namespaces.All() {
		m.reconcileNamespace(ctx, namespace)
	}
	for _, chart := range m.charts.All() {
		m.reconcileChart(ctx, chart)
	}
	for _, job := range m.jobs.All() {
		m.reconcileJob(ctx, job)
	}
	for _, deployment := range m.deployments.All() {
		m.reconcileDeployment(ctx, deployment)
	}
	for _, set := range m.replicaSets.All() {
		m.reconcileReplicas(ctx, kube.ReplicaSets, m.replicaSets, set)
	}
	for _, set := range m.stateful.All() {
		m.reconcileReplicas(ctx, kube.StatefulSets, m.stateful, set)
	}
	for _, set := range m.daemonSets.All() {
		m.reconcileDaemons(ctx, set)
	}
	m.collectGarbage(ctx)
	for _, pod := range m.pods.All() {
		m.schedule(ctx, pod)
	}
	for _, budget := range m.budgets.All() {
		m.reconcileBudget(ctx, budget)
	}
}

// put takes in the answer to a write, or logs why it failed. Whoever was overtaken by another writer tries again at the
// next change.
func put(mirror *kube.Mirror, object kube.Object, err error) {
	switch {
	case err == nil:
		mirror.Put(object)
	case !kube.IsConflict(err) && !kube.IsNotFound(err) && !kube.IsAlreadyExists(err):
		complain(err)
	}
}

func complain(err error) {
	if err != nil {
		journal.Error("controller: %v", err)
	}
}
