import ArgumentParser
import FleetModel

/// `fleetd enroll`: one login as somebody else, and fleetd can manage the node from then on.
struct Enroll: FleetCommand {
  static let configuration = CommandConfiguration(
    abstract: "Install fleetd's account, key and sudo right on a node by one login as somebody else.",
    discussion: """
      Logs in as --user with a key or a password, shows the node's host key and what it will change, and asks. Then adds \
      the account of spec.ssh.user, this control node's public key and /etc/sudoers.d/010_fleetd-nopasswd, and tries a new \
      login with sudo. What it made is taken back unless that works. A second run finds nothing to do.

      EXIT CODES
        0    fleetd can use the node
        1    it cannot: something failed or was refused, or nobody agreed
        64   wrong usage
        130  interrupted
      """)

  @Argument(help: "The node.", completion: NodeNames.completion)
  var node: String

  @Option(help: "Who logs in this once: an account that may use sudo, such as the image's first one.")
  var user: String

  @Option(help: ArgumentHelp("A private key for this login; default: those that fleetd uses.", valueName: "file"))
  var identity: String?

  @Flag(help: "Read the password, for the login and for sudo, from the first line of standard input.")
  var passwordStdin = false

  @Option(help: ArgumentHelp("Trust the host key with this fingerprint, without asking.", valueName: "SHA256:…"))
  var fingerprint: String?

  @Flag(name: .shortAndLong, help: "Do not ask before changing the node. The host key is asked for all the same.")
  var yes = false

  @OptionGroup var shared: SharedOptions

  static let interruptionNote: String? = "run it again: it goes on where it was"

  func validate() throws {
    guard fingerprint?.hasPrefix("SHA256:") != false else {
      throw ValidationError("--fingerprint takes what ssh-keygen -l prints: SHA256:…")
    }
  }

  func execute() async throws -> FleetModel.ExitCode {
    let workspace = try Workspace(shared)
    let node = try workspace.fleet.require(node)
    return try await EnrollRun(self, workspace, node).run()
  }
}
