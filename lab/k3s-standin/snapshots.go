package main

import (
	"net/http"
)

// snapshotOptions say where snapshots of etcd go and how.
type snapshotOptions struct {
	directory string
}

func newSnapshotOptions(values flagValues, o options) (snapshotOptions, error) {
	return snapshotOptions{firstOf(values.last("etcd-snapshot-dir"), databaseDirectory(o, "snapshots"))}, nil
}

func (c *cluster) snapshotRequest(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }
