# shellcheck shell=bash
# The card of an emulated board, a file, and what `fleetd image` writes onto it.
#
# nodes/NODE/card.img   the card
# nodes/NODE/seed/      its boot partition's files as they were last prepared
# nodes/NODE/boot/      cmdline.txt, as the firmware last read it
# nodes/NODE/written    exists once the card is complete

# machine_card_write NODE [SEED]: a pristine image, with the files of the directory SEED over its boot partition. The
# first boot is left to the machine. Without SEED: as last time, or as the lab itself prepares it.
machine_card_write() {
  local node=$1 seed=${2:-} directory image
  directory=$(node_directory "$node")
  image=$(<"$STATE/machine-image")
  mkdir -p "$directory"
  rm -f "$directory/written"
  if [[ -n $seed ]]; then
    rm -rf --one-file-system "${directory:?}/seed"
    cp -RT "$seed" "$directory/seed"
  elif [[ ! -d $directory/seed ]]; then
    machine_seed "$node"
  fi
  cp --sparse=always "$image/card.img" "$directory/card.img"
  mcopy -o -i "$(boot_partition "$directory/card.img")" "$directory"/seed/* ::
  touch "$directory/written"
}

# machine_card_read NODE: what the firmware reads, from the card of a board that is off.
machine_card_read() {
  local directory
  directory=$(node_directory "$1")
  mkdir -p "$directory/boot"
  rm -f "$directory/boot/cmdline.txt"
  mcopy -n -i "$(boot_partition "$directory/card.img")" ::cmdline.txt "$directory/boot/" || true
}

# machine_seed NODE: by `fleetd image`, from an inventory that names the boards alone. FLEETD_BINARY, or the installed
# fleetd; it keeps the host keys in the lab's state directory.
machine_seed() {
  local node=$1 directory program=${FLEETD_BINARY:-fleetd} repository=$STATE/machines
  directory=$(node_directory "$node")
  command -v "$program" >/dev/null ||
    die "$node's card is prepared by fleetd image, and there is no fleetd: name the program in FLEETD_BINARY"
  mkdir -p "$repository/inventory/nodes"
  cat >"$repository/inventory/fleet.yaml" <<END
apiVersion: fleetd/v1
kind: Fleet
metadata: {name: machines}
spec: {ssh: {user: fleet}}
END
  cat >"$repository/inventory/nodes/$node.yaml" <<END
apiVersion: fleetd/v1
kind: Node
metadata: {name: $node}
spec: {address: $(board_address "$node"), arch: $MACHINE_ARCHITECTURE}
END
  cat >"$repository/fleetd.yaml" <<END
apiVersion: fleetd/v1
kind: ControlNode
metadata: {name: lab}
spec:
  ssh: {identities: [{file: $USER_KEY}]}
  store: {path: $repository/state/fleetd.db}
END
  rm -rf --one-file-system "${directory:?}/seed.new"
  cp -RT "$(<"$STATE/machine-image")/boot" "$directory/seed.new"
  "$program" image "$node" --boot "$directory/seed.new" --address "$(board_address "$node")/24" --gateway "$GATEWAY" \
    --repo "$repository" --config "$repository/fleetd.yaml" >&2
  mv "$directory/seed.new" "$directory/seed"
}

# machine_host_key NODE: the public key that its card gives it.
machine_host_key() {
  sed -n 's/^ *ed25519_public: "\(.*\)"$/\1/p' "$(node_directory "$1")/seed/user-data"
}
