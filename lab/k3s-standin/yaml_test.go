package main

import (
	"reflect"
	"testing"
)

func TestSettingsOfEveryForm(t *testing.T) {
	got, err := parseSettings(`---
# a comment
server: https://10.77.0.11:6443   # and another
token: 'it''s a "secret"'
node-name: "pi\"1"
cluster-init: true
disable: [traefik, 'service lb', "a,b"]
tls-san:
- k3s.lan
- 10.77.0.11
kubelet-arg+: []
empty:
`)
	if err != nil {
		t.Fatal(err)
	}
	want := []setting{
		{"server", []string{"https://10.77.0.11:6443"}, false},
		{"token", []string{`it's a "secret"`}, false},
		{"node-name", []string{`pi"1`}, false},
		{"cluster-init", []string{"true"}, false},
		{"disable", []string{"traefik", "service lb", "a,b"}, true},
		{"tls-san", []string{"k3s.lan", "10.77.0.11"}, true},
		{"kubelet-arg+", nil, true},
		{"empty", nil, false},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestWhatTheSubsetLacksIsAnError(t *testing.T) {
	for _, text := range []string{
		"a:\n  b: c", "a: {b: c}", "a: &anchor b", "a: |\n  text", "- a", "a: b: c", "a: [b", "a: 'b", `a: "b`, "word",
		"a: [b] c", "a: 'b' c", ": a",
	} {
		if got, err := parseSettings(text); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}
