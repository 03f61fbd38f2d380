# shellcheck shell=bash
# The SSH keys of the lab: one that opens the account `fleet` on every node, and each node's own host keys.

USER_KEY=$STATE/keys/id_ed25519

keys_up() {
  [[ -f $USER_KEY ]] && return
  install -d -m 0700 "$STATE/keys"
  ssh-keygen -q -t ed25519 -N '' -C fleetlab -f "$USER_KEY"
}

# host_keys_generate NODE DIRECTORY: the three types that a fresh Debian has.
host_keys_generate() {
  local type
  for type in ed25519 ecdsa rsa; do
    rm -f "$2/ssh_host_${type}_key" "$2/ssh_host_${type}_key.pub"
    ssh-keygen -q -t "$type" -N '' -C "root@$1" -f "$2/ssh_host_${type}_key"
  done
}
