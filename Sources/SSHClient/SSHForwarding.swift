internal import NIOCore

/// The link through a bastion: moves bytes between the transport of a host and a channel of the bastion's connection.
///
/// Both run on one event loop, so this is neither a task nor a socket: it moves what can be moved whenever one of the
/// two sides says that something happened, in a turn of the loop of its own, so that no call of libssh2 is made inside
/// another. What is on its way is bounded: by the window of the channel and the transport's bound in one direction, by
/// `outboundBound` in the other.
final class SSHForwarding: SSHLink {
  /// Kept alive for as long as this; ends with it.
  private let bastion: SSHConnection
  private let carrier: SSHTransport
  private let channel: SSHChannel
  /// Registered with the carrier, to be woken when something happens there.
  private let call = SSHCall("forwarding")
  private weak var client: SSHTransport?
  /// Handed to libssh2 and not taken yet: after `wouldBlock` the same bytes must come again, so nothing is added here.
  private var sending: ArraySlice<UInt8> = []
  private var waiting = ByteBuffer()
  private var isReadWanted = false
  private var isScheduled = false
  private var isClosed = false

  /// Bytes that may wait for the bastion before the client stops writing.
  private static let outboundBound = 256 << 10
  /// Bytes that are moved in one turn of the event loop, at most.
  private static let turn = 64 << 10

  /// Takes over the connection of a bastion and a channel on it that leads to a TCP port.
  init(_ bastion: SSHConnection, _ carrier: SSHTransport, _ channel: consuming SSHChannel) {
    self.bastion = bastion
    self.carrier = carrier
    self.channel = channel
    call.whenWoken = { [weak self] in self?.schedule() }
    carrier.begin(call)
  }

  /// Carries the bytes of this transport from now on.
  func carry(_ client: SSHTransport) {
    self.client = client
    client.attach(self)
  }

  // MARK: SSHLink

  var isWritable: Bool { !isClosed && sending.count + waiting.readableBytes < Self.outboundBound }

  func write(_ bytes: ByteBuffer) {
    guard !isClosed else { return }
    var bytes = bytes
    waiting.writeBuffer(&bytes)
    schedule()
  }

  func read() {
    isReadWanted = true
    schedule()
  }

  func close() {
    guard !isClosed else { return }
    _ = send()
    isClosed = true
    carrier.finish(call)
    if carrier.end == nil { carrier.session.disconnect() }
    carrier.finish(.closed)
  }

  // MARK: Moving

  private func schedule() {
    guard !isScheduled, !isClosed else { return }
    isScheduled = true
    carrier.eventLoop.assumeIsolated().execute {
      self.isScheduled = false
      self.move()
    }
  }

  private func move() {
    guard !isClosed, let client else { return }
    let wasWritable = isWritable
    let sent = send()
    let received = receive(for: client)
    if !wasWritable, isWritable { client.linkIsWritable() }
    if let problem = sent.problem ?? received.problem {
      end(client, .failed("the connection through \(carrier.destination) broke: \(problem)"))
    } else if sent.count + received.count > 0 {
      schedule()
    } else if carrier.end != nil {
      end(client, .failed("the connection to the bastion \(carrier.destination) ended: \(carrier.reasonOfEnd)"))
    } else if channel.isAtEnd {
      end(client, .closedByPeer)
    }
  }

  private func end(_ client: SSHTransport, _ end: SSHTransport.End) {
    client.finish(end)
    close()
  }

  /// How many bytes were moved, and why no more can be, ever.
  private typealias Moved = (count: Int, problem: String?)

  private func send() -> Moved {
    var count = 0
    while carrier.canWrite, count < Self.turn {
      if sending.isEmpty, waiting.readableBytes > 0 {
        sending = ArraySlice(waiting.readableBytesView)
        waiting = ByteBuffer()
      }
      guard !sending.isEmpty else { break }
      switch carrier.perform({ channel.write(sending) }) {
      case .wouldBlock: return (count, nil)
      case .done(let taken):
        guard taken > 0 else { return (count, nil) }
        sending.removeFirst(taken)
        count += taken
      case .failed(let failure): return (count, "\(failure)")
      }
    }
    return (count, nil)
  }

  private func receive(for client: SSHTransport) -> Moved {
    guard isReadWanted else { return (0, nil) }
    var problem: String?
    let bytes = [UInt8](unsafeUninitializedCapacity: Self.turn) { target, count in
      switch carrier.perform({ channel.read(.stdout, into: UnsafeMutableRawBufferPointer(target)) }) {
      case .done(let read): count = read
      case .wouldBlock: count = 0
      case .failed(let failure): problem = "\(failure)"
      }
    }
    guard !bytes.isEmpty else { return (0, problem) }
    isReadWanted = false
    client.receive(ByteBuffer(bytes: bytes))
    client.receivedWhatWasRead()
    return (bytes.count, problem)
  }
}
