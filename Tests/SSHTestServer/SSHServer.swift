import FoundationEssentials

/// A real sshd on a port of 127.0.0.1, with keys of its own, for tests and benchmarks.
///
/// It serves the account that runs the tests; as root it needs the account `sshd` for privilege separation. It ends
/// with `stop()`, and also when this process dies.
public final class SSHServer: Sendable {
  public let port: Int
  public let keys: SSHTestKeys
  private let directory: TemporaryDirectory
  private let process: ChildProcess

  /// Where sshd is looked for; Debian's place.
  public static let program = "/usr/sbin/sshd"

  /// sshd can be run here.
  public static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: program) }

  /// The account of this process.
  public static let user = accountName()

  /// Starts a server and returns when it listens.
  ///
  /// - Parameters:
  ///   - keys: shared between servers: making an RSA key takes a second.
  ///   - hostKeyTypes: which of `keys` the server shows.
  ///   - address: where it listens; an IPv6 address stands in brackets.
  ///   - maxStartups: clients that may be logging in at the same time.
  ///   - options: further lines for sshd_config.
  ///   - account: one that this server alone knows; needs root.
  public init(
    keys: SSHTestKeys,
    hostKeyTypes: [SSHTestKeys.HostKeyType] = SSHTestKeys.HostKeyType.allCases,
    address: String = "127.0.0.1",
    maxStartups: Int = 2000,
    options: [String] = [],
    account: SSHTestAccount? = nil
  ) throws {
    self.keys = keys
    directory = try TemporaryDirectory()
    try makePrivilegeSeparationDirectory()
    var attempt = 0
    while true {
      let port = try freePort()
      let lines = ["ListenAddress \(address):\(port)", "MaxStartups \(maxStartups)"] + options
      let configuration = try Self.writeConfiguration(lines, keys, hostKeyTypes, in: directory)
      let process = try ChildProcess(
        (account?.launcher(in: directory) ?? []) + [Self.program, "-D", "-e", "-f", configuration])
      if process.waitForLine(containing: "Server listening on") {
        self.port = port
        self.process = process
        return
      }
      // Somebody else may have taken the port between looking and starting.
      attempt += 1
      guard attempt < 5, process.output.contains("Address already in use") else {
        throw SSHTestError(problem: "sshd does not start: \(process.output)")
      }
    }
  }

  /// What sshd has logged so far.
  public var log: String { process.output }

  /// Ends the server; sessions end with their clients.
  public func stop() {
    process.terminate()
  }

  /// Ends the server and returns what it has logged. All its clients must be gone: their sshd processes log, too.
  public func stopAndReadLog() -> String {
    process.terminate()
    process.waitForEndOfOutput()
    return process.output
  }

  private static func writeConfiguration(
    _ lines: [String],
    _ keys: SSHTestKeys,
    _ hostKeyTypes: [SSHTestKeys.HostKeyType],
    in directory: TemporaryDirectory
  ) throws -> String {
    // sshd takes the first of several lines for most options.
    let lines =
      lines + [
        "PidFile none", "UsePAM no", "StrictModes no", "UseDNS no",
        "AuthorizedKeysFile \(keys.authorizedKeys)", "PasswordAuthentication no", "KbdInteractiveAuthentication no",
        "PermitRootLogin prohibit-password", "MaxSessions 20", "LoginGraceTime 60",
        "PrintMotd no", "PrintLastLog no", "LogLevel INFO",
        // Not the start-up files of whoever runs the tests.
        "SetEnv HOME=\(directory.path)",
      ] + hostKeyTypes.map { "HostKey \(keys.hostKeyFile($0))" }
    return try directory.write(lines.joined(separator: "\n") + "\n", to: "sshd_config")
  }
}

/// Something that a test needs could not be set up.
public struct SSHTestError: Error, CustomStringConvertible {
  public let problem: String

  public var description: String { problem }
}
