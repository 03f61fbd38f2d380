/// How k3s comes up on a server: whether it founds the cluster, joins it, or must not start.
///
/// A second cluster beside the first, with the same names and tokens, is the worst that a control loop can do: agents go
/// over to it one by one and find nothing of theirs. So a cluster is founded only where nothing speaks for one: every
/// declared server was seen in this pass and is blank, no agent carries a cluster's CA, and this control node knows no
/// cluster of this fleet.
package struct Founding: Sendable {
  /// A declared server as this pass saw it.
  package struct Server: Sendable, Hashable {
    package enum Datastore: Sendable, Hashable {
      /// Not observed: it may hold the cluster.
      case unknown
      case none
      case present(isRunning: Bool)
    }

    package let name: String
    /// `https://192.168.1.11:6443`.
    package let url: String
    package let datastore: Datastore
    /// Whether this run may change it.
    package let isSelected: Bool

    package init(name: String, url: String, datastore: Datastore, isSelected: Bool = true) {
      self.name = name
      self.url = url
      self.datastore = datastore
      self.isSelected = isSelected
    }
  }

  package enum Start: Sendable, Hashable {
    /// It is part of the cluster: its datastore says to which it belongs.
    case goesOn
    case founds
    /// Through one of these servers that run, the first that suits.
    case joins([String])
    /// Another server comes first.
    case waits(String)
    case refused(String)
  }

  private let servers: [Server]
  private let agents: [String]
  private let known: String?
  private let isOrdered: Bool

  /// - Parameters:
  ///   - servers: all that are declared, in the order in which they are brought up.
  ///   - agents: names of agents that carry a cluster's CA.
  ///   - known: the SHA-256 of the CA of the cluster that this control node knows for the fleet; `nil`: none.
  ///   - isOrdered: `--found-new-cluster`: what speaks for an old cluster is known and does not count.
  package init(servers: [Server], agents: [String], known: String?, isOrdered: Bool = false) {
    self.servers = servers
    self.agents = agents
    self.known = known
    self.isOrdered = isOrdered
  }

  /// The URLs of servers whose k3s runs.
  package var running: [String] { servers.filter { $0.datastore == .present(isRunning: true) }.map(\.url) }

  package func start(of name: String) -> Start {
    guard let server = servers.first(where: { $0.name == name }) else { return .refused("\(name) is no server") }
    if case .present = server.datastore { return .goesOn }
    if !running.isEmpty { return .joins(running) }
    let stopped = servers.filter { $0.datastore == .present(isRunning: false) }.map(\.name)
    if !stopped.isEmpty {
      return .waits("it joins the cluster of \(stopped.joined(separator: ", ")), where k3s does not run now")
    }
    if !isOrdered, let objection { return .refused(objection) }
    guard let founder = servers.first(where: { $0.isSelected && $0.datastore == .none }) else {
      return .waits("no server that may be changed founds the cluster")
    }
    return founder.name == name ? .founds : .waits("it joins when \(founder.name) has founded the cluster")
  }

  /// What speaks for a cluster that is there and was not seen.
  private var objection: String? {
    let unseen = servers.filter { $0.datastore == .unknown }.map(\.name)
    if !unseen.isEmpty {
      return "\(unseen.joined(separator: ", ")) could not be observed and may hold the cluster"
    }
    if !agents.isEmpty {
      return "\(agents.joined(separator: ", ")) carr\(agents.count == 1 ? "ies" : "y") the CA of a cluster"
    }
    if let known {
      return
        "this control node knows a cluster of this fleet (its CA is \(known.prefix(12))…), and no server has its data"
    }
    return nil
  }
}
