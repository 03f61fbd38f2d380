import Glibc

/// An account with a password that exists for one sshd only: it sees account files of its own, in a mount namespace.
public struct SSHTestAccount: Sendable {
  public let name: String
  public let password: String

  public init(name: String = "passworded", password: String) {
    self.name = name
    self.password = password
  }

  /// Namespaces and account files are root's.
  public static var isAvailable: Bool { getuid() == 0 }

  /// Words that start a program which knows the account.
  func launcher(in directory: TemporaryDirectory) -> [String] {
    [
      "/usr/bin/unshare", "-m", "--propagation", "private", "/bin/sh", "-c", Self.script, "sh", directory.path, name,
      password,
    ]
  }

  /// perl is essential in Debian, and knows crypt(3).
  private static let script = #"""
    set -e
    directory=$1 name=$2 password=$3; shift 3
    hash=$(perl -e 'print crypt($ARGV[0], "\$6\$fleetdtest\$")' "$password")
    { cat /etc/passwd; echo "$name:x:61234:61234::/:/bin/sh"; } > "$directory/passwd"
    { cat /etc/shadow; echo "$name:$hash:19000:0:99999:7:::"; } > "$directory/shadow"
    chmod 0644 "$directory/passwd"; chmod 0600 "$directory/shadow"; chmod 0711 "$directory"
    mount --bind "$directory/passwd" /etc/passwd
    mount --bind "$directory/shadow" /etc/shadow
    exec "$@"
    """#
}
