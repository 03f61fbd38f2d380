extension FleetOverview {
  /// What Prometheus scrapes. Labels hold names of declared nodes, words of fixed sets, and versions: their number is
  /// bounded by the fleet.
  package var metrics: MetricsText {
    var text = MetricsText()
    text.gauge("fleetd_build_info", "The version of fleetd that runs.", [.init(["version": version], 1)])
    text.gauge("process_start_time_seconds", "When the daemon was started, since 1970 UTC.", Double(startedAt))
    addSource(to: &text)
    addPasses(to: &text)
    addNodes(to: &text)
    addHealth(to: &text)
    addRebuilds(to: &text)
    addRecord(to: &text)
    addNotifications(to: &text)
    return text
  }

  private func addSource(to text: inout MetricsText) {
    text.gauge(
      "fleetd_mode", "What the daemon may do at most.",
      Mode.allCases.map { .init(["mode": $0.rawValue], mode == $0 ? 1 : 0) })
    text.gauge(
      "fleetd_commit_info", "The commit that is in force.",
      commit.map { [.init(["fleet": fleet ?? "", "commit": $0], 1)] } ?? [])
    text.gauge("fleetd_commit_rejected", "Whether the commit at HEAD cannot be used.", rejected == nil ? 0 : 1)
    text.gauge(
      "fleetd_source_problem", "Whether the checkout cannot be looked at or fetched.", sourceProblem == nil ? 0 : 1)
    text.gauge("fleetd_interval_seconds", "How often each node is looked at.", Double(interval))
  }

  private func addPasses(to text: inout MetricsText) {
    text.histogram(
      "fleetd_pass_duration_seconds", "How long passes over the whole fleet took.", passes)
    text.counter(
      "fleetd_pass_failures_total", "Passes that could not begin or did not end.", Double(passes.failures))
    text.gauge(
      "fleetd_last_pass_timestamp_seconds", "When the last pass ended, since 1970 UTC.", passes.lastEnd.map(Double.init)
    )
    text.gauge(
      "fleetd_last_pass_duration_seconds", "How long the last pass took.", passes.lastDuration.map(Double.init))
    text.gauge(
      "fleetd_last_pass_failed", "Whether the last pass could not begin or did not end.", problem == nil ? 0 : 1)
    text.gauge("fleetd_pass_running", "Whether a pass runs now.", activity == nil ? 0 : 1)
    text.gauge(
      "fleetd_object_changes", "Kubernetes objects that differ from what is declared.",
      (cluster?.changes).map(Double.init))
  }

  private func each(_ value: (NodeOverview) -> Double?) -> [MetricsText.Sample] {
    nodes.compactMap { node in value(node).map { .init(["node": node.name], $0) } }
  }

  private func addNodes(to text: inout MetricsText) {
    text.gauge(
      "fleetd_nodes", "Nodes by state.",
      NodeState.allCases.map { state in
        .init(["state": state.rawValue], Double(nodes.count { $0.state == state }))
      })
    text.gauge(
      "fleetd_node_state", "1 for the state that a node is in.",
      nodes.flatMap { node in
        NodeState.allCases.map { .init(["node": node.name, "state": $0.rawValue], node.state == $0 ? 1 : 0) }
      })
    text.gauge(
      "fleetd_node_reason", "Why a node is in its state.",
      nodes.compactMap { node in node.reason.map { .init(["node": node.name, "reason": $0], 1) } })
    text.gauge(
      "fleetd_node_info", "What a node is and what runs on it.",
      nodes.map { node in
        .init(
          [
            "node": node.name, "role": node.role?.rawValue ?? "node", "model": node.facts?.model ?? "",
            "operating_system": node.facts?.operatingSystem ?? "", "kernel": node.facts?.kernel ?? "",
            "k3s": node.facts?.k3s ?? "",
          ], 1
        )
      })
    text.gauge(
      "fleetd_node_changes", "Changes that would bring a node to what is declared.", each { Double($0.changes) })
    text.gauge(
      "fleetd_node_state_since_timestamp_seconds", "Since when a node is in its state, since 1970 UTC.",
      each { Double($0.since) })
    text.gauge(
      "fleetd_node_last_look_timestamp_seconds", "When a node was looked at last, since 1970 UTC.",
      each { $0.lookedAt.map(Double.init) })
    text.gauge(
      "fleetd_node_look_failures", "How often in a row a node could not be observed.", each { Double($0.failures) })
    text.gauge(
      "fleetd_node_failed_attempts", "How often in a row changing a node failed; it is tried again ever later.",
      each { Double($0.failedAttempts) })
    text.gauge(
      "fleetd_node_left_alone", "Whether a node came and went too often and is left alone.",
      each { $0.leftAloneUntil == nil ? 0 : 1 })
    text.gauge("fleetd_node_paused", "Whether somebody paused a node.", each { $0.paused == nil ? 0 : 1 })
  }

  private func addHealth(to text: inout MetricsText) {
    func bits(_ value: @escaping (HealthFacts.Throttled) -> Bool) -> [MetricsText.Sample] {
      each { node in (node.facts?.health.throttled).map { value($0) ? 1 : 0 } }
    }
    text.gauge(
      "fleetd_node_temperature_celsius", "Of the processor, when the node was looked at last.",
      each { node in (node.facts?.health.temperature).map { Double($0) / 1000 } })
    text.gauge("fleetd_node_undervoltage", "Whether the supply voltage is too low now.", bits(\.isUndervoltedNow))
    text.gauge(
      "fleetd_node_undervoltage_since_boot", "Whether the supply voltage was too low since the last boot.",
      bits(\.wasUndervolted))
    text.gauge("fleetd_node_throttled", "Whether the processor's clock is held back now.", bits(\.isThrottledNow))
    text.gauge(
      "fleetd_node_throttled_since_boot", "Whether the processor's clock was held back since the last boot.",
      bits(\.wasThrottled))
  }

  private func addRebuilds(to text: inout MetricsText) {
    let latest = record.latestRebuilds(at: clock)
    let running = latest.filter { $0.rebuild.outcome == .running }
    func each(_ value: ((rebuild: Rebuild, assessment: RebuildAssessment)) -> Double) -> [MetricsText.Sample] {
      latest.map { .init(["node": $0.rebuild.node], value($0)) }
    }
    text.gauge(
      "fleetd_rebuild_running", "Whether a node is being rebuilt.", each { $0.rebuild.outcome == .running ? 1 : 0 })
    text.gauge(
      "fleetd_rebuild_elapsed_seconds", "How long the last rebuild of a node took, or takes so far.",
      each { Double($0.assessment.elapsed) })
    text.gauge("fleetd_rebuild_target_seconds", "How long it may take.", each { Double($0.rebuild.target) })
    text.gauge(
      "fleetd_rebuild_at_risk", "Whether a rebuild that runs will miss its target, by what phases took before.",
      each { $0.assessment.state == .atRisk ? 1 : 0 })
    text.gauge(
      "fleetd_rebuild_breached", "Whether the last rebuild of a node missed its target.",
      each { $0.assessment.state == .breached ? 1 : 0 })
    text.gauge(
      "fleetd_rebuild_phase", "1 for the phase that a running rebuild is in, named after what ends it.",
      running.flatMap { item in
        RebuildPhase.allCases.map {
          .init(["node": item.rebuild.node, "phase": $0.rawValue], item.rebuild.phase() == $0 ? 1 : 0)
        }
      })
  }

  private func addRecord(to text: inout MetricsText) {
    func ratios(_ wanted: (String) -> MetricsText.Labels?) -> [MetricsText.Sample] {
      record.availability.compactMap { served in
        guard let labels = wanted(served.subject), let ratio = served.availability.ratio else { return nil }
        return .init(labels, ratio)
      }
    }
    text.gauge(
      "fleetd_api_availability_ratio", "Share of the last 30 days in which the cluster's API answered.",
      ratios { $0 == "api" ? [:] : nil })
    let declared = Set(nodes.map(\.name))
    text.gauge(
      "fleetd_node_availability_ratio", "Share of the last 30 days in which a node served.",
      ratios { subject in
        let name = String(subject.dropFirst("node/".count))
        return subject.hasPrefix("node/") && declared.contains(name) ? ["node": name] : nil
      })
    text.gauge("fleetd_store_problem", "Whether the store cannot be read.", record.problem == nil ? 0 : 1)
    text.counter(
      "fleetd_store_errors_total", "What could not be written to the store.", Double(record.errors))
  }

  private func addNotifications(to text: inout MetricsText) {
    func each(_ value: (NotificationCounts) -> Int) -> [MetricsText.Sample] {
      notifications.map { .init(["receiver": $0.receiver], Double(value($0))) }
    }
    text.counter("fleetd_notifications_sent_total", "Notifications that a receiver took.", each(\.sent))
    text.counter(
      "fleetd_notification_failures_total", "Attempts to deliver a notification that failed.", each(\.failures))
    text.counter(
      "fleetd_notifications_dropped_total", "Notifications that will never arrive: refused, too old, or one too many.",
      each(\.dropped))
    text.gauge("fleetd_notifications_queued", "Notifications that wait for their receiver.", each(\.queued))
    text.gauge(
      "fleetd_notifications_failing", "Whether the last attempt to deliver failed.", each { $0.isFailing ? 1 : 0 })
  }
}
