/// How a snapshot becomes the cluster's datastore again: what forbids it, what it costs, and the steps in their one order.
/// Pure: what is shown is what runs.
///
/// All servers are stopped before anything is replaced, one takes the snapshot and comes up alone, the others throw their
/// datastore away and join it, one after the other. Agents find their servers again by themselves.
package struct RestorePlan: Sendable {
  /// The server that takes the snapshot.
  package let first: String
  /// What is stopped, replaced and lost, a sentence each.
  package let losses: [String]
  package let steps: [NodeStep]
  /// What comes when all of `steps` are done, and only then: it forgets how far the restore had come.
  package let finishing: [NodeStep]

  /// The secret that holds the snapshot's token while a restore runs.
  package static let token = SecretReference("token of the snapshot")

  /// What speaks against it: all of it.
  package struct Refusal: Error, Sendable, Hashable {
    package let reasons: [Finding]
  }

  /// What the control node has of the snapshot.
  package struct Source: Sendable {
    package let snapshot: K3sSnapshot
    /// Of the file on this control node.
    package let path: String
    /// Whether that file still is the one that was fetched.
    package let isIntact: Bool
    /// Of the token beside it: see `K3sToken.digest`; `nil`: it is gone.
    package let tokenDigest: String?

    package init(_ snapshot: K3sSnapshot, path: String, isIntact: Bool, tokenDigest: String?) {
      self.snapshot = snapshot
      self.path = path
      self.isIntact = isIntact
      self.tokenDigest = tokenDigest
    }
  }

  /// - Parameters:
  ///   - plan: what this pass saw, planned as if the first server should found a cluster: on a blank one k3s is set up by it.
  ///   - wantedToken: the digest of the token that the nodes shall have.
  ///   - first: the server that takes the snapshot; `nil`: the first that was seen.
  ///   - without: servers that are gone, and must not come back with what they have.
  package init(
    of source: Source, over fleet: Fleet, _ plan: FleetPlan, wantedToken: String?, first: String?, without: Set<String>
  ) throws(Refusal) {
    let servers = fleet.servers.filter { !without.contains($0.name) }
    let chosen = servers.first { $0.name == first } ?? (first == nil ? Self.preferred(servers, plan) : nil)
    let seen = Dictionary(plan.nodes.map { ($0.node, $0) }) { one, _ in one }
    let reasons = RestoreGuard(source, fleet, first: chosen?.name, wantedToken: wantedToken).reasons(
      over: servers, seen)
    guard reasons.isEmpty, let k3s = fleet.k3s, let chosen else { throw Refusal(reasons: reasons) }
    self.first = chosen.name
    let urls = Dictionary(zip(fleet.servers.map(\.name), k3s.servers)) { one, _ in one }
    let builder = RestoreSteps(source, k3s, first: chosen.name, at: urls[chosen.name] ?? k3s.endpoint)
    let blank = Set(builder.blank(of: servers, seen).map(\.name))
    losses = Self.losses(source.snapshot, servers, chosen.name, blank, without, now: plan.observedAt)
    steps = builder.steps(for: servers, seen)
    finishing = builder.finishing(for: servers, seen)
  }

  /// One that has a datastore is set up already.
  private static func preferred(_ servers: [NodeSpec], _ plan: FleetPlan) -> NodeSpec? {
    func observed(_ server: NodeSpec) -> K3sObservation? { plan.nodes.first { $0.node == server.name }?.observed?.k3s }
    return servers.first { observed($0)?.data.datastore != nil } ?? servers.first { observed($0) != nil }
      ?? servers.first
  }

  private static func losses(
    _ snapshot: K3sSnapshot, _ servers: [NodeSpec], _ first: String, _ blank: Set<String>, _ without: Set<String>,
    now: Int
  ) -> [String] {
    let names = servers.map(\.name).joined(separator: ", ")
    let others = servers.map(\.name).filter { $0 != first && !blank.contains($0) }
    var losses = [
      "k3s is stopped on \(names): the API is down meanwhile, pods go on running",
      "the datastore of \(first) becomes \(snapshot.id), of \(UTCTime(snapshot.takenAt).minutes) (\(age(snapshot, now)) ago): "
        + "what was changed in the cluster since then is lost",
    ]
    if !others.isEmpty {
      losses.append(
        "the datastores of \(others.joined(separator: ", ")) are moved away (server/db.fleetd-before-restore), and they "
          + "join \(first)")
    }
    if !blank.isEmpty {
      losses.append(
        "what the snapshot knows of \(blank.sorted().joined(separator: ", ")) is deleted from the cluster: the cards are "
          + "blank, and the next fleetd --once lets them join")
    }
    losses.append("nodes that joined since then must join again, and Nodes that were deleted since then come back")
    if !without.isEmpty {
      losses.append(
        "\(without.sorted().joined(separator: ", ")) must never come back with the old datastore: write the card anew")
    }
    return losses
  }

  private static func age(_ snapshot: K3sSnapshot, _ now: Int) -> String {
    let minutes = max(0, now - snapshot.takenAt) / 60
    return DurationText.render(.seconds(minutes >= 120 ? minutes / 60 * 3600 : max(1, minutes) * 60))
  }
}

extension NodePlan {
  /// What sets k3s up on this node, without its start.
  var k3sSteps: [Step] {
    changeSets.filter { $0.changes.contains { $0.kind == K3s.kind } }.flatMap(\.steps).filter { step in
      if case .runAsUnit(.startK3s, _) = step.action { false } else { true }
    }
  }
}
