/// Whether a node may go from one k3s release to another.
///
/// Kubernetes' version skew policy: an API server takes one minor version at a time; a kubelet is never newer than the
/// API server and may be several minors older, so that an agent which was away may catch up in one go. k3s cannot go
/// back: its datastore is written by the newer release.
package enum K3sUpgradeRule {
  package enum Verdict: Sendable, Hashable {
    case allowed
    case refused(Reason, message: String, next: String)
    /// The server goes first.
    case waitsForServer(message: String)
  }

  /// - Parameters:
  ///   - installed: what the node has; `nil`: nothing.
  ///   - isLiving: whether the node has a cluster's data that the installed release wrote.
  ///   - server: what the fleet's server runs, or will run before the agents' turn; `nil`: nothing, or it was not seen.
  package static func verdict(
    from installed: K3sVersion?,
    to wanted: K3sVersion,
    role: Role,
    isLiving: Bool,
    server: K3sVersion?
  ) -> Verdict {
    if role == .agent {
      guard let server else {
        return .waitsForServer(
          message: "an agent is never newer than its server, and what the server runs is not known"
        )
      }
      guard wanted <= server else {
        return .waitsForServer(
          message: "the server runs \(server), and an agent is never newer: \(wanted) waits for it"
        )
      }
    }
    guard let installed, isLiving, installed != wanted else { return .allowed }
    if wanted < installed {
      return .refused(
        .k3sDowngrade,
        message: "k3s would go back from \(installed) to \(wanted), which k3s does not support",
        next:
          "set spec.k3s.version to \(installed) or newer; going back means restoring a snapshot of the older release"
      )
    }
    let isNextMinor = wanted.major == installed.major && wanted.minor <= installed.minor + 1
    guard role == .server, !isNextMinor else { return .allowed }
    return .refused(
      .k3sSkippedMinor,
      message: "k3s would go from \(installed) to \(wanted) and skip a minor version",
      next: "set spec.k3s.version to a release of v\(installed.major).\(installed.minor + 1) first"
    )
  }
}
