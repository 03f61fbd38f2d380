/// What one kind asks of another: files ask for restarts, boot and cgroups ask for the node's one reboot.
package enum Request: Sendable, Hashable {
  /// `unit` reads what changed. Asked for once, however many ask.
  case restart(unit: String)
  /// The package sources change: what the lists say is not what apt will find.
  case refreshPackageLists
  /// The kernel must start anew, and why.
  case reboot(because: String)
}

/// What one kind makes of one node.
package struct KindPlan: Sendable {
  package var changeSets: [ChangeSet] = []
  package var findings: [Finding] = []
  package var requests: [Request] = []

  package init(changeSets: [ChangeSet] = [], findings: [Finding] = [], requests: [Request] = []) {
    self.changeSets = changeSets
    self.findings = findings
    self.requests = requests
  }
}
