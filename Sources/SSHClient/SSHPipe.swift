internal import NIOCore

/// The bytes between a socket and libssh2, in memory: to libssh2 this is the socket.
///
/// It never reports an error of the network and never refuses to send, which takes away most of what libssh2 does to
/// the unwary: no call is left with half a packet on its way, none has to be repeated with the same pointer, and what
/// the peer sent before it closed is still read to its end. Whoever calls libssh2 keeps `outbound` bounded by not
/// starting a write while the socket is behind; how a connection ended is the transport's to know.
///
/// Confined to the event loop of its connection.
final class SSHPipe {
  /// Received and not yet taken by libssh2.
  var inbound = ByteBuffer()
  /// Written by libssh2 and not yet handed to the socket.
  var outbound = ByteBuffer()
  /// Bytes that libssh2 has taken so far: when it grew, libssh2 may hold news for any channel.
  private(set) var taken: UInt64 = 0
  /// After this, libssh2 reads errors and its writes are dropped, so that whatever it was doing unwinds.
  private(set) var isSevered = false

  private(set) var gate = SSHHandshakeGate()
  private(set) var hostKey: HostKeyVerdict = .pending
  /// `libssh2_session_handshake` was begun and is not over.
  var isHandshaking = false
  /// What the server said in SSH_MSG_DISCONNECT.
  var disconnectText: String?
  /// The signature that a log-in waits for.
  var signing = SSHSigning()
  /// What is answered to a hidden question of the server, once.
  private var promptAnswer: [UInt8]?
  /// The channel that the server confirmed last: the number that we gave it.
  private(set) var confirmedChannel: UInt32?
  /// Why the server did not open the last channel that it refused.
  private(set) var channelRefusal: SSHChannelRefusal?
  /// How commands ended, by our channel numbers.
  private(set) var exits: [UInt32: SSHResult.Exit] = [:]

  enum HostKeyVerdict: Equatable {
    case pending
    case accepted(SSHPublicKey)
    case rejected(SSHPublicKey)
    /// A key that cannot be parsed, and why.
    case unreadable(String)
  }

  private let expectedKeys: [SSHPublicKey]

  /// `outbound` may grow this far before libssh2 is kept from reading: its answers to what it reads go there, too, and
  /// a peer that asks without reading must not fill the memory.
  private static let outboundBound = 1 << 20

  /// What `receive` answers when it has no bytes to give.
  enum Refusal: Error {
    case wouldBlock
    case severed
  }

  init(expectedKeys: [SSHPublicKey]) {
    self.expectedKeys = expectedKeys
  }

  func sever() {
    isSevered = true
    inbound.clear()
  }

  /// Takes bytes for libssh2. `presentedKey` gives the host key that libssh2 has seen in this handshake, if any.
  func receive(
    into target: UnsafeMutableRawBufferPointer,
    presentedKey: () -> [UInt8]?
  ) throws(Refusal) -> Int {
    if case .pending = hostKey, let blob = presentedKey() { judge(blob) }
    switch hostKey {
    case .rejected, .unreadable: throw .severed
    case .pending, .accepted: break
    }
    guard !isSevered else { throw .severed }
    guard outbound.readableBytes <= Self.outboundBound else { throw .wouldBlock }

    let offered = inbound.readableBytesView.prefix(target.count)
    guard !offered.isEmpty else { throw .wouldBlock }
    let count = gate.admit(offered)
    guard count > 0 else { throw .severed }
    target.copyBytes(from: offered.prefix(count))
    inbound.moveReaderIndex(forwardBy: count)
    // An idle connection keeps no buffer.
    if inbound.readableBytes == 0 { inbound = ByteBuffer() }
    taken += UInt64(count)
    return count
  }

  func send(_ bytes: UnsafeRawBufferPointer) {
    if !isSevered { outbound.writeBytes(bytes) }
  }

  /// A message that libssh2 is done with (see `message_released` in shim.h). Anything else that happens to begin with
  /// the same byte is passed over.
  func released(_ message: some Collection<UInt8>) {
    var reader = WireReader(message.prefix(256))
    let number = reader.byte()
    guard let channel = reader.uint32() else { return }
    if number == Message.channelOpenConfirmation {
      confirmedChannel = channel
    } else if number == Message.channelOpenFailure, let reason = reader.uint32() {
      channelRefusal = SSHChannelRefusal(reason: reason, text: printable(reader.string() ?? [], limit: 200))
    } else if number == Message.channelRequest, let kind = reader.name(), reader.byte() != nil {
      if kind == "exit-status", let status = reader.uint32() {
        exits[channel] = .status(Int32(truncatingIfNeeded: status))
      } else if kind == "exit-signal", let signal = reader.name() {
        exits[channel] = .signal(printable(signal, limit: 32))
      }
    }
  }

  func preparePromptAnswer(_ answer: [UInt8]) {
    promptAnswer = answer
  }

  /// The answer, which is gone then.
  func takePromptAnswer() -> [UInt8]? {
    defer { promptAnswer = nil }
    return promptAnswer
  }

  /// Forgets how the command of a channel ended: channel numbers are used again.
  func forgetExit(of channel: UInt32) {
    exits[channel] = nil
  }

  private func judge(_ blob: [UInt8]) {
    do throws(SSHParseError) {
      let key = try SSHPublicKey(blob: blob)
      hostKey = expectedKeys.contains(key) ? .accepted(key) : .rejected(key)
    } catch {
      hostKey = .unreadable(error.problem)
    }
  }

  private enum Message {
    static let channelOpenConfirmation: UInt8 = 91
    static let channelOpenFailure: UInt8 = 92
    static let channelRequest: UInt8 = 98
  }
}
