/// The bytes that one command and this side exchange: input, output and errors at the same time, so that neither side
/// waits for the other to read.
struct SSHExchange {
  var stdout: SSHOutput
  var stderr: SSHOutput
  private var input: SSHInputReader
  /// Read from the input and not sent yet. Its first bytes stay until libssh2 has taken them.
  private var pending: ArraySlice<UInt8>
  private var inputState = InputState.reading
  /// Where the output goes piece by piece; `nil`: it is kept.
  private let destination: LocalFileWriter?

  private enum InputState {
    case reading
    /// Everything was read, the last bytes are in `pending`.
    case sending
    case ended
  }

  /// After so many bytes the other connections of the event loop have their turn.
  private static let turn = 1 << 20

  /// Output waits here for the disk up to so many bytes; meanwhile the far side waits for its window.
  private static let pieceSize = 512 << 10

  init(preamble: [UInt8], input: SSHInputReader, limits: SSHOutputLimits, into destination: LocalFileWriter? = nil) {
    self.input = input
    self.destination = destination
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
      if stdout.bytes.count >= Self.pieceSize { try await store(transport.destination) }
      try await refill(trailer, transport.destination)
      moved += try send(on: channel, transport, call)
      if channel.isAtEnd, try isClosed(channel, transport, call) {
        try await store(transport.destination)
        return
      }
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

  /// Hands what was read to the file that it belongs to, if there is one.
  private nonisolated(nonsending) mutating func store(_ peer: SSHDestination) async throws(SSHError) {
    guard let destination else { return }
    let piece = stdout.take()
    do throws(LocalFile.Problem) {
      try await destination.write(piece)
    } catch {
      throw SSHError(.downloadFailed, peer, "cannot store what arrives: \(error.text)")
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
  /// How many bytes were taken away; they count towards the limit.
  private var taken = 0

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
      guard taken + bytes.count + count <= limit else {
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

  /// What was read since the last call.
  mutating func take() -> [UInt8] {
    defer { bytes = [] }
    taken += bytes.count
    return bytes
  }
}
