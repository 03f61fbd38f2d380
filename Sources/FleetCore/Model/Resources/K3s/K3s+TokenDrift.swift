extension K3s {
  /// Why this node must not be given the wanted token; `nil`: it may.
  ///
  /// Of a set-up by others `K3sTakeover` says whether it gives k3s the wanted one.
  func tokenDrift(_ observed: K3sObservation, in context: PlanContext) -> Finding? {
    // A missing secret is told by the file that needs it.
    guard let wanted = K3sToken.digest(of: token, in: context.vault) else { return nil }
    let livingServer = role == .server && observed.data.datastore != nil ? context.node.name : nil
    let isGiven = observed.foreignUnit != nil || hasToken(observed, in: context)
    switch context.cluster.token.verdict(on: wanted, server: livingServer, isGiven: isGiven) {
    case .agrees: return nil
    case .differsHere where observed.foreignUnit != nil: return nil
    case .differsHere:
      return drift(
        "the datastore is encrypted with another token (\(K3sPaths.serverToken)) than \(tokenName): a restart of k3s with "
          + "that would end in \"encrypted with different token\"", on: context.node.name)
    case .differs(let servers):
      return drift(
        "the cluster's token on \(servers.joined(separator: ", ")) is another than \(tokenName): k3s here would be locked "
          + "out with that", on: servers[0])
    case .unknown:
      return drift(
        "there is no \(K3sPaths.serverToken), and k3s is given another token than \(tokenName): with which one the "
          + "datastore is encrypted cannot be told", on: context.node.name)
    }
  }

  private func hasToken(_ observed: K3sObservation, in context: PlanContext) -> Bool {
    guard case .regular(let attributes, _)? = observed.files[K3sPaths.token] else { return false }
    let authorities = [context.cluster.authority].compactMap { $0 }
    let forms = [Content(secret: token)] + authorities.map { Content([.text("K10\($0)::server:"), .secret(token)]) }
    return forms.contains { $0.digest(with: context.vault) == attributes.digest }
  }

  private var tokenName: String {
    token == K3sToken.own ? "the one that fleetd keeps on the control node" : "the secret \(token.name)"
  }

  private func drift(_ message: String, on server: String) -> Finding {
    let keep =
      token == K3sToken.own
      ? "fleetd token adopt keeps the cluster's own token here"
      : "put the cluster's token into the secret \(token.name) (on \(server): cut -d: -f4 \(K3sPaths.serverToken))"
    return Finding(
      .refused, .k3sTokenDrift, Self.kind, message,
      next: "\(keep); or give the cluster the other one: fleetd token rotate")
  }
}
