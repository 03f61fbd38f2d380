import Foundation
import Testing

extension TestFleet {
  /// What k3s needs of a fresh node: the memory controller.
  static let k3sBoot = "boot: {cmdline: {present: [cgroup_memory=1, cgroup_enable=memory]}, cgroups: [memory]}"

  /// The Fleet's `k3s`.
  ///
  /// - Parameters:
  ///   - source: a YAML mapping; default: the lab's directory of releases.
  ///   - further: further keys, as YAML, not indented.
  static func k3s(_ version: String, from source: String? = nil, _ further: String = "") async throws -> String {
    let source = if let source { source } else { "{directory: \(try await Lab.inventory().k3sDirectory)}" }
    let lines = [
      "version: \(version)", "source: \(source)", "token: {secret: k3s-token}", "datastore: sqlite",
    ]
    let all = lines + further.split(separator: "\n").map(String.init)
    return "k3s:\n" + all.map { "  \($0)" }.joined(separator: "\n")
  }

  /// Roles by node name, for `node:`: the first is the server.
  static func roles(_ nodes: [LabNode]) -> [String: String] {
    var roles = Dictionary(uniqueKeysWithValues: nodes.map { ($0.name, "role: agent") })
    if let server = nodes.first { roles[server.name] = "role: server" }
    return roles
  }

  /// A directory of releases of its own, in which this release is so large that its upload can be interrupted: an ELF
  /// file bears bytes behind its end.
  func paddedRelease(_ version: String, mebibytes: Int) async throws -> String {
    let original = try await Lab.inventory().k3sDirectory
    let releases = "\(directory)/releases"
    try await Lab.run(
      "sh", "-c",
      #"mkdir -p "$2/$3" && cp "$1/$3/k3s" "$2/$3/" && truncate -s "+$4M" "$2/$3/k3s""#
        + #" && cd "$2/$3" && sha256sum k3s > sha256sum-amd64.txt"#, "sh", original, releases, version, "\(mebibytes)")
    return "{directory: \(releases)}"
  }
}
