/// What a node said, to a key that may only look, about the asking itself.
package struct CheckAnswer: Sendable {
  /// SHA-256 of the program that answered.
  let program: String
  /// By kind, what it does not tell; no line: nothing of the kind.
  private let denied: [String: Set<[String]>]

  /// `nil`: the answer is one to a key that may do everything.
  package init?(_ transcript: ProbeTranscript) {
    guard let section = transcript.sections[Self.section] else { return nil }
    program = section.word("program") ?? ""
    var denied: [String: Set<[String]>] = [:]
    for line in section.table("denied") where !line[0].isEmpty {
      denied[line[0], default: []].formUnion(line.count > 1 ? [Array(line.dropFirst())] : [])
    }
    self.denied = denied
  }

  private static let section = "grant"

  /// Why nothing can be made of it; `nil`: something can.
  package var failure: NodeFailure? {
    guard program != CheckProgram.digest else { return nil }
    return NodeFailure(
      .probeFailed, "the node's program for keys that may only look is that of another version of fleetd",
      next: "check with the version that the control node has; or, with this one there: fleetd --once")
  }

  /// The node as far as it was answered for.
  package func narrowing(_ node: NodeSpec, with vault: SecretVault) -> NodeSpec {
    guard !denied.isEmpty else { return node }
    return node.replacing(
      resources: node.resources.compactMap { resource in
        guard let lines = denied[type(of: resource).kind.name] else { return resource }
        guard !lines.isEmpty else { return nil }
        return resource.without(probeLines: lines, of: node, with: vault)
      })
  }

  /// What could not be compared, one note a line.
  package func findings(of node: NodeSpec, with vault: SecretVault) -> [Finding] {
    node.resources.flatMap { resource -> [Finding] in
      let kind = type(of: resource).kind
      guard let lines = denied[kind.name] else { return [] }
      let isKept = !lines.isEmpty && resource.without(probeLines: lines, of: node, with: vault) != nil
      let what = isKept ? lines.map { Self.name(in: $0, kind) }.sorted() : ["all of \(kind)"]
      return what.map {
        Finding(
          .note, .notCompared, kind, "\($0): not compared; this key may not look at it on the node yet",
          next: "fleetd --once grants what is committed and the node does not allow yet")
      }
    }
  }

  /// What somebody who has no secrets cannot compare is no mistake of the fleet.
  package func told(_ finding: Finding) -> Finding {
    guard finding.reason == .secretMissing, finding.severity == .refused else { return finding }
    let rest = finding.kind == K3s.kind ? "; nor is the rest of k3s on this node" : ""
    return Finding(
      .note, .notCompared, finding.kind, "not compared: \(finding.message)\(rest)",
      next: "nothing, if whoever checks shall not have it")
  }

  private static func name(in line: [String], _ kind: ResourceKind) -> String {
    (kind == Packages.kind ? line.first : line.last) ?? ""
  }
}

extension NodeSpec {
  /// The questions to the program for keys that may only look: `CheckProgram`.
  ///
  /// Digests of the secrets that this check has go along, so that the node can say that it has the same.
  package func checkRequests(with vault: SecretVault) -> [ProbeRequest] {
    let digests = secrets.flatMap { secret in
      [Content(secret: secret).digest(with: vault), K3sToken.digest(of: secret, in: vault)].compactMap { $0 }
    }
    return [ProbeRequest(ResourceKind("known"), Set(digests).sorted().prefix(64).map { [$0] })]
      + probeRequests(with: vault)
  }
}
