internal import FleetModel

/// The page: what the daemon knows, as HTML. Pure; the same value gives the same bytes. States are words; colours only
/// repeat them.
struct PageRenderer: Sendable {
  let overview: FleetOverview

  var now: Int { overview.clock.wall }

  /// The whole document.
  var document: String {
    let html: HTML = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(title)</title>
      <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
      <link rel="stylesheet" href="/assets/fleetd.css">
      <script src="/assets/fleetd.js" defer></script>
      <noscript><meta http-equiv="refresh" content="30"></noscript>
      </head>
      <body>
      <div id="live" data-title="\(title)">
      \(content)
      </div>
      <footer>
      <p id="connection" role="status">As of \(UTCTime(now).minutes).</p>
      <p><a href="/api/v1/status">status as JSON</a> · <a href="/api/v1/openapi.json">API</a> · <a href="/metrics">metrics</a> · fleetd \(overview.version)</p>
      </footer>
      </body>
      </html>

      """
    return html.text
  }

  /// What changes: the inside of the element `live`.
  var fragment: String { content.text }

  /// `home: 2 of 10 need a look`.
  private var title: String { "\(overview.fleet ?? "fleetd"): \(headline)" }

  private var content: HTML {
    """
    <header>
    <h1>\(overview.fleet ?? "fleetd")</h1>
    <p class="headline">\(headline)</p>
    <p class="about">\(about)</p>
    </header>
    <main>
    \(problems)
    \(glance)
    \(nodes)
    \(cluster)
    \(rebuilds)
    \(availability)
    \(history)
    </main>
    """
  }

  /// The fleet in one sentence.
  var headline: String {
    let all = overview.nodes.count
    guard overview.commit != nil else { return "no commit is in force yet" }
    guard all > 0 else { return "no node is declared" }
    let inSync = overview.nodes.count { $0.state == .inSync }
    guard inSync < all else { return all == 1 ? "its node is in sync" : "all \(all) nodes are in sync" }
    let needing = overview.nodes.count { $0.state == .attention || $0.state == .away }
    let rest = needing == 0 ? "" : ", \(needing) \(needing == 1 ? "needs" : "need") a look"
    return "\(inSync) of \(all) in sync\(rest)"
  }

  private var about: HTML {
    var parts: [HTML] = []
    if let commit = overview.commit { parts.append("commit <code>\(String(commit.prefix(7)))</code>") }
    parts.append(
      overview.mode == .observe ? "mode observe: nothing is changed" : "mode enforce: what differs is mended")
    if let end = overview.passes.lastEnd { parts.append("last pass \(ago(end))") }
    if let activity = overview.activity { parts.append("now \(activity)") }
    return HTML.joined(parts, by: " · ")
  }

  /// What keeps fleetd itself from its work.
  private var problems: HTML {
    var found: [(what: String, text: String)] = []
    if let rejected = overview.rejected {
      found.append(
        (
          "Commit \(rejected.commit.prefix(7)) cannot be used; the one before stays in force",
          rejected.problems.prefix(10).joined(separator: "\n")
        ))
    }
    if let problem = overview.sourceProblem { found.append(("The checkout", problem)) }
    if let problem = overview.problem { found.append(("The last pass failed", problem)) }
    if let problem = overview.record.problem { found.append(("The store cannot be read", problem)) }
    return HTML.joined(
      found.map { "<section class=\"problem\"><h2>\($0.what)</h2><pre>\($0.text)</pre></section>" }, by: "\n")
  }

  private var glance: HTML {
    let tiles = NodeState.shown.compactMap { state -> HTML? in
      let count = overview.nodes.count { $0.state == state }
      guard count > 0 else { return nil }
      return "<li class=\"\(state.rawValue)\"><b>\(count)</b> \(state.words)</li>"
    }
    return tiles.isEmpty ? .nothing : "<ul class=\"glance\" aria-label=\"Nodes by state\">\(tiles)</ul>"
  }

  private var cluster: HTML {
    guard let cluster = overview.cluster, !cluster.drift.isEmpty else { return .nothing }
    let count = cluster.changes ?? 0
    let heading =
      count == 0 ? "Cluster" : "Cluster: \(count) object\(count == 1 ? "" : "s") differ\(count == 1 ? "s" : "")"
    return """
      <section><h2>\(heading)</h2>
      <pre class="drift" tabindex="0">\(cluster.drift)</pre></section>
      """
  }

  /// `<time>` with how long ago it was.
  func ago(_ time: Int) -> HTML { "\(self.time(time, "\(Age.text(now - time)) ago"))" }

  func time(_ time: Int, _ text: String) -> HTML {
    "<time datetime=\"\(UTCTime(time).iso8601)\" title=\"\(UTCTime(time).minutes)\">\(text)</time>"
  }
}

extension HTML {
  static func joined(_ parts: [HTML], by separator: HTML) -> HTML {
    var joined = HTML.nothing
    for (place, part) in parts.enumerated() { joined = "\(joined)\(place == 0 ? .nothing : separator)\(part)" }
    return joined
  }
}

extension NodeState {
  /// What needs somebody first.
  static let shown: [NodeState] = [.attention, .away, .drift, .held, .unknown, .inSync]

  var words: String {
    switch self {
    case .unknown: "not looked at yet"
    case .inSync: "in sync"
    case .drift: "differs"
    case .held: "held"
    case .attention: "needs attention"
    case .away: "away"
    }
  }
}
