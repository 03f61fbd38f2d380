import FleetModel
import SSHClient

/// Runs steps on one node: the only type that changes a node, constructed in this target's `FleetApplier` alone.
struct NodeOperator: StepRunner {
  private let link: NodeLink
  private let vault: SecretVault

  init(_ link: NodeLink, vault: SecretVault) {
    self.link = link
    self.vault = vault
  }

  func run(_ step: Step) async throws(NodeFailure) {
    switch step.action {
    case .run(let script, let input):
      try await run(StepPrelude.text(for: script), input: bytes(input, of: step), step.deadline)
    case .runAsUnit(let script, let input):
      try await runAsUnit(script, input: bytes(input, of: step), step.deadline)
    case .push(let artifact, let path, let mode):
      try await push(artifact, to: path, mode: mode, step.deadline)
    case .reboot:
      try await NodeReboot(link).run(deadline: step.deadline)
    case .verifyAccess:
      try await verifyAccess(step.deadline)
    case .onServer, .await, .snapshot:
      throw NodeFailure(.stepFailed, "\(step.title) is about the cluster and not about a node")
    }
  }

  private func bytes(_ input: StepInput, of step: Step) throws(NodeFailure) -> [UInt8] {
    guard let bytes = StepPrelude.input(input, with: vault) else {
      throw NodeFailure(.secretMissing, "\(step.title) needs a secret that this control node does not have")
    }
    return bytes
  }

  private func run(_ script: String, input: [UInt8], _ deadline: Duration) async throws(NodeFailure) {
    let limits = SSHOutputLimits(stdout: 256 << 10, stderr: 64 << 10)
    let result = try await link.run(script, input: input, limits: limits, deadline: deadline)
    guard !result.succeeded else { return }
    throw NodeFailure(step: result, user: link.user)
  }

  /// Starts the unit and awaits it in one round trip. Should the connection go, the unit goes on: the next pass finds it.
  private func runAsUnit(_ script: StepScript, input: [UInt8], _ deadline: Duration) async throws(NodeFailure) {
    let text = Array(StepPrelude.text(for: script).utf8)
    var bytes = NodeScript.line([script.name, "\(deadline.components.seconds)"])
    for part in [text, input] { bytes += Array("\(part.count)\n".utf8) + part }
    // The node ends the unit at the deadline; the connection waits a little longer to hear of it.
    try await run(TransientUnit.launchAndAwait, input: bytes, deadline + .seconds(30))
  }

  /// Awaits a unit that an earlier run started.
  func awaitUnit(_ name: String, deadline: Duration) async throws(NodeFailure) {
    let line = NodeScript.line([name, "\(deadline.components.seconds)"])
    try await run(TransientUnit.await, input: line, deadline + .seconds(30))
  }

  private func push(_ artifact: Artifact, to path: String, mode: String, _ deadline: Duration) async throws(NodeFailure)
  {
    let connection = try await link.connection()
    let elevation = link.elevation
    let receipt: SSHUploadReceipt
    do throws(SSHError) {
      receipt = try await connection.upload(
        .parts([.file(path: artifact.path)]), to: path, mode: mode, elevation: elevation.words,
        preamble: elevation.preamble, deadline: deadline)
    } catch {
      throw NodeFailure(calling: error)
    }
    guard receipt.sha256 == artifact.sha256 else {
      throw NodeFailure(
        .k3sArtifactWrong, "\(artifact.path) is not the file that was checked: its SHA-256 is \(receipt.sha256)",
        next: "remove it and run again; it is fetched anew")
    }
  }

  private func verifyAccess(_ deadline: Duration) async throws(NodeFailure) {
    do throws(NodeFailure) {
      let fresh = try await link.connectAnew()
      let result = await fresh.sudoTrial(link.elevation, deadline: deadline)
      await fresh.close()
      guard let problem = result else { return }
      throw NodeFailure(.accessLost, problem)
    } catch {
      guard error.reason != .cancelled else { throw error }
      throw NodeFailure(
        .accessLost, "a new login does not work any more: \(error.message)",
        next: "the node undoes the change by itself within \(AccessGuard.patience) s; correct it and run again")
    }
  }
}

extension NodeFailure {
  /// A step's script ended otherwise than with 0: the statuses are those of `StepPrelude`.
  init(step result: SSHResult, user: String) {
    let said = TerminalText.tail(of: String(decoding: result.stderr, as: UTF8.self), lines: 16, width: 500)
      .joined(separator: "\n")
    let message = said.isEmpty ? "it ended with \(result.exit.text) and said nothing" : said
    if let refusal = Self.sudoRefusal(result, said, user) {
      self = refusal
      return
    }
    switch result.exit {
    case .status(65): self.init(.changedMeanwhile, message, next: "somebody else changes the node: run again")
    case .status(75): self.init(.nodeBusy, message, next: "run again when it is done")
    case .status(124): self.init(.stepTimedOut, message)
    default: self.init(.stepFailed, message)
    }
  }
}
