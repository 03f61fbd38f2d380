# shellcheck shell=bash
# Debian's packages that a control node needs beside a node's own, as an apt repository in one directory: what fleetd's
# own package depends on.

CONTROL_NODE_PACKAGES=(git libsqlite3-0 libssh2-1 libyaml-0-2 openssh-client sudo)

# control_node_build DIRECTORY: needs $ROOTFS. apt on this host resolves against the package database of the node's root
# file system, so exactly what is missing there is fetched.
control_node_build() {
  local into=$1 work source options
  work=$(mktemp --directory)
  mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" "$work/sources"
  while read -r source; do ln -s "$source" "$work/sources/"; done < <(rootfs_sources)
  options=(
    -o "Dir::State=$work/state" -o "Dir::State::status=$ROOTFS/var/lib/dpkg/status" -o "Dir::Cache=$work/cache"
    -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$work/sources"
    -o "APT::Architecture=$ARCHITECTURE" -o APT::Sandbox::User=root -o Debug::NoLocking=true
  )
  apt-get -q "${options[@]}" update
  apt-get -q -y "${options[@]}" --no-install-recommends --download-only install "${CONTROL_NODE_PACKAGES[@]}"
  mv "$work"/cache/archives/*.deb "$into"
  rm -rf --one-file-system "$work"
  (cd "$into" && apt-ftparchive packages . >Packages)
}
