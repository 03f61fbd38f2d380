package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// checkControlGroups refuses, in k3s' words, to run where a controller that the kubelet needs is not live.
func checkControlGroups(controllersFile string) error {
	text, err := os.ReadFile(controllersFile)
	if err != nil {
		return err
	}
	live := map[string]bool{}
	for _, controller := range strings.Fields(string(text)) {
		live[controller] = true
	}
	for _, needed := range []string{"cpu", "cpuset", "memory"} {
		if !live[needed] {
			return fmt.Errorf("failed to find %s cgroup (v2)", needed)
		}
	}
	if !live["pids"] {
		return errors.New("pids cgroup controller not found")
	}
	return nil
}
