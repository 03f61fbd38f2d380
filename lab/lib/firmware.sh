# shellcheck shell=bash
# The part of a Raspberry Pi's firmware that fleetd can see. At every boot it reads the node's boot partition and
# writes what the kernel of that boot will show; the node's fleetlab-firmware.service binds it over /proc and /sys.

# What a Pi's device tree passes before anything from cmdline.txt. The memory controller is off unless the file says
# otherwise.
DEVICE_TREE_ARGUMENTS='coherent_pool=1M 8250.nr_uarts=0 cgroup_disable=memory vc_mem.mem_base=0x3eb00000'
DEVICE_TREE_ARGUMENTS+=' vc_mem.mem_size=0x3ff00000'

# firmware_memory_enabled WORD…: the last word on the memory controller counts.
firmware_memory_enabled() {
  local word enabled=false
  for word; do
    case $word in
      cgroup_enable=memory) enabled=true ;;
      cgroup_disable=memory) enabled=false ;;
    esac
  done
  $enabled
}

# firmware_command_line FILE: the kernel command line that a boot with this cmdline.txt has. Only the first line of the
# file is read. The device tree's cgroup_disable=memory stays at the front, as on a real Pi, whatever the file says: the
# last word on the controller counts.
firmware_command_line() {
  local line
  line=$(head -n 1 "$1" | tr -d '\0\r')
  printf '%s  %s\n' "$DEVICE_TREE_ARGUMENTS" "$line"
}

# firmware_boot BOOT BOARD NODE: reads the boot partition BOOT, writes into the directory BOARD. Fails where a Pi would
# stop: without a cmdline.txt that names a root file system.
firmware_boot() {
  local boot=$1 board=$2 node=$3 command_line words controllers='cpuset cpu io pids'
  if ! grep -qE '(^|[[:space:]])root=' <(head -n 1 "$boot/cmdline.txt" 2>/dev/null); then
    say "$node does not boot: $boot/cmdline.txt names no root= on its first line"
    return 1
  fi
  command_line=$(firmware_command_line "$boot/cmdline.txt")
  read -r -a words <<<"$command_line"
  if firmware_memory_enabled "${words[@]}"; then controllers='cpuset cpu io memory pids'; fi
  mkdir -p "$board"
  firmware_write "$board/cmdline" '%s\n' "$command_line"
  firmware_write "$board/cgroup.controllers" '%s\n' "$controllers"
  firmware_write "$board/model" '%s\0' 'Raspberry Pi 4 Model B Rev 1.4'
  firmware_write "$board/serial-number" '%s\0' "$(board_serial "$node")"
}

# firmware_write FILE FORMAT VALUE: replaces the file, so that a running node keeps what it booted with.
firmware_write() {
  # shellcheck disable=SC2059 # the format is the caller's constant
  printf "$2" "$3" >"$1.new"
  mv "$1.new" "$1"
}
