/// What `fleetd doctor` found: the control node's own side, then the way to each node, link by link.
package struct Diagnosis: Sendable, Hashable {
  package let controlNode: [DiagnosisLine]
  package let nodes: [NodeDiagnosis]

  package init(controlNode: [DiagnosisLine], nodes: [NodeDiagnosis]) {
    self.controlNode = controlNode
    self.nodes = nodes
  }
}

/// The way to one node.
package struct NodeDiagnosis: Sendable, Hashable {
  package let node: String
  package let address: String
  /// One for each `WayLink`, in their order.
  package let lines: [DiagnosisLine]

  package init(node: String, address: String, lines: [DiagnosisLine]) {
    self.node = node
    self.address = address
    self.lines = lines
  }

  package var isSound: Bool { lines.allSatisfy { $0.state == .ok } }

  /// The first link that is broken.
  package var broken: DiagnosisLine? { lines.first { $0.state == .failed } }
}

/// One link, or one thing that the control node needs: how it is, the evidence, and what mends it.
package struct DiagnosisLine: Sendable, Hashable {
  package enum State: String, Sendable, Hashable {
    case ok
    /// It works, and somebody should look at it.
    case warning
    case failed
    /// A link before it is broken, so that nothing is known of it.
    case notReached = "not reached"
  }

  /// "host key"
  package let subject: String
  package let state: State
  /// What was seen; may hold text from the node, which renderers escape.
  package let evidence: String
  /// The command that mends it, or what to do.
  package let next: String?
  package let reason: Reason?
  /// Whether it may come good by itself: the node is away.
  package let isTransient: Bool

  package init(
    _ subject: String, _ state: State, _ evidence: String = "", next: String? = nil, reason: Reason? = nil,
    isTransient: Bool = false
  ) {
    self.subject = subject
    self.state = state
    self.evidence = evidence
    self.next = next
    self.reason = reason
    self.isTransient = isTransient
  }

  package init(_ subject: String, _ failure: NodeFailure) {
    self.init(
      subject, .failed, failure.message, next: failure.next, reason: failure.reason, isTransient: failure.isTransient)
  }
}

extension ExitCode {
  /// 0: every link holds. 1: something is broken that somebody must mend. 3: nodes are away, and nothing else is wrong.
  package init(after diagnosis: Diagnosis) {
    let broken = diagnosis.controlNode.filter { $0.state == .failed } + diagnosis.nodes.compactMap(\.broken)
    if broken.contains(where: { !$0.isTransient }) {
      self = .failed
    } else {
      self = broken.isEmpty ? .inSync : .notAllObserved
    }
  }
}
