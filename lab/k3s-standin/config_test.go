package main

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// writeConfig makes a config.yaml with drop-ins and points K3S_CONFIG_FILE at it.
func writeConfig(t *testing.T, main string, dropIns map[string]string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.yaml")
	t.Setenv("K3S_CONFIG_FILE", file)
	if err := os.WriteFile(file, []byte(main), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, text := range dropIns {
		if err := writeFile(filepath.Join(file+".d", name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDropInsReplaceOrAppendInTheOrderOfTheirNames(t *testing.T) {
	writeConfig(t, "tls-san: [a]\ndisable: [traefik]\n", map[string]string{
		"20.YAML":   "disable: [servicelb]\n",
		"10.yml":    "tls-san+: [b]\ndisable+: [coredns]\n",
		"30.ignore": "tls-san: [c]\n",
	})
	values, warnings, err := configuration(server, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := flagValues{"tls-san": {"a", "b"}, "disable": {"servicelb"}}
	if !reflect.DeepEqual(values, want) || warnings != nil {
		t.Errorf("got %v and %v, want %v", values, warnings, want)
	}
}

func TestCommandLineListReplacesTheFilesList(t *testing.T) {
	writeConfig(t, "tls-san: [a, b]\nnode-name: one\n", nil)
	values, _, err := configuration(server, []string{"--tls-san", "c", "--cluster-init"})
	if err != nil {
		t.Fatal(err)
	}
	want := flagValues{"tls-san": {"c"}, "node-name": {"one"}, "cluster-init": {"true"}}
	if !reflect.DeepEqual(values, want) {
		t.Errorf("got %v, want %v", values, want)
	}
}

func TestUnknownKeysAreSkippedWithAWarning(t *testing.T) {
	writeConfig(t, "xyz: 1\ncluster-init: true\nnode-name: one\n", nil)
	values, warnings, err := configuration(agent, nil)
	if err != nil {
		t.Fatal(err)
	}
	wantWarnings := []string{
		"Unknown flag --xyz found in config.yaml, skipping",
		"Unknown flag --cluster-init found in config.yaml, skipping",
	}
	if !reflect.DeepEqual(values, flagValues{"node-name": {"one"}}) || !reflect.DeepEqual(warnings, wantWarnings) {
		t.Errorf("got %v and %q", values, warnings)
	}
}

func TestUnknownFlagOnTheCommandLineIsAnError(t *testing.T) {
	writeConfig(t, "", nil)
	if _, _, err := configuration(agent, []string{"--xyz"}); err == nil {
		t.Error("--xyz was accepted")
	}
}
