/// One removal, looked at part by part.
struct RemovalCase: Sendable {
  typealias Part = (change: Change?, steps: [Step])

  let name: String
  let spec: NodeSpec?
  let fleet: Fleet
  let observation: NodeObservation?
  let cluster: ClusterObservation
  let options: Removal.Options

  /// What the cluster knows of the node.
  var object: KubernetesNode? { cluster.view?.node(name) }

  var facts: HostFacts? {
    guard case .success(let transcript)? = observation?.answer, let section = transcript.sections[Host.kind.name]
    else { return nil }
    return try? Host.parse(section)
  }

  var k3s: K3sObservation? {
    guard let spec, let observation else { return nil }
    return K3sObservation(of: spec, in: [spec.name: observation])
  }

  private var owner: String { Cordon.owner(fleet.name) }

  /// Of a server the other servers are asked.
  private var spared: String? { object?.isServer == true || spec?.role == .server ? name : nil }

  // MARK: - Parts

  /// Pods that are moved must not come back.
  var cordon: Part? {
    guard let object, !object.isUnschedulable else { return nil }
    let step = Step("cordon \(name)", .onServer(.cordon, StepInput([[name, owner]]), sparing: spared))
    return (Change(.act, Removal.kind, "cordon", note: "no new pods come"), [step])
  }

  /// A node that is not Ready cannot end its pods: they go with its Node object.
  var drain: Part? {
    guard let object, object.isReady, options.isDrained else { return nil }
    let drain = fleet.rollout.drain
    let seconds = drain.timeout.components.seconds
    let more = (drain.deleteEmptyDir ? ["--delete-emptydir-data"] : []) + (drain.force ? ["--force"] : [])
    let input = StepInput([[name, "\(seconds)", "\(drain.gracePeriod?.components.seconds ?? -1)"], more])
    let step = Step("drain \(name)", .onServer(.drain, input, sparing: spared), deadline: .seconds(seconds + 60))
    return (
      Change(
        .act, Removal.kind, "drain", note: "its pods go to other nodes, at most \(DurationText.render(drain.timeout))"),
      [step]
    )
  }

  /// k3s must not start again in the middle. A member of etcd runs until it is no member any more: an etcd of two could
  /// not remove one that is away.
  var retirement: Part? {
    guard !options.isUnreachable, k3s?.service.exists == true || k3s?.foreignUnit != nil else { return nil }
    let isMember = object?.isEtcdMember == true
    let step = Step(
      isMember ? "keep k3s from starting again" : "stop k3s",
      .run(.retireK3s, StepInput([[isMember ? "keep" : "stop"]])), deadline: .seconds(180))
    return (nil, [step])
  }

  var clearing: Part? {
    guard let object else { return nil }
    var steps: [Step] = []
    if options.isUnreachable {
      steps.append(
        Step("see that no machine answers as \(name)", .await(Gate([.nodeSilent(name)])), deadline: .seconds(120)))
    }
    if object.isEtcdMember {
      steps.append(
        Step(
          "see that etcd can do without \(name)", .await(Gate([.quorumAfterRemoval(of: name)])),
          deadline: .seconds(120)))
    }
    let what = "node password" + (object.isEtcdMember ? ", etcd member" : "")
    return (
      Change(.remove, Removal.kind, "Node object", note: what),
      steps + [object.clearingStep("take \(name) out of the cluster")]
    )
  }

  /// Also where nothing of k3s was seen: an earlier removal may have died half-way.
  var uninstallation: Part? {
    guard !options.isUnreachable else { return nil }
    var installed = Shown.none
    if let version = k3s?.installedVersion { installed = .text("\(version)") }
    return (
      Change(
        .remove, Removal.kind, "k3s", from: installed,
        note: "unit, configuration, data with all local volumes, network links, firewall rules"),
      [
        Step("uninstall k3s", .runAsUnit(.uninstallK3s, StepInput()), deadline: .seconds(600)),
        Step("take fleetd's own records away", .run(.forgetNode, StepInput())),
      ]
    )
  }

  /// What was declared for the node and is no part of k3s: fleetd does not know what was there before it.
  var remains: [NodeRecord.Entry] {
    guard !options.isUnreachable else { return [] }
    return (facts?.record.declared ?? []).filter { $0.kind != K3s.kind.name && !Self.isOfK3s($0.name) }.sorted()
  }

  private static func isOfK3s(_ path: String) -> Bool {
    ["/etc/rancher/", "/var/lib/rancher/k3s", "/var/lib/kubelet", "/etc/systemd/system/k3s"].contains {
      path.hasPrefix($0)
    }
  }
}

extension KubernetesNode {
  /// Whether an API server runs on it.
  package var isServer: Bool {
    labels["node-role.kubernetes.io/control-plane"] == "true" || labels["node-role.kubernetes.io/master"] == "true"
  }
}
