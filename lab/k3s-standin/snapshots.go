package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"time"

	"fleetlab/k3s-standin/journal"
	"fleetlab/k3s-standin/process"
)

// snapshotOptions say where snapshots of etcd go and how many are kept.
type snapshotOptions struct {
	directory string
	isDefault bool // then it is made when it is missing
	name      string
	schedule  string // empty: none are taken by themselves
	retention int
	compress  bool
}

func newSnapshotOptions(values flagValues, o options) (snapshotOptions, error) {
	s := snapshotOptions{
		directory: values.last("etcd-snapshot-dir"),
		name:      firstOf(values.last("etcd-snapshot-name"), "etcd-snapshot"),
		schedule:  firstOf(values.last("etcd-snapshot-schedule-cron"), "0 */12 * * *"),
		compress:  values.isSet("etcd-snapshot-compress"),
	}
	if s.directory == "" {
		s.directory, s.isDefault = databaseDirectory(o, "snapshots"), true
	}
	if values.isSet("etcd-disable-snapshots") {
		s.schedule = ""
	}
	var err error
	s.retention, err = numberOr(5, values.last("etcd-snapshot-retention"))
	return s, err
}

// snapshotFile is one snapshot on this node.
type snapshotFile struct {
	Name     string    `json:"name"`
	Location string    `json:"location"`
	Size     int64     `json:"size"`
	Created  time.Time `json:"createdAt"`
}

const compressed = ".zip"

// saveSnapshot takes one and returns its name.
func (c *cluster) saveSnapshot(ctx context.Context, s snapshotOptions) (string, error) {
	if s.isDefault {
		if err := os.MkdirAll(s.directory, 0o700); err != nil {
			return "", err
		}
	}
	if !exists(s.directory) {
		return "", fmt.Errorf("failed to get etcd-snapshot-dir: stat %s: no such file or directory", s.directory)
	}
	name := fmt.Sprintf("%s-%s-%d", s.name, c.options.nodeName, time.Now().Unix())
	path := filepath.Join(s.directory, name)
	journal.Info("Saving etcd snapshot to %s", path)
	certificate := func(name string) string { return c.options.tlsDirectory("etcd", name) }
	if err := etcdctl(ctx, "snapshot", "save", path, "--endpoints=https://127.0.0.1:2379",
		"--cacert="+certificate("server-ca.crt"), "--cert="+certificate("client.crt"),
		"--key="+certificate("client.key")); err != nil {
		journal.Error("Failed to take etcd snapshot: %v", err)
		return "", err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return "", err
	}
	if s.compress {
		journal.Info("Compressing etcd snapshot file: %s", name)
		err := compress(path)
		_ = os.Remove(path)
		if err != nil {
			return "", fmt.Errorf("failed to compress snapshot: %w", err)
		}
		name += compressed
	}
	return name, nil
}

// etcdctl runs Debian's, and returns what it says when it fails.
func etcdctl(ctx context.Context, arguments ...string) error {
	command := exec.CommandContext(ctx, process.Program("etcdctl"), arguments...)
	command.Env = append(os.Environ(), "ETCDCTL_API=3")
	output, err := command.CombinedOutput()
	if err != nil {
		lines := strings.Split(strings.TrimSpace(string(output)), "\n")
		return errors.New(lines[len(lines)-1])
	}
	return nil
}

// listSnapshots returns what is in the directory, the oldest first.
func listSnapshots(directory string) ([]snapshotFile, error) {
	entries, err := os.ReadDir(directory)
	if os.IsNotExist(err) {
		return nil, nil
	}
	files := []snapshotFile{}
	for _, entry := range entries {
		information, problem := entry.Info()
		if problem != nil || information.IsDir() || strings.HasSuffix(entry.Name(), ".part") {
			continue
		}
		created := information.ModTime()
		base := strings.TrimSuffix(entry.Name(), compressed)
		if seconds, err := strconv.ParseInt(base[strings.LastIndexByte(base, '-')+1:], 10, 64); err == nil {
			created = time.Unix(seconds, 0)
		}
		files = append(files, snapshotFile{
			entry.Name(), "file://" + filepath.Join(directory, entry.Name()), information.Size(), created.UTC(),
		})
	}
	sort.SliceStable(files, func(i, j int) bool { return files[i].Created.Before(files[j].Created) })
	return files, err
}

// pruneSnapshots removes the oldest whose names begin so, until no more than retention are left.
func pruneSnapshots(directory, prefix string, retention int) (deleted []string, err error) {
	all, err := listSnapshots(directory)
	if err != nil || retention < 1 {
		return nil, err
	}
	var matching []snapshotFile
	for _, file := range all {
		if strings.HasPrefix(file.Name, prefix) {
			matching = append(matching, file)
		}
	}
	for ; len(matching) > retention; matching = matching[1:] {
		journal.Info("Removing local snapshot %s", matching[0].Name)
		if err := os.Remove(filepath.Join(directory, matching[0].Name)); err != nil {
			return deleted, err
		}
		deleted = append(deleted, matching[0].Name)
	}
	return deleted, nil
}
