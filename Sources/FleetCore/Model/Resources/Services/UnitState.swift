/// What systemd says of a unit, in its own words.
package struct UnitState: Sendable, Hashable {
  /// loaded, not-found, masked, bad-setting, error.
  package let load: String
  /// active, inactive, activating, deactivating, failed, reloading.
  package let active: String
  package let sub: String
  /// enabled, disabled, static, alias, indirect, generated, masked, or nothing.
  package let unitFile: String
  package let restarts: Int

  package static let notFound = UnitState(load: "not-found", active: "inactive", sub: "dead", unitFile: "", restarts: 0)

  package var exists: Bool { load != "not-found" }

  /// It runs, or is on its first way there. One that systemd starts again and again does not.
  package var isActive: Bool {
    active == "active" || active == "reloading" || (active == "activating" && !isRestarting)
  }

  package var isRestarting: Bool { sub == "auto-restart" || sub == "auto-restart-queued" }

  /// It starts at every boot: what systemctl(1) is-enabled takes for enabled, but for `enabled-runtime`, which the next
  /// boot forgets. Static, generated and transient units cannot be enabled; others start them, which is as good.
  package var isEnabled: Bool {
    ["enabled", "static", "alias", "indirect", "generated", "transient"].contains(unitFile)
  }

  package var canBeDisabled: Bool { ["enabled", "enabled-runtime", "linked", "linked-runtime"].contains(unitFile) }

  package var summary: String {
    guard isRestarting else { return active }
    return restarts > 1 ? "restarting again and again (\(restarts) times)" : "failing; systemd starts it anew"
  }

  /// Blocks of `KEY=value` lines, one a unit, apart by empty lines, in the order in which units were asked for.
  static func parse(_ text: String, asked: [String]) throws(ProbeError) -> [String: UnitState] {
    guard !asked.isEmpty else { return [:] }
    var blocks: [[String: String]] = [[:]]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      guard !line.isEmpty else {
        if blocks.last?.isEmpty == false { blocks.append([:]) }
        continue
      }
      let halves = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard halves.count == 2 else { throw .garbled("systemctl show: \(line.prefix(60))") }
      blocks[blocks.count - 1][String(halves[0])] = String(halves[1])
    }
    if blocks.last?.isEmpty == true { blocks.removeLast() }
    guard blocks.count == asked.count else { throw .garbled("\(blocks.count) units answered for \(asked.count)") }
    var states: [String: UnitState] = [:]
    for (unit, block) in zip(asked, blocks) {
      guard let load = block["LoadState"], let active = block["ActiveState"] else {
        throw .garbled("systemctl show says nothing of \(unit)")
      }
      states[unit] = UnitState(
        load: load,
        active: active,
        sub: block["SubState"] ?? "",
        unitFile: block["UnitFileState"] ?? "",
        restarts: block["NRestarts"].flatMap { Int($0) } ?? 0
      )
    }
    return states
  }
}
