package main

import (
	"net"
	"os"
	"path/filepath"
	"sort"
	"time"

	"fleetlab/k3s-standin/journal"
)

const (
	leafValidity = 365 * day
	renewalDays  = 120 // a certificate with less left is renewed at the next start
)

// leaf is a certificate that a server issues to itself and keeps in server/tls.
type leaf struct {
	service   string // as `k3s certificate` calls it
	file      string // below server/tls, without .crt and .key
	authority string
	subject   subject
}

// serverLeaves are those of a server with these names and addresses.
func serverLeaves(names []string) []leaf {
	client := func(service, file, user string, groups ...string) leaf {
		return leaf{service, file, "client-ca", subject{user, groups, asClient, nil}}
	}
	return []leaf{
		client("admin", "client-admin", "system:admin", "system:masters"),
		client("api-server", "client-kube-apiserver", "system:apiserver", "system:masters"),
		{"api-server", "serving-kube-apiserver", "server-ca", subject{"kube-apiserver", nil, asServer, names}},
		client("controller-manager", "client-controller", "system:kube-controller-manager"),
		client("scheduler", "client-scheduler", "system:kube-scheduler"),
		client("k3s-controller", "client-k3s-controller", "system:k3s-controller"),
		client("cloud-controller", "client-k3s-cloud-controller", "k3s-cloud-controller-manager"),
		client("supervisor", "client-supervisor", "system:k3s-supervisor", "system:masters"),
		client("kube-proxy", "client-kube-proxy", "system:kube-proxy"),
		{"auth-proxy", "client-auth-proxy", "request-header-ca", subject{"system:auth-proxy", nil, asClient, nil}},
		{"k3s-server", "serving-supervisor", "server-ca", subject{"k3s", []string{"k3s"}, asServer, names}},
		{"etcd", "etcd/client", "etcd/server-ca", subject{"etcd-client", nil, asClient, nil}},
		{"etcd", "etcd/server-client", "etcd/server-ca", subject{"etcd-server", nil, asBoth, names}},
		{"etcd", "etcd/peer-server-client", "etcd/peer-ca", subject{"etcd-peer", nil, asBoth, names}},
	}
}

// nodeLeaves are those that every node has in agent/, and that an agent fetches from its server.
func nodeLeaves(node string) []leaf {
	return []leaf{
		{"kube-proxy", "client-kube-proxy", "client-ca", subject{"system:kube-proxy", nil, asClient, nil}},
		{"k3s-controller", "client-k3s-controller", "client-ca", subject{"system:k3s-controller", nil, asClient, nil}},
		{"kubelet", "serving-kubelet", "server-ca", subject{node, nil, asServer, []string{node, "localhost", "127.0.0.1"}}},
		{"kubelet", "client-kubelet", "client-ca",
			subject{"system:node:" + node, []string{"system:nodes"}, asClient, nil}},
	}
}

// serverNames are all names and addresses by which a server may be called.
func serverNames(o options) ([]string, error) {
	names := append([]string{
		"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc",
		"kubernetes.default.svc.cluster.local", o.nodeName, firstAddress(o.critical.ServiceCIDR),
	}, o.subjectNames...)
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return nil, err
	}
	for _, address := range addresses {
		if network, isNetwork := address.(*net.IPNet); isNetwork {
			names = append(names, network.IP.String())
		}
	}
	return names, nil
}

// renewLeaves issues what is missing, runs out, or was made for other names or by another authority.
func renewLeaves(directory string, all authorities, leaves []leaf) error {
	for _, l := range leaves {
		path := filepath.Join(directory, l.file)
		if current, err := readIdentity(path); err == nil && l.isGood(current, all.of(l.authority)) {
			continue
		}
		made, err := all.of(l.authority).issue(l.subject, leafValidity)
		if err != nil {
			return err
		}
		journal.Info("certificate CN=%s signed: notAfter=%s", l.subject.name,
			time.Now().Add(leafValidity).UTC().Format(time.RFC3339))
		if err := writeIdentity(path, made); err != nil {
			return err
		}
	}
	return nil
}

func (l leaf) isGood(current, authority identity) bool {
	certificate, err := current.parsed()
	if err != nil || time.Until(certificate.NotAfter) < renewalDays*day {
		return false
	}
	issuer, err := authority.parsed()
	if err != nil || certificate.CheckSignatureFrom(issuer) != nil {
		return false
	}
	held := append([]string{}, certificate.DNSNames...)
	for _, address := range certificate.IPAddresses {
		held = append(held, address.String())
	}
	return sameNames(held, l.subject.names)
}

func sameNames(one, other []string) bool {
	distinct := func(names []string) []string {
		seen, list := map[string]bool{}, []string{}
		for _, name := range names {
			if !seen[name] {
				seen[name] = true
				list = append(list, name)
			}
		}
		sort.Strings(list)
		return list
	}
	one, other = distinct(one), distinct(other)
	if len(one) != len(other) {
		return false
	}
	for index := range one {
		if one[index] != other[index] {
			return false
		}
	}
	return true
}

// readIdentity reads PATH.crt and PATH.key.
func readIdentity(path string) (identity, error) {
	certificate, err := os.ReadFile(path + ".crt")
	if err != nil {
		return identity{}, err
	}
	key, err := os.ReadFile(path + ".key")
	return identity{certificate, key}, err
}

func writeIdentity(path string, i identity) error {
	if err := writeFile(path+".key", string(i.Key), 0o600); err != nil {
		return err
	}
	return writeFile(path+".crt", string(i.Certificate), 0o644)
}
