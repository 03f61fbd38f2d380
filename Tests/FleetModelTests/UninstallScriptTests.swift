import Testing

@testable import FleetModel

/// The script as a node runs it, with every absolute path of its own put below a folder, and stand-ins for what would
/// reach beyond it.
@Suite("remove: the uninstall script in a real shell")
struct UninstallScriptTests {
  private static let stubs = #"""
    systemctl() { echo "systemctl $*" >> "$root/log"; }
    sync() { :; }
    mountpoint() { [ "$3" = "$root/mounted" ] || grep -qxF "$3" "$root/mountpoints" 2> /dev/null; }
    umount() { for last do :; done; echo "umount $last" >> "$root/log"; grep -vF " $last " "$root/mounts" > "$root/new"; cat "$root/new" > "$root/mounts"; }
    ip() { case "$1 $2" in '-o link') cat "$root/links" ;; *) echo "ip $*" >> "$root/log"; rm -rf "$root/sys/class/net/$3" ;; esac; }
    iptables_save() { cat "$root/rules"; }
    iptables_restore() { cat > "$root/restored"; }
    command() {
      case $2 in ip | iptables_save | iptables_restore) return 0 ;; *tables* | ipset) return 1 ;; esac
    }
    """#

  private static let paths = [
    "/var/lib/rancher", "/var/lib/kubelet", "/var/lib/cni", "/var/lib/fleetd", "/var/log", "/etc/systemd",
    "/etc/rancher",
    "/usr/local/bin", "/run/k3s", "/run/flannel", "/run/netns", "/run/systemd", "/run/fleetd", "/sys/class/net",
  ]

  private func run(in folder: TemporaryFolder, by shell: Shell) throws -> Shell.Outcome {
    var text = StepScript.uninstallK3s.text
    for path in Self.paths { text = text.replacing(path, with: folder.path + path) }
    text = text.replacing("/proc/self/mounts", with: folder.path("mounts"))
      .replacing("\"$tool-save\"", with: "\"${tool}_save\"").replacing("\"$tool-restore\"", with: "\"${tool}_restore\"")
    let script = [StepPrelude.sharedFunctions, "root=$1", Self.stubs, text].joined(separator: "\n")
    return try shell.run(script, [folder.path])
  }

  /// A node with k3s, and what is not k3s' beside it.
  private func node() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let setUp = #"""
      cd "$1"
      mkdir -p etc/systemd/system/k3s-agent.service.d etc/systemd/system/multi-user.target.wants etc/rancher/k3s/config.yaml.d \
        etc/rancher/node var/lib/rancher/k3s/agent var/lib/rancher/k3s/storage var/lib/kubelet/pods/a/volumes var/lib/cni \
        var/lib/fleetd var/log/pods var/log/containers usr/local/bin run/k3s/containerd run/flannel run/netns \
        run/systemd/system/k3s-agent.service.d run/fleetd/pending sys/class/net/cni0 sys/class/net/eth0 sys/class/net/veth1
      for file in etc/systemd/system/k3s-agent.service etc/systemd/system/k3s-agent.service.env etc/systemd/system/ssh.service \
        etc/rancher/k3s/config.yaml etc/rancher/node/password var/lib/rancher/k3s/agent/x var/lib/fleetd/k3s.stamp \
        var/lib/fleetd/declared usr/local/bin/k3s usr/local/bin/other run/fleetd/pending/k3s-agent.service
      do echo x > "$file"; done
      ln -s k3s usr/local/bin/kubectl; ln -s other usr/local/bin/crictl
      ln -s ../k3s-agent.service etc/systemd/system/multi-user.target.wants/k3s-agent.service
      printf 'tmpfs %s tmpfs rw 0 0\n' "$1/var/lib/kubelet/pods/a/volumes" "$1/run/k3s/containerd" "$1/srv/other" > mounts
      printf '1: lo: <UP>\n2: eth0: <UP>\n3: veth1@if2: <UP> mtu 1450 qdisc noqueue master cni0 state UP\n' > links
      printf '*nat\n:KUBE-SVC - [0:0]\n-A INPUT -j KUBE-SVC\n-A INPUT -j OWN\n-A FLANNEL-FWD\n-A X -j CNI-1\nCOMMIT\n' > rules
      : > log
      """#
    let outcome = try Shell.all[0].run(setUp, [folder.path])
    #expect(outcome.status == 0, "\(outcome.error)")
    return folder
  }

  private func listing(_ folder: TemporaryFolder) throws -> [String] {
    let out = try Shell.all[0].run(
      "cd \"$1\" && find etc usr var run sys -not -type d -o -type d -empty | sort", [folder.path])
    return out.text.split(separator: "\n").map(String.init)
  }

  @Test("what is k3s' goes, what is not stays, and a second run finds nothing to do", arguments: Shell.all)
  func uninstalls(_ shell: Shell) throws {
    let folder = try node()
    for _ in 1...2 {
      let outcome = try run(in: folder, by: shell)
      #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
      #expect(
        try listing(folder) == [
          "etc/systemd/system/multi-user.target.wants", "etc/systemd/system/ssh.service", "run/fleetd/pending",
          "run/netns", "run/systemd/system", "sys/class/net/eth0", "usr/local/bin/crictl", "usr/local/bin/other",
          "var/lib/fleetd/declared", "var/log",
        ])
    }
    let log = String(decoding: try folder.read("log"), as: UTF8.self)
    #expect(log.contains("umount \(folder.path)/var/lib/kubelet/pods/a/volumes") && !log.contains("srv/other"))
    #expect(log.contains("systemctl stop -- k3s-agent.service"))
    #expect(log.contains("ip link delete veth1") && !log.contains("eth0"))
    #expect(
      String(decoding: try folder.read("restored"), as: UTF8.self) == "*nat\n-A INPUT -j OWN\nCOMMIT\n")
  }

  @Test("a disk of its own is emptied and stays; a link leads to what is emptied", arguments: Shell.all)
  func ownDisk(_ shell: Shell) throws {
    let folder = try node()
    try folder.write(Array("\(folder.path)/var/lib/rancher/k3s\n".utf8), to: "mountpoints")
    #expect(
      try shell.run("mv \"$1/var/lib/kubelet\" \"$1/disk\"; ln -s ../../disk \"$1/var/lib/kubelet\"", [folder.path])
        .status == 0)
    #expect(try shell.run("sed -i s,/var/lib/kubelet,/x, \"$1/mounts\"", [folder.path]).status == 0)
    #expect(try run(in: folder, by: shell).status == 0)
    let left = try listing(folder)
    #expect(left.contains("var/lib/rancher/k3s") && left.contains("var/lib/kubelet"))
    #expect(try shell.run("ls -A \"$1/disk\"", [folder.path]).text.isEmpty)
  }

  @Test("nothing is removed where a pod's mount stays: it may be somebody's share", arguments: Shell.all)
  func stuckMount(_ shell: Shell) throws {
    let folder = try node()
    // A path that this stand-in of umount does not find again.
    try folder.write(Array("nfs \(folder.path)/var/lib/kubelet/pods/a\\040b nfs rw 0 0\n".utf8), to: "mounts")
    let outcome = try run(in: folder, by: shell)
    #expect(outcome.status == 70 && outcome.error.contains("pods/a b"), "\(outcome.error)")
    #expect(folder.contains("var/lib/kubelet/pods/a") && folder.contains("usr/local/bin/k3s"))
  }

  @Test("a firewall without rules of k3s' is not written", arguments: Shell.all)
  func ownFirewall(_ shell: Shell) throws {
    let folder = try node()
    try folder.write(Array("*filter\n-A INPUT -j OWN\nCOMMIT\n".utf8), to: "rules")
    #expect(try run(in: folder, by: shell).status == 0)
    #expect(!folder.contains("restored"))
  }

  private static let hasFirewall =
    (try? Shell.all[0].run("command -v iptables-save && unshare -n iptables -t nat -S").status) == 0

  @Test(
    "of a real firewall the own rules stay and all of k3s' go", .enabled(if: hasFirewall, "needs root and iptables"),
    arguments: Shell.all)
  func realFirewall(_ shell: Shell) throws {
    let script = #"""
      iptables -A INPUT -p tcp --dport 22 -j ACCEPT
      # An empty table stays: it is there before, too.
      iptables -t nat -A PREROUTING -j ACCEPT; iptables -t nat -D PREROUTING -j ACCEPT
      iptables-save | grep -v '^#' > "$1/before"
      iptables -t nat -N KUBE-SERVICES; iptables -t nat -A PREROUTING -j KUBE-SERVICES
      iptables -t nat -N CNI-DN; iptables -t nat -A KUBE-SERVICES -m comment --comment 'a "b" c' -j CNI-DN
      iptables -N FLANNEL-FWD; iptables -A FORWARD -m comment --comment "flanneld forward" -j FLANNEL-FWD
      eval "$2"
      iptables-save | grep -v '^#' | diff "$1/before" -
      """#
    let rules = "\(StepPrelude.sharedFunctions)\n\(UninstallPart.rules)"
    let folder = try TemporaryFolder()
    let outcome = try Shell.all[0].run(
      "exec unshare -n \"$@\"", [shell.path, "-c", script, "sh", folder.path, rules])
    #expect(outcome.status == 0 && outcome.text.isEmpty, "\(outcome.text)\(outcome.error)")
  }

  @Test("every shell accepts the syntax of the scripts", arguments: Shell.all)
  func syntax(_ shell: Shell) throws {
    for script in [StepScript.uninstallK3s, .retireK3s, .forgetNode] {
      #expect(try shell.complaint(about: StepPrelude.text(for: script)) == nil, "\(script.name)")
    }
  }
}
