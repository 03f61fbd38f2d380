# shellcheck shell=bash
# /usr/lib/modules on the nodes. They share the host's kernel: they see its modules if it has any on disk. A kernel
# with everything built in often comes without the list of what that is, and then modprobe fails for what is there;
# the lab writes that list.

# modules_directory: prints what a node is given as /usr/lib/modules.
modules_directory() {
  if [[ -d /lib/modules/$(uname -r) ]]; then
    echo /lib/modules
  else
    printf '%s\n' "$STATE/modules/lib/modules"
  fi
}

modules_up() {
  local directory
  directory=$(modules_directory)/$(uname -r)
  [[ ! -d $directory ]] || return 0
  mkdir -p "$directory.new"
  modules_built_in | sed 's,.*,kernel/&.ko,' >"$directory.new/modules.builtin"
  touch "$directory.new/modules.order" "$directory.new/modules.builtin.modinfo"
  mv "$directory.new" "$directory"
  depmod --basedir "$STATE/modules"
}

# modules_built_in: those with parameters are listed by the kernel, the others are known by what they provide.
modules_built_in() {
  {
    ls /sys/module
    if [[ -d /proc/sys/net/bridge ]]; then echo br_netfilter; fi
    if grep -qw overlay /proc/filesystems; then echo overlay; fi
  } | sort -u
}
