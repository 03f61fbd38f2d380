# shellcheck shell=bash
# What is fixed to a node's name, as it is soldered to a board: address, MAC address, serial number. A board keeps
# them when its card is written anew.

LAST_NODE=200
FIRST_MACHINE=101 # from here on they are emulated ARM64 boards; below, containers

require_node_name() {
  if ! [[ $1 =~ ^node([1-9][0-9]{0,2})$ ]] || ((BASH_REMATCH[1] > LAST_NODE)); then
    die "not a node's name: $1 (node1 … node$LAST_NODE)"
  fi
}

is_machine() { (($(board_number "$1") >= FIRST_MACHINE)); }

board_number() { printf '%s\n' "${1#node}"; }

# board_address NODE: node1 is 10.77.0.11.
board_address() { printf '%s.%d\n' "$NETWORK" $((10 + $(board_number "$1"))); }

# board_mac NODE: under the prefix that a Pi 4 has. Stable, or every reboot would leave stale ARP entries behind.
board_mac() { printf 'dc:a6:32:4d:00:%02x\n' "$(board_number "$1")"; }

# board_serial NODE: 16 hex digits, the first eight as on a Pi 4.
board_serial() { printf '10000000%.8s\n' "$(printf 'fleetlab %s' "$1" | sha256sum)"; }

# board_architecture NODE: as Debian calls it.
board_architecture() { if is_machine "$1"; then echo arm64; else echo "$ARCHITECTURE"; fi; }

# board_role NODE: a hint for whoever writes an inventory; nothing in the lab depends on it.
board_role() { if [[ $1 == node1 ]]; then echo server; else echo agent; fi; }
