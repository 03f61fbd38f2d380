package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
)

// snapshotRequest is what `k3s etcd-snapshot` sends to the server beside it, at /db/snapshot.
type snapshotRequest struct {
	Operation string   `json:"operation"` // save, list, prune or delete
	Name      []string `json:"name,omitempty"`
	Directory string   `json:"dir,omitempty"`
	Compress  bool     `json:"compress,omitempty"`
	Retention int      `json:"retention,omitempty"`
}

// snapshotAnswer names what has come and gone.
type snapshotAnswer struct {
	Created []string       `json:"created,omitempty"`
	Deleted []string       `json:"deleted,omitempty"`
	Files   []snapshotFile `json:"files,omitempty"`
}

func (c *cluster) snapshotRequest(w http.ResponseWriter, r *http.Request) {
	if !c.store.isEtcd {
		http.Error(w, "etcd datastore disabled", http.StatusPreconditionFailed)
		return
	}
	var request snapshotRequest
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	answer, err := c.answerSnapshots(r, request)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	writeJSON(w, answer)
	c.reconcileSnapshotFiles(r.Context())
}

func (c *cluster) answerSnapshots(r *http.Request, request snapshotRequest) (answer snapshotAnswer, err error) {
	s := c.options.snapshots
	if request.Directory != "" {
		s.directory, s.isDefault = request.Directory, false
	}
	if len(request.Name) > 0 {
		s.name = request.Name[0]
	}
	s.compress = s.compress || request.Compress
	switch request.Operation {
	case "save":
		var name string
		if name, err = c.saveSnapshot(r.Context(), s); err == nil {
			answer.Created = []string{name}
		}
	case "list":
		answer.Files, err = listSnapshots(s.directory)
	case "prune":
		answer.Deleted, err = pruneSnapshots(s.directory, s.name, request.Retention)
	case "delete":
		for _, name := range request.Name {
			if filepath.Base(name) == name && os.Remove(filepath.Join(s.directory, name)) == nil {
				answer.Deleted = append(answer.Deleted, name)
			}
		}
	default:
		err = errors.New("unknown snapshot operation: " + request.Operation)
	}
	return answer, err
}
