# shellcheck shell=bash
# A node's card: the boot partition and the root file system, which is an overlay on the one that all nodes share.
#
# nodes/NODE/boot        the boot partition, mounted on /boot/firmware
# nodes/NODE/overlay/    what the node wrote over the shared root file system
# nodes/NODE/rootfs      the name of the shared root file system, which must not change under a written overlay
# nodes/NODE/root        both together, mounted while the lab is up
# nodes/NODE/written     exists once the card is complete

node_directory() { printf '%s/nodes/%s\n' "$STATE" "$1"; }

card_is_mounted() { mountpoint -q "$(node_directory "$1")/root"; }

# card_mount NODE: nothing that a node syncs reaches the host's disk (volatile): no power cut in the lab loses the
# host's page cache, and nodes that wait for one disk would only make their users wait. The mark that such a mount
# leaves against being mounted again is about a crash of the host, which ends the lab anyway.
card_mount() {
  local node=$1 directory
  is_machine "$node" && return # nothing here reads its file systems while it runs
  card_is_mounted "$node" && return
  directory=$(node_directory "$node")
  # overlayfs leaves this mark, whose name is the kernel's, in its work directory after a volatile mount, and refuses to
  # mount again while it is there.
  rm -rf "${directory:?}/overlay/work/"*/incompat
  mount -t overlay "$LAB_NAME-$node" "$directory/root" \
    -o "volatile,lowerdir=$(<"$directory/rootfs"),upperdir=$directory/overlay/upper,workdir=$directory/overlay/work"
}

card_unmount() {
  local root
  root=$(node_directory "$1")/root
  card_is_mounted "$1" || return 0
  rm -f "/run/systemd/nspawn/locks/inode-$(stat -c %d:%i "$root")" # systemd-nspawn leaves it
  umount "$root"
}

card_exists() { [[ -f $(node_directory "$1")/written ]]; }

# card_write NODE ROOTFS [HOST_KEYS]: a new card, as after its first boot: a machine id of its own, a name, an account
# that the lab's key opens, and new host keys unless a directory of old ones is given. Leaves it mounted.
card_write() {
  local node=$1 rootfs=$2 host_keys=${3:-} directory root
  directory=$(node_directory "$node")
  root=$directory/root
  card_unmount "$node" # of a write that was interrupted
  rm -rf --one-file-system "${directory:?}/written" "${directory:?}/overlay" "${directory:?}/boot"
  mkdir -p "$directory/overlay/upper" "$directory/overlay/work" "$root"
  chmod 0755 "$directory/overlay/upper" # it is the node's root directory
  cp -RT "$rootfs/boot/firmware" "$directory/boot"
  printf '%s\n' "$rootfs" >"$directory/rootfs"
  card_mount "$node"

  printf '%s\n' "$node" >"$root/etc/hostname"
  printf '127.0.0.1\tlocalhost\n::1\t\tlocalhost\n127.0.1.1\t%s\n' "$node" >"$root/etc/hosts"
  tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
  if [[ -n $host_keys ]]; then
    cp -p "$host_keys"/ssh_host_* "$root/etc/ssh/"
  else
    host_keys_generate "$node" "$root/etc/ssh"
  fi
  local owner
  owner=$(stat -c %u:%g "$root/home/fleet")
  install -d -m 0700 "$root/home/fleet/.ssh"
  install -m 0600 "$USER_KEY.pub" "$root/home/fleet/.ssh/authorized_keys"
  chown -R "$owner" "$root/home/fleet/.ssh"
  touch "$directory/written"
}
