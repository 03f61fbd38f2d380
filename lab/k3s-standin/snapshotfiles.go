package main

import (
	"context"
	"fmt"
	"time"

	"fleetlab/k3s-standin/journal"
	"fleetlab/k3s-standin/kube"
)

// reconcileSnapshotFiles makes the ETCDSnapshotFile objects of this node say which snapshots it has.
func (c *cluster) reconcileSnapshotFiles(ctx context.Context) {
	if err := c.syncSnapshotFiles(ctx); err != nil {
		journal.Warning("Failed to sync ETCDSnapshotFile: %v", err)
	}
}

func (c *cluster) syncSnapshotFiles(ctx context.Context) error {
	files, err := listSnapshots(c.options.snapshots.directory)
	if err != nil {
		return err
	}
	objects, err := c.admin.List(ctx, kube.SnapshotFiles.Path(""))
	if err != nil {
		return err
	}
	known := map[string]kube.Object{}
	for _, object := range objects {
		if object.Text("spec", "nodeName") == c.options.nodeName {
			known[object.Text("spec", "snapshotName")] = object
		}
	}
	for _, file := range files {
		if known[file.Name] == nil {
			if err := c.announceSnapshot(ctx, file); err != nil {
				return err
			}
		}
		delete(known, file.Name)
	}
	for _, object := range known {
		if err := c.admin.Delete(ctx, kube.SnapshotFiles.PathOf(object), nil); err != nil {
			return err
		}
	}
	return nil
}

func (c *cluster) announceSnapshot(ctx context.Context, file snapshotFile) error {
	name := fmt.Sprintf("local-%s-%s", file.Name, digestOf([]byte(file.Name + c.options.nodeName))[:6])
	made, err := c.admin.Create(ctx, kube.SnapshotFiles.Path(""), kube.Object{
		"apiVersion": "k3s.cattle.io/v1", "kind": "ETCDSnapshotFile", "metadata": kube.Object{"name": name},
		"spec": kube.Object{
			"snapshotName": file.Name, "nodeName": c.options.nodeName, "location": file.Location,
		},
	})
	if err != nil {
		return err
	}
	_, err = c.admin.Patch(ctx, kube.SnapshotFiles.PathOf(made, "status"), kube.Object{"status": kube.Object{
		"creationTime": kube.Timestamp(file.Created), "readyToUse": true, "size": fmt.Sprint(file.Size),
	}})
	return err
}

// takeSnapshots takes one whenever the schedule says so.
func (c *cluster) takeSnapshots(ctx context.Context) {
	c.reconcileSnapshotFiles(ctx)
	s := c.options.snapshots
	if s.schedule == "" {
		return
	}
	due, err := parseSchedule(s.schedule)
	if err != nil {
		journal.Error("failed to schedule snapshots: %v", err)
		return
	}
	for {
		next := time.Now().Truncate(time.Minute).Add(time.Minute)
		if pause(ctx, time.Until(next)) != nil {
			return
		}
		if !due(next) {
			continue
		}
		if _, err := c.saveSnapshot(ctx, s); err == nil {
			if _, err := pruneSnapshots(s.directory, s.name, s.retention); err != nil {
				journal.Warning("Failed to apply local snapshot retention policy: %v", err)
			}
			c.reconcileSnapshotFiles(ctx)
		}
	}
}
