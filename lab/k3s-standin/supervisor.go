package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync/atomic"
)

// supervisor answers on a server's port 6443: what k3s itself serves there, and the refusal with which its API server
// meets a stranger.
type supervisor struct {
	store         *datastore
	serverToken   string // the password part
	agentPassword string
	ready         atomic.Bool
}

func (s *supervisor) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/ping", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "pong") })
	mux.HandleFunc("/cacerts", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write(s.store.contents.Authority.Certificate)
	})
	mux.HandleFunc("/v1-k3s/config", s.forNodes(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "{}") }))
	mux.HandleFunc("/v1-k3s/readyz", s.forNodes(s.readyz))
	mux.HandleFunc("/v1-k3s/serving-kubelet.crt", s.forNodes(s.join))
	mux.HandleFunc("/v1-k3s/server-bootstrap", s.bootstrap)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprintln(w, `{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",`+
			`"message":"Unauthorized","reason":"Unauthorized","code":401}`)
	})
	return mux
}

// forNodes lets through what carries an agent's or the server's password.
func (s *supervisor) forNodes(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if _, password, _ := r.BasicAuth(); password != s.agentPassword && password != s.serverToken {
			http.Error(w, "not authorized", http.StatusUnauthorized)
			return
		}
		next(w, r)
	}
}

func (s *supervisor) readyz(w http.ResponseWriter, _ *http.Request) {
	if !s.ready.Load() {
		http.Error(w, "not ready", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprint(w, "ok")
}

// join admits a node by its name and its node password.
func (s *supervisor) join(w http.ResponseWriter, r *http.Request) {
	name, password := r.Header.Get("k3s-Node-Name"), r.Header.Get("k3s-Node-Password")
	if name == "" || password == "" {
		http.Error(w, "node name and node password are required", http.StatusBadRequest)
		return
	}
	admitted, err := s.store.admit(name, password)
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	case !admitted:
		log.error("unable to verify password for node %s: hash does not match", name)
		http.Error(w, "Node password rejected", http.StatusForbidden)
	default:
		log.info("stand-in: node %s joined", name)
		fmt.Fprint(w, "{}")
	}
}

// bootstrap gives a joining server the cluster's authority, and so its identity.
func (s *supervisor) bootstrap(w http.ResponseWriter, r *http.Request) {
	if user, password, _ := r.BasicAuth(); user != "server" || password != s.serverToken {
		http.Error(w, "not authorized", http.StatusUnauthorized)
		return
	}
	if err := json.NewEncoder(w).Encode(s.store.contents.Authority); err != nil {
		log.error("failed to answer %s: %v", r.URL.Path, err)
	}
}
