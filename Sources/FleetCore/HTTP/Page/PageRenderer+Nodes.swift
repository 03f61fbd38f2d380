internal import FleetModel

extension PageRenderer {
  /// All nodes: first what needs somebody, then by name.
  var nodes: HTML {
    guard !overview.nodes.isEmpty else { return .nothing }
    let sorted = NodeState.shown.flatMap { state in overview.nodes.filter { $0.state == state } }
    return """
      <section aria-label="Nodes"><h2>Nodes</h2>
      <div class="nodes">\(sorted.map(node))</div></section>
      """
  }

  private func node(_ node: NodeOverview) -> HTML {
    """
    <article class="node \(node.state.rawValue)" id="node-\(node.name)">
    <h3>\(node.name)</h3>
    <p class="state"><b>\(words(of: node))</b> \(time(node.since, "for \(Age.text(now - node.since))"))</p>
    \(reason(of: node))
    <p class="facts">\(HTML.joined(facts(of: node), by: " · "))</p>
    \(health(of: node))
    \(drift(of: node))
    <p class="looked">\(looked(at: node))</p>
    </article>

    """
  }

  private func words(of node: NodeOverview) -> String {
    guard node.state == .drift || (node.state == .held && node.changes > 0) else { return node.state.words }
    return "\(node.state.words): \(node.changes) change\(node.changes == 1 ? "" : "s")"
  }

  private func reason(of node: NodeOverview) -> HTML {
    var lines: [HTML] = []
    if let message = node.message {
      let code: HTML = node.reason.map { " <code>\($0)</code>" } ?? .nothing
      lines.append("<p class=\"reason\">\(message)\(code)</p>\n")
    }
    if let next = node.next { lines.append("<p class=\"next\">→ \(next)</p>\n") }
    if let paused = node.paused { lines.append("<p class=\"reason\">paused: \(paused)</p>\n") }
    if let until = node.leftAloneUntil {
      lines.append("<p class=\"reason\">comes and goes: left alone until \(time(until, UTCTime(until).minutes))</p>\n")
    }
    if node.failedAttempts > 0 {
      lines.append("<p class=\"reason\">changing it failed \(node.failedAttempts) times in a row</p>\n")
    }
    return "\(lines)"
  }

  private func facts(of node: NodeOverview) -> [HTML] {
    var facts: [HTML] = ["\(node.role?.rawValue ?? "node")", "\(node.address)"]
    guard let told = node.facts else { return facts }
    if let k3s = told.k3s { facts.append("k3s \(k3s)") }
    facts.append("\(told.operatingSystem)")
    facts.append("kernel \(told.kernel)")
    if let model = told.model { facts.append("\(model)") }
    return facts
  }

  private func health(of node: NodeOverview) -> HTML {
    guard let health = node.facts?.health else { return .nothing }
    var parts: [HTML] = []
    if let temperature = health.temperature {
      let isHot = temperature >= 80_000
      parts.append("<span\(" class=\"hot\"", when: isHot)>\(temperature / 1000) °C\(isHot ? ", hot" : "")</span>")
    }
    if let throttled = health.throttled { parts.append("\(Self.words(throttled))") }
    return parts.isEmpty ? .nothing : "<p class=\"health\">\(HTML.joined(parts, by: " · "))</p>"
  }

  private static func words(_ throttled: HealthFacts.Throttled) -> HTML {
    if throttled.isUndervoltedNow { return "<span class=\"hot\">supply voltage too low now</span>" }
    if throttled.isThrottledNow { return "<span class=\"hot\">clock held back now</span>" }
    let past = [
      throttled.wasUndervolted ? "voltage too low" : nil, throttled.wasThrottled ? "clock held back" : nil,
    ].compactMap { $0 }
    return past.isEmpty ? "not throttled" : "since its boot: \(past.joined(separator: ", "))"
  }

  private func drift(of node: NodeOverview) -> HTML {
    guard !node.drift.isEmpty else { return .nothing }
    let isShort = node.drift.count { $0 == "\n" } < 12
    return """
      <details id="drift-\(node.name)"\(" open", when: isShort)><summary>what differs</summary>
      <pre class="drift" tabindex="0">\(node.drift)</pre></details>
      """
  }

  private func looked(at node: NodeOverview) -> HTML {
    guard let lookedAt = node.lookedAt else { return "not looked at yet" }
    let failures: HTML = node.failures > 0 ? ", not observed \(node.failures) times in a row" : .nothing
    return "looked at \(ago(lookedAt))\(failures)"
  }
}
