import OrderedCollections

/// What dpkg and apt of a node say about the wanted packages.
package struct ObservedPackages: Sendable, Hashable {
  /// What dpkg knows, by name; packages that are not installed may be missing.
  package let packages: [String: Package]
  /// Packages that dpkg left half done, wanted or not: "fleet-broken (half-configured)".
  package let broken: [String]
  /// dpkg was killed in the middle of something.
  package let wasInterrupted: Bool
  /// When the lists were refreshed, seconds since 1970 UTC by the node's clock; `nil`: there are none.
  package let listsRefreshed: Int?
  /// Whether a package source changed since the lists were refreshed.
  package let sourcesAreNewer: Bool
  /// What the last refresh by fleetd did not reach: URI and suite of each source.
  package let unreachedSources: [String]
  /// Who holds a lock of dpkg or apt now.
  package let lock: LockHolder?
  /// What could be downloaded for the unfulfilled wishes by these lists, newest first.
  package let offers: [String: [String]]
  /// What apt would do about the unfulfilled wishes by these lists; `nil`: nothing was there to be asked.
  package let simulation: AptSimulation?

  package struct Package: Sendable, Hashable {
    package enum State: Sendable, Hashable {
      /// Not there, or only its configuration files are.
      case absent
      case installed
      /// dpkg's word for a package that it left half done.
      case broken(String)
    }

    package let version: String
    package let state: State
    package let isHeld: Bool
  }

  package struct LockHolder: Sendable, Hashable {
    package let processID: Int
    package let command: String
    package let path: String
  }

  package init(_ section: ProbeSection) throws(ProbeError) {
    let architecture = try section.required("architecture").trimmingWhitespace()
    _ = try section.required("dpkg")
    var packages: [String: Package] = [:]
    for row in section.table("dpkg") {
      guard row.count == 6 else { throw .garbled("package record \"\(row.joined(separator: " ").prefix(80))\"") }
      // A name that dpkg knows from its own holds or others' dependencies only has no architecture.
      guard [architecture, "all"].contains(row[1]) || (row[1].isEmpty && packages[row[0]] == nil) else { continue }
      packages[row[0]] = Package(
        version: row[2],
        state: try Self.state(row[4], flag: row[5]),
        isHeld: row[3] == "hold"
      )
    }
    let lists = try section.required("lists").trimmingWhitespace()
    guard lists == "none" || Int(lists) != nil else { throw .garbled("package lists \"\(lists.prefix(40))\"") }
    self.packages = packages
    self.broken = section.table("broken").filter { $0.count == 3 }.map { row in
      "\(row[0]) (\(row[2] == "ok" ? row[1] : "\(row[1]), to be reinstalled"))"
    }
    self.wasInterrupted = section.word("interrupted") != nil
    self.listsRefreshed = Int(lists)
    self.sourcesAreNewer = section.word("sources") == "newer"
    self.unreachedSources = (section.text("unreached") ?? "").split(separator: "\n").map { String($0.prefix(300)) }
    self.lock = section.table("lock").first.flatMap { row in
      guard row.count == 3, let processID = Int(row[0]) else { return nil }
      return LockHolder(processID: processID, command: row[1], path: row[2])
    }
    self.offers = Self.offers(section.text("versions") ?? "")
    self.simulation = try section.text("simulation").map { text throws(ProbeError) in try AptSimulation(text) }
  }

  private static func state(_ status: String, flag: String) throws(ProbeError) -> Package.State {
    switch status {
    case "not-installed", "config-files": return .absent
    case "installed" where flag == "ok": return .installed
    case "installed": return .broken("to be reinstalled")
    case "half-installed", "unpacked", "half-configured", "triggers-awaited", "triggers-pending": return .broken(status)
    default: throw .garbled("package status \"\(status.prefix(40))\"")
    }
  }

  /// apt-cache madison's lines: `NAME | VERSION | SOURCE`, newest first, one version once for each source.
  private static func offers(_ text: String) -> [String: [String]] {
    var offers: [String: [String]] = [:]
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: "|").map { $0.trimmingWhitespace() }
      guard fields.count == 3 else { continue }
      if offers[fields[0]]?.last != fields[1] { offers[fields[0], default: []].append(fields[1]) }
    }
    return offers
  }
}

extension ObservedPackages {
  package var isBroken: Bool { wasInterrupted || !broken.isEmpty }

  /// What is there of a package; `nil` when it is not. What dpkg could not even unpack counts as not there.
  func installed(_ name: String) -> Package? {
    guard let package = packages[name], package.state != .absent else { return nil }
    return package.state == .broken("half-installed") ? nil : package
  }

  /// The version that would be installed, by the lists that the node has; `nil` when they offer none.
  func offer(of name: String, matching version: PackageVersionPattern) -> String? {
    let matching = (offers[name] ?? []).first(where: version.matches)
    // Without a wish for a version the choice is apt's: priorities and pins decide, not the number.
    return version == .any ? matching.map { simulation?.installs[name] ?? $0 } : matching
  }
}
