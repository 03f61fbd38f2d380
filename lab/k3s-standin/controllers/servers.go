package controllers

import (
	"context"
	"reflect"
	"sort"

	"fleetlab/k3s-standin/kube"
)

// reconcileServers keeps the addresses of the Service `kubernetes`, which agents connect to, those of the servers that
// are ready.
func (m *Manager) reconcileServers(ctx context.Context) {
	addresses := []string{}
	for _, node := range m.nodes.All() {
		if node.Label("node-role.kubernetes.io/control-plane") != "true" || !isReady(node) {
			continue
		}
		for _, address := range node.List("status", "addresses") {
			if address.Text("type") == "InternalIP" {
				addresses = append(addresses, address.Text("address"))
			}
		}
	}
	sort.Strings(addresses)
	known, current := m.endpoints.Find("default", "kubernetes"), []string{}
	for _, subset := range known.List("subsets") {
		for _, address := range subset.List("addresses") {
			current = append(current, address.Text("ip"))
		}
	}
	if len(addresses) == 0 || reflect.DeepEqual(addresses, current) {
		return
	}
	list := []kube.Object{}
	for _, address := range addresses {
		list = append(list, kube.Object{"ip": address})
	}
	wanted := kube.Object{
		"apiVersion": "v1", "kind": "Endpoints",
		"metadata": kube.Object{"name": "kubernetes", "namespace": "default"},
		"subsets": []kube.Object{{
			"addresses": list, "ports": []kube.Object{{"name": "https", "port": 6443, "protocol": "TCP"}},
		}},
	}
	var answer kube.Object
	var err error
	if known == nil {
		answer, err = m.Client.Create(ctx, kube.Endpoints.Path("default"), wanted)
	} else {
		answer, err = m.Client.Patch(ctx, kube.Endpoints.Path("default", "kubernetes"), wanted)
	}
	put(m.endpoints, answer, err)
}
