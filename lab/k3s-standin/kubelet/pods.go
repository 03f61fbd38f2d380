package kubelet

import (
	"context"
	"fmt"
	"strings"
	"time"

	"fleetlab/k3s-standin/kube"
)

// longestGrace bounds how long a Pod takes to end, whatever its terminationGracePeriodSeconds.
const longestGrace = time.Second

// play does the next thing that a Pod needs: to start, or to end.
func (k *Kubelet) play(ctx context.Context, pod kube.Object) {
	switch phase := pod.Text("status", "phase"); {
	case pod.IsBeingDeleted():
		k.end(ctx, pod)
	case phase == "" || phase == "Pending":
		k.start(ctx, pod)
	case phase == "Running" && pod.Condition("Ready").Text("reason") == "NodeNotReady":
		k.assert(ctx, pod)
	}
}

// assert says that a Pod is ready that the cluster took for lost with its node.
func (k *Kubelet) assert(ctx context.Context, pod kube.Object) {
	_, _ = k.client.PatchStrategically(ctx, kube.Pods.PathOf(pod, "status"),
		kube.Object{"status": kube.Object{"conditions": []kube.Object{{
			"type": "Ready", "status": "True", "reason": nil, "lastTransitionTime": kube.Timestamp(time.Now()),
		}}}})
}

// end deletes the object once its containers would have ended, as a kubelet does.
func (k *Kubelet) end(ctx context.Context, pod kube.Object) {
	if k.ending[pod.UID()] {
		return
	}
	k.ending[pod.UID()] = true
	grace := time.Duration(pod.Number(30, "metadata", "deletionGracePeriodSeconds")) * time.Second
	if grace > longestGrace {
		grace = longestGrace
	}
	time.AfterFunc(grace, func() {
		_ = k.client.Delete(ctx, kube.Pods.PathOf(pod), kube.Object{
			"gracePeriodSeconds": 0, "preconditions": kube.Object{"uid": pod.UID()},
		})
	})
}

func (k *Kubelet) start(ctx context.Context, pod kube.Object) {
	if pod.Text("status", "hostIP") != "" { // an image that cannot be pulled was reported already
		return
	}
	k.nextPod++
	_, _ = k.client.PatchStrategically(ctx, kube.Pods.PathOf(pod, "status"),
		kube.Object{"status": podStatus(pod, k.node.Address, k.nextPod, time.Now())})
}

// podStatus is that of a Pod whose containers have just started. A container whose image has "broken" in its name
// cannot be pulled.
func podStatus(pod kube.Object, host string, number int, now time.Time) kube.Object {
	ready, containers := "True", []kube.Object{}
	for index, container := range pod.List("spec", "containers") {
		image := container.Text("image")
		state, started := kube.Object{"running": kube.Object{"startedAt": kube.Timestamp(now)}}, true
		if strings.Contains(image, "broken") {
			state = kube.Object{"waiting": kube.Object{
				"reason": "ImagePullBackOff", "message": fmt.Sprintf("Back-off pulling image %q", image),
			}}
			ready, started = "False", false
		}
		containers = append(containers, kube.Object{
			"name": container.Text("name"), "image": image, "imageID": image, "ready": started, "started": started,
			"restartCount": 0, "containerID": fmt.Sprintf("containerd://%s-%d", pod.UID(), index), "state": state,
		})
	}
	phase := "Running"
	if ready != "True" {
		phase = "Pending"
	}
	condition := func(kind, status string) kube.Object {
		return kube.Object{"type": kind, "status": status, "lastTransitionTime": kube.Timestamp(now)}
	}
	address := fmt.Sprintf("10.42.%s.%d", host[strings.LastIndex(host, ".")+1:], 2+number%250)
	return kube.Object{
		"phase": phase, "hostIP": host, "podIP": address, "podIPs": []kube.Object{{"ip": address}},
		"startTime": kube.Timestamp(now), "containerStatuses": containers,
		"conditions": []kube.Object{
			condition("Initialized", "True"), condition("PodScheduled", "True"),
			condition("ContainersReady", ready), condition("Ready", ready),
		},
	}
}
