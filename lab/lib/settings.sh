# shellcheck shell=bash
# shellcheck disable=SC2034 # used by the files sourced after this one
# Where the lab keeps things and what it calls them. Sourced by every script of the lab, first.

shopt -s inherit_errexit # a failure inside $(…) counts as well

LAB=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
LAB_NAME=${FLEETLAB_NAME:-fleetlab} # several labs on one machine have several names, and share nothing but the cache
STATE=${FLEETLAB_STATE:-/var/lib/$LAB_NAME} # nodes, keys, logs: gone after `lab/down`
CACHE=${FLEETLAB_CACHE:-/var/cache/fleetlab} # what takes long to build, keyed by its inputs: survives `lab/down`

RELEASE=bookworm # the Debian release of the nodes
ARCHITECTURE=$(dpkg --print-architecture)

NAMESPACE=$LAB_NAME # the control namespace; node1's own is fleetlab-node1
BRIDGE=fleetlab0
NETWORK=10.77.0
GATEWAY=$NETWORK.1 # the control namespace's own address
APT_PORT=8080
MIRROR_PORT=8081

say() { printf 'lab: %s\n' "$*" >&2; }

die() {
  printf 'lab: %s\n' "$*" >&2
  exit 1
}

require_root() {
  ((EUID == 0)) || die "network namespaces and containers need root: run sudo $0"
}

# hold_lock: one command at a time changes the lab. Released when the process ends; long-lived children must close
# file descriptor 9.
hold_lock() {
  mkdir -p "$STATE"
  exec 9>"$STATE/lock"
  flock --timeout 600 9 || die "another lab command has held $STATE/lock for 10 minutes: see fuser $STATE/lock"
}

release_lock() { exec 9>&-; }

# await_exit PID: returns when that process has ended. It need not be ours, so it may stay a zombie for a while.
await_exit() {
  while [[ -e /proc/$1 ]] && ! grep -qs '^State:.Z' "/proc/$1/status"; do sleep 0.02; done
}

# usage: prints the comment that heads the calling script.
usage() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$0"; }
