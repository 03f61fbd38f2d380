package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	stdlog "log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"runtime"
	"strconv"
	"strings"

	"fleetlab/k3s-standin/journal"
	"fleetlab/k3s-standin/kube"
)

// listen serves in the background, on port 6443, what k3s serves there: itself, and behind it the API server.
func (c *cluster) listen() (func(), error) {
	serving, err := readIdentity(c.options.tlsDirectory("serving-supervisor"))
	if err != nil {
		return nil, err
	}
	pair, err := serving.pair()
	if err != nil {
		return nil, err
	}
	clients, err := poolOf(c.authorities["client-ca.crt"])
	if err != nil {
		return nil, err
	}
	proxy, err := c.newProxy()
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", ":"+c.options.port)
	if err != nil {
		return nil, err
	}
	web := &http.Server{
		Handler: c.handler(proxy), ReadHeaderTimeout: requestTimeout,
		ErrorLog: stdlog.New(io.Discard, "", 0), // strangers' handshakes
		TLSConfig: &tls.Config{
			Certificates: []tls.Certificate{pair}, ClientCAs: clients, ClientAuth: tls.VerifyClientCertIfGiven,
		},
	}
	go func() {
		if err := web.ServeTLS(listener, "", ""); err != http.ErrServerClosed {
			journal.Error("failed to serve: %v", err)
		}
	}()
	return func() { _ = web.Close() }, nil
}

// newProxy hands requests to the API server and says in headers who sent them: it believes them for the certificate that
// the proxy shows. Who shows no certificate is a stranger, whom it refuses.
func (c *cluster) newProxy() (http.Handler, error) {
	i, err := readIdentity(c.options.tlsDirectory("client-auth-proxy"))
	if err != nil {
		return nil, err
	}
	client, err := newKubeClient("https://127.0.0.1:"+apiserverPort, c.authorities["server-ca.crt"], i, nil)
	if err != nil {
		return nil, err
	}
	target, err := url.Parse(client.URL)
	if err != nil {
		return nil, err
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.Transport = client.HTTP.Transport
	proxy.FlushInterval = -1 // watches
	proxy.ErrorLog = stdlog.New(io.Discard, "", 0)
	proxy.ModifyResponse = poseAsRelease
	proxy.ErrorHandler = func(w http.ResponseWriter, r *http.Request, err error) {
		if r.Context().Err() != context.Canceled {
			writeStatus(w, http.StatusServiceUnavailable, "ServiceUnavailable", "apiserver not ready")
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name := range r.Header {
			if strings.HasPrefix(name, "X-Remote-") {
				r.Header.Del(name)
			}
		}
		if r.TLS != nil && len(r.TLS.VerifiedChains) > 0 {
			holder := r.TLS.PeerCertificates[0].Subject
			r.Header.Set("X-Remote-User", holder.CommonName)
			r.Header["X-Remote-Group"] = append(holder.Organization, "system:authenticated")
		}
		proxy.ServeHTTP(w, r)
	}), nil
}

// poseAsRelease makes /version answer for the release that this binary poses as.
func poseAsRelease(response *http.Response) error {
	if response.Request.URL.Path != "/version" || response.StatusCode != http.StatusOK {
		return nil
	}
	response.Body.Close()
	numbers := strings.Split(strings.TrimPrefix(version, "v"), ".")
	text, err := json.MarshalIndent(map[string]string{
		"major": numbers[0], "minor": numbers[1], "gitVersion": version, "gitCommit": commit, "gitTreeState": "clean",
		"buildDate": "2025-01-01T00:00:00Z", "goVersion": runtime.Version(), "compiler": runtime.Compiler,
		"platform": runtime.GOOS + "/" + runtime.GOARCH,
	}, "", "  ")
	response.Body = io.NopCloser(bytes.NewReader(text))
	response.ContentLength = int64(len(text))
	response.Header.Set("Content-Length", strconv.Itoa(len(text)))
	return err
}

// writeStatus refuses as the API server does.
func writeStatus(w http.ResponseWriter, code int, reason, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(kube.Object{
		"kind": "Status", "apiVersion": "v1", "metadata": kube.Object{}, "status": "Failure",
		"message": message, "reason": reason, "code": code,
	})
}
