package import FleetModel

/// A commit that is in force: the fleet that it declares, and its files.
package struct DesiredState: Sendable {
  /// The full commit id.
  package let commit: String
  package let fleet: Fleet
  package let repository: StateRepository

  package init(commit: String, fleet: Fleet, repository: StateRepository) {
    self.commit = commit
    self.fleet = fleet
    self.repository = repository
  }
}

/// What is known of the source: the commit in force, and what keeps a newer one from being. A value: every look at the
/// checkout makes the next one.
package struct SourceState: Sendable {
  /// The last good one; `nil`: there never was one.
  package private(set) var current: DesiredState?
  /// The commit at HEAD that is not in force, and why.
  package private(set) var rejected: Rejected?
  /// What keeps the checkout from being looked at or fetched now.
  package private(set) var problem: RunFailure?

  package struct Rejected: Sendable, Hashable {
    package let commit: String
    /// Each with its place, a caret and a hint, as a check prints them.
    package let problems: [String]
    /// Whether the commit itself is wrong; otherwise it is tried again.
    package let isFinal: Bool
  }

  package init() {}

  /// With a commit that is in force already.
  package init(_ desired: DesiredState) { current = desired }

  /// Whether a commit needs to be read: it is neither in force nor known to be bad.
  func isNews(_ commit: String) -> Bool {
    commit != current?.commit && !(commit == rejected?.commit && rejected?.isFinal == true)
  }

  /// HEAD is back at the commit in force.
  mutating func settle() { rejected = nil }

  mutating func take(_ desired: DesiredState) {
    if let current, current.fleet.name != desired.fleet.name {
      reject(
        desired.commit,
        [
          "the Fleet is called \(desired.fleet.name), and \(current.fleet.name) is what this daemon keeps\n"
            + "  = restart fleetd if it is meant: what is kept of the fleet goes by its name"
        ])
      return
    }
    current = desired
    rejected = nil
  }

  mutating func reject(_ commit: String, _ problems: [String], isFinal: Bool = true) {
    rejected = Rejected(commit: commit, problems: problems, isFinal: isFinal)
  }

  mutating func note(_ problem: RunFailure?) { self.problem = problem }
}
