package main

import (
	"fmt"
	"os"
	"syscall"

	"fleetlab/k3s-standin/process"
)

// runKubectl becomes Debian's kubectl, with the administrator's kubeconfig unless another one is named.
func runKubectl(arguments []string) int {
	if os.Getenv("KUBECONFIG") == "" && exists(defaultKubeconfig) {
		file, err := os.Open(defaultKubeconfig)
		if err != nil {
			fmt.Fprintf(os.Stderr, "Unable to read %s, please start server with --write-kubeconfig-mode or "+
				"--write-kubeconfig-group to modify kube config permissions\n", defaultKubeconfig)
		} else {
			file.Close()
			os.Setenv("KUBECONFIG", defaultKubeconfig)
		}
	}
	program := process.Program("kubectl")
	err := syscall.Exec(program, append([]string{"kubectl"}, arguments...), os.Environ())
	fmt.Fprintf(os.Stderr, "failed to run %s: %v\n", program, err)
	return 1
}
