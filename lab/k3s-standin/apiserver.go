package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"fleetlab/k3s-standin/journal"
	"fleetlab/k3s-standin/kube"
	"fleetlab/k3s-standin/process"
)

const (
	apiserverPort  = "6444" // on the loopback; the world reaches it through port 6443
	apiserverGrace = 3 * time.Second

	// logDirectory keeps the API server's own words, which nobody who reads k3s' journal needs.
	logDirectory = "/var/log/k3s-stand-in"
)

// startAPI starts the API server and returns once it is ready.
func (c *cluster) startAPI(ctx context.Context) (err error) {
	if err := os.MkdirAll(logDirectory, 0o755); err != nil {
		return err
	}
	if c.admin, err = c.localClient(c.options.tlsDirectory("client-admin")); err != nil {
		return err
	}
	journal.Info("Running kube-apiserver: stand-in: version 1.20 behind https://127.0.0.1:%s", c.options.port)
	if c.apiserver, err = process.Start("kube-apiserver", c.apiserverArguments(), nil); err != nil {
		return err
	}
	for {
		if text, err := c.admin.Text(ctx, "/readyz"); err == nil && text == "ok" {
			journal.Info("Kube API server is now running")
			return nil
		}
		select {
		case <-c.apiserver.Ended:
			return fmt.Errorf("apiserver exited: %v", c.apiserver.Problem())
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// localClient speaks to this server's own API server with the identity in PATH.crt and PATH.key.
func (c *cluster) localClient(path string) (*kube.Client, error) {
	i, err := readIdentity(path)
	if err != nil {
		return nil, err
	}
	return newKubeClient("https://127.0.0.1:"+apiserverPort, c.authorities["server-ca.crt"], i, nil)
}

// admissionOff are the plug-ins of this API server that want controllers that the stand-in does not have, or watch what
// it does not use.
var admissionOff = []string{
	"ServiceAccount", "DefaultStorageClass", "StorageObjectInUseProtection", "PersistentVolumeClaimResize",
	"DefaultIngressClass", "RuntimeClass", "ResourceQuota", "CertificateApproval", "CertificateSigning",
	"CertificateSubjectRestriction",
}

// versions of the API: without the beta ones, which are gone by the releases that the stand-in poses as and cost a third
// of a start, except those whose later form this API server does not have yet.
var versions = []string{"api/alpha=false", "api/beta=false", "policy/v1beta1=true", "batch/v1beta1=true"}

func (c *cluster) apiserverArguments() []string {
	file := func(name string) string { return c.options.tlsDirectory(name) }
	return []string{
		"--advertise-address=" + c.store.address, "--bind-address=127.0.0.1", "--secure-port=" + apiserverPort,
		"--endpoint-reconciler-type=none", // it would name its own port; a controller names 6443
		"--tls-cert-file=" + file("serving-kube-apiserver.crt"),
		"--tls-private-key-file=" + file("serving-kube-apiserver.key"),
		"--client-ca-file=" + file("client-ca.crt"),
		"--requestheader-client-ca-file=" + file("request-header-ca.crt"),
		"--requestheader-allowed-names=system:auth-proxy",
		"--requestheader-username-headers=X-Remote-User", "--requestheader-group-headers=X-Remote-Group",
		"--requestheader-extra-headers-prefix=X-Remote-Extra-",
		"--anonymous-auth=false", "--authorization-mode=Node,RBAC", "--allow-privileged=true",
		"--etcd-servers=https://127.0.0.1:2379", "--etcd-cafile=" + file("etcd/server-ca.crt"),
		"--etcd-certfile=" + file("etcd/client.crt"), "--etcd-keyfile=" + file("etcd/client.key"),
		"--service-account-issuer=https://kubernetes.default.svc." + c.options.critical.ClusterDomain,
		"--service-account-signing-key-file=" + file("service.key"), "--service-account-key-file=" + file("service.key"),
		"--service-cluster-ip-range=" + c.options.critical.ServiceCIDR,
		"--disable-admission-plugins=" + strings.Join(admissionOff, ","),
		"--runtime-config=" + strings.Join(versions, ","),
		"--feature-gates=APIPriorityAndFairness=false", "--profiling=false", "--watch-cache=false",
		"--logtostderr=false", "--stderrthreshold=FATAL", "--log-file=" + logDirectory + "/kube-apiserver.log",
		"--log-file-max-size=8",
	}
}
