internal import NIOPosix

/// An ssh-agent: it holds private keys and signs with them, and never gives them away.
public final class SSHAgent: Sendable {
  /// For messages: `the agent at /run/user/1000/ssh-agent`.
  public let name: String
  /// How long it may take for an answer.
  private let patience: Duration
  private let socket: @Sendable () throws(SSHAgentSocket.Problem) -> SSHAgentSocket
  private let listing: SSHOnce<Result<[SSHAgentMessage.Identity], SSHIdentityProblem>>

  /// Agents block their caller: not on a thread that others need.
  private static let threads: NIOThreadPool = {
    let threads = NIOThreadPool(numberOfThreads: 2)
    threads.start()
    return threads
  }()

  /// The agent that listens at `path`, mostly the value of SSH_AUTH_SOCK. It is asked when it is needed, anew for every
  /// connection: it may get and lose keys.
  public convenience init(path: String) {
    self.init(name: "the agent at \(printable(path))") { () throws(SSHAgentSocket.Problem) in
      try SSHAgentSocket.connect(to: path)
    }
  }

  init(
    name: String, patience: Duration = .seconds(10),
    socket: @escaping @Sendable () throws(SSHAgentSocket.Problem) -> SSHAgentSocket
  ) {
    self.name = name
    self.patience = patience
    self.socket = socket
    listing = SSHOnce(keepsResult: false) {
      do throws(SSHIdentityProblem) {
        let answer = try await Self.ask(name, patience, socket, SSHAgentMessage.requestIdentities)
        guard let identities = SSHAgentMessage.identities(in: answer) else {
          throw SSHIdentityProblem(text: "\(name): it does not list its keys as an agent does")
        }
        return .success(identities)
      } catch {
        return .failure(error)
      }
    }
  }

  /// The keys that it holds, of whatever type.
  func identities() async throws(SSHIdentityProblem) -> [SSHAgentMessage.Identity] {
    try await listing.value().get()
  }

  /// A signature of `data` under the algorithm that `data` names.
  func signature(of data: [UInt8], by key: SSHPublicKey) async throws(SSHIdentityProblem) -> [UInt8] {
    let answer = try await Self.ask(name, patience, socket, SSHAgentMessage.signRequest(data, with: key))
    guard let signature = SSHAgentMessage.signature(in: answer, of: data) else {
      throw SSHIdentityProblem(
        text: SSHAgentMessage.isFailure(answer)
          ? "\(name): it refused to sign" : "\(name): it answered with something else than the wanted signature")
    }
    return signature
  }

  private static func ask(
    _ name: String, _ patience: Duration,
    _ socket: @escaping @Sendable () throws(SSHAgentSocket.Problem) -> SSHAgentSocket, _ message: [UInt8]
  ) async throws(SSHIdentityProblem) -> [UInt8] {
    let result = await onThread { () -> Result<[UInt8], SSHAgentSocket.Problem> in
      do throws(SSHAgentSocket.Problem) {
        return .success(try socket().ask(message, within: patience))
      } catch {
        return .failure(error)
      }
    }
    switch result {
    case .success(let answer): return answer
    case .failure(let problem): throw SSHIdentityProblem(text: "\(name): \(problem.text)")
    case nil: throw SSHIdentityProblem(text: "\(name): not asked: the program is ending")
    }
  }

  /// Runs what blocks beside the event loops; nil when the program is ending.
  static func onThread<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value? {
    await withCheckedContinuation { continuation in
      threads.submit { state in continuation.resume(returning: state == .active ? work() : nil) }
    }
  }
}
