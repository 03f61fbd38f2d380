extension SSHTransport {
  /// Runs one command on a channel of its own, feeding it `input` while its output is read.
  /// `preamble` is sent before the input, `trailer` after it, once all of it was read. With `destination` the output goes
  /// into that file, and the result has none.
  nonisolated(nonsending) func run(
    _ command: String,
    preamble: [UInt8] = [],
    input: consuming SSHInputReader,
    trailer: (SSHInputReader) -> [UInt8] = { _ in [] },
    limits: SSHOutputLimits,
    into destination: LocalFileWriter? = nil,
    _ call: SSHCall
  ) async throws(SSHError) -> SSHResult {
    call.activity = "waiting for a channel"
    try await enter(\.channels, call)
    defer { leave(\.channels) }
    let channel = try await open(command, call)
    var exchange = SSHExchange(preamble: preamble, input: input, limits: limits, into: destination)
    do throws(SSHError) {
      try await exchange.run(on: channel, of: self, trailer: trailer, call)
    } catch {
      await abandon(channel)
      throw error
    }
    let exit = pipe.exits[channel.number] ?? .missing
    await abandon(channel)
    return SSHResult(stdout: exchange.stdout.bytes, stderr: exchange.stderr.bytes, exit: exit)
  }

  /// Opens a channel and starts the command on it.
  ///
  /// Interrupted in between, the answers that are still under way would be taken for those of the next channel: the
  /// connection is given up instead.
  private nonisolated(nonsending) func open(_ command: String, _ call: SSHCall) async throws(SSHError) -> SSHChannel {
    try await enter(\.opening, call)
    defer { leave(\.opening) }
    try check(call)
    do throws(SSHError) {
      call.activity = "opening a channel"
      let channel = try await complete(call) { session.openChannel() }
      call.activity = "starting the command"
      call.mayHaveRun = true
      do throws(SSHError) {
        try await complete(call) { channel.run(command) }
      } catch {
        if error.code == .channelFailed { await abandon(channel) }
        throw error
      }
      call.activity = "running the command"
      return channel
    } catch {
      if error.code != .channelFailed { finish(.discarded("a call was interrupted while a channel was opened")) }
      throw error
    }
  }

  /// Closes a channel, however far its command has come. A server that does not confirm it in time costs the
  /// connection: the channel cannot be used again, and neither can its number.
  private nonisolated(nonsending) func abandon(_ channel: borrowing SSHChannel) async {
    guard end == nil else { return }
    do throws(SSHError) {
      try await withUncancellableCall("closing a channel", deadline: Self.closeGrace) { call throws(SSHError) in
        try await complete(call) { channel.close() }
      }
    } catch {
      finish(.discarded("the server did not close a channel within \(Self.closeGrace)"))
    }
  }

  /// How long a call may outlast its deadline or its cancellation while its channel is closed.
  static let closeGrace: Duration = .seconds(1)
}
