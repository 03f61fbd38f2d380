/// What speaks against a restore. Everything is looked at before anything is touched.
struct RestoreGuard {
  private let source: RestorePlan.Source
  private let fleet: Fleet
  /// The server that takes the snapshot; `nil`: there is none.
  private let first: String?
  private let wantedToken: String?

  init(_ source: RestorePlan.Source, _ fleet: Fleet, first: String?, wantedToken: String?) {
    self.source = source
    self.fleet = fleet
    self.first = first
    self.wantedToken = wantedToken
  }

  private var snapshot: K3sSnapshot { source.snapshot }

  func reasons(over servers: [NodeSpec], _ seen: [String: NodePlan]) -> [Finding] {
    ofSource + ofToken + (first == nil ? [noServer] : []) + servers.flatMap { of($0, seen[$0.name]) }
  }

  private var ofSource: [Finding] {
    var reasons: [Finding] = []
    if snapshot.fleet != fleet.name {
      reasons.append(
        refused(
          "it is a snapshot of the fleet \(snapshot.fleet) and not of \(fleet.name)", next: "fleetd snapshot list"))
    }
    if !source.isIntact {
      reasons.append(
        refused(
          "\(source.path) is not the file that was fetched: its SHA-256 differs",
          next: "restore another: fleetd snapshot list"))
    }
    if fleet.k3s?.datastore != .etcd {
      reasons.append(
        refused(
          "spec.k3s.datastore is not etcd, and this is a snapshot of an etcd",
          next: "set it to etcd, or copy a sqlite back by hand"))
    }
    return reasons
  }

  private var ofToken: [Finding] {
    let file = source.path.dropLast("db".count) + "token"
    guard let digest = source.tokenDigest else {
      return [
        refused(
          "the token beside it is gone, and nothing else decrypts it",
          next: "put it back as \(file), if you have it elsewhere")
      ]
    }
    guard wantedToken != digest else { return [] }
    return [
      refused(
        "it was taken when the cluster had another token than the secret \(fleet.k3s?.token.name ?? "")",
        next: "put what stands behind the last colon of \(file) into that secret")
    ]
  }

  private var noServer: Finding {
    refused("no server could take the snapshot", next: "name one of the fleet's servers: --server NAME")
  }

  private func of(_ server: NodeSpec, _ plan: NodePlan?) -> [Finding] {
    guard let plan, let observed = plan.observed?.k3s else {
      let why = plan?.failure.map { ": \($0.message)" } ?? ""
      return [
        refused(
          "\(server.name) was not observed\(why)",
          next: "bring it back; or, where it is gone for good: --without \(server.name)")
      ]
    }
    return release(server, observed) + setUp(server, plan, observed) + foreign(server, observed)
  }

  /// The same or a newer minor release reads what another wrote.
  private func release(_ server: NodeSpec, _ observed: K3sObservation) -> [Finding] {
    let installed = observed.installedVersion ?? (server.name == first ? fleet.k3s?.version : nil)
    guard let installed, let written = K3sVersion(snapshot.version),
      (installed.major, installed.minor) < (written.major, written.minor)
    else { return [] }
    return [
      refused(
        "\(server.name) has \(installed), and it was written by \(written): an older minor release cannot read it",
        next: "install \(written) there first, or restore an older snapshot")
    ]
  }

  /// On a blank server k3s is set up first; what keeps it from that keeps it from this.
  private func setUp(_ server: NodeSpec, _ plan: NodePlan, _ observed: K3sObservation) -> [Finding] {
    guard server.name == first, observed.installedVersion == nil, plan.k3sSteps.isEmpty else { return [] }
    let why = plan.findings.first { $0.severity == .refused }?.message ?? "the plan has no step for it"
    return [
      refused(
        "k3s cannot be set up on \(server.name): \(why)", next: "fleetd --check --found-new-cluster \(fleet.name)")
    ]
  }

  /// A set-up by others may hold the token anywhere.
  private func foreign(_ server: NodeSpec, _ observed: K3sObservation) -> [Finding] {
    guard let unit = observed.foreignUnit else { return [] }
    let present = unit.effective(over: observed.configuration ?? K3sConfiguration(K3sYAML.empty))
    guard unit.tokenDigest(in: present) != source.tokenDigest else { return [] }
    return [
      refused(
        "\(unit.unit) on \(server.name) was set up by somebody else and gives k3s another token than the snapshot's",
        next: "change it there by hand")
    ]
  }

  private func refused(_ message: String, next: String) -> Finding {
    Finding(.refused, .restoreRefused, K3s.kind, message, next: next)
  }
}
