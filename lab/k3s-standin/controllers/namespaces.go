package controllers

import (
	"context"

	"fleetlab/k3s-standin/kube"
)

// reconcileNamespace empties a namespace that is being deleted and then lets it go.
func (m *Manager) reconcileNamespace(ctx context.Context, namespace kube.Object) {
	if !namespace.IsBeingDeleted() {
		return
	}
	resources, err := m.namespacedResources(ctx)
	if err != nil {
		complain(err)
		return
	}
	left := 0
	for _, resource := range resources {
		objects, err := m.Client.List(ctx, resource.Path(namespace.Name()))
		if err != nil {
			complain(err)
			return
		}
		for _, object := range objects {
			left++
			if !object.IsBeingDeleted() {
				complain(m.Client.Delete(ctx, resource.PathOf(object), kube.Object{"propagationPolicy": "Background"}))
			}
		}
	}
	if left > 0 {
		return // the ticker comes back to it
	}
	final := namespace.Copy()
	final.Map("spec")["finalizers"] = []string{}
	_, err = m.Client.Replace(ctx, kube.Namespaces.PathOf(namespace, "finalize"), final)
	if !kube.IsNotFound(err) && !kube.IsConflict(err) {
		complain(err)
	}
}

// namespacedResources asks the API server for everything that can be in a namespace and be deleted, in one version each.
func (m *Manager) namespacedResources(ctx context.Context) ([]kube.Resource, error) {
	prefixes := []string{"/api/v1"}
	groups, err := m.Client.Get(ctx, "/apis")
	if err != nil {
		return nil, err
	}
	for _, group := range groups.List("groups") {
		prefixes = append(prefixes, "/apis/"+group.Text("preferredVersion", "groupVersion"))
	}
	var resources []kube.Resource
	for _, prefix := range prefixes {
		list, err := m.Client.Get(ctx, prefix)
		if err != nil {
			return nil, err
		}
		for _, resource := range list.List("resources") {
			verbs := map[string]bool{}
			for _, verb := range resource.Strings("verbs") {
				verbs[verb] = true
			}
			if resource.Flag("namespaced") && verbs["list"] && verbs["delete"] {
				resources = append(resources, kube.Resource{Prefix: prefix, Plural: resource.Text("name"), Namespaced: true})
			}
		}
	}
	return resources, nil
}
