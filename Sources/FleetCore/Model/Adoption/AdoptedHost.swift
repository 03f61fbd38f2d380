import YAMLSource

/// A host that answered and is to be taken over.
package struct AdoptedHost: Sendable {
  package let target: AdoptionTarget
  /// `ssh-ed25519 AAAA…` lines that somebody accepted.
  package let hostKeys: [String]
  package let observation: AdoptionObservation

  package init(target: AdoptionTarget, hostKeys: [String], observation: AdoptionObservation) {
    self.target = target
    self.hostKeys = hostKeys
    self.observation = observation
  }

  /// Why it cannot be taken over; `nil`: it can.
  var hindrance: String? {
    guard Architecture(rawValue: observation.facts.architecture) == nil else { return nil }
    let words = Architecture.allCases.map(\.rawValue).joined(separator: " and ")
    return "it is \(observation.facts.architecture), and fleetd knows \(words): flash a 64-bit image"
  }

  /// The board; where there is none, the installation.
  var machine: String { observation.facts.serial ?? observation.facts.machineID }

  /// Its name in the cluster, or the host name, made fit for one.
  var wantedName: String {
    if let name = observation.k3s.nodeName, TextRule.hostName.problem(with: name) == nil { return name }
    let name = String(
      observation.facts.hostname.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }.prefix(60)
    )
    let trimmed = name.drop { $0 == "-" }.reversed().drop { $0 == "-" }.reversed()
    return trimmed.isEmpty ? "node" : String(trimmed)
  }

  /// Each host's own name, in their order; the second of a name gets `-2`.
  static func names(of hosts: [AdoptedHost]) -> [String] {
    var names: [String] = []
    for host in hosts {
      let candidates = [host.wantedName] + (2...hosts.count + 1).map { "\(host.wantedName)-\($0)" }
      names.append(candidates.first { !names.contains($0) } ?? host.wantedName)
    }
    return names
  }
}

/// What keeps a set of hosts from being taken over, each with the host that it concerns.
package struct AdoptionRefusal: Error, Sendable {
  package let messages: [String]
}
