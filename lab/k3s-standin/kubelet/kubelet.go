package kubelet

import (
	"context"
	"time"

	"fleetlab/k3s-standin/journal"
	"fleetlab/k3s-standin/kube"
)

const (
	renewal       = 2 * time.Second  // of the Lease; a real kubelet's is 10 seconds
	statusPeriod  = 10 * time.Second // of the whole status; a real kubelet's is 10 seconds to 5 minutes
	leaseDuration = 40               // seconds, as a real kubelet says; the controller of the stand-in waits 10
	retryInterval = time.Second
)

// Kubelet keeps one node in the cluster.
type Kubelet struct {
	node    Node
	client  *kube.Client
	since   time.Time
	pods    *kube.Mirror
	nudge   chan struct{} // something happened to a Pod
	nextPod int
	ending  map[string]bool // by the Pod's UID
}

func New(node Node, client *kube.Client) *Kubelet {
	return &Kubelet{node: node, client: client, since: time.Now(), nudge: make(chan struct{}, 1), ending: map[string]bool{}}
}

// Register creates the Node object, or takes over the one that is there, and returns when that is done.
func (k *Kubelet) Register(ctx context.Context) error {
	for {
		err := k.register(ctx)
		if err == nil {
			journal.Info("Successfully registered node %q", k.node.Name)
			return nil
		}
		journal.Error("Unable to register node %q with API server: %v", k.node.Name, err)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(retryInterval):
		}
	}
}

func (k *Kubelet) register(ctx context.Context) error {
	object, path := k.node.object(), kube.Nodes.Path("", k.node.Name)
	_, err := k.client.Create(ctx, kube.Nodes.Path(""), object)
	if kube.IsAlreadyExists(err) {
		var existing kube.Object
		if existing, err = k.client.Get(ctx, path); err != nil {
			return err
		}
		if existing.IsBeingDeleted() {
			return errBeingDeleted
		}
		patch := kube.Object{"metadata": kube.Object{
			"labels": k.node.labels(), "annotations": k.node.annotations(), "finalizers": k.finalizers(existing),
		}}
		_, err = k.client.Patch(ctx, path, patch)
	}
	if err == nil {
		err = k.renew(ctx) // before it says that it is ready, or its silence until now would count
	}
	if err != nil {
		return err
	}
	return k.report(ctx)
}

// finalizers are those that the Node has, and the ones that it is to have.
func (k *Kubelet) finalizers(existing kube.Object) []string {
	all := existing.Strings("metadata", "finalizers")
	for _, wanted := range k.node.Finalizers {
		if !existing.HasFinalizer(wanted) {
			all = append(all, wanted)
		}
	}
	return all
}

// Run keeps Lease, status and Pods fresh until the context ends. A Node that was deleted stays deleted: only a start
// registers it.
func (k *Kubelet) Run(ctx context.Context) {
	k.pods = kube.NewMirror(ctx, k.client, kube.Pods.Path("")+"?fieldSelector=spec.nodeName="+k.node.Name, func() {
		select {
		case k.nudge <- struct{}{}:
		default:
		}
	})
	go k.heartbeat(ctx)
	for {
		select {
		case <-ctx.Done():
			return
		case <-k.nudge:
		}
		for _, pod := range k.pods.All() {
			k.play(ctx, pod)
		}
	}
}

func (k *Kubelet) heartbeat(ctx context.Context) {
	ticker := time.NewTicker(renewal)
	defer ticker.Stop()
	for reported := time.Now(); ; {
		if err := k.renew(ctx); err != nil {
			reported = time.Time{} // after a silence, the status is due at once
		} else if time.Since(reported) >= statusPeriod {
			if err := k.report(ctx); err == nil || kube.IsNotFound(err) {
				reported = time.Now()
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// renew sets the Lease's time. A missing Lease is created, with the Node as its owner.
func (k *Kubelet) renew(ctx context.Context) error {
	namespace, now := "kube-node-lease", kube.MicroTimestamp(time.Now())
	_, err := k.client.Patch(ctx, kube.Leases.Path(namespace, k.node.Name),
		kube.Object{"spec": kube.Object{"renewTime": now}})
	if !kube.IsNotFound(err) {
		return err
	}
	owner, err := k.client.Get(ctx, kube.Nodes.Path("", k.node.Name))
	if err != nil {
		return err
	}
	_, err = k.client.Create(ctx, kube.Leases.Path(namespace), kube.Object{
		"apiVersion": "coordination.k8s.io/v1",
		"kind":       "Lease",
		"metadata": kube.Object{
			"name": k.node.Name, "namespace": namespace,
			"ownerReferences": []kube.Object{
				{"apiVersion": "v1", "kind": "Node", "name": k.node.Name, "uid": owner.UID()}},
		},
		"spec": kube.Object{
			"holderIdentity": k.node.Name, "leaseDurationSeconds": leaseDuration, "renewTime": now,
		},
	})
	return err
}

// report writes the node's status. What others changed of a condition, such as Ready after a silence, changes back.
func (k *Kubelet) report(ctx context.Context) error {
	_, err := k.client.PatchStrategically(ctx, kube.Nodes.Path("", k.node.Name, "status"),
		kube.Object{"status": k.node.status(k.since)})
	return err
}

type kubeletError string

func (e kubeletError) Error() string { return string(e) }

const errBeingDeleted kubeletError = "the Node object is being deleted"
