/// What the control node's own side looks like to fleetd. `nil` where something before it was missing.
package struct ControlNodeObservation: Sendable {
  /// What is wrong, and what mends it.
  package struct Trouble: Error, Sendable, Hashable {
    package let message: String
    package let next: String?

    package init(_ message: String, next: String? = nil) {
      self.message = message
      self.next = next
    }
  }

  /// A private key's file, or an agent.
  package struct Identity: Sendable, Hashable {
    package let name: String
    /// Permission bits; `nil` where it is no file of its own.
    package let mode: UInt32?

    package init(name: String, mode: UInt32?) {
      self.name = name
      self.mode = mode
    }
  }

  /// The file that nodes without `spec.hostKeys` are looked up in.
  package struct KnownHosts: Sendable, Hashable {
    package let path: String
    package let exists: Bool
    /// Nodes that have no pinned key.
    package let unpinned: [String]

    package init(path: String, exists: Bool, unpinned: [String]) {
      self.path = path
      self.exists = exists
      self.unpinned = unpinned
    }
  }

  /// Which file was read.
  package var configuration: Result<String, Trouble>
  /// What it declares, in a few words.
  package var inventory: Result<String, Trouble>?
  package var revision: Revision?
  package var identities: Result<[Identity], Trouble>?
  package var knownHosts: Result<KnownHosts, Trouble>?
  /// By name, those that the fleet needs; `nil` as a value: it could be read.
  package var secrets: [String: Trouble?]?

  package init(configuration: Result<String, Trouble>) { self.configuration = configuration }
}
