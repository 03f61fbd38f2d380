extension K3s {
  /// How long a k3s that has just started may be on its way into the cluster, in seconds.
  private static let arrival = 120

  /// Somebody deleted its Node object while it runs on: the kubelet registers only when it starts.
  func isUnregistered(_ observed: K3sObservation, in context: PlanContext) -> Bool {
    guard observed.isRunning, observed.data.isLiving(as: role),
      (observed.runningFor ?? 0) > Self.arrival, let view = context.cluster.view, view.isAnswering
    else { return false }
    return view.node(context.node.name) == nil
  }

  /// An agent without a Node object is restarted. A server's member of etcd went with its Node object, and no restart
  /// brings that back: what its data are worth is a person's to say.
  func unregisteredServer(_ observed: K3sObservation, in context: PlanContext) -> [Finding] {
    guard role == .server, isUnregistered(observed, in: context) else { return [] }
    let name = context.node.name
    return [
      Finding(
        .blocked, .nodeObjectGone, Self.kind,
        "the cluster has no Node \(name) any more, and this server's member of etcd went with it",
        next: "where the other servers are healthy: fleetd remove \(name), then fleetd --once lets it join anew")
    ]
  }
}
