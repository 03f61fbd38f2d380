package import YAMLSource

/// What is said of a manifest that a server may well take and that is unwise all the same. The names are stable: the Fleet
/// and objects switch lints off by them.
package enum ObjectLint: String, Sendable, Hashable, CaseIterable {
  case missingNamespace = "missing-namespace"
  case removedAPI = "removed-api"
  case wrongArchitecture = "wrong-architecture"
  case latestTag = "latest-tag"
  case requestsAndLimits = "requests-and-limits"

  /// What follows from it.
  package enum Level: String, Sendable, Hashable, CaseIterable {
    case off
    /// It is said.
    case warn
    /// It is said, and the offline check ends with 1.
    case error
  }

  var defaultLevel: Level {
    switch self {
    case .missingNamespace, .removedAPI, .wrongArchitecture: .error
    case .latestTag, .requestsAndLimits: .warn
    }
  }

  private var summary: String {
    switch self {
    case .missingNamespace: "A namespace that no manifest brings and no cluster has by itself; default error."
    case .removedAPI: "An API version that the wanted k3s no longer serves; default error."
    case .wrongArchitecture: "Pods that can run on no node of the fleet, such as amd64 on Raspberry Pis; default error."
    case .latestTag: "An image without a version, or with latest; default warn."
    case .requestsAndLimits: "A container without requests.cpu, requests.memory or limits.memory; default warn."
    }
  }

  static let schema = Schema.object(
    allCases.map { Field($0.rawValue, .choice(Level.allCases.map(\.rawValue)), $0.summary) })

  /// The levels that the Fleet sets, and the defaults of the others.
  package struct Levels: Sendable, Hashable {
    private let levels: [ObjectLint: Level]

    package init(_ levels: [ObjectLint: Level] = [:]) { self.levels = levels }

    init(decoding node: YAMLNode?) {
      var levels: [ObjectLint: Level] = [:]
      for entry in node?.mapping?.entries ?? [] {
        if let lint = ObjectLint(rawValue: entry.key) { levels[lint] = Level(rawValue: entry.value.string ?? "") }
      }
      self.init(levels)
    }

    package subscript(_ lint: ObjectLint) -> Level { levels[lint] ?? lint.defaultLevel }
  }

  /// One thing that a lint found.
  package struct Finding: Sendable, Hashable {
    package let lint: ObjectLint
    package let level: Level
    package let object: ObjectIdentity
    package let mark: YAMLMark
    /// Lowercase, one sentence, no trailing period.
    package let problem: String
    package let hint: String?
  }
}

extension KubernetesObject {
  /// Lints that the object's own annotation switches off.
  var ignoredLints: Set<ObjectLint> {
    let names = annotations[ObjectMark.lintIgnore]?.split(separator: ",") ?? []
    return Set(names.compactMap { ObjectLint(rawValue: String($0).trimmingWhitespace()) })
  }
}
