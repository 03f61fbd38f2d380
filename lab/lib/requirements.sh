# shellcheck shell=bash
# shellcheck disable=SC2034 # used by lab/up
# The Debian packages that the lab itself runs on.

REQUIRED_PACKAGES=(
  apt-utils         # apt-ftparchive, for the lab's apt repository
  dpkg-dev          # dpkg-source, for the API server's source
  golang-go         # builds the stand-in k3s and the mirror
  iproute2          # network namespaces
  jq                # lab/inventory
  kmod              # depmod
  make              # builds the API server
  mmdebstrap        # the root file system
  openssh-client    # keys
  procps            # pgrep
  rsync             # for the API server's makefile
  systemd-container # systemd-nspawn
  util-linux        # nsenter, flock
  zstd              # images of the k3s releases
)

# Those that emulated boards need besides.
MACHINE_REQUIRED_PACKAGES=(
  arch-test            # what mmdebstrap asks before it makes a system of another architecture
  cpio                 # the initial RAM disk
  device-tree-compiler # fdtput: the board's model and serial number
  e2fsprogs            # mke2fs, which fills a file system without mounting it
  fdisk                # sfdisk
  mtools               # reads and writes boot partitions without mounting them
  qemu-system-arm
  qemu-user-static     # runs ARM64 programs while the image is made
)

# install_requirements PACKAGE…
install_requirements() {
  local package missing=()
  for package; do
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  say "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get -q -o DPkg::Lock::Timeout=300 update >&2 </dev/null || die "apt-get update failed"
  apt-get -y -q -o DPkg::Lock::Timeout=300 --no-install-recommends install "${missing[@]}" >&2 </dev/null ||
    die "failed to install ${missing[*]}"
}
