package kubelet

import (
	"testing"
	"time"

	"fleetlab/k3s-standin/kube"
)

func TestPodsRunUnlessTheirImageIsBroken(t *testing.T) {
	for image, want := range map[string][2]string{
		"registry.lan/web:1":    {"Running", "True"},
		"registry.lan/broken:1": {"Pending", "False"},
	} {
		pod := kube.Object{"spec": kube.Object{"containers": []kube.Object{{"name": "main", "image": image}}}}
		status := kube.Object{"status": podStatus(pod, "10.77.0.12", 3, time.Now())}
		got := [2]string{status.Text("status", "phase"), status.Condition("Ready").Text("status")}
		if got != want || status.Text("status", "podIP") != "10.42.12.5" {
			t.Errorf("%s: got %v and %s", image, got, status.Text("status", "podIP"))
		}
	}
}

func TestANodeThatNeverGetsReadySaysWhy(t *testing.T) {
	for never, want := range map[bool]string{false: "True", true: "False"} {
		status := kube.Object{"status": Node{Name: "pi1", NeverReady: never}.status(time.Now())}
		if got := status.Condition("Ready"); got.Text("status") != want || got.Text("reason") == "" {
			t.Errorf("got %v, want %s", got, want)
		}
	}
}
