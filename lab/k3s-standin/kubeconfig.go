package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"regexp"

	"fleetlab/k3s-standin/kube"
)

// administrator speaks to the API with a kubeconfig such as k3s writes, and returns the cluster's CA with it.
func administrator(values flagValues) (*kube.Client, []byte, error) {
	file := firstOf(values.last("kubeconfig"), os.Getenv("KUBECONFIG"), defaultKubeconfig)
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, err
	}
	find := func(key string) string {
		if match := regexp.MustCompile(`(?m)^\s+` + key + `: (\S+)$`).FindSubmatch(text); match != nil {
			return string(match[1])
		}
		return ""
	}
	decoded := map[string][]byte{}
	for _, key := range []string{"certificate-authority-data", "client-certificate-data", "client-key-data"} {
		if decoded[key], err = base64.StdEncoding.DecodeString(find(key)); err != nil || len(decoded[key]) == 0 {
			return nil, nil, fmt.Errorf("%s has no %s", file, key)
		}
	}
	authority := decoded["certificate-authority-data"]
	client, err := newKubeClient(find("server"), authority,
		identity{decoded["client-certificate-data"], decoded["client-key-data"]}, nil)
	return client, authority, err
}
