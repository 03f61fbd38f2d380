package import YAMLSource

/// Accounts of the node: their groups, shell, password and authorized keys.
///
/// What is not declared of an account is left alone; groups and keys are added to those that are there.
package struct Users: Resource {
  package static let kind = ResourceKind("user")

  /// In the order of their names.
  package let users: [User]

  package static func decode(
    _ entry: YAMLNode?,
    in scope: NodeScope,
    _ diagnostics: inout Diagnostics
  ) -> Users? {
    let users = (entry?.mapping?.entries ?? []).map { User(decoding: $0, &diagnostics) }
    let byNumber = Dictionary(grouping: users.filter { $0.uid != nil }) { $0.uid }
    for twins in byNumber.values where twins.count > 1 {
      diagnostics.report(
        at: twins.last?.mark,
        "users: \(twins.map(\.name).sorted().joined(separator: " and ")) have the same uid"
      )
    }
    return users.isEmpty ? nil : Users(users: users.sorted { $0.name < $1.name })
  }

  package var claims: [PathClaim] {
    users.filter { $0.keys != nil }.map { PathClaim($0.likelyHome + "/.ssh/authorized_keys", at: $0.mark) }
  }

  package var declared: [String] { users.filter { !$0.isAbsent }.map(\.name) }
  package var declaredAbsent: [String] { users.filter { $0.isAbsent }.map(\.name) }

  package var secrets: [SecretReference] {
    users.compactMap { if case .hash(let reference) = $0.password { reference } else { nil } }
  }

  /// Per account: its name, whether its password matters, whether its authorized keys do.
  package func probeLines(of node: NodeSpec, with vault: SecretVault) -> [[String]] {
    users.map { [$0.name, $0.password == nil ? "no" : "yes", $0.keys == nil ? "no" : "yes"] }
  }
}

/// One account as it shall be; `nil` is as it is on the node.
package struct User: Sendable, Hashable {
  package enum Password: Sendable, Hashable {
    /// No password lets anybody in.
    case locked
    /// What crypt(3) makes of it, `$y$…`.
    case hash(SecretReference)
  }

  package let name: String
  package let uid: Int?
  /// The primary group.
  package let group: String?
  /// Further groups, sorted.
  package let groups: [String]
  package let shell: String?
  package let home: String?
  package let comment: String?
  package let isSystem: Bool
  package let password: Password?
  /// `nil`: authorized_keys is left alone.
  package let keys: [AuthorizedKey]?
  /// Whether other keys are removed.
  package let keysAreExclusive: Bool
  package let isAbsent: Bool
  /// With `isAbsent`: whether its home goes as well.
  package let removesHome: Bool
  package let mark: YAMLMark?

  /// Where the home is, unless the node says otherwise.
  var likelyHome: String { home ?? (name == "root" ? "/root" : "/home/\(name)") }
}
