/// Host keys of every type and two user keys, made by ssh-keygen in a temporary directory.
public final class SSHTestKeys: Sendable {
  public enum HostKeyType: String, Sendable, CaseIterable {
    case ed25519
    case ecdsa
    case rsa
  }

  public static let passphrase = #"open "sésame" $HOME"#

  private let directory: TemporaryDirectory

  public init() throws {
    directory = try TemporaryDirectory()
    // sshd reads authorized_keys as the account that logs in.
    directory.letOthersThrough()
    for type in HostKeyType.allCases { try make(type.rawValue, "host_\(type.rawValue)") }
    for name in ["user_ed25519", "stranger"] { try make("ed25519", name) }
    try make("ecdsa", "user_ecdsa")
    try make("rsa", "user_rsa")
    try make("ed25519", "user_encrypted", passphrase: Self.passphrase)
    let accepted = try ["user_ed25519", "user_ecdsa", "user_rsa", "user_encrypted"].map {
      try directory.read("\($0).pub")
    }
    _ = try directory.write(accepted.joined(), to: "authorized_keys")
  }

  public func hostKeyFile(_ type: HostKeyType) -> String { directory.path("host_\(type.rawValue)") }

  /// The line of a host's public key, as an inventory would pin it.
  public func hostKeyLine(_ type: HostKeyType) throws -> String { try directory.read("host_\(type.rawValue).pub") }

  /// Accepted by every server that uses these keys.
  public var userKey: String { directory.path("user_ed25519") }
  public var ecdsaUserKey: String { directory.path("user_ecdsa") }
  public var rsaUserKey: String { directory.path("user_rsa") }
  /// Refused by every server.
  public var strangersKey: String { directory.path("stranger") }
  /// Accepted, and protected by `passphrase`.
  public var encryptedKey: String { directory.path("user_encrypted") }

  /// The same without its passphrase.
  public func decryptedCopy() throws -> String {
    let copy = try directory.write(try directory.read("user_encrypted"), to: "user_decrypted")
    let change = try ChildProcess(
      ["/bin/sh", "-c", #"chmod 0600 "$2" && ssh-keygen -q -p -P "$1" -N "" -f "$2""#, "sh", Self.passphrase, copy])
    guard change.wait() == 0 else { throw SSHTestError(problem: "ssh-keygen failed: \(change.output)") }
    return copy
  }

  var authorizedKeys: String { directory.path("authorized_keys") }

  private func make(_ type: String, _ name: String, passphrase: String = "") throws {
    let process = try ChildProcess(
      ["/usr/bin/ssh-keygen", "-q", "-t", type, "-N", passphrase, "-C", name, "-f", directory.path(name)])
    guard process.wait() == 0 else { throw SSHTestError(problem: "ssh-keygen failed: \(process.output)") }
  }
}
