import YAMLSource

/// What only the cluster can tell: whom a node joins, and with which form of the token.
extension K3s {
  enum Placement {
    case placed(K3s)
    /// Another server comes first; what it will be then, as far as that is known.
    case waits(String, K3s)
    case refused(Finding)
  }

  /// This desired state, fitted to the cluster as it is.
  ///
  /// What is on the node and means the same stays, to the byte: a node that points at any declared server is as wanted,
  /// and one that holds the token in either form too. So losing a server, or gaining one, restarts nobody.
  func placed(over observed: K3sObservation, in context: PlanContext) -> Placement {
    let present = presentConfiguration(observed, in: context)
    let cluster = context.cluster
    let configuration: K3sConfiguration
    switch role {
    case .server:
      switch cluster.start {
      case .waits(let why)?:
        return .waits(
          why, with(joining(through: endpoint ?? preferred(present, cluster.running)), token: Content(secret: token)))
      case .refused(let why)?: return .refused(foundingRefused(why))
      case .joins(let urls)?: configuration = joining(through: endpoint ?? preferred(present, urls))
      case .goesOn?: configuration = goingOn(present)
      case .founds?, nil: configuration = self.configuration
      }
    case .agent:
      let urls = cluster.running + servers
      configuration = self.configuration.overlaid(with: Self.server(endpoint ?? preferred(present, urls)))
    }
    if isTokenUntold(observed, in: context) { return .placed(with(configuration, token: nil)) }
    guard let token = tokenContent(over: observed, in: context) else {
      return .waits(
        "it joins with a token that names the cluster's CA, and no server runs yet that has one",
        with(configuration, token: Content(secret: self.token)))
    }
    return .placed(with(configuration, token: token))
  }

  /// The server in the node's file, if it leads into this cluster; else the first of `urls`.
  private func preferred(_ present: K3sConfiguration?, _ urls: [String]) -> String {
    if let url = present?.text(of: "server"), servers.contains(url) { return url }
    return urls.first ?? servers.first ?? ""
  }

  private static func server(_ url: String) -> K3sConfiguration { K3sConfiguration([("server", url)]) }

  private func joining(through url: String) -> K3sConfiguration {
    configuration.without(["cluster-init"]).overlaid(with: Self.server(url))
  }

  /// A member takes no notice of `cluster-init` and `server` any more: whichever is there stays.
  private func goingOn(_ present: K3sConfiguration?) -> K3sConfiguration {
    guard let url = present?.text(of: "server"), servers.contains(url) || url == endpoint else { return configuration }
    return joining(through: url)
  }

  /// Whether the file of a node that has joined may hold the token in its secure form, and no server tells the hash that is
  /// in it: what runs is not restarted for want of knowing better.
  private func isTokenUntold(_ observed: K3sObservation, in context: PlanContext) -> Bool {
    guard context.cluster.authority == nil, observed.data.isLiving(as: role),
      case .regular(let attributes, _)? = observed.files[K3sPaths.token]
    else { return false }
    return Content(secret: token).digest(with: context.vault) != attributes.digest
  }

  /// The token in the short form where a cluster is founded, which takes no other; else with the CA's hash in it, so that
  /// a node joins this cluster and no other. `nil`: the hash is not known yet.
  private func tokenContent(over observed: K3sObservation, in context: PlanContext) -> Content? {
    let short = Content(secret: token)
    let secure = context.cluster.authority.map { Content([.text("K10\($0)::server:"), .secret(token)]) }
    if case .regular(let attributes, _)? = observed.files[K3sPaths.token] {
      for form in [short, secure].compactMap({ $0 }) where form.digest(with: context.vault) == attributes.digest {
        return form
      }
    }
    if observed.data.isLiving(as: role) { return secure ?? short }
    switch context.cluster.start {
    case .founds?: return short
    case .joins?: return secure
    default: return role == .server ? short : secure
    }
  }

  private func foundingRefused(_ why: String) -> Finding {
    Finding(
      .refused,
      .foundingRefused,
      Self.kind,
      "k3s is not started on this blank server, as it would found a second cluster: \(why)",
      next: "bring the others back; or restore a snapshot (fleetd snapshot restore); or, where the old cluster is gone "
        + "for good, --found-new-cluster and the fleet's name"
    )
  }
}
