package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"fleetlab/k3s-standin/etcd"
	"fleetlab/k3s-standin/journal"
	"fleetlab/k3s-standin/nodepassword"
)

// handler answers on a server's port 6443: what k3s itself serves there, and the API.
func (c *cluster) handler(api http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/ping", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "pong") })
	mux.HandleFunc("/cacerts", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write(c.authorities["server-ca.crt"])
	})
	mux.HandleFunc("/v1-k3s/config", c.forNodes(func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, c.options.critical)
	}))
	mux.HandleFunc("/v1-k3s/readyz", c.forNodes(c.readyz))
	for _, l := range nodeLeaves("") {
		mux.HandleFunc("/v1-k3s/"+l.file+".crt", c.forNodes(c.whenReady(c.nodeCertificate(l.file, l.service == "kubelet"))))
	}
	mux.HandleFunc("/v1-k3s/client-ca.crt", c.forNodes(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(c.authorities["client-ca.crt"])
	}))
	mux.HandleFunc("/v1-k3s/server-bootstrap", c.forServers(func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, c.authorities)
	}))
	mux.HandleFunc("/v1-k3s/token", c.forServers(c.whenReady(c.rotateToken)))
	mux.HandleFunc("/db/info", c.forServers(c.whenReady(c.databaseInformation)))
	mux.HandleFunc("/db/snapshot", c.forServers(c.whenReady(c.snapshotRequest)))
	mux.Handle("/", api)
	return mux
}

// forNodes lets through what carries an agent's or the server's password, or a bootstrap token.
func (c *cluster) forNodes(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, password, _ := r.BasicAuth()
		if password != c.passwords.ofAgent() && password != c.passwords.ofServer() &&
			!c.isBootstrapToken(r.Context(), password) {
			http.Error(w, "not authorized", http.StatusUnauthorized)
			return
		}
		next(w, r)
	}
}

// forServers lets through what carries the server's password as a server.
func (c *cluster) forServers(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "server" || password != c.passwords.ofServer() {
			http.Error(w, "not authorized", http.StatusUnauthorized)
			return
		}
		next(w, r)
	}
}

// whenReady refuses as long as there is no API server, and no client for one.
func (c *cluster) whenReady(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !c.isReady.Load() {
			http.Error(w, "runtime core not ready", http.StatusServiceUnavailable)
			return
		}
		next(w, r)
	}
}

func (c *cluster) readyz(w http.ResponseWriter, _ *http.Request) {
	if !c.isReady.Load() {
		http.Error(w, "not ready", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprint(w, "ok")
}

// nodeCertificate gives a node one of its certificates, for most of them only when its password proves its name.
func (c *cluster) nodeCertificate(file string, needsProof bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		node, password := strings.ToLower(r.Header.Get("k3s-Node-Name")), r.Header.Get("k3s-Node-Password")
		if node == "" || password == "" {
			http.Error(w, "node name and node password are required", http.StatusBadRequest)
			return
		}
		var err error
		if needsProof {
			err = nodepassword.Ensure(r.Context(), c.admin, node, password)
		}
		switch {
		case errors.Is(err, nodepassword.ErrRejected):
			journal.Error("unable to verify password for node %s: hash does not match", node)
			http.Error(w, "unable to verify password for node "+node+": hash does not match", http.StatusForbidden)
		case err != nil:
			http.Error(w, err.Error(), http.StatusInternalServerError)
		default:
			c.issueTo(w, file, node)
		}
	}
}

// issueTo writes certificate and key, both as PEM.
func (c *cluster) issueTo(w http.ResponseWriter, file, node string) {
	for _, l := range nodeLeaves(node) {
		if l.file != file {
			continue
		}
		made, err := c.authorities.of(l.authority).issue(l.subject, leafValidity)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_, _ = w.Write(append(made.Certificate, made.Key...))
	}
}

func (c *cluster) databaseInformation(w http.ResponseWriter, r *http.Request) {
	if !c.store.isEtcd {
		http.NotFound(w, r)
		return
	}
	members, err := c.etcd.Members(r.Context())
	if err != nil {
		members = []etcd.Membership{{
			Name: c.store.name, PeerURLs: []string{etcd.PeerURL(c.store.address)},
			ClientURLs: []string{etcd.ClientURL(c.store.address)},
		}}
	}
	writeJSON(w, databaseInformation{members})
}

func writeJSON(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(value); err != nil {
		journal.Error("failed to answer: %v", err)
	}
}
