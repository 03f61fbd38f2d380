# shellcheck shell=bash
# The root file system that every node starts from: Debian by mmdebstrap, shaped like a fresh Raspberry Pi OS Lite, with
# the files of image/ over it.

ROOTFS_PACKAGES=(
  apt ca-certificates coreutils curl dbus diffutils e2fsprogs init-system-helpers iproute2 kmod less libpam-systemd
  locales netbase openssh-server procps python3 sudo systemd systemd-sysv util-linux
)

# Stand-ins of the lab's own repository for what Raspberry Pi OS ships and fleets remove.
ROOTFS_STAND_INS=(bluez dphys-swapfile)

# rootfs_sources: the host's own apt sources of the nodes' release, as the lab names no mirror.
rootfs_sources() {
  if [[ -n ${FLEETLAB_APT_SOURCES:-} ]]; then
    printf '%s\n' "$FLEETLAB_APT_SOURCES"
    return
  fi
  find /etc/apt/sources.list /etc/apt/sources.list.d -type f \( -name '*.list' -o -name '*.sources' \) \
    -exec grep -lE "^[^#]*[[:space:]]$RELEASE([[:space:]]|\$)" {} + 2>/dev/null
}

# rootfs_build DIRECTORY: needs $APT_REPOSITORY.
rootfs_build() {
  local root=$1 sources
  mapfile -t sources < <(rootfs_sources)
  ((${#sources[@]})) ||
    die "no apt source of this host has $RELEASE: name a sources file that does in FLEETLAB_APT_SOURCES"
  mmdebstrap --variant=apt --include="$(IFS=,; echo "${ROOTFS_PACKAGES[*]}")" \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --aptopt='Acquire::Languages "none"' "$RELEASE" "$root" "${sources[@]}"
  rootfs_settle "$root"
}

# rootfs_settle ROOT: what the first boot of a card would have done, and what a node must not keep of its making.
rootfs_settle() {
  local root=$1 name
  rm -f "$root"/etc/apt/apt.conf.d/99mmdebstrap "$root"/etc/dpkg/dpkg.cfg.d/99mmdebstrap
  rm -rf "$root"/etc/apt/sources.list "$root"/etc/apt/sources.list.d/* "$root"/var/lib/apt/lists/*
  rm -f "$root"/etc/ssh/ssh_host_* # each node has its own
  : >"$root/etc/resolv.conf"       # there is no resolver: names fail at once
  cp -RT --no-preserve=ownership "$LAB/image" "$root"
  chmod 0440 "$root/etc/sudoers.d/010_fleet-nopasswd"

  for name in "${ROOTFS_STAND_INS[@]}"; do
    cp "$APT_REPOSITORY"/pool/"${name}"_*.deb "$root/tmp/$name.deb"
    in_rootfs "$root" dpkg --install "/tmp/$name.deb"
    rm "$root/tmp/$name.deb"
  done
  in_rootfs "$root" locale-gen
  in_rootfs "$root" useradd --create-home --shell /bin/bash --password '*' fleet
  in_rootfs "$root" systemctl enable fleetlab-firmware.service
  # Whether one of these runs in the middle of a test depends on the hour.
  in_rootfs "$root" systemctl disable apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer
}

in_rootfs() {
  local root=$1
  shift
  env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive chroot "$root" "$@"
}
