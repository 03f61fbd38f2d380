package import FleetModel
package import NIOCore
package import SSHClient

/// The way to one node: connects when needed, connects anew when the connection was lost.
package actor NodeLink {
  package nonisolated let node: String
  package nonisolated let user: String
  /// How that account becomes root there.
  package nonisolated let elevation: Elevation
  private let way: Way
  private var current: SSHConnection?

  private enum Way {
    case ssh(SSHDestination, SSHConfiguration, any EventLoopGroup)
    case simulated(any NodeTransport)
  }

  /// - Parameter sudoPassword: of the account; `nil` where sudo asks for none.
  package init(
    to node: NodeSpec, sudoPassword: Secret? = nil, configuration: SSHConfiguration, on group: any EventLoopGroup
  ) {
    self.node = node.name
    user = node.ssh.user
    elevation = Elevation(of: node.ssh.user, password: sudoPassword)
    way = .ssh(
      SSHDestination(host: node.address, port: node.ssh.port, user: node.ssh.user), configuration, group)
  }

  /// The way to a node that is no machine. It carries scripts, and no files.
  package init(to node: NodeSpec, through transport: any NodeTransport) {
    self.node = node.name
    user = node.ssh.user
    elevation = Elevation(of: node.ssh.user)
    way = .simulated(transport)
  }

  /// Sees to it that there is a connection that lives.
  package func connect() async throws(NodeFailure) {
    if case .ssh = way { _ = try await connection() }
  }

  /// The connection, made now if there is none that lives.
  package func connection() async throws(NodeFailure) -> SSHConnection {
    if let current, current.isAlive { return current }
    let fresh = try await connectAnew()
    // Another call may have connected meanwhile: keep one.
    if let current, current.isAlive {
      await fresh.close()
      return current
    }
    current = fresh
    return fresh
  }

  /// A connection beside the current one; the caller closes it.
  package func connectAnew() async throws(NodeFailure) -> SSHConnection {
    guard case .ssh(let destination, let configuration, let group) = way else {
      throw NodeFailure(.unreachable, "\(node) is simulated and takes no SSH connection")
    }
    do throws(SSHError) {
      return try await SSHConnection.connect(to: destination, configuration: configuration, on: group)
    } catch {
      throw NodeFailure(connecting: error, to: node)
    }
  }

  /// Runs a constant script with its input and returns what it wrote and how it ended.
  package func run(
    _ script: String, input: [UInt8], limits: SSHOutputLimits, deadline: Duration
  ) async throws(NodeFailure) -> SSHResult {
    if case .simulated(let transport) = way { return try await transport.run(script, input: input, limits: limits) }
    let connection = try await connection()
    do throws(SSHError) {
      return try await connection.execute(
        NodeScript.command(with: elevation),
        input: .bytes(elevation.preamble + NodeScript.framed(script) + input), limits: limits,
        deadline: deadline)
    } catch {
      throw NodeFailure(calling: error)
    }
  }

  /// The same without becoming root.
  package func runUnprivileged(
    _ script: String, input: [UInt8], limits: SSHOutputLimits, deadline: Duration
  ) async throws(NodeFailure) -> SSHResult {
    let connection = try await connection()
    do throws(SSHError) {
      return try await connection.execute(
        NodeScript.command(with: Elevation(of: "root")), input: .bytes(NodeScript.framed(script) + input),
        limits: limits,
        deadline: deadline)
    } catch {
      throw NodeFailure(calling: error)
    }
  }

  /// What the node's address stands for; empty when that is not known here: behind a bastion it is the bastion's to say.
  package func addresses() async -> [String] {
    guard case .ssh(let destination, let configuration, let group) = way, configuration.jump == nil else { return [] }
    return await destination.addresses(on: group)
  }

  /// Whether there is a connection that lives, as far as is known.
  package var isConnected: Bool { current?.isAlive ?? false }

  package func close() async {
    await current?.close()
    current = nil
  }
}
