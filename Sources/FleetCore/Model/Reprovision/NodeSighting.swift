/// What one pass saw of a node, as far as its rebuild is concerned.
package enum NodeSighting: Sendable, Hashable {
  /// It does not answer.
  case away
  /// It answers, and nothing more is known: a step runs on it, or fleetd is not let in.
  case unclear
  /// Something answers with a host key that nobody trusted yet: it might be the node, written anew, or anybody.
  case awaitingTrust
  case seen(Progress)

  package struct Progress: Sendable, Hashable {
    /// It tells one installation from the next.
    package let machineID: String
    /// fleetd never changed it, and no cluster lives on it.
    package let isBlank: Bool
    package internal(set) var hasBaseline: Bool
    package internal(set) var owesReboot: Bool
    /// `nil`: the fleet wants no k3s on it.
    package internal(set) var k3s: K3s?
    /// The plan for it is empty.
    package internal(set) var isConverged: Bool

    package init(
      machineID: String, isBlank: Bool, hasBaseline: Bool, owesReboot: Bool, k3s: K3s?, isConverged: Bool
    ) {
      self.machineID = machineID
      self.isBlank = isBlank
      self.hasBaseline = hasBaseline
      self.owesReboot = owesReboot
      self.k3s = k3s
      self.isConverged = isConverged
    }

    /// Whether `phase` is over, as far as this look tells.
    func hasEnded(_ phase: RebuildPhase) -> Bool {
      switch phase {
      case .reached: true
      case .baseline: hasBaseline
      case .rebooted: !owesReboot
      case .k3sInstalled: k3s?.isInstalled ?? true
      case .joined: k3s?.hasJoined ?? true
      case .ready: k3s?.isReady ?? true
      case .converged: isConverged
      }
    }
  }

  /// How far k3s is on it.
  package struct K3s: Sendable, Hashable {
    package let isInstalled: Bool
    package let hasJoined: Bool
    package let isReady: Bool

    package init(isInstalled: Bool, hasJoined: Bool, isReady: Bool) {
      self.isInstalled = isInstalled
      self.hasJoined = hasJoined
      self.isReady = isReady
    }
  }
}
