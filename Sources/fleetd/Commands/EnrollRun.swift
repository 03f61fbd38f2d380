import FleetApply
import FleetModel
import FleetReconcile
import Glibc
import NIOCore
import NIOPosix
import SSHClient

/// One enrolment from the command line's words to its exit code.
struct EnrollRun {
  private let line: Enroll
  private let workspace: Workspace
  private let node: NodeSpec
  private let files: ControlNodeFiles
  private let password: AskedPassword

  init(_ line: Enroll, _ workspace: Workspace, _ node: NodeSpec) {
    self.line = line
    self.workspace = workspace
    self.node = node
    files = ControlNodeFiles(workspace.configuration)
    password = AskedPassword(
      question: "password of \(line.user) on \(node.name) (not shown):", isFromInput: line.passwordStdin)
  }

  func run() async throws -> FleetModel.ExitCode {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    do {
      let code = try await run(on: group)
      try await group.shutdownGracefully()
      return code
    } catch {
      try await group.shutdownGracefully()
      throw error
    }
  }

  private func run(on group: any EventLoopGroup) async throws -> FleetModel.ExitCode {
    let identities = try await identities(on: group)
    guard let hostKeys = try await trustedHostKeys(through: bastionIdentities(identities), on: group) else {
      return .failed
    }
    let (keyPath, ownIdentity) = try await ownKey(among: identities)
    let key = try SSHPublicKey(authorizedKeysLine: try await OwnKey.publicLine(of: keyPath)).line + " fleetd"
    let jump = try files.jump(to: node, bastionIdentities(identities))
    func link(_ user: String, _ identities: [SSHIdentity], sudo: Secret? = nil) -> NodeLink {
      NodeLink(
        to: node.entered(by: user), sudoPassword: sudo,
        configuration: SSHConfiguration(hostKeys: .pinned(hostKeys), identities: identities, jump: jump), on: group)
    }
    let own = link(node.ssh.user, [ownIdentity])
    if await NodeEnroller.trial(of: own) == nil {
      Console.note("\(node.name): \(node.ssh.user) logs in with \(keyPath) and may use sudo; there is nothing to do")
      return .inSync
    }
    let theirIdentities = loginIdentities(identities)
    var theirs = link(line.user, theirIdentities)
    if let sudo = try await sudoPassword(theirs) {
      await theirs.close()
      theirs = link(line.user, theirIdentities, sudo: sudo)
    }
    let enroller = NodeEnroller(by: theirs, for: own, progress: Progress(line.shared, isLive: false).sink)
    do {
      let code = try await enrol(enroller, key: key, keyPath)
      await theirs.close()
      return code
    } catch {
      await theirs.close()
      throw error
    }
  }

  /// The keys that the node may show; `nil`: somebody said no, or must write the inventory first.
  private func trustedHostKeys(
    through bastionIdentities: [SSHIdentity], on group: any EventLoopGroup
  ) async throws -> [SSHPublicKey]? {
    let review = try await files.review(of: node, bastionIdentities: bastionIdentities, on: group)
    if review.isSettled { return review.known }
    guard Console.result(review.lines.joined(separator: "\n") + "\n") else { return nil }
    guard let key = try HostKeyConsent(review).answer(fingerprint: line.fingerprint) else { return nil }
    guard try files.trust(key, by: review) else { return nil }
    if review.source == .inventory { return nil }
    return [key]
  }

  /// What fleetd logs in with; where nothing is configured there may be no key yet.
  private func identities(on group: any EventLoopGroup) async throws -> [SSHIdentity] {
    let configuration = workspace.configuration
    if configuration.identities.isEmpty { return (try? files.identities()) ?? [] }
    return try await Wiring(configuration: configuration, group: group).identities()
  }

  /// The first key in a file that fleetd logs in with; one is made where there is none.
  private func ownKey(among identities: [SSHIdentity]) async throws -> (path: String, SSHIdentity) {
    for case .file(path: let path, passphrase: let passphrase) in identities {
      if access(path, F_OK) != 0, errno == ENOENT { try await makeKey(path) }
      return (path, .file(path: path, passphrase: passphrase))
    }
    guard workspace.configuration.identities.isEmpty else {
      throw RunFailure(
        "enroll installs the key of a file, and ssh.identities of the control node's configuration names none",
        next: "add one, {file: \(files.ownKeyPath)}; it is made if it is not there")
    }
    try await makeKey(files.ownKeyPath)
    return (files.ownKeyPath, .file(path: files.ownKeyPath))
  }

  private func makeKey(_ path: String) async throws {
    try await OwnKey.make(path)
    Console.note("made a key to log in with: \(path), without a passphrase; keep a copy, it opens every node")
  }

  /// A bastion is entered with keys alone: the password that is asked for is the node's.
  private func bastionIdentities(_ own: [SSHIdentity]) -> [SSHIdentity] {
    (line.identity.map { [LoginIdentities.file($0)] } ?? []) + own
  }

  private func loginIdentities(_ own: [SSHIdentity]) -> [SSHIdentity] {
    let keys = line.identity.map { [LoginIdentities.file($0)] } ?? own
    return keys + [.password(SSHPassword { [password] in await password.bytes() })]
  }

  /// `nil`: sudo asks for none. The account's login is tried here.
  private func sudoPassword(_ link: NodeLink) async throws -> Secret? {
    guard let failure = await NodeEnroller.trial(of: link) else { return nil }
    guard failure.reason == .sudoRefused, failure.message.contains("a password is required") else {
      throw RunFailure("\(node.name): \(failure.message)", next: Self.next(after: failure, line.user))
    }
    guard let bytes = await password.bytes() else {
      throw RunFailure(
        "\(node.name): sudo asks \(line.user) for a password, and there is no terminal to ask on",
        next: "give it on the first line of standard input: --password-stdin")
    }
    guard Elevation.accepts(password: Secret(bytes)) else { throw RunFailure("this cannot be a password for sudo") }
    return Secret(bytes)
  }

  private static func next(after failure: NodeFailure, _ user: String) -> String? {
    failure.reason == .authenticationFailed
      ? "is the password of \(user) right? without a terminal it is read with --password-stdin; a key with --identity"
      : failure.next
  }

  private func enrol(_ enroller: NodeEnroller, key: String, _ keyPath: String) async throws -> FleetModel.ExitCode {
    let enrolment: Enrolment
    do throws(NodeFailure) {
      enrolment = Enrolment(of: node.ssh.user, key: key, from: try await enroller.observe())
    } catch {
      throw RunFailure("\(node.name): \(error.message)", next: error.next)
    }
    let style = TerminalStyle(isColored: line.shared.isColored)
    guard Console.result(EnrolmentText(style: style).render(enrolment, on: node)) else { return .failed }
    guard enrolment.obstacles.isEmpty else { return .failed }
    guard !enrolment.isDone else {
      let failure = await enroller.trial()
      throw RunFailure(
        "\(node.name): account, key and sudoers are as they shall be, and yet: \(failure?.message ?? "it works now")",
        next: failure?.next ?? "run again")
    }
    guard try isAgreed() else {
      Console.note("nothing was changed")
      return .failed
    }
    do throws(StepFailure) {
      try await enroller.enrol(enrolment, key: key)
    } catch {
      throw RunFailure(
        "\(node.name): \(error.step): \(error.failure.message); what was made is taken back", next: error.failure.next)
    }
    Console.note("\(node.name): \(node.ssh.user) logs in with \(keyPath) and may use sudo; next: fleetd --check")
    return .inSync
  }

  private func isAgreed() throws(RunFailure) -> Bool {
    if line.yes { return true }
    guard Console.isTerminal(0), Console.isTerminal(2) else {
      throw RunFailure("this changes the node, and there is no terminal to ask on", next: "add --yes")
    }
    return Console.confirm("Do this on \(node.name)?")
  }
}
