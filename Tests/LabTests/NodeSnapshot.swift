/// Everything that stands in a node's file systems: type, mode, owner, size, time of the last change, link target, and
/// of each regular file its SHA-256. A file that was made and removed again shows by its directory's time.
struct NodeSnapshot: Sendable {
  /// By path.
  private let entries: [String: String]

  /// All but what the kernel itself makes up (/proc, /sys, /dev) and what the lab lends (/run/host, /usr/lib/modules).
  static func of(_ node: LabNode) async throws -> NodeSnapshot {
    let text = try await node.run(
      #"""
      list() {
        find / /run /run/lock /tmp /dev/shm /boot/firmware -xdev \( -path /proc -o -path /sys -o -path /run/host \) -prune \
          -o "$@"
      }
      list -printf '%p\t%y %m %U:%G %s %T@ %C@ %l\n' | sort -u
      list -type f -print0 | xargs -0 sha256sum -- | sed 's/^\([0-9a-f]*\)  \(.*\)/\2\t\1/'
      """#)
    var entries: [String: String] = [:]
    for line in text.split(separator: "\n") {
      let halves = line.split(separator: "\t", maxSplits: 1).map(String.init)
      guard halves.count == 2 else { continue }
      entries[halves[0], default: ""] += halves[1] + " "
    }
    return NodeSnapshot(entries: entries)
  }

  var count: Int { entries.count }

  /// The paths that are not what they were, sorted.
  func paths(differingFrom other: NodeSnapshot) -> [String] {
    Set(entries.keys).union(other.entries.keys).filter { entries[$0] != other.entries[$0] }.sorted()
  }
}
