/// One node in a plan.
struct NodeDocument: Encodable {
  let name: String
  let address: String
  let role: String?
  let isSelected: Bool
  let isInSync: Bool
  let needsAttention: Bool
  /// Present when the node was observed.
  let facts: FactsDocument?
  /// Present when it was not.
  let failure: FailureDocument?
  let changes: [ChangeDocument]
  let findings: [FindingDocument]

  init(_ plan: NodePlan) {
    name = plan.node
    address = plan.address
    role = plan.role?.rawValue
    isSelected = plan.isSelected
    isInSync = plan.isInSync
    needsAttention = plan.needsAttention
    facts = plan.observed.map { FactsDocument($0.facts) }
    failure = plan.failure.map { FailureDocument($0) }
    changes = plan.changeSets.flatMap { set in set.changes.map { ChangeDocument($0, in: set) } }
    findings = plan.findings.map(FindingDocument.init)
  }
}

/// What tells machines apart; not the machine id, which machine-id(5) asks to keep to oneself.
struct FactsDocument: Encodable {
  let hostname: String
  let architecture: String
  let kernel: String
  let operatingSystem: String
  let model: String?
  let serial: String?
  let freeBytes: Int
  let clockSkewSeconds: Int
  let isClockSynchronised: Bool?
  let uptimeSeconds: Int?
  let temperatureMilliCelsius: Int?
  let throttled: String?
  let bootloaderBuilt: String?
  let bootloaderOffered: String?

  init(_ facts: HostFacts) {
    hostname = facts.hostname
    architecture = facts.architecture
    kernel = facts.kernel
    operatingSystem = facts.operatingSystem
    model = facts.model
    serial = facts.serial
    freeBytes = facts.freeBytes
    clockSkewSeconds = facts.clockSkew
    isClockSynchronised = facts.isClockSynchronised
    uptimeSeconds = facts.uptime
    temperatureMilliCelsius = facts.health.temperature
    throttled = facts.health.throttled?.hexadecimal
    bootloaderBuilt = facts.health.bootloaderBuilt.map { UTCTime($0).iso8601 }
    bootloaderOffered = facts.health.bootloaderOffered?.description
  }
}

struct ChangeDocument: Encodable {
  let action: String
  let kind: String
  let name: String
  let before: ShownDocument?
  let after: ShownDocument?
  let diff: [String]
  let note: String?
  let disturbance: String
  /// Present when the change is shown but not made in this pass.
  let held: FindingDocument?

  init(_ change: Change, in set: ChangeSet) {
    action = change.action.word
    kind = change.kind.name
    name = change.name
    before = ShownDocument(change.before)
    after = ShownDocument(change.after)
    diff = change.diff
    note = change.note
    disturbance = set.disturbance.name
    held = set.held.map { FindingDocument($0) }
  }
}

/// A string, or `{"secret": true}`.
struct ShownDocument: Encodable {
  private let text: String?

  /// `nil` when there is no value at all.
  init?(_ shown: Shown) {
    switch shown {
    case .none: return nil
    case .text(let text): self.text = text
    case .secret: text = nil
    }
  }

  private enum Key: CodingKey {
    case secret
  }

  func encode(to encoder: any Encoder) throws {
    if let text {
      var container = encoder.singleValueContainer()
      try container.encode(text)
    } else {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(true, forKey: .secret)
    }
  }
}

struct FindingDocument: Encodable {
  let severity: String
  let reason: String
  let kind: String
  let message: String
  let next: String?

  init(_ finding: Finding) {
    severity = finding.severity.rawValue
    reason = finding.reason.rawValue
    kind = finding.kind.name
    message = finding.message
    next = finding.next
  }
}

struct FailureDocument: Encodable {
  let reason: String
  let message: String
  let next: String?
  let isTransient: Bool
  /// The step that failed, where one did.
  let step: String?

  init(_ failure: NodeFailure, of step: String? = nil) {
    reason = failure.reason.rawValue
    message = failure.message
    next = failure.next
    isTransient = failure.isTransient
    self.step = step
  }
}

extension Change.Action {
  /// The word for the symbol.
  var word: String {
    switch self {
    case .add: "add"
    case .change: "change"
    case .remove: "remove"
    case .act: "act"
    }
  }
}

extension ChangeSet.Disturbance {
  /// Its name in JSON.
  var name: String {
    switch self {
    case .none: "none"
    case .restartsK3s: "restarts-k3s"
    case .upgradesK3s: "upgrades-k3s"
    case .reboots: "reboots"
    }
  }
}
