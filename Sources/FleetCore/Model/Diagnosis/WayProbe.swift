/// What doctor asks of a node: the kinds' own probes of the machine, and what fleetd's scripts need there. It reads and
/// never writes, and it runs without sudo, so that a refusing sudo hides nothing else.
package enum WayProbe {
  package static let script = ProbeScript.text([Host.probe, Health.probe, Boot.probe, Cgroups.probe, fragment])

  package static let input = ProbeScript.input((kinds + [kind]).map { ProbeRequest($0) })

  /// What the links are planned from; no plan is made without host and health.
  static let kinds = [Host.kind, Health.kind, Boot.kind, Cgroups.kind]

  static let kind = ResourceKind("way")

  /// `missing`: those of the tools that probe and steps use. sbin is not in everybody's PATH: the prelude puts it there.
  private static let fragment = ProbeFragment(
    #"""
    probe_way() {
      emit shell "$SHELL"
      way_missing=
      for way_tool in awk cp date dirname dpkg dpkg-query find flock grep head md5sum mkdir mv rm sha256sum stat sync \
        systemctl systemd-run tail tr
      do
        command -v "$way_tool" > /dev/null 2>&1 || way_missing="$way_missing$way_tool "
      done
      emit missing "$way_missing"
      way_options=
      while read -r way_device way_point way_type way_now way_rest; do
        [ "$way_point" != / ] || way_options=$way_now
      done < /proc/mounts
      emit root "$way_options"
      emit inodes "$(stat -f -c '%d %c' / 2> /dev/null)"
      return 0
    }
    """#)
}

/// What the node said to `WayProbe` of itself.
struct WayFacts: Sendable {
  /// The account's login shell; empty where sshd does not tell.
  let shell: String
  /// Tools that are not there.
  let missing: [String]
  let isRootReadOnly: Bool
  /// Whether the file system of / can hold no further file although it has room.
  let isOutOfInodes: Bool

  init(_ section: ProbeSection) throws(ProbeError) {
    shell = section.word("shell") ?? ""
    missing = try section.required("missing").split(separator: " ").map(String.init)
    isRootReadOnly = (section.word("root") ?? "").split(separator: ",").contains("ro")
    let inodes = (section.word("inodes") ?? "").split(separator: " ").compactMap { Int($0) }
    // A file system that counts none, such as btrfs, has no bound.
    isOutOfInodes = inodes.count == 2 && inodes[0] == 0 && inodes[1] > 0
  }
}
