package main

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"

	"fleetlab/k3s-standin/kube"
)

const (
	connectTimeout = 2 * time.Second
	silence        = 6 * time.Second // after which a connection that is not answered is given up
)

// newKubeClient speaks to the API server at a URL with an identity. A balancer, if there is one, decides where to
// connect instead of the URL.
func newKubeClient(url string, authority []byte, i identity, b *balancer) (*kube.Client, error) {
	pair, err := i.pair()
	if err != nil {
		return nil, err
	}
	pool, err := poolOf(authority)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{
		DialContext:         dial,
		TLSClientConfig:     &tls.Config{RootCAs: pool, Certificates: []tls.Certificate{pair}},
		MaxIdleConnsPerHost: 16,
		// A stream for each watch, so that one that hangs holds up no other request.
		TLSNextProto: map[string]func(string, *tls.Conn) http.RoundTripper{},
	}
	if b == nil {
		return &kube.Client{URL: url, HTTP: &http.Client{Transport: transport}}, nil
	}
	transport.DialContext = b.dial
	b.transport = transport
	return &kube.Client{URL: url, HTTP: &http.Client{Transport: b}}, nil
}

// dial gives up a connection whose other end is silent: an agent must notice that its server lost its power.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := net.Dialer{
		Timeout: connectTimeout, KeepAlive: connectTimeout,
		Control: func(_, _ string, connection syscall.RawConn) error {
			const userTimeout = 0x12 // TCP_USER_TIMEOUT
			return connection.Control(func(descriptor uintptr) {
				_ = syscall.SetsockoptInt(int(descriptor), syscall.IPPROTO_TCP, userTimeout, int(silence.Milliseconds()))
			})
		},
	}
	return dialer.DialContext(ctx, network, address)
}

// balancer connects an agent to one of the cluster's servers, and to the next one when that fails it.
type balancer struct {
	transport *http.Transport

	lock    sync.Mutex
	servers []string // host:port, the one in use first
}

func (b *balancer) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	return dial(ctx, network, b.current())
}

func (b *balancer) current() string {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.servers[0]
}

// set replaces the list of servers and goes on with the one in use if it is still among them.
func (b *balancer) set(servers []string) {
	b.lock.Lock()
	defer b.lock.Unlock()
	for index, server := range servers {
		if server == b.servers[0] {
			servers[0], servers[index] = servers[index], servers[0]
		}
	}
	b.servers = servers
}

// RoundTrip turns to the next server after a failure. The request itself is for the caller to repeat.
func (b *balancer) RoundTrip(request *http.Request) (*http.Response, error) {
	asked := b.current()
	response, err := b.transport.RoundTrip(request)
	if err != nil && request.Context().Err() != context.Canceled || err == nil && response.StatusCode >= 500 {
		b.leave(asked)
	}
	return response, err
}

func (b *balancer) leave(server string) {
	b.lock.Lock()
	defer b.lock.Unlock()
	if b.servers[0] == server {
		b.servers = append(b.servers[1:], server)
	}
	b.transport.CloseIdleConnections()
}
