/// Observation and desired state of one node -> its plan. Pure.
package struct NodePlanner: Sendable {
  package let vault: SecretVault
  package let artifacts: [Architecture: K3sArtifacts]
  /// The k3s version that agents may have at most: what the server runs, or will run before their turn.
  package let serverVersion: K3sVersion?
  package let cluster: ClusterContext

  package init(
    vault: SecretVault,
    artifacts: [Architecture: K3sArtifacts] = [:],
    serverVersion: K3sVersion? = nil,
    cluster: ClusterContext = .none
  ) {
    self.vault = vault
    self.artifacts = artifacts
    self.serverVersion = serverVersion
    self.cluster = cluster
  }

  package func plan(_ node: NodeSpec, from observation: NodeObservation, isSelected: Bool = true) -> NodePlan {
    let state: NodePlan.State
    switch observation.answer {
    case .failure(let failure):
      state = .notObserved(failure)
    case .success(let transcript):
      do {
        state = try self.state(node, transcript, skewAgainst: observation)
      } catch {
        state = .notObserved(
          NodeFailure(.probeGarbled, error.message, next: "try again; if it stays, look at the node's disk and memory")
        )
      }
    }
    return NodePlan(node: node.name, address: node.address, role: node.role, isSelected: isSelected, state: state)
  }

  private func state(
    _ node: NodeSpec,
    _ transcript: ProbeTranscript,
    skewAgainst observation: NodeObservation
  ) throws(ProbeError) -> NodePlan.State {
    let answer = CheckAnswer(transcript)
    if let failure = answer?.failure { return .notObserved(failure) }
    let whole = node
    let node = answer?.narrowing(whole, with: vault) ?? whole
    var facts = try Host.parse(try transcript.section(Host.kind))
    facts.clockSkew = observation.skew(of: facts.clock)
    facts.health = try Health.parse(try transcript.section(Health.kind))
    if let step = facts.runningStep {
      return .notObserved(
        NodeFailure(
          .stepRunning,
          "the step fleetd-\(step.name) is still running on it",
          next: "wait; --once awaits it and goes on",
          runningStep: step.name
        )
      )
    }
    var context = PlanContext(
      node: node,
      facts: facts,
      vault: vault,
      artifact: artifacts[node.architecture]?.binary ?? .notNeeded,
      serverVersion: serverVersion,
      transcript: transcript
    )
    context.airgapImages = artifacts[node.architecture]?.images ?? .notNeeded
    context.cluster = cluster
    var changeSets: [ChangeSet] = []
    var findings = answer?.findings(of: whole, with: vault) ?? []
    for resource in node.resources {
      let kindPlan =
        resource is Host ? host(resource, facts, context) : try resource.plan(from: transcript, in: context)
      changeSets += kindPlan.changeSets
      context.changeSets = changeSets
      findings += answer.map { answer in kindPlan.findings.map(answer.told) } ?? kindPlan.findings
      context.requests += kindPlan.requests
      context.hasChangesBefore = context.hasChangesBefore || !kindPlan.changeSets.isEmpty
      context.installsPackages = context.installsPackages || kindPlan.installsPackages
      if resource is Host, kindPlan.findings.contains(where: { $0.severity == .refused }) {
        return .observed(.init(facts: facts, changeSets: [], findings: findings))
      }
    }
    if let firstBoot = findings.first(where: { $0.reason == .firstBoot }) {
      changeSets = changeSets.map { $0.holding(for: firstBoot) }
    }
    let record = RecordPlanner(whole, facts)
    findings += record.unmanaged(after: changeSets, on: node.name)
    changeSets = record.recording(Self.ordered(Mounts.ordered(changeSets)))
    return .observed(
      .init(facts: facts, k3s: context.observed(K3s.self), changeSets: changeSets, findings: findings))
  }

  /// The facts carry the clock's skew, which the section itself cannot know.
  private func host(_ resource: any Resource, _ facts: HostFacts, _ context: PlanContext) -> KindPlan {
    guard let host = resource as? Host else { return KindPlan() }
    return host.plan(from: facts, in: context)
  }

  /// What disturbs comes last, reboot before k3s: everything else is in place by then.
  private static func ordered(_ changeSets: [ChangeSet]) -> [ChangeSet] {
    let reboots = changeSets.contains { $0.disturbance == .reboots }
    return changeSets.filter { $0.disturbance == .none } + changeSets.filter { $0.disturbance == .reboots }
      + NodeIdentity.leading(changeSets.filter { $0.disturbance.isOfK3s }).map { reboots ? $0.afterReboot() : $0 }
  }
}

extension KindPlan {
  fileprivate var installsPackages: Bool {
    changeSets.flatMap(\.changes).contains { $0.kind == Packages.kind && $0.action == .add }
  }
}

extension ChangeSet {
  func holding(for finding: Finding) -> ChangeSet {
    ChangeSet(changes, steps: steps, disturbance: disturbance, held: held ?? finding)
  }

  func afterReboot() -> ChangeSet {
    let changes = changes.map { change in
      change.action == .act ? change.noting("(after reboot)") : change
    }
    return ChangeSet(changes, steps: steps, disturbance: disturbance, held: held)
  }
}

extension Change {
  func noting(_ addition: String) -> Change {
    Change(
      action,
      kind,
      name,
      from: before,
      to: after,
      diff: diff,
      note: [note, addition].compactMap { $0 }.joined(separator: " ")
    )
  }
}
