extension SSHConnection {
  /// Runs `command` in the account's shell and returns its output and how it ended.
  ///
  /// A command that exits with a status other than 0 is a result, not an error. The deadline counts from this call on,
  /// a wait for a free channel included. A call that times out or is cancelled closes its channel and returns at most a
  /// second later. The command notices when it next reads or writes; sshd confirms only then, and where that takes
  /// longer than the second, the connection is given up.
  ///
  /// - Parameters:
  ///   - command: a command line for the far side's shell; quote values with `ShellQuoting`. Must not hold NUL.
  ///   - input: what the command reads; the connection sends it while it reads the output.
  ///   - limits: the most output, in bytes; beyond it the call fails with `outputLimitExceeded`.
  public func execute(
    _ command: String,
    input: SSHInput = .none,
    limits: SSHOutputLimits = SSHOutputLimits(),
    deadline: Duration
  ) async throws(SSHError) -> SSHResult {
    guard !command.utf8.contains(0) else {
      throw SSHError(.invalidArgument, destination, "a command cannot hold NUL")
    }
    // A packet of SSH holds 32 KiB; what is longer belongs on the command's input.
    guard command.utf8.count <= 30_000 else {
      throw SSHError(
        .invalidArgument,
        destination,
        "the command has \(command.utf8.count) bytes, at most 30000 can be sent",
        nextStep: "send the text as the command's input"
      )
    }
    let reader = try await SSHInputReader(input, for: destination)
    return try await transport.withCall("running a command", deadline: deadline) { call throws(SSHError) in
      try await self.transport.run(command, input: reader, limits: limits, call)
    }
  }
}

extension SSHInputReader {
  init(_ input: SSHInput, for destination: SSHDestination) async throws(SSHError) {
    do throws(LocalFile.Problem) {
      try await self.init(input)
    } catch {
      throw SSHError(.inputUnreadable, destination, "cannot read the input: \(error.text)")
    }
  }
}
