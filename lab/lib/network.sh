# shellcheck shell=bash
# The lab's network: a control namespace with a bridge, and a namespace for each node with one end of a veth pair on
# that bridge; an emulated board has a tap there. The control namespace has no way out, so neither has a node.
#
# Commands enter a namespace by nsenter, not by `ip netns exec`: that one also copies the mount table, and the copy in a
# long-lived process would keep the nodes' file systems mounted.

in_control() { nsenter --net="/run/netns/$NAMESPACE" -- "$@"; }

network_is_up() { ip -n "$NAMESPACE" link show "$BRIDGE" &>/dev/null; }

network_up() {
  network_is_up && return
  ip netns add "$NAMESPACE"
  ip -n "$NAMESPACE" link set lo up
  ip -n "$NAMESPACE" link add "$BRIDGE" type bridge forward_delay 0
  ip -n "$NAMESPACE" address add "$GATEWAY/24" dev "$BRIDGE"
  ip -n "$NAMESPACE" link set "$BRIDGE" up
  # With forwarding on and no route, a node hears "network unreachable" at once instead of waiting for a time-out.
  in_control sysctl -q -w net.ipv4.ip_forward=1
}

network_down() { [[ ! -e /run/netns/$NAMESPACE ]] || ip netns delete "$NAMESPACE"; }

# network_plug NODE: a fresh namespace for each boot, as a reboot forgets sysctls, addresses and connections. k3s wants
# a default route.
network_plug() {
  local node=$1 inside=$NAMESPACE-$1
  network_unplug "$node"
  if is_machine "$node"; then
    ip -n "$NAMESPACE" tuntap add dev "$node" mode tap
    ip -n "$NAMESPACE" link set "$node" master "$BRIDGE" up
    return
  fi
  ip netns add "$inside"
  ip -n "$inside" link set lo up
  ip -n "$NAMESPACE" link add "$node" type veth peer name eth0 address "$(board_mac "$node")" netns "$inside"
  ip -n "$NAMESPACE" link set "$node" master "$BRIDGE" up
  ip -n "$inside" address add "$(board_address "$node")/24" broadcast + dev eth0
  ip -n "$inside" link set eth0 up
  ip -n "$inside" route add default via "$GATEWAY"
}

network_unplug() {
  # The veth pair goes with its peer, but only when the kernel gets to it: removed by name, it is gone now.
  ip -n "$NAMESPACE" link delete "$1" 2>/dev/null || true
  [[ ! -e /run/netns/$NAMESPACE-$1 ]] || ip netns delete "$NAMESPACE-$1"
}

# network_link NODE up|down: the cable between a node and the bridge.
network_link() { ip -n "$NAMESPACE" link set "$1" "$2"; }
