extension StepScript {
  /// Everything that k3s leaves on a node, and fleetd's k3s kind, gone. It may run any number of times.
  ///
  /// A directory is emptied only when nothing of a pod is mounted in it any more, and never beyond its own file system:
  /// behind a mount may be somebody's network share. A disk that is mounted at /var/lib/rancher stays mounted.
  ///
  /// The tools that k3s brings are used where the system has none, as long as they are there.
  static let uninstallK3s = StepScript(
    "k3s-uninstall",
    #"""
    for directory in /var/lib/rancher/k3s/data/*/bin; do
      [ ! -d "$directory" ] || PATH=$PATH:$directory:$directory/aux
    done
    @units@
    @processes@
    @mounts@
    @network@
    @rules@
    @files@
    """#,
    placing: [
      ("@units@", UninstallPart.units), ("@processes@", UninstallPart.processes), ("@mounts@", UninstallPart.mounts),
      ("@network@", UninstallPart.network), ("@rules@", UninstallPart.rules), ("@files@", UninstallPart.files),
    ]
  )

}

/// What the script does, in its order.
enum UninstallPart {
  /// Their files stay until the end, so that a run that dies half-way finds them again.
  static let units: StaticString = #"""
    units=
    for path in /etc/systemd/system/k3s.service /etc/systemd/system/k3s-*.service; do
      [ -f "$path" ] || [ -L "$path" ] || continue
      unit=${path##*/}; units="$units $unit"
      message=$(systemctl stop -- "$unit" 2>&1) || die 70 "$unit cannot be stopped: $message"
      systemctl disable --quiet -- "$unit" 2> /dev/null
    done
    """#

  /// k3s' own programs, the shims of containers among them, and everything below: a shim outlives its k3s.
  static let processes: StaticString = #"""
    left_of_k3s() {
      roots=$(grep -l -s -z -a '^/var/lib/rancher/k3s/data/[^/]*/bin/' /proc/[0-9]*/cmdline 2> /dev/null \
        | sed -n 's,^/proc/\([0-9]*\)/cmdline$,\1,p')
      [ -n "$roots" ] || return 1
      cat /proc/[0-9]*/stat 2> /dev/null | sed -n 's/^\([0-9]*\) (.*) [A-Za-z] \([0-9]*\) .*$/\1 \2/p' \
        | awk -v roots="$roots" '
          BEGIN { n = split(roots, all, "\n"); for (i = 1; i <= n; i++) hit[all[i]] = 1 }
          { parent[$1] = $2 }
          END {
            do {
              more = 0
              for (pid in parent) if (!(pid in hit) && (parent[pid] in hit)) { hit[pid] = 1; more = 1 }
            } while (more)
            for (pid in hit) print pid
          }'
    }
    tries=20
    while pids=$(left_of_k3s) && [ -n "$pids" ]; do
      [ "$tries" -gt 0 ] || die 70 "processes of k3s do not end: $(printf '%s ' $pids)"
      kill -KILL $pids 2> /dev/null
      sleep 0.3; tries=$((tries - 1))
    done
    """#

  /// Those of pods and containers, the innermost first. `mounted BELOW` lists what is mounted there.
  static let mounts: StaticString = #"""
    mounted() {
      while read -r _ path _; do
        path=$(printf '%b.' "$path"); path=${path%.}
        case $path in "$1"/*) printf '%s\n' "$path" ;; esac
      done < /proc/self/mounts | sort -r
    }
    for directory in /run/k3s /var/lib/kubelet/pods /var/lib/kubelet/plugins; do
      mounted "$directory" | while IFS= read -r path; do umount -f -- "$path" 2> /dev/null || umount -l -- "$path"; done
      left=$(mounted "$directory" | head -n 3)
      [ -z "$left" ] || die 70 "cannot be unmounted, so that nothing was removed there: $left"
    done
    """#

  static let network: StaticString = #"""
    if command -v ip > /dev/null; then
      for path in /run/netns/cni-*; do
        [ ! -e "$path" ] || ip netns delete "${path##*/}" 2> /dev/null || { umount -l -- "$path" 2> /dev/null; rm -f -- "$path"; }
      done
      for link in $(ip -o link show 2> /dev/null | sed -n 's/^[0-9]*: \([^:@ ]*\)[@:].* master cni0 .*$/\1/p') \
        cni0 flannel.1 flannel-v6.1 flannel-wg flannel-wg-v6 kube-ipvs0
      do
        [ ! -e "/sys/class/net/$link" ] || ip link delete "$link" 2> /dev/null
        [ ! -e "/sys/class/net/$link" ] || die 70 "the network link $link cannot be removed"
      done
    fi
    """#

  /// Only rules that carry k3s' names, and only where there are some: a firewall of the node's own is not touched. kube-router
  /// keeps sets of addresses beside its rules.
  static let rules: StaticString = #"""
    of_k3s() { grep -i -e KUBE- -e CNI- -e flannel; }
    for tool in iptables iptables-nft iptables-legacy ip6tables ip6tables-nft ip6tables-legacy; do
      command -v "$tool-save" > /dev/null && command -v "$tool-restore" > /dev/null || continue
      "$tool-save" 2> /dev/null | of_k3s > /dev/null || continue
      message=$("$tool-save" 2> /dev/null | grep -v -i -e KUBE- -e CNI- -e flannel | "$tool-restore" 2>&1) \
        || die 70 "the rules of $tool cannot be cleared: $message"
    done
    if command -v ipset > /dev/null; then
      for set in $(ipset list -n 2> /dev/null | grep -e '^KUBE-' -e '^inet6:KUBE-'); do ipset destroy "$set" 2> /dev/null; done
    fi
    """#

  /// `remove PATH…` of files and directories, `clear DIRECTORY` of one that may be a disk of its own: it is emptied then.
  static let files: StaticString = #"""
    remove() { rm -rf --one-file-system -- "$@" || die 73 "cannot be removed: $*"; }
    clear() {
      if [ -L "$1" ] || mountpoint -q -- "$1"; then
        inner=$(readlink -f -- "$1") && [ -d "$inner" ] || return 0
        find "$inner" -xdev -mindepth 1 -delete || die 73 "$1 cannot be emptied"
      else
        remove "$1"
      fi
    }
    clear /var/lib/rancher/k3s
    clear /var/lib/kubelet
    remove /run/k3s /run/flannel /var/lib/cni /var/log/pods /var/log/containers /etc/rancher/k3s /etc/rancher/node
    for path in /etc/rancher /var/lib/rancher; do
      [ ! -d "$path" ] || mountpoint -q -- "$path" || rmdir --ignore-fail-on-non-empty -- "$path"
    done
    for name in kubectl crictl ctr; do
      case $(readlink -- "/usr/local/bin/$name") in k3s | /usr/local/bin/k3s) remove "/usr/local/bin/$name" ;; esac
    done
    remove /usr/local/bin/k3s /usr/local/bin/.k3s.fleetd-new /usr/local/bin/k3s-killall.sh \
      /usr/local/bin/k3s-uninstall.sh /usr/local/bin/k3s-agent-uninstall.sh /var/lib/fleetd/k3s.stamp \
      /var/lib/.k3s-airgap-images.fleetd-new /var/lib/fleetd/k3s-airgap-images.stamp
    for unit in $units k3s.service k3s-agent.service; do
      remove "/etc/systemd/system/$unit" "/etc/systemd/system/$unit.env" "/etc/systemd/system/$unit.d" \
        "/etc/systemd/system/multi-user.target.wants/$unit" "/run/systemd/system/$unit.d"
      rm -f -- "/run/fleetd/pending/$unit"
    done
    systemctl daemon-reload || die 70 "systemd cannot reload its units"
    for unit in $units; do systemctl reset-failed -- "$unit" 2> /dev/null; done
    sync
    for path in /usr/local/bin/k3s /etc/rancher/k3s /etc/rancher/node /run/k3s; do
      [ ! -e "$path" ] || die 70 "$path is there again: something else on the node makes it"
    done
    """#
}
