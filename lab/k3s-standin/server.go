package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// runServer founds a cluster, joins one, or goes on with the one on its disk; then serves it.
func runServer(ctx context.Context, o options) error {
	store, password, err := openCluster(ctx, o)
	if err != nil {
		return err
	}
	agentPassword, err := agentPasswordOf(o, password)
	if err != nil {
		return err
	}
	if err := writeServerFiles(o, store.contents.Authority, password, agentPassword); err != nil {
		return err
	}
	nodePassword, err := kept(filepath.Join(nodeDirectory, "password"), 16)
	if err != nil {
		return err
	}
	// A server is a node as well, and admits itself.
	if admitted, err := store.admit(o.nodeName, nodePassword); err != nil {
		return err
	} else if !admitted {
		log.error("unable to verify password for node %s: hash does not match", o.nodeName)
	}
	s := &supervisor{store: store, serverToken: password, agentPassword: agentPassword}
	closeListener, err := s.listen(o)
	if err != nil {
		return err
	}
	defer closeListener()
	if err := pause(ctx, startTime); err != nil {
		return err
	}
	s.ready.Store(fault == "")
	return becomeReady(ctx, server)
}

// openCluster returns the datastore and the password that it was made with. What is on disk wins over cluster-init and
// server, as in k3s.
func openCluster(ctx context.Context, o options) (*datastore, string, error) {
	store, err := openDatastore(o.dataDirectory)
	if err != nil {
		return nil, "", err
	}
	t, err := serverToken(o)
	if err != nil {
		return nil, "", fmt.Errorf("starting kubernetes: preparing server: %w", err)
	}
	switch {
	case store != nil:
		if err := store.checkPassword(t.password); err != nil {
			return nil, "", err
		}
		if o.clusterInit {
			err = store.moveToEtcd(o.dataDirectory)
		}
	case o.serverURL != "":
		store, err = joinCluster(ctx, o, t)
	default:
		store, err = foundCluster(o, t)
	}
	return store, t.password, err
}

// serverToken is the configured one, else the one on the disk, else a new one.
func serverToken(o options) (token, error) {
	if o.token != "" {
		return parseToken(o.token)
	}
	stored, err := os.ReadFile(filepath.Join(o.dataDirectory, "server", "token"))
	if errors.Is(err, fs.ErrNotExist) {
		password, err := randomHex(16)
		return token{"", password}, err
	} else if err != nil {
		return token{}, err
	}
	t, err := parseToken(strings.TrimSpace(string(stored)))
	return token{"", t.password}, err
}

func foundCluster(o options, t token) (*datastore, error) {
	if t.authorityDigest != "" {
		return nil, errors.New("stand-in: the first server of a cluster takes a token in the short form only")
	}
	authority, err := newAuthority(fmt.Sprintf("k3s-server-ca@%d", time.Now().Unix()))
	if err != nil {
		return nil, err
	}
	file := sqliteFile(o.dataDirectory)
	if o.clusterInit {
		file = etcdFile(o.dataDirectory)
	}
	log.info("stand-in: founding a new cluster")
	return createDatastore(file, authority, t.password)
}

func joinCluster(ctx context.Context, o options, t token) (*datastore, error) {
	client, err := awaitCluster(ctx, o, "server", t)
	if err != nil {
		return nil, err
	}
	authority, err := client.bootstrap()
	if err != nil {
		return nil, err
	}
	log.info("stand-in: joining the cluster at %s", o.serverURL)
	return createDatastore(etcdFile(o.dataDirectory), authority, t.password)
}

func agentPasswordOf(o options, password string) (string, error) {
	if o.agentToken == "" {
		return password, nil
	}
	t, err := parseToken(o.agentToken)
	return t.password, err
}

// listen serves in the background, with a certificate for every name and address that the node has.
func (s *supervisor) listen(o options) (func(), error) {
	names := append([]string{"localhost", "kubernetes", "kubernetes.default", o.nodeName}, o.subjectNames...)
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return nil, err
	}
	for _, address := range addresses {
		if network, isNetwork := address.(*net.IPNet); isNetwork {
			names = append(names, network.IP.String())
		}
	}
	serving, err := s.store.contents.Authority.serverCertificate(names)
	if err != nil {
		return nil, err
	}
	pair, err := serving.pair()
	if err != nil {
		return nil, err
	}
	listener, err := tls.Listen("tcp", ":"+o.port, &tls.Config{Certificates: []tls.Certificate{pair}})
	if err != nil {
		return nil, err
	}
	log.info("Running kube-apiserver: stand-in: nothing behind https://127.0.0.1:%s but the supervisor", o.port)
	web := &http.Server{Handler: s.handler(), ReadHeaderTimeout: requestTimeout}
	go func() {
		if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.error("failed to serve: %v", err)
		}
	}()
	return func() { _ = web.Close() }, nil
}
