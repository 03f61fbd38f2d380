/// The links that lie on the node itself: shell, sudo, disk, clock, cgroups. What the plan says of disk, clock and
/// cgroups is said here in the same words.
struct MachineDiagnosis: Sendable {
  private let node: NodeSpec
  private let facts: WayFacts
  private let plan: NodePlan
  private let cgroups: Cgroups.Observed

  static func lines(of node: NodeSpec, _ login: WayObservation.Login) -> [DiagnosisLine] {
    do throws(NodeFailure) {
      let machine = try MachineDiagnosis(node, login.answer)
      let sudo = login.sudo.map { DiagnosisLine(WayLink.sudo.rawValue, $0) } ?? machine.sudo
      return [machine.shell, sudo, machine.disk, machine.clock, machine.controllers]
    } catch {
      let behind: [WayLink] = [.sudo, .disk, .clock, .cgroups]
      return [DiagnosisLine(WayLink.shell.rawValue, error)] + behind.map { DiagnosisLine($0.rawValue, .notReached) }
    }
  }

  private init(_ node: NodeSpec, _ answer: NodeObservation) throws(NodeFailure) {
    let transcript = try answer.answer.get()
    do throws(ProbeError) {
      facts = try WayFacts(try transcript.section(WayProbe.kind))
      cgroups = try Cgroups.parse(try transcript.section(Cgroups.kind))
    } catch {
      throw NodeFailure(.probeGarbled, error.message, next: "run again; if it stays, log in and look at the node")
    }
    self.node = node
    plan = NodePlanner(vault: SecretVault()).plan(node.keeping(Set(WayProbe.kinds)), from: answer)
    if let failure = plan.failure, failure.reason == .probeGarbled { throw failure }
  }

  private var shell: DiagnosisLine {
    guard facts.missing.isEmpty else {
      return line(
        .shell, .failed, "tools that fleetd uses are not there: \(facts.missing.joined(separator: ", "))",
        next: "on the node, as root: apt-get install coreutils dpkg findutils gawk grep systemd util-linux",
        reason: .probeFailed)
    }
    if let finding = finding(.architectureMismatch) { return line(.shell, finding) }
    if let finding = finding(.firstBoot) { return line(.shell, finding) }
    let system = plan.observed.map { "\($0.facts.operatingSystem), \($0.facts.architecture)" }
    return line(.shell, .ok, [facts.shell, system ?? ""].filter { !$0.isEmpty }.joined(separator: "; "))
  }

  private var sudo: DiagnosisLine {
    line(.sudo, .ok, node.ssh.user == "root" ? "root needs none" : "\(node.ssh.user) may run all commands")
  }

  private var disk: DiagnosisLine {
    if facts.isRootReadOnly {
      return line(
        .disk, .failed, "/ is mounted read-only",
        next:
          "look for the cause first (journalctl -k -p err: a dying card makes itself read-only), then, on the node: "
          + "sudo mount -o remount,rw /",
        reason: .diskFull)
    }
    if facts.isOutOfInodes {
      return line(
        .disk, .failed, "/ can hold no further file: no inode is free", next: "remove files that nobody needs",
        reason: .diskFull)
    }
    if let finding = finding(.diskFull) { return line(.disk, finding) }
    return seen(.disk) { "\($0.freeBytes >> 20) MiB are free, / is writable" }
  }

  private var clock: DiagnosisLine {
    if let finding = finding(.clockSkew) { return line(.clock, finding, .failed) }
    if let finding = plan.findings.first(where: { $0.kind == Host.kind && $0.reason == .notice }) {
      return line(
        .clock, .warning, finding.message, next: "on the node: timedatectl status; sudo timedatectl set-ntp true")
    }
    return seen(.clock) { facts in
      let skew = facts.clockSkew == 0 ? "the control node's time" : "\(facts.clockSkew) s from the control node's"
      return facts.isClockSynchronised == true ? "\(skew), synchronised" : skew
    }
  }

  private var controllers: DiagnosisLine {
    let live = cgroups.live.isEmpty ? "no controller is live" : "live: \(cgroups.live.joined(separator: " "))"
    guard let wanted = node.resource(of: Cgroups.self)?.controllers else {
      return line(.cgroups, .ok, "\(live); the inventory asks for none")
    }
    if let finding = plan.findings.first(where: { $0.kind == Cgroups.kind }) { return line(.cgroups, finding) }
    let missing = wanted.filter { !cgroups.live.contains($0) }
    guard !missing.isEmpty else { return line(.cgroups, .ok, live) }
    return line(
      .cgroups, .warning, "not live: \(missing.joined(separator: " ")) (\(live))",
      next: "fleetd --once --node \(node.name) asks the kernel for it and reboots")
  }

  // MARK: - Lines

  private func finding(_ reason: Reason) -> Finding? { plan.findings.first { $0.reason == reason } }

  private func seen(_ link: WayLink, _ evidence: (HostFacts) -> String) -> DiagnosisLine {
    switch plan.state {
    case .observed(let observed): line(link, .ok, evidence(observed.facts))
    case .notObserved(let failure): DiagnosisLine(link.rawValue, .warning, failure.message, next: failure.next)
    }
  }

  private func line(_ link: WayLink, _ finding: Finding, _ state: DiagnosisLine.State? = nil) -> DiagnosisLine {
    let isGrave = finding.severity == .refused || finding.severity == .blocked
    return line(
      link, state ?? (isGrave ? .failed : .warning), finding.message, next: finding.next, reason: finding.reason)
  }

  private func line(
    _ link: WayLink, _ state: DiagnosisLine.State, _ evidence: String, next: String? = nil, reason: Reason? = nil
  ) -> DiagnosisLine {
    DiagnosisLine(link.rawValue, state, evidence, next: next, reason: reason)
  }
}
