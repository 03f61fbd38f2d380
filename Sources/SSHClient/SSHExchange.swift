/// The bytes that one command and this side exchange: input, output and errors at the same time, so that neither side
/// waits for the other to read.
struct SSHExchange {
  var stdout: SSHOutput
  var stderr: SSHOutput
  private var input: SSHInputReader
  /// Read from the input and not sent yet. Its first bytes stay until libssh2 has taken them.
  private var pending: ArraySlice<UInt8>
  private var inputState = InputState.reading

  private enum InputState {
    case reading
    /// Everything was read, the last bytes are in `pending`.
    case sending
    case ended
  }

  /// After so many bytes the other connections of the event loop have their turn.
  private static let turn = 1 << 20

  init(preamble: [UInt8], input: SSHInputReader, limits: SSHOutputLimits) {
    self.input = input
    pending = preamble[...]
    stdout = SSHOutput(name: "stdout", limit: limits.stdout)
    stderr = SSHOutput(name: "stderr", limit: limits.stderr)
  }

  /// Runs until the server has closed the channel. A command that ends without reading its input ends the exchange: its
  /// exit status says whether that is a failure.
  nonisolated(nonsending) mutating func run(
    on channel: borrowing SSHChannel,
    of transport: SSHTransport,
    trailer: (SSHInputReader) -> [UInt8],
    _ call: SSHCall
  ) async throws(SSHError) {
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    defer { scratch.deallocate() }
    var turn = Self.turn
    while true {
      call.look()
      try transport.check(call)
      var moved = 0
      // In turns: both streams share one window, and a full one must not starve the other.
      moved += try stdout.read(.stdout, of: channel, transport, call, scratch)
      moved += try stderr.read(.stderr, of: channel, transport, call, scratch)
      try await refill(trailer, transport.destination)
      moved += try send(on: channel, transport, call)
      if channel.isAtEnd, try isClosed(channel, transport, call) { return }
      if moved == 0 {
        try await transport.change(call)
      }
      turn -= moved
      if turn <= 0 {
        turn = Self.turn
        await Task.yield()
      }
    }
  }

  private nonisolated(nonsending) mutating func refill(
    _ trailer: (SSHInputReader) -> [UInt8],
    _ destination: SSHDestination
  ) async throws(SSHError) {
    guard inputState == .reading, pending.isEmpty else { return }
    do throws(LocalFile.Problem) {
      if let piece = try await input.next() {
        pending = piece[...]
      } else {
        pending = trailer(input)[...]
        inputState = .sending
      }
    } catch {
      throw SSHError(.inputUnreadable, destination, "cannot read the input: \(error.text)")
    }
  }

  /// Writes while the socket and the command keep up; returns the bytes that were taken.
  private mutating func send(
    on channel: borrowing SSHChannel,
    _ transport: SSHTransport,
    _ call: SSHCall
  ) throws(SSHError) -> Int {
    var sent = 0
    while !pending.isEmpty, transport.canWrite {
      let step = transport.perform { channel.write(pending) }
      switch step {
      case .done(let count):
        pending.removeFirst(count)
        sent += count
        if count == 0 { return sent }
      case .wouldBlock: return sent
      case .failed(let failure): throw transport.error(for: failure, call)
      }
    }
    if inputState == .sending, pending.isEmpty {
      switch transport.perform({ channel.sendEnd() }) {
      case .done: inputState = .ended
      case .wouldBlock: break
      case .failed(let failure): throw transport.error(for: failure, call)
      }
    }
    return sent
  }

  private func isClosed(
    _ channel: borrowing SSHChannel,
    _ transport: SSHTransport,
    _ call: SSHCall
  ) throws(SSHError) -> Bool {
    switch transport.perform({ channel.waitClosed() }) {
    case .done: return true
    case .wouldBlock: return false
    case .failed(let failure): throw transport.error(for: failure, call)
    }
  }
}

/// One stream of a command's output, bounded.
struct SSHOutput {
  let name: String
  let limit: Int
  private(set) var bytes: [UInt8] = []

  init(name: String, limit: Int) {
    self.name = name
    self.limit = limit
  }

  /// Reads what is there now; returns how many bytes. Throws when it is more than the limit.
  mutating func read(
    _ stream: SSHChannel.Stream,
    of channel: borrowing SSHChannel,
    _ transport: SSHTransport,
    _ call: SSHCall,
    _ scratch: UnsafeMutableRawBufferPointer
  ) throws(SSHError) -> Int {
    switch transport.perform({ channel.read(stream, into: scratch) }) {
    case .wouldBlock: return 0
    case .failed(let failure): throw transport.error(for: failure, call)
    case .done(let count):
      guard bytes.count + count <= limit else {
        throw SSHError(
          .outputLimitExceeded,
          transport.destination,
          "the command wrote more than \(limit) bytes to \(name)"
        )
      }
      bytes += scratch.prefix(count)
      return count
    }
  }
}
