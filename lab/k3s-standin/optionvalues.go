package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"fleetlab/k3s-standin/kube"
)

// parseTaint reads KEY=VALUE:EFFECT or KEY:EFFECT.
func parseTaint(text string) (kube.Object, error) {
	rest, effect, found := strings.Cut(text, ":")
	key, value, _ := strings.Cut(rest, "=")
	switch effect {
	case "NoSchedule", "PreferNoSchedule", "NoExecute":
	default:
		found = false
	}
	if !found || key == "" {
		return nil, fmt.Errorf("invalid taint spec: %s", text)
	}
	return kube.Object{"key": key, "value": value, "effect": effect}, nil
}

// tokenFrom reads --NAME, --NAME-file, ENVIRONMENT or ENVIRONMENT_FILE, the first that is set.
func tokenFrom(values flagValues, name, environment string) (string, error) {
	if token := firstOf(values.last(name), os.Getenv(environment)); token != "" {
		return token, nil
	}
	file := firstOf(values.last(name+"-file"), os.Getenv(environment+"_FILE"))
	if file == "" {
		return "", nil
	}
	text, err := os.ReadFile(file)
	return strings.TrimRight(string(text), "\r\n"), err
}

// nodeName is --node-name or the host's name; --with-node-id appends an id that is kept from then on.
func nodeName(values flagValues) (string, error) {
	name := firstOf(values.last("node-name"), os.Getenv("K3S_NODE_NAME"))
	if name == "" {
		host, err := os.Hostname()
		if err != nil {
			return "", err
		}
		name = host
	}
	name = strings.ToLower(name)
	if !values.isSet("with-node-id") {
		return name, nil
	}
	id, err := kept(filepath.Join(nodeDirectory, "id"), 4)
	return name + "-" + id, err
}

// splitAll splits each value of a list at its commas, as k3s does with most of them.
func splitAll(values []string) []string {
	var all []string
	for _, value := range values {
		for _, part := range strings.Split(value, ",") {
			if part = strings.TrimSpace(part); part != "" {
				all = append(all, part)
			}
		}
	}
	return all
}

func firstWord(values []string) string {
	if all := splitAll(values); len(all) > 0 {
		return all[0]
	}
	return ""
}

func firstOf(candidates ...string) string {
	for _, candidate := range candidates {
		if candidate != "" {
			return candidate
		}
	}
	return ""
}

func numberOr(otherwise int, text string) (int, error) {
	if text == "" {
		return otherwise, nil
	}
	return strconv.Atoi(text)
}
