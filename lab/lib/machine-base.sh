# shellcheck shell=bash
# Debian for an emulated ARM64 board, as it comes from its packages: what machine-image.sh makes an image of. Nothing of
# a kernel package runs here, as that takes most of the time where every instruction is emulated.
#
# root/      the root file system
# packages/  the kernel and busybox, not unpacked

MACHINE_ARCHITECTURE=arm64
MACHINE_KERNEL=linux-image-cloud-arm64 # the same kernel as linux-image-arm64, with the drivers of emulated boards alone

MACHINE_PACKAGES=("${ROOTFS_PACKAGES[@]}" cloud-init udev)

machine_base_key() { cache_key "$LAB"/lib/{machine-base,rootfs}.sh "$LAB/lib/machine-packages"; }

# machine_base_build DIRECTORY: takes long, as packages are configured under emulation.
machine_base_build() {
  local into=$1 sources
  mapfile -t sources < <(rootfs_sources)
  ((${#sources[@]})) ||
    die "no apt source of this host has $RELEASE: name a sources file that does in FLEETLAB_APT_SOURCES"
  # The builder runs in a subshell of its own: this goes with it, whether it succeeds or not.
  trap emulation_off EXIT
  emulation_on
  mkdir "$into/packages"
  mmdebstrap --variant=apt --architectures="$MACHINE_ARCHITECTURE" --include="$(IFS=,; echo "${MACHINE_PACKAGES[*]}")" \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt=force-unsafe-io --aptopt='Acquire::Languages "none"' \
    --customize-hook="'$LAB/lib/machine-packages' '$into/packages' $MACHINE_KERNEL busybox-static" \
    "$RELEASE" "$into/root" "${sources[@]}"
}

# emulation_on, emulation_off: programs for ARM64 run here, while the image is made. What the host had before stays.
emulation_on() {
  local formats=/proc/sys/fs/binfmt_misc
  EMULATION_MOUNTED='' EMULATION_REGISTERED=''
  if [[ ! -e $formats/register ]]; then
    mount -t binfmt_misc binfmt_misc "$formats"
    EMULATION_MOUNTED=$formats
  fi
  if [[ ! -e $formats/qemu-aarch64 ]]; then
    cat /usr/lib/binfmt.d/qemu-aarch64.conf >"$formats/register"
    EMULATION_REGISTERED=$formats/qemu-aarch64
  fi
}

emulation_off() {
  [[ -z ${EMULATION_REGISTERED:-} ]] || echo -1 >"$EMULATION_REGISTERED"
  [[ -z ${EMULATION_MOUNTED:-} ]] || umount "$EMULATION_MOUNTED"
  EMULATION_MOUNTED='' EMULATION_REGISTERED=''
}
