# shellcheck shell=bash
# What an emulated ARM64 board starts from: the image that its card is written with, and the kernel and initial RAM disk
# that its firmware loads. No file system is mounted to write it.
#
# card.img   the image: a boot partition (vfat, "bootfs") and a root partition, as on a Raspberry Pi's card
# boot/      the files of the boot partition, for whoever prepares a card
# vmlinuz, initrd

MACHINE_MODULES=(virtio_ring virtio virtio_mmio virtio_blk) # in order: what the root partition is reached by; ext4 is built in

# The card, in MiB. The disk's identifier is what cmdline.txt and fstab name partitions by.
MACHINE_DISK=4e639091
MACHINE_BOOT_START=1
MACHINE_BOOT_SIZE=64
MACHINE_ROOT_START=$((MACHINE_BOOT_START + MACHINE_BOOT_SIZE))
MACHINE_ROOT_SIZE=2048

# boot_partition CARD: how mtools are told where it is.
boot_partition() { printf '%s@@%dM\n' "$1" "$MACHINE_BOOT_START"; }

machine_image_key() {
  cache_key "$LAB/machine" "$LAB/image" "$LAB/packages" "$LAB"/lib/{machine-base,machine-image,rootfs,packages}.sh \
    "$LAB/lib/machine-packages"
}

# machine_image_build DIRECTORY: needs $APT_REPOSITORY.
machine_image_build() {
  local into=$1 work
  MACHINE_BASE=$(cache_build machine-base "$(machine_base_key)" machine_base_build)
  work=$(mktemp --directory "$CACHE/building-machine-work.XXXXXX")
  # The builder runs in a subshell of its own: this goes with it, whether it succeeds or not.
  # shellcheck disable=SC2064 # the directory of now
  trap "emulation_off; rm -rf --one-file-system '$work'" EXIT
  cp -a "$MACHINE_BASE/root" "$work/root"
  machine_kernel "$work" "$into"
  emulation_on
  machine_settle "$work/root"
  emulation_off
  cp -R "$LAB/machine/boot" "$into/boot"
  machine_card_image "$work/root" "$into/boot" "$into/card.img"
}

# machine_kernel WORK DIRECTORY: the kernel, its modules, and an initial RAM disk that does no more than find the root
# partition.
machine_kernel() {
  local work=$1 into=$2 package version tree=$1/initrd module
  for package in "$MACHINE_BASE"/packages/*.deb; do dpkg-deb --extract "$package" "$work/unpacked"; done
  version=$(basename "$work"/unpacked/lib/modules/*)
  mkdir -p "$work/root/usr/lib/modules"
  cp -R "$work/unpacked/lib/modules/$version" "$work/root/usr/lib/modules/"
  depmod --basedir "$work/root/usr" "$version"
  install -m 0644 "$work/unpacked/boot/vmlinuz-$version" "$into/vmlinuz"

  mkdir -p "$tree"/{bin,dev,proc,sys,root,modules}
  install -m 0755 "$work/unpacked/bin/busybox" "$tree/bin/busybox"
  install -m 0755 "$LAB/machine/init" "$tree/init"
  for module in "${MACHINE_MODULES[@]}"; do
    find "$work/unpacked/lib/modules/$version" -name "$module.ko" -exec cp {} "$tree/modules/" \;
  done
  printf '%s\n' "${MACHINE_MODULES[@]}" >"$tree/modules/order"
  (cd "$tree" && find . | LC_ALL=C sort | cpio --quiet --create --format=newc --owner=0:0 | gzip -n) >"$into/initrd"
}

# machine_settle ROOT: like a fresh Raspberry Pi OS: no machine id, no host keys, no account, and sshd off. The rest is
# for cloud-init and the files on the boot partition.
machine_settle() {
  local root=$1 name
  rm -f "$root"/etc/apt/apt.conf.d/99mmdebstrap "$root"/etc/dpkg/dpkg.cfg.d/99mmdebstrap
  rm -rf "$root"/etc/apt/sources.list "$root"/etc/apt/sources.list.d/* "$root"/var/lib/apt/lists/*
  rm -f "$root"/etc/ssh/ssh_host_* "$root"/etc/hostname
  : >"$root/etc/machine-id"
  : >"$root/etc/resolv.conf" # there is no resolver: names fail at once
  # What is for containers stays out.
  (cd "$LAB/image" && find . -type f ! -path './boot/firmware/*' ! -path './usr/*' ! -name 010_fleet-nopasswd \
    ! -name fleetlab-firmware.service ! -name locale.gen -exec cp --parents --no-preserve=ownership {} "$root" \;)
  cp -RT --no-preserve=ownership "$LAB/machine/image" "$root"
  mkdir -p "$root/boot/firmware"
  for name in "${ROOTFS_STAND_INS[@]}"; do
    cp "$APT_REPOSITORY"/pool/"${name}"_*.deb "$root/tmp/$name.deb"
    in_rootfs "$root" dpkg --install "/tmp/$name.deb"
    rm "$root/tmp/$name.deb"
  done
  in_rootfs "$root" systemctl disable ssh.service \
    apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer
  in_rootfs "$root" systemctl enable systemd-networkd.service
}

# machine_card_image ROOT BOOT IMAGE: partitions and file systems are written into the file; nothing is mounted.
machine_card_image() {
  local root=$1 boot=$2 image=$3
  truncate --size="$((MACHINE_ROOT_START + MACHINE_ROOT_SIZE))M" "$image"
  sfdisk --quiet "$image" <<END
label: dos
label-id: 0x$MACHINE_DISK
start=${MACHINE_BOOT_START}MiB, size=${MACHINE_BOOT_SIZE}MiB, type=c
start=${MACHINE_ROOT_START}MiB, size=${MACHINE_ROOT_SIZE}MiB, type=83
END
  mformat -i "$(boot_partition "$image")" -F -c 1 -T "$((MACHINE_BOOT_SIZE * 2048))" -v bootfs
  mcopy -i "$(boot_partition "$image")" "$boot"/* ::
  mke2fs -q -t ext4 -L rootfs -d "$root" -E "offset=$((MACHINE_ROOT_START * 1024 * 1024))" "$image" \
    "${MACHINE_ROOT_SIZE}M"
}
