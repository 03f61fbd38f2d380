package controllers

import (
	"context"
	"time"

	"fleetlab/k3s-standin/journal"
	"fleetlab/k3s-standin/kube"
)

const (
	renewal  = 2 * time.Second
	patience = 6 * time.Second // a leader that has not renewed for as long is none any more
)

// Run competes for the Lease kube-system/k3s and leads whenever this server holds it.
func (m *Manager) Run(ctx context.Context) {
	var stop context.CancelFunc
	var version string // of the Lease as last seen
	seen, renewed := time.Now(), time.Time{}
	ticker := time.NewTicker(renewal)
	defer ticker.Stop()
	for {
		lease, err := m.Client.Get(ctx, kube.Leases.Path("kube-system", "k3s"))
		if lease.ResourceVersion() != version && err == nil {
			version, seen = lease.ResourceVersion(), time.Now()
		}
		isMine := lease.Text("spec", "holderIdentity") == m.Name
		if kube.IsNotFound(err) || err == nil && (isMine || time.Since(seen) > patience) {
			if m.take(ctx, lease) == nil {
				renewed = time.Now()
			}
		}
		switch isLeader := time.Since(renewed) < patience-renewal; {
		case isLeader && stop == nil:
			journal.Info("stand-in: this server runs the controllers now")
			var leading context.Context
			leading, stop = context.WithCancel(ctx)
			go m.lead(leading)
		case !isLeader && stop != nil:
			journal.Info("stand-in: this server runs the controllers no longer")
			stop()
			stop = nil
		}
		select {
		case <-ctx.Done():
			if stop != nil {
				stop()
			}
			return
		case <-ticker.C:
		}
	}
}

// take creates the Lease, or renews it unless another was faster: the resource version says so.
func (m *Manager) take(ctx context.Context, lease kube.Object) error {
	spec := kube.Object{
		"holderIdentity": m.Name, "leaseDurationSeconds": int(patience.Seconds()),
		"renewTime": kube.MicroTimestamp(time.Now()),
	}
	if lease == nil {
		_, err := m.Client.Create(ctx, kube.Leases.Path("kube-system"), kube.Object{
			"apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
			"metadata": kube.Object{"name": "k3s", "namespace": "kube-system"}, "spec": spec,
		})
		return err
	}
	_, err := m.Client.Patch(ctx, kube.Leases.Path("kube-system", "k3s"),
		kube.Object{"metadata": kube.Object{"resourceVersion": lease.ResourceVersion()}, "spec": spec})
	return err
}
