/// What was seen on the way -> what is wrong with which link. Pure.
package struct WayDiagnosis: Sendable {
  private let node: NodeSpec
  private let observation: WayObservation

  package static func of(_ node: NodeSpec, from observation: WayObservation) -> NodeDiagnosis {
    let diagnosis = WayDiagnosis(node: node, observation: observation)
    let lines: [DiagnosisLine]
    switch observation.login {
    case .failure(let failure): lines = diagnosis.lines(until: failure)
    case .success(let login): lines = diagnosis.lines(behind: login)
    }
    return NodeDiagnosis(node: node.name, address: node.address, lines: lines)
  }

  /// Of a node that was not tried, as the control node cannot log in anywhere.
  package static func untried(_ node: NodeSpec) -> NodeDiagnosis {
    NodeDiagnosis(
      node: node.name, address: node.address, lines: WayLink.allCases.map { DiagnosisLine($0.rawValue, .notReached) })
  }

  /// Links before the broken one held; of those behind it nothing is known.
  private func lines(until failure: NodeFailure) -> [DiagnosisLine] {
    let broken = failure.link ?? .userKey
    return WayLink.allCases.map { link in
      if link == broken { return DiagnosisLine(link.rawValue, failure) }
      return link.isBefore(broken) ? ok(link, passed(link)) : DiagnosisLine(link.rawValue, .notReached)
    }
  }

  private func lines(behind login: WayObservation.Login) -> [DiagnosisLine] {
    let way = [
      ok(.name, passed(.name)), ok(.route, passed(.route)), ok(.port, "\(node.ssh.port): \(login.server)"),
      ok(.keyExchange, passed(.keyExchange)), ok(.hostKey, "\(login.hostKey), \(hostKeySource)"),
      ok(.userKey, [node.ssh.user, login.identity].compactMap { $0 }.joined(separator: " with ")),
    ]
    return way + MachineDiagnosis.lines(of: node, login)
  }

  /// The evidence of a link that later ones needed.
  private func passed(_ link: WayLink) -> String {
    switch link {
    case .name:
      observation.addresses.isEmpty || observation.addresses == [node.address]
        ? node.address : "\(node.address) is \(observation.addresses.joined(separator: ", "))"
    case .route: "the machine answers"
    case .port: "\(node.ssh.port): an SSH server answers"
    case .keyExchange: "both sides agree"
    case .hostKey: "it is the one that is \(hostKeySource)"
    case .userKey, .shell, .sudo, .disk, .clock, .cgroups: ""
    }
  }

  private var hostKeySource: String { node.hostKeys.isEmpty ? "in known_hosts" : "pinned in the inventory" }

  private func ok(_ link: WayLink, _ evidence: String) -> DiagnosisLine { DiagnosisLine(link.rawValue, .ok, evidence) }
}
