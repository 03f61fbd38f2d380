package main

import (
	"fmt"
	"strings"
)

// role is the subcommand that a node runs: a server, or an agent.
type role string

const (
	server role = "server"
	agent  role = "agent"
)

// flagKind says how a flag takes its value.
type flagKind int

const (
	boolean    flagKind = iota // --flag or --flag=true
	single                     // the last one counts
	repeatable                 // all count
)

// Flags that both roles know, and those of a server alone, from the k3s documentation (cli/server, cli/agent). The
// stand-in acts on few of them; it has to know all names, as k3s skips what it does not know.
const (
	commonBooleans = `debug alsologtostderr with-node-id docker disable-default-registry-endpoint nonroot-devices
		protect-kernel-defaults enable-pprof rootless prefer-bundled-bin selinux`
	commonSingles = `config v vmodule log token token-file server data-dir node-name pause-image snapshotter
		private-registry image-credential-provider-bin-dir image-credential-provider-config container-runtime-endpoint
		default-runtime image-service-endpoint resolv-conf flannel-iface flannel-conf flannel-cni-conf vpn-auth
		vpn-auth-file lb-server-port bind-address`
	commonRepeatables = `node-label node-taint node-ip node-external-ip node-internal-dns node-external-dns
		kubelet-arg kube-proxy-arg airgap-extra-registry`

	serverBooleans = `cluster-init cluster-reset tls-san-security flannel-ipv6-masq flannel-external-ip kine-tls
		etcd-expose-metrics etcd-disable-snapshots etcd-snapshot-compress etcd-s3 etcd-s3-skip-ssl-verify
		etcd-s3-insecure disable-scheduler disable-cloud-controller disable-kube-proxy disable-network-policy
		disable-helm-controller embedded-registry supervisor-metrics secrets-encryption disable-agent disable-apiserver
		disable-controller-manager disable-etcd`
	serverSingles = `https-listen-port advertise-address advertise-port service-node-port-range cluster-domain
		flannel-backend egress-selector-mode servicelb-namespace write-kubeconfig write-kubeconfig-mode
		write-kubeconfig-group helm-job-image agent-token agent-token-file cluster-reset-restore-path
		datastore-endpoint datastore-cafile datastore-certfile datastore-keyfile etcd-snapshot-name
		etcd-snapshot-schedule-cron etcd-snapshot-reconcile-interval etcd-snapshot-retention etcd-snapshot-dir
		etcd-s3-endpoint etcd-s3-endpoint-ca etcd-s3-access-key etcd-s3-secret-key etcd-s3-bucket etcd-s3-region
		etcd-s3-folder etcd-s3-timeout etcd-s3-proxy etcd-s3-config-secret default-local-storage-path
		secrets-encryption-provider system-default-registry`
	serverRepeatables = `tls-san cluster-cidr service-cidr cluster-dns disable kube-apiserver-arg etcd-arg
		kube-controller-manager-arg kube-scheduler-arg kube-cloud-controller-manager-arg`
)

var flagAliases = map[string]string{"c": "config", "t": "token", "s": "server", "d": "data-dir"}

// flagsOf is every flag that the role knows.
func flagsOf(r role) map[string]flagKind {
	booleans, singles, repeatables := commonBooleans, commonSingles, commonRepeatables
	if r == server {
		booleans += " " + serverBooleans
		singles += " " + serverSingles
		repeatables += " " + serverRepeatables
	}
	return kindsOf(booleans, singles, repeatables)
}

// flagValues holds what was given for each flag, in order.
type flagValues map[string][]string

func (v flagValues) last(name string) string {
	if given := v[name]; len(given) > 0 {
		return given[len(given)-1]
	}
	return ""
}

func (v flagValues) isSet(name string) bool { return v.last(name) == "true" }

// parseFlags reads command-line arguments that are flags only; an unknown flag or a missing value is an error.
func parseFlags(kinds map[string]flagKind, arguments []string) (flagValues, error) {
	values, rest, err := parseArguments(kinds, arguments)
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("flag provided but not defined: %s", rest[0])
	}
	return values, err
}

// parseArguments reads flags up to the first argument that is none, and returns what follows.
func parseArguments(kinds map[string]flagKind, arguments []string) (flagValues, []string, error) {
	values := flagValues{}
	for index := 0; index < len(arguments); index++ {
		argument := arguments[index]
		if !strings.HasPrefix(argument, "-") {
			return values, arguments[index:], nil
		}
		name, value, hasValue := strings.Cut(strings.TrimLeft(argument, "-"), "=")
		if alias, found := flagAliases[name]; found {
			name = alias
		}
		kind, known := kinds[name]
		if !known {
			return nil, nil, fmt.Errorf("flag provided but not defined: %s", argument)
		}
		if kind == boolean && !hasValue {
			value = "true"
		} else if !hasValue {
			if index++; index == len(arguments) {
				return nil, nil, fmt.Errorf("flag needs an argument: %s", argument)
			}
			value = arguments[index]
		}
		values[name] = append(values[name], value)
	}
	return values, nil, nil
}

// kindsOf builds a table of flags from lists of names.
func kindsOf(booleans, singles, repeatables string) map[string]flagKind {
	kinds := map[string]flagKind{}
	for kind, names := range map[flagKind]string{boolean: booleans, single: singles, repeatable: repeatables} {
		for _, name := range strings.Fields(names) {
			kinds[name] = kind
		}
	}
	return kinds
}
