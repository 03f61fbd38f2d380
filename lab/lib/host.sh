# shellcheck shell=bash
# What the lab needs of the host's kernel. The nodes' processes are the host's root to it, and share root's limits.

INOTIFY_INSTANCES=1024 # a booted node holds some eight; a usual host allows 128

host_up() {
  local file=/proc/sys/fs/inotify/max_user_instances
  (($(<"$file") >= INOTIFY_INSTANCES)) || echo "$INOTIFY_INSTANCES" >"$file" ||
    say "$file cannot be raised to $INOTIFY_INSTANCES: more than about 12 nodes will not boot"
}
