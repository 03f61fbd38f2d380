package kube

// Resource is a kind of object by its place in the API.
type Resource struct {
	Prefix     string // /api/v1, /apis/apps/v1
	Plural     string
	Namespaced bool
}

var (
	Namespaces    = Resource{"/api/v1", "namespaces", false}
	Nodes         = Resource{"/api/v1", "nodes", false}
	Pods          = Resource{"/api/v1", "pods", true}
	Secrets       = Resource{"/api/v1", "secrets", true}
	ConfigMaps    = Resource{"/api/v1", "configmaps", true}
	Endpoints     = Resource{"/api/v1", "endpoints", true}
	Events        = Resource{"/api/v1", "events", true}
	Leases        = Resource{"/apis/coordination.k8s.io/v1", "leases", true}
	Deployments   = Resource{"/apis/apps/v1", "deployments", true}
	ReplicaSets   = Resource{"/apis/apps/v1", "replicasets", true}
	StatefulSets  = Resource{"/apis/apps/v1", "statefulsets", true}
	DaemonSets    = Resource{"/apis/apps/v1", "daemonsets", true}
	Jobs          = Resource{"/apis/batch/v1", "jobs", true}
	Budgets       = Resource{"/apis/policy/v1beta1", "poddisruptionbudgets", true}
	Definitions   = Resource{"/apis/apiextensions.k8s.io/v1", "customresourcedefinitions", false}
	HelmCharts    = Resource{"/apis/helm.cattle.io/v1", "helmcharts", true}
	HelmConfigs   = Resource{"/apis/helm.cattle.io/v1", "helmchartconfigs", true}
	SnapshotFiles = Resource{"/apis/k3s.cattle.io/v1", "etcdsnapshotfiles", false}
)

// Path of all objects, in a namespace unless that is empty, or of one of them.
func (r Resource) Path(namespace string, name ...string) string {
	path := r.Prefix
	if r.Namespaced && namespace != "" {
		path += "/namespaces/" + namespace
	}
	path += "/" + r.Plural
	for _, part := range name {
		path += "/" + part
	}
	return path
}

// PathOf one object, or of one of its subresources.
func (r Resource) PathOf(object Object, subresource ...string) string {
	return r.Path(object.Namespace(), append([]string{object.Name()}, subresource...)...)
}
