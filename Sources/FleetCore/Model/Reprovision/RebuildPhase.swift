/// The phases of a rebuild, in order; each is named after what ends it.
package enum RebuildPhase: String, Sendable, Hashable, CaseIterable, Comparable {
  /// The board answers, and its host key is trusted.
  case reached
  /// Packages, files and the kernel's settings are as declared.
  case baseline
  /// No reboot is owed any more.
  case rebooted
  /// The declared release of k3s is on disk.
  case k3sInstalled = "k3s installed"
  /// The node has joined its cluster.
  case joined
  /// Its Node object is Ready, with this boot's heartbeat.
  case ready = "Ready"
  /// A pass finds nothing left to do.
  case converged

  /// Those that a node without k3s goes through too.
  package var isOfK3s: Bool { self == .k3sInstalled || self == .joined || self == .ready }

  package static func < (one: Self, other: Self) -> Bool { one.place < other.place }

  private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
