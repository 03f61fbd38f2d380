/// How an account becomes root on a node.
package struct Elevation: Sendable {
  /// What stands before a command. Constants without an apostrophe: any login shell takes them in single quotes.
  package let words: [String]
  private let password: Secret?

  /// What standard input begins with, before that of the command: the password's line, or nothing.
  package var preamble: [UInt8] { password.map { $0.withBytes { $0 + [0x0A] } } ?? [] }

  /// - Parameters:
  ///   - user: the account; root needs nothing.
  ///   - password: of that account, for sudo; `nil`: sudo must not ask for one.
  package init(of user: String, password: Secret? = nil) {
    self.password = user == "root" ? nil : password
    if user == "root" {
      words = []
    } else {
      words = password == nil ? Self.sudo : Self.sudoWithPassword
    }
  }

  /// Whether a password can travel on a line of its own.
  package static func accepts(password: Secret) -> Bool {
    password.withBytes { bytes in !bytes.isEmpty && bytes.count <= 512 && !bytes.contains { [0, 10, 13].contains($0) } }
  }

  /// sudo speaks English then, whatever the node's language is: what it says tells a refusal from other failures.
  /// env(1), as not every login shell knows `LC_ALL=C sudo`.
  private static let sudo = ["env", "LC_ALL=C", "sudo", "-n"]

  /// The account's own shell takes the password's line from the connection and gives it to sudo on a pipe of its own,
  /// that holds nothing else. So sudo has exactly one try: to ask again it finds the end of its input, where a shared
  /// input would have offered it the script as further passwords, and locked the account. And a password that sudo did
  /// not want never reaches the command, which opens the connection's input as that of the shell above (`/proc/PID/fd/0`;
  /// sshd gives its sessions a pipe).
  ///
  /// `-k` with a command neither uses nor leaves behind a cached login.
  private static let sudoWithPassword = [
    "/bin/sh", "-c",
    ##"IFS= read -r p && printf "%s\n" "$p" | env LC_ALL=C sudo -k -S -p "" "##
      + ##"/bin/sh -c "exec <\"/proc/\$0/fd/0\" && exec \"\$@\"" "$$" "$@""##,
    "fleetd",
  ]
}
