package main

import (
	"errors"
	"net"
	"reflect"
	"sort"
	"strings"

	"fleetlab/k3s-standin/journal"
)

// criticalOptions are those that must be the same on all servers of a cluster. A server that joins compares them with
// those of the server that it joins.
type criticalOptions struct {
	AgentToken            string // a digest; empty when agents join with the server's token
	ClusterCIDR           string
	ClusterDNS            string
	ClusterDomain         string
	ServiceCIDR           string
	DisableCCM            bool
	DisableHelmController bool
	DisableNPC            bool
	DisableServiceLB      bool
	EgressSelectorMode    string
	EncryptSecrets        bool
	FlannelBackend        string
	FlannelExternalIP     bool
	FlannelIPv6Masq       bool
}

func newCriticalOptions(values flagValues, agentToken string) criticalOptions {
	c := criticalOptions{
		ClusterCIDR:           firstOf(joined(values["cluster-cidr"]), "10.42.0.0/16"),
		ClusterDNS:            firstOf(joined(values["cluster-dns"]), "10.43.0.10"),
		ClusterDomain:         firstOf(values.last("cluster-domain"), "cluster.local"),
		ServiceCIDR:           firstOf(joined(values["service-cidr"]), "10.43.0.0/16"),
		DisableCCM:            values.isSet("disable-cloud-controller"),
		DisableHelmController: values.isSet("disable-helm-controller"),
		DisableNPC:            values.isSet("disable-network-policy"),
		EgressSelectorMode:    firstOf(values.last("egress-selector-mode"), "agent"),
		EncryptSecrets:        values.isSet("secrets-encryption"),
		FlannelBackend:        firstOf(values.last("flannel-backend"), "vxlan"),
		FlannelExternalIP:     values.isSet("flannel-external-ip"),
		FlannelIPv6Masq:       values.isSet("flannel-ipv6-masq"),
	}
	if agentToken != "" {
		c.AgentToken = digestOf([]byte(agentToken))
	}
	for _, component := range splitAll(values["disable"]) {
		if component == "servicelb" {
			c.DisableServiceLB = true
		}
	}
	return c
}

func joined(values []string) string { return strings.Join(splitAll(values), ",") }

// mustEqual fails in k3s' words, after a log line that names what differs.
func (c criticalOptions) mustEqual(other criticalOptions) error {
	var different []string
	mine, theirs := reflect.ValueOf(c), reflect.ValueOf(other)
	for index := 0; index < mine.NumField(); index++ {
		if mine.Field(index).Interface() != theirs.Field(index).Interface() {
			different = append(different, mine.Type().Field(index).Name)
		}
	}
	if different == nil {
		return nil
	}
	sort.Strings(different)
	journal.Error("critical configuration mismatched: %s", strings.Join(different, ", "))
	return errors.New("failed to validate server configuration: " +
		"critical configuration value mismatch between servers")
}

// firstAddress is that of the Service `kubernetes` in a network such as 10.43.0.0/16.
func firstAddress(network string) string {
	address, _, err := net.ParseCIDR(strings.Split(network, ",")[0])
	if err != nil {
		return "10.43.0.1"
	}
	address = address.To4()
	address[3]++
	return address.String()
}
