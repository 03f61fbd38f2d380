package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
	"time"

	"fleetlab/k3s-standin/journal"
)

const (
	controllersFile = "/sys/fs/cgroup/cgroup.controllers"
	startTime       = time.Second // what a start takes at least; the real one takes longer
	retryInterval   = 2 * time.Second
)

// runRole is `k3s server` or `k3s agent`: it returns when a signal ends it (0) or when it cannot start (1).
func runRole(r role, arguments []string) int {
	for _, argument := range arguments {
		if argument == "--help" || argument == "-h" {
			os.Stdout.WriteString(help)
			return 0
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	err := startRole(ctx, r, arguments)
	if err != nil && !errors.Is(err, context.Canceled) {
		journal.Fatal("%v", err)
		return 1
	}
	journal.Info("Shutting down k3s")
	return 0
}

func startRole(ctx context.Context, r role, arguments []string) error {
	values, warnings, err := configuration(r, arguments)
	if err != nil {
		return err
	}
	for _, warning := range warnings {
		journal.Warning("%s", warning)
	}
	o, err := newOptions(r, values)
	if err != nil {
		return err
	}
	journal.Info("Starting k3s %s %s (%s)", r, version, commit)
	journal.Info("stand-in: this is not k3s but a stand-in of the fleetd lab; it runs no containers")
	if err := checkControlGroups(controllersFile); err != nil {
		return err
	}
	if fault == "dies" {
		if err := pause(ctx, startTime); err != nil {
			return err
		}
		return errors.New("stand-in: this release dies when it starts")
	}
	if err := os.MkdirAll(o.dataDirectory, 0o755); err != nil {
		return err
	}
	if r == server {
		return runServer(ctx, o)
	}
	return runAgent(ctx, o)
}

// becomeReady tells systemd, at the end of a start, and then waits for the signal or for a problem. A release that never
// gets ready only waits.
func becomeReady(ctx context.Context, r role, problem <-chan error) error {
	if fault == "never-ready" {
		journal.Info("stand-in: this release never gets ready")
	} else {
		if err := notifyReady(); err != nil {
			return err
		}
		journal.Info("%s is up and running", map[role]string{server: "k3s", agent: "k3s agent"}[r])
	}
	select {
	case err := <-problem:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// pause waits, but not longer than the process may live.
func pause(ctx context.Context, duration time.Duration) error {
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
