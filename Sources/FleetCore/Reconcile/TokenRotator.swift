import FleetApply
package import FleetModel

/// `fleetd token rotate`, step by step; each may be the last before a crash, and a later run goes on behind it.
package struct TokenRotator: Sendable {
  private let pass: FleetPass
  private let store: TokenStore
  private let next: Secret

  /// - Parameters:
  ///   - pass: made with the new token, and told that a rotation is under way.
  ///   - next: the new token.
  package init(_ pass: FleetPass, _ store: TokenStore, to next: Secret) {
    self.pass = pass
    self.store = store
    self.next = next
  }

  /// The token that the cluster shall have: what an earlier run began with, else a new one. It is kept before the cluster
  /// hears of it.
  package static func next(in store: TokenStore) throws(RunFailure) -> Secret {
    // From the moment that the cluster knows it, it is the current one.
    if store.rotatingTo != nil, let current = try store.token(.current) { return current }
    if let next = try store.token(.next) { return next }
    let next = Secret.randomToken()
    try store.keep(next, as: .next)
    return next
  }

  private var digest: String { K3sToken.digest(of: TokenRotation.next, in: vault) ?? "" }
  private var vault: SecretVault { SecretVault().holding(next, as: TokenRotation.next) }

  /// Looks at the fleet, and says what is to be done, or what forbids it.
  package func rotation() async -> Result<TokenRotation, TokenRotation.Refusal> {
    var plan = await pass.check()
    if await pass.awaitRunningSteps(plan) { plan = await pass.check() }
    do throws(TokenRotation.Refusal) {
      return .success(try TokenRotation(over: pass.fleet, plan, to: digest, underWay: store.rotatingTo))
    } catch {
      return .failure(error)
    }
  }

  /// Tells the cluster, if it does not know yet.
  package func tellCluster(_ rotation: TokenRotation) async throws(RunFailure) {
    if !rotation.isClusterTold {
      guard TokenScript.isPlain(TokenRotation.next, in: vault) else {
        throw RunFailure(
          "the new token has blanks, quotes, backslashes or other characters that k3s is not sent",
          next: "use letters and digits: openssl rand -hex 32")
      }
      let links = pass.fleet.servers.compactMap { pass.links[$0.name] }
      let step = Step(
        "give the cluster its new token",
        .onServer(.rotateToken, TokenScript.input(from: TokenRotation.previous, to: TokenRotation.next), sparing: nil),
        deadline: .seconds(90))
      do throws(NodeFailure) {
        let present = try await ClusterObserver(links).token().token
        let secrets = K3sToken.bare(
          vault.holding(present, as: TokenRotation.previous), TokenRotation.previous)
        if let previous = secrets[TokenRotation.previous] { try keep(previous) }
        let applier = FleetApplier(
          links: pass.links, servers: pass.fleet.servers.map(\.name), vault: secrets, now: pass.now,
          progress: pass.progress)
        let name = pass.fleet.servers.first?.name ?? ""
        if let failed = await applier.carryOut([NodeStep(name, step)]) { throw failed.failure.failure }
      } catch {
        throw RunFailure(error.message, next: error.next)
      }
    }
    // In this order a crash leaves the new token in one place at least, and never a rotation to another one.
    let isOwn = pass.fleet.k3s?.token == K3sToken.own
    if isOwn { try store.keep(next, as: .current) }
    try store.setRotating(to: digest)
    if isOwn { try store.remove(.next) }
  }

  private func keep(_ previous: Secret) throws(NodeFailure) {
    do throws(RunFailure) { try store.keep(previous, as: .previous) } catch {
      throw NodeFailure(.stepFailed, error.message, next: error.next)
    }
  }

  /// Gives it to every node in its turn.
  package func tellNodes(_ rotation: TokenRotation) async -> RunReport { await pass.apply(rotation.plan, inRounds: 1) }

  /// When no node is left without it, the previous one is forgotten.
  ///
  /// - Returns: the nodes that still have the previous token.
  package func end(after report: RunReport) throws(RunFailure) -> [String] {
    let lagging = TokenRotation.lagging(in: report.after)
    guard lagging.isEmpty, !Task.isCancelled else { return lagging }
    try store.setRotating(to: nil)
    try store.remove(.previous)
    return []
  }
}
