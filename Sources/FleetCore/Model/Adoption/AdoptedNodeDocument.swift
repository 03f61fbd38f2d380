import YAMLSource

/// The Node document of a host.
struct AdoptedNodeDocument {
  let name: String
  let host: AdoptedHost
  let login: AdoptedRepository.Login
  let settings: [AdoptedSetting]
  let cluster: AdoptedCluster.Member?
  /// Why its k3s is left out.
  let omissions: [String]
  let remarks: [String]
  let manualPackages: [String]

  var draft: YAMLDraft {
    .mapping([
      .comment(title),
      .entry("apiVersion", .string(DocumentSchema.apiVersion)),
      .entry("kind", .string("Node")),
      .entry("metadata", .mapping([.entry("name", .string(name))])),
      .entry(
        "spec",
        .mapping(
          address + role + AdoptedSetting.parts(settings + (cluster?.settings ?? [])) + kubernetes
            + AdoptedRemarks.parts(remarks, manualPackages, of: "this node")
        )
      ),
    ])
  }

  /// What the machine is, for people: nothing reads it.
  private var title: String {
    let facts = host.observation.facts
    let board = [facts.model].compactMap { $0?.filter { $0 != "\0" } }
    return (board + [facts.operatingSystem, "kernel \(facts.kernel)"]).joined(separator: ", ")
  }

  private var role: [YAMLDraft.Part] {
    guard omissions.isEmpty else {
      let why = omissions.map { "- \($0)" }.joined(separator: "\n")
      return [.comment("K3S RUNS HERE AND IS LEFT OUT. fleetd leaves it alone until this node gets a role:\n" + why)]
    }
    return cluster.map { [.entry("role", .string($0.role.rawValue))] } ?? []
  }

  private var kubernetes: [YAMLDraft.Part] {
    guard let cluster, !cluster.labels.isEmpty || !cluster.taints.isEmpty else { return [] }
    var parts: [YAMLDraft.Part] = []
    let labels = cluster.labels.sorted { $0.key < $1.key }.map { ($0.key, AdoptedValue.string($0.value)) }
    if !labels.isEmpty { parts.append(.entry("labels", .value(AdoptedValue.mapping(labels)))) }
    if !cluster.taints.isEmpty { parts.append(.entry("taints", .strings(cluster.taints))) }
    return [.entry("kubernetes", .mapping(parts))]
  }

  private var address: [YAMLDraft.Part] {
    var parts: [YAMLDraft.Part] = [.entry("address", .string(host.target.host))]
    if let difference = login.difference(to: host.target) { parts.append(.entry("ssh", .mapping(difference))) }
    parts.append(.comment("Accepted when this was written. Nobody is logged in to a host that shows another."))
    parts.append(.entry("hostKeys", .list(host.hostKeys.map { .item(.string($0)) })))
    if let board = host.observation.facts.board {
      parts.append(.comment("Another board at this address is refused."))
      parts.append(.entry("serial", .string(board)))
    }
    if host.observation.facts.architecture != Architecture.arm64.rawValue {
      parts.append(.entry("arch", .string(host.observation.facts.architecture)))
    }
    return parts
  }
}

/// What was seen and is not said, as comments at the end of a document.
enum AdoptedRemarks {
  /// Names of packages, at most.
  private static let mostPackages = 200
  /// Characters, without the indentation.
  private static let width = 100

  static func parts(_ remarks: [String], _ packages: [String], of whom: String) -> [YAMLDraft.Part] {
    var parts: [YAMLDraft.Part] = []
    if !remarks.isEmpty { parts.append(.comment("\nSeen on \(whom):\n" + remarks.joined(separator: "\n"))) }
    if !packages.isEmpty {
      let more = packages.count > mostPackages ? "\nand \(packages.count - mostPackages) more" : ""
      parts.append(
        .comment(
          "\nInstalled on \(whom) and not managed; apt counts these as installed by hand, the image's own among them.\n"
            + "To keep one, write it under packages, such as \(packages[0]): present.\n"
            + wrapped(Array(packages.prefix(mostPackages))) + more
        )
      )
    }
    return parts
  }

  private static func wrapped(_ words: [String]) -> String {
    var lines = [""]
    for word in words {
      let isFull = lines[lines.count - 1].count + word.count + 1 > width
      if isFull {
        lines.append(word)
      } else {
        lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
      }
    }
    return lines.joined(separator: "\n")
  }
}
