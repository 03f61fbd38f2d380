package import YAMLSource

/// An account on the node for keys that may only look: CI holds one, and can run one program with it, as root and without
/// arguments, which answers what the inventory asks about and nothing else (`CheckProgram`).
///
/// Every node has this kind: one without keys is kept free of what an earlier commit granted.
package struct CheckAccess: Resource {
  package static let kind = ResourceKind("checkaccess")
  package static let account = "fleetd-check"

  /// Empty: nobody may look, and there is nothing of all this on the node.
  package let keys: [AuthorizedKey]
  package let mark: YAMLMark?

  package static let fleetField = Field(
    "checkAccess",
    .object([
      Field(
        "keys", .list(of: .text(.checkKey), merge: .atomic), required: true,
        "Public keys that may look at every node and do nothing else: \"ssh-ed25519 AAAA… ci\"; before one, from=\"…\" may stand."
      )
    ]),
    "Who may look at the nodes and do nothing else: a key for CI. `fleetd grant-check` writes it; default nobody."
  )

  package static func decode(
    _ entry: YAMLNode?, in scope: NodeScope, _ diagnostics: inout Diagnostics
  ) -> CheckAccess? {
    if !scope.checkKeys.isEmpty, scope.account == account {
      diagnostics.report(
        at: scope.mark, "\(scope.name): spec.ssh.user is \(account), the account of keys that may only look",
        hint: "fleetd needs another one: see fleetd explain ssh")
    }
    return CheckAccess(keys: scope.checkKeys.compactMap { AuthorizedKey($0) }, mark: scope.mark)
  }

  package var isGranted: Bool { !keys.isEmpty }

  package var claims: [PathClaim] { isGranted ? CheckPaths.written.map { PathClaim($0, at: mark) } : [] }
  package var declared: [String] { isGranted ? [Self.accountName] + CheckPaths.written : [] }
  package var declaredAbsent: [String] { isGranted ? [] : [Self.accountName] + CheckPaths.written }
  package var requiredPackages: [String] { isGranted ? ["sudo"] : [] }

  /// The account, as changes and the node's record name it.
  static let accountName = "account \(account)"

  /// In the order in which they are written: the key comes last.
  func files(for node: NodeSpec) -> [ManagedFile] {
    guard isGranted else { return [] }
    return [
      file(CheckPaths.program, CheckProgram.text, mode: "0755"),
      file(CheckPaths.allowed, CheckGrant(of: node).text, mode: "0644"),
      file(CheckPaths.sudoers, Self.sudoers, mode: "0440", validate: ["visudo", "-c", "-q", "-f", "%s"]),
      file(CheckPaths.keys, keys.map { "\($0.looking.line)\n" }.joined(), mode: "0644"),
    ]
  }

  private func file(_ path: String, _ text: String, mode: String, validate: [String] = []) -> ManagedFile {
    ManagedFile(kind: Self.kind, path: path, content: Content(text), mode: mode, validate: validate, mark: mark)
  }

  /// `""`: without arguments. Of the environment nothing is kept, whatever the node's own sudoers say.
  private static let sudoers = """
    # Managed by fleetd: keys that may only look run this program and nothing else.
    Defaults:\(account) env_reset, !setenv, !requiretty, !env_keep, !env_check
    \(account) ALL=(root) NOPASSWD: \(CheckPaths.program) ""

    """
}

/// Where it lies on a node. All of it is root's.
enum CheckPaths {
  static let program = "/usr/local/lib/fleetd/check"
  static let allowed = "/usr/local/lib/fleetd/check.allow"
  static let sudoers = "/etc/sudoers.d/fleetd-check"
  /// The account's, and nobody but root can write there.
  static let home = "/var/lib/fleetd-check"
  static let keys = "\(home)/.ssh/authorized_keys"
  /// What digests are sealed with: made on the node, never told.
  static let seal = "/var/lib/fleetd/check.key"

  static let written = [program, allowed, sudoers, keys]
}
