// Package kubelet is what a node does in the cluster: it registers its Node object, keeps that fresh, and plays the
// containers of the Pods that are bound to it.
package kubelet

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"time"

	"fleetlab/k3s-standin/kube"
)

const containerRuntime = "containerd://2.1.4-k3s1"

// Node is what a machine says about itself.
type Node struct {
	Name        string
	Address     string
	Version     string            // of k3s
	Labels      map[string]string // merged into the Node object at every start, never removed
	Taints      []kube.Object     // set at registration only
	Annotations map[string]string
	Finalizers  []string      // set at registration
	Conditions  []kube.Object // further ones, beside the kubelet's own
	NeverReady  bool          // a fault: the node joins and does not get Ready
}

// object is the Node as it is registered.
func (n Node) object() kube.Object {
	return kube.Object{
		"apiVersion": "v1",
		"kind":       "Node",
		"metadata": kube.Object{
			"name": n.Name, "labels": n.labels(), "annotations": n.annotations(), "finalizers": n.Finalizers,
		},
		"spec": kube.Object{"providerID": "k3s://" + n.Name, "taints": n.Taints},
	}
}

func (n Node) labels() map[string]string {
	labels := map[string]string{
		"beta.kubernetes.io/arch":          runtime.GOARCH,
		"beta.kubernetes.io/instance-type": "k3s",
		"beta.kubernetes.io/os":            runtime.GOOS,
		"kubernetes.io/arch":               runtime.GOARCH,
		"kubernetes.io/hostname":           n.Name,
		"kubernetes.io/os":                 runtime.GOOS,
		"node.kubernetes.io/instance-type": "k3s",
	}
	for key, value := range n.Labels {
		labels[key] = value
	}
	return labels
}

func (n Node) annotations() map[string]string {
	annotations := map[string]string{
		"k3s.io/hostname":              n.Name,
		"k3s.io/internal-ip":           n.Address,
		"node.alpha.kubernetes.io/ttl": "0",
	}
	for key, value := range n.Annotations {
		annotations[key] = value
	}
	return annotations
}

// status is the whole of what the node reports, as of now. since is when it started.
func (n Node) status(since time.Time) kube.Object {
	resources := kube.Object{
		"cpu": fmt.Sprint(runtime.NumCPU()), "memory": memory(), "pods": "110", "ephemeral-storage": "30Gi",
	}
	return kube.Object{
		"capacity":    resources,
		"allocatable": resources,
		"addresses": []kube.Object{
			{"type": "InternalIP", "address": n.Address}, {"type": "Hostname", "address": n.Name},
		},
		"conditions":      n.conditions(since),
		"daemonEndpoints": kube.Object{"kubeletEndpoint": kube.Object{"Port": 10250}},
		"nodeInfo": kube.Object{
			"architecture":            runtime.GOARCH,
			"bootID":                  line("/proc/sys/kernel/random/boot_id"),
			"containerRuntimeVersion": containerRuntime,
			"kernelVersion":           line("/proc/sys/kernel/osrelease"),
			"kubeProxyVersion":        n.Version,
			"kubeletVersion":          n.Version,
			"machineID":               line("/etc/machine-id"),
			"operatingSystem":         runtime.GOOS,
			"osImage":                 operatingSystem(),
			"systemUUID":              line("/etc/machine-id"),
		},
	}
}

func (n Node) conditions(since time.Time) []kube.Object {
	now := time.Now()
	condition := func(kind, status, reason, message string) kube.Object {
		return kube.Object{
			"type": kind, "status": status, "reason": reason, "message": message,
			"lastHeartbeatTime": kube.Timestamp(now), "lastTransitionTime": kube.Timestamp(since),
		}
	}
	ready := condition("Ready", "True", "KubeletReady", "kubelet is posting ready status")
	if n.NeverReady {
		ready = condition("Ready", "False", "KubeletNotReady", "container runtime network not ready: NetworkReady=false "+
			"reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized")
	}
	conditions := []kube.Object{
		condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
		condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
		condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
		ready,
	}
	for _, further := range n.Conditions {
		conditions = append(conditions, condition(
			further.Text("type"), further.Text("status"), further.Text("reason"), further.Text("message")))
	}
	return conditions
}

func line(file string) string {
	text, _ := os.ReadFile(file)
	return strings.TrimSpace(string(text))
}

// operatingSystem is PRETTY_NAME of /etc/os-release.
func operatingSystem() string {
	text, _ := os.ReadFile("/etc/os-release")
	for _, line := range strings.Split(string(text), "\n") {
		if name, value, _ := strings.Cut(line, "="); name == "PRETTY_NAME" {
			return strings.Trim(value, `"`)
		}
	}
	return "Linux"
}

func memory() string {
	var information syscall.Sysinfo_t
	if err := syscall.Sysinfo(&information); err != nil {
		return "0"
	}
	return fmt.Sprintf("%dKi", uint64(information.Totalram)*uint64(information.Unit)/1024)
}
