# shellcheck shell=bash
# An emulated ARM64 board as a running thing: QEMU, with the board's own device tree.

# shellcheck disable=SC2034 # for node_wait
MACHINE_BOOT_SECONDS=600 # a first boot took 87 to 175 s on two cores on which other things ran
MACHINE_MEMORY=1024      # MiB
MACHINE_MODEL='Raspberry Pi 4 Model B Rev 1.4'

# machine_command NODE: sets MACHINE_COMMAND, the board without what it boots. The devices are those that sit on the
# board's own bus, so the network interface is called eth0, as on a Pi.
machine_command() {
  local node=$1 directory
  directory=$(node_directory "$node")
  # shellcheck disable=SC2054 # QEMU's own commas
  MACHINE_COMMAND=(
    qemu-system-aarch64 -machine virt -cpu cortex-a72 -accel 'tcg,thread=multi' -smp 2 -m "$MACHINE_MEMORY"
    -nodefaults -no-user-config -display none -serial stdio -no-reboot
    -drive "if=none,id=card,file=$directory/card.img,format=raw,cache=unsafe" -device virtio-blk-device,drive=card
    -drive "if=none,id=control-plane,file=$(<"$STATE/machine-control-plane")/disk.img,format=raw,readonly=on"
    -device virtio-blk-device,drive=control-plane
    -netdev "tap,id=cable,ifname=$node,script=no,downscript=no"
    -device "virtio-net-device,netdev=cable,mac=$(board_mac "$node")"
    -object rng-random,id=random,filename=/dev/urandom -device virtio-rng-device,rng=random
  )
}

# machine_device_tree NODE FILE: the emulator's own tree, with what fleetd reads of a Pi's.
machine_device_tree() {
  in_control "${MACHINE_COMMAND[@]}" -machine "dumpdtb=$2" 2>/dev/null </dev/null
  fdtput -t s "$2" / model "$MACHINE_MODEL"
  fdtput -t s "$2" / serial-number "$(board_serial "$1")"
}

# machine_command_line BOARD: what the firmware passes to Debian's kernel, which does not know cgroup_enable: where the
# controller's last word is "enable", the device tree's "disable" is left out. The first serial port has the name of the
# emulator's.
machine_command_line() {
  local words word line=()
  read -r -a words <"$1/cmdline"
  for word in "${words[@]}"; do
    case $word in
      cgroup_disable=memory) firmware_memory_enabled "${words[@]}" || line+=("$word") ;;
      console=serial0,*) line+=("console=ttyAMA0,${word#*,}") ;;
      console=tty1) ;; # it has no screen
      *) line+=("$word") ;;
    esac
  done
  printf '%s\n' "${line[*]}"
}

# machine_boot NODE: one boot, to its end. Exits with REBOOT_STATUS when the board wants to be started again.
machine_boot() {
  local node=$1 directory image cgroup
  directory=$(node_directory "$node")
  cgroup=$(node_cgroup "$node")
  image=$(<"$STATE/machine-image")
  mkdir -p "$cgroup"
  echo "$BASHPID" >"$cgroup/cgroup.procs"
  machine_command "$node"
  machine_device_tree "$node" "$directory/board/device-tree"
  : >"$directory/board/end"
  in_control "${MACHINE_COMMAND[@]}" -dtb "$directory/board/device-tree" -kernel "$image/vmlinuz" \
    -initrd "$image/initrd" -append "$(machine_command_line "$directory/board")" \
    -trace "enable=qemu_system_shutdown_request,file=$directory/board/end" -D "$directory/board/end"
  # The emulator ends by itself in both cases, and traces a request only of a board that powers off.
  if ! grep -q qemu_system_shutdown_request "$directory/board/end"; then exit "$REBOOT_STATUS"; fi
  exit 0
}

# machine_enter NODE COMMAND…: runs it as root on the board, by SSH as the lab knows it: there is no way round sshd.
machine_enter() {
  local node=$1
  shift
  in_control ssh -q -i "$USER_KEY" -o BatchMode=yes -o ConnectTimeout=20 -o StrictHostKeyChecking=no \
    -o UserKnownHostsFile=/dev/null -o IdentitiesOnly=yes "fleet@$(board_address "$node")" \
    sudo -n -- "${*@Q}" </dev/null
}
