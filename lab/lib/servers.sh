# shellcheck shell=bash
# The HTTP servers of the control namespace: the apt repository and the k3s releases. One process serves both, from
# links that are turned to a new build without a restart.

servers_pid() {
  local pid
  pid=$(cat "$STATE/mirror.pid" 2>/dev/null) || return 1
  grep -qzF "$APT_PORT=$STATE/www/apt" "/proc/$pid/cmdline" 2>/dev/null && printf '%s\n' "$pid"
}

# servers_up APT_REPOSITORY RELEASES MIRROR: three directories of the cache.
servers_up() {
  mkdir -p "$STATE/www/mirror"
  ln -sfnT "$1" "$STATE/www/apt"
  ln -sfnT "$2" "$STATE/www/mirror/k3s"
  servers_pid >/dev/null && return
  setsid nsenter --net="/run/netns/$NAMESPACE" -- "$3/mirror" \
    "$GATEWAY:$APT_PORT=$STATE/www/apt" "$GATEWAY:$MIRROR_PORT=$STATE/www/mirror" \
    </dev/null >"$STATE/mirror.log" 2>&1 9>&- &
  printf '%s\n' $! >"$STATE/mirror.pid"
  local deadline=$((SECONDS + 10))
  until in_control bash -c "exec 3<>/dev/tcp/$GATEWAY/$MIRROR_PORT 4<>/dev/tcp/$GATEWAY/$APT_PORT" 2>/dev/null; do
    if ((SECONDS >= deadline)) || ! kill -0 $! 2>/dev/null; then
      die "the HTTP servers did not start: see $STATE/mirror.log"
    fi
    sleep 0.05
  done
}

servers_down() {
  local pid
  if pid=$(servers_pid); then
    kill "$pid"
    await_exit "$pid"
  fi
}

mirror_build() { go_build "$LAB/mirror" "$1/mirror" "$ARCHITECTURE"; }
