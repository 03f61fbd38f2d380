package controllers

import (
	"context"

	"fleetlab/k3s-standin/kube"
)

// definition is a custom resource that k3s brings along.
type definition struct {
	group, kind, plural string
	scope               string
	columns             []kube.Object // of `kubectl get`
}

var definitions = []definition{
	{"helm.cattle.io", "HelmChart", "helmcharts", "Namespaced", nil},
	{"helm.cattle.io", "HelmChartConfig", "helmchartconfigs", "Namespaced", nil},
	{"k3s.cattle.io", "Addon", "addons", "Namespaced", nil},
	{"k3s.cattle.io", "ETCDSnapshotFile", "etcdsnapshotfiles", "Cluster", []kube.Object{
		{"name": "SnapshotName", "type": "string", "jsonPath": ".spec.snapshotName"},
		{"name": "Node", "type": "string", "jsonPath": ".spec.nodeName"},
		{"name": "Location", "type": "string", "jsonPath": ".spec.location"},
		{"name": "Size", "type": "string", "jsonPath": ".status.size"},
		{"name": "CreationTime", "type": "string", "jsonPath": ".status.creationTime"},
	}},
}

// InstallDefinitions creates those that are missing, with a schema that takes everything.
func InstallDefinitions(ctx context.Context, client *kube.Client) error {
	for _, d := range definitions {
		name := d.plural + "." + d.group
		if _, err := client.Get(ctx, kube.Definitions.Path("", name)); !kube.IsNotFound(err) {
			if err != nil {
				return err
			}
			continue
		}
		free := kube.Object{"type": "object", "x-kubernetes-preserve-unknown-fields": true}
		_, err := client.Create(ctx, kube.Definitions.Path(""), kube.Object{
			"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
			"metadata": kube.Object{"name": name},
			"spec": kube.Object{
				"group": d.group, "scope": d.scope, "preserveUnknownFields": false,
				"names": kube.Object{"kind": d.kind, "plural": d.plural},
				"versions": []kube.Object{{
					"name": "v1", "served": true, "storage": true, "additionalPrinterColumns": d.columns,
					"subresources": kube.Object{"status": kube.Object{}},
					"schema": kube.Object{"openAPIV3Schema": kube.Object{
						"type":                                 "object",
						"properties":                           kube.Object{"spec": free, "status": free, "snapshotData": free},
						"x-kubernetes-preserve-unknown-fields": true,
					}},
				}},
			},
		})
		if err != nil && !kube.IsAlreadyExists(err) {
			return err
		}
	}
	return nil
}
