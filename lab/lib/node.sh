# shellcheck shell=bash
# A node as a running thing: a supervisor process that keeps its container powered, and the container.

# node_cgroup NODE: the control group that holds everything of a node's, so that a power cut reaches all of it.
node_cgroup() { printf '%s/%s/%s\n' "$(findmnt -n -o TARGET -t cgroup2 | head -n 1)" "$LAB_NAME" "$1"; }

# node_machine NODE: what systemd-nspawn calls it, beside the machines of other labs.
node_machine() { printf '%s-%s\n' "$LAB_NAME" "$1"; }

# node_names: the nodes that have a card, in the order of their numbers.
node_names() {
  local directory
  for directory in "$STATE"/nodes/*/; do
    [[ ! -f $directory/written ]] || basename "$directory"
  done | sort -V
}

# node_supervisor NODE: prints the process id of the node's supervisor; fails when it does not run.
node_supervisor() {
  local pid
  pid=$(cat "$(node_directory "$1")/supervisor.pid" 2>/dev/null) || return 1
  # A number alone may belong to somebody else by now.
  grep -qzxF "$LAB/lib/supervise" "/proc/$pid/cmdline" 2>/dev/null &&
    grep -qzxF "$1" "/proc/$pid/cmdline" 2>/dev/null && printf '%s\n' "$pid"
}

# node_runs NODE: whether it is on.
node_runs() {
  if is_machine "$1"; then node_supervisor "$1" >/dev/null; else node_leader "$1" >/dev/null; fi
}

# node_leader NODE: prints the process id, as the host sees it, of the container's init; fails when it does not run.
node_leader() {
  local supervisor manager
  supervisor=$(node_supervisor "$1") && manager=$(pgrep -P "$supervisor" -x systemd-nspawn) && pgrep -P "$manager"
}

# node_power_on NODE: starts the supervisor in a session of its own, unless it runs. Does not wait for the boot.
node_power_on() {
  local node=$1 directory
  node_supervisor "$node" >/dev/null && return
  directory=$(node_directory "$node")
  card_mount "$node"
  setsid "$LAB/lib/supervise" "$node" </dev/null >"$directory/console.log" 2>&1 9>&- &
  printf '%s\n' $! >"$directory/supervisor.pid"
  # Until then it is a copy of this shell, and would not be known for what it is.
  until node_supervisor "$node" >/dev/null || ! kill -0 $! 2>/dev/null; do sleep 0.01; done
}

# node_power_off NODE: cuts the power. Nothing in the node gets to know.
node_power_off() {
  local node=$1 supervisor
  if supervisor=$(node_supervisor "$node"); then
    kill -TERM "$supervisor"
    await_exit "$supervisor"
  fi
  node_kill "$node" # what a killed supervisor may have left
  network_unplug "$node"
  rm -f "$(node_directory "$node")/supervisor.pid"
}

# node_kill NODE: SIGKILL for every process of the container and for its manager at once; returns when they are gone.
node_kill() {
  local cgroup
  cgroup=$(node_cgroup "$1")
  if [[ -d $cgroup ]]; then
    echo 1 >"$cgroup/cgroup.kill"
    while grep -qx 'populated 1' "$cgroup/cgroup.events" 2>/dev/null; do sleep 0.02; done
    find "$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null || true
  fi
  # What systemd-nspawn would have removed itself. It may do so at this very moment.
  local propagated
  propagated=/run/systemd/nspawn/propagate/$(node_machine "$1")
  rmdir "$propagated" 2>/dev/null || [[ ! -d $propagated ]]
}

# node_enter NODE COMMAND…: runs it as root in every namespace of the node. A shell awaits it and not nsenter, which
# stops itself when a node that shuts down stops its processes, and then nobody would reap what that node waits for. The
# shell must not become the command: only its children are in the node's PID namespace.
node_enter() {
  local node=$1 leader
  shift
  if is_machine "$node"; then
    machine_enter "$node" "$@"
    return
  fi
  leader=$(node_leader "$node") || die "$node is off: lab/power on $node"
  env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
    "TERM=${TERM:-dumb}" nsenter --target "$leader" --all --root --wd --no-fork -- \
    /bin/sh -c '"$@"; exit "$?"' sh "$@"
}

# node_wait NODE: until sshd answers and systemd has finished booting, for at most 60 seconds; an emulated board takes
# longer.
node_wait() {
  local node=$1 address banner seconds=60 deadline
  ! is_machine "$node" || seconds=$MACHINE_BOOT_SECONDS
  deadline=$((SECONDS + seconds))
  address=$(board_address "$node")
  until banner=$(in_control timeout 2 bash -c "exec 3<>/dev/tcp/$address/22 && head -c 4 <&3" 2>/dev/null) &&
    [[ $banner == SSH- ]]; do
    if ! node_supervisor "$node" >/dev/null; then
      say "$node went off while it booted: see $(node_directory "$node")/console.log"
      return 1
    fi
    if ((SECONDS >= deadline)); then
      say "sshd of $node has not answered for $seconds seconds: see $(node_directory "$node")/console.log"
      return 1
    fi
    sleep 0.1
  done
  # Its status says degraded for any failed unit, which is the state's business and not the lab's.
  node_enter "$node" timeout "$seconds" systemctl is-system-running --wait >/dev/null || true
}

# node_state NODE: a word for the table.
node_state() {
  if ! node_runs "$1"; then
    echo off
  else
    node_enter "$1" systemctl is-system-running || true
  fi
}
