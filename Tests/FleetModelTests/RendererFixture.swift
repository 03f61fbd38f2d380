@testable import FleetModel

/// Plans and reports for the renderers' tests.
enum RendererFixture {
  /// 2026-11-21 03:12:07 UTC.
  static let observedAt = 1_795_230_727
  static let revision = Revision.commit("3f9c2e1a7d5b4c6e8f901234567890abcdef1234", isModified: false)
  static let step = Step("verify access", .verifyAccess)

  static let package = ResourceKind("package")
  static let file = ResourceKind("file")
  static let sysctl = ResourceKind("sysctl")
  static let k3s = ResourceKind("k3s")
  static let reboot = ResourceKind("reboot")

  static func plan(_ nodes: [NodePlan], revision: Revision = revision, reserved: [String] = []) -> FleetPlan {
    FleetPlan(fleet: "home", revision: revision, observedAt: observedAt, nodes: nodes, reserved: reserved)
  }

  static func node(
    _ name: String,
    _ changeSets: [ChangeSet] = [],
    _ findings: [Finding] = [],
    role: Role? = .agent,
    address: String = "192.168.1.13",
    isSelected: Bool = true,
    facts: HostFacts = facts()
  ) -> NodePlan {
    NodePlan(
      node: name,
      address: address,
      role: role,
      isSelected: isSelected,
      state: .observed(.init(facts: facts, changeSets: changeSets, findings: findings))
    )
  }

  static func away(_ name: String, _ failure: NodeFailure) -> NodePlan {
    NodePlan(node: name, address: "192.168.1.17", role: .agent, state: .notObserved(failure))
  }

  static func set(
    _ changes: Change...,
    disturbance: ChangeSet.Disturbance = .none,
    held: Finding? = nil
  ) -> ChangeSet {
    ChangeSet(changes, steps: [step], disturbance: disturbance, held: held)
  }

  static func packages(_ count: Int, held: Finding? = nil) -> ChangeSet {
    let changes = (1...count).map { Change(.add, package, "package-\($0)", to: .text("1.\($0)")) }
    return ChangeSet(changes, steps: [step], held: held)
  }

  /// Every text that a node gives is `text`, when one is given.
  static func facts(_ text: String? = nil) -> HostFacts {
    HostFacts(
      bootID: text ?? "b",
      machineID: text ?? "m",
      hostname: text ?? "pi",
      architecture: text ?? "arm64",
      kernel: text ?? "6.12.25+rpt-rpi-v8",
      operatingSystem: text ?? "Debian GNU/Linux 12 (bookworm)",
      model: text ?? "Raspberry Pi 4 Model B Rev 1.4",
      serial: text ?? "10000000abcdef01",
      freeBytes: 1 << 30,
      clock: observedAt,
      clockSkew: 0,
      isClockSynchronised: true,
      kernelCommandLine: text ?? "root=/dev/mmcblk0p2",
      firstBoot: nil,
      pendingRestarts: [],
      lastReboot: nil,
      runningStep: nil
    )
  }

  static let skew = Finding(
    .held,
    .clockSkew,
    package,
    "packages wait for the node's clock, which is 90 s off",
    next: "check time synchronisation on the node (timedatectl)"
  )

  static let refusedConnection = NodeFailure(
    .connectionRefused,
    "connection refused",
    next: "see whether the node is up"
  )

  static let changedHostKey = NodeFailure(
    .hostKeyChanged,
    "the host key changed: SHA256:abc became SHA256:def",
    next: "fleetd trust pi8"
  )

  /// The plan that docs and design show.
  static let sample: FleetPlan = {
    let before = "- kubelet-arg: [system-reserved=memory=128Mi]"
    let inSync = ["pi1", "pi2", "pi4", "pi5", "pi6", "pi8", "pi9", "pi10"].map { node($0) }
    let changed = node(
      "pi3",
      [
        set(Change(.change, package, "nfs-common", from: .text("1:2.6.1-1"), to: .text("1:2.6.2-4"))),
        set(
          Change(
            .change,
            ResourceKind("boot"),
            "cmdline",
            to: .text("+ cgroup_enable=memory"),
            note: "/boot/firmware/cmdline.txt"
          )
        ),
        set(
          Change(
            .act,
            reboot,
            "",
            note: "the memory controller is not live: the firmware passes cgroup_disable=memory"
          ),
          disturbance: .reboots
        ),
        set(
          Change(
            .change,
            file,
            "/etc/rancher/k3s/config.yaml",
            diff: [
              "-" + before.dropFirst(2), "+kubelet-arg: [system-reserved=memory=256Mi]",
            ],
            note: "restarts k3s-agent"
          )
        ),
        set(Change(.act, ResourceKind("start"), "k3s-agent", note: "(after reboot)"), disturbance: .restartsK3s),
      ]
    )
    return plan([changed] + inSync + [away("pi7", refusedConnection)])
  }()

  /// A plan in which every kind of thing stands once.
  static func everything(_ text: String = "text") -> FleetPlan {
    let finding = Finding(.refused, .diskFull, file, text, next: text)
    let note = Finding(.note, .notice, file, text)
    let held = Finding(.held, .firstBoot, file, text, next: text)
    let changes = set(
      Change(.add, file, text, to: .text(text), diff: ["+" + text, " " + text, "@@"], note: text),
      Change(.change, file, text, from: .text(text), to: .secret, note: text),
      Change(.remove, file, text, from: .text(text), diff: ["-" + text]),
      Change(.act, file, text, note: text),
      held: held
    )
    return FleetPlan(
      fleet: text,
      revision: .unknown(text),
      observedAt: observedAt,
      nodes: [
        node(text, [changes], [finding, note], address: text, facts: facts(text)),
        node(text, [set(Change(.act, reboot, "", note: text), disturbance: .reboots)], address: text),
        node(text, address: text, facts: facts(text)),
        node(text, [changes], [finding], address: text, isSelected: false),
        away(text, NodeFailure(.unreachable, text, next: text)),
        away(text, NodeFailure(.probeFailed, text, next: text)),
        node(text, [packages(30)], address: text),
      ],
      reserved: [text, text]
    )
  }

  /// A report in which every outcome stands once.
  static func report(_ text: String = "text") -> RunReport {
    let change = set(Change(.add, package, "htop", to: .text("3.2")))
    let finding = Finding(.blocked, .packageNotFound, package, text, next: text)
    let failure = StepFailure(step: text, failure: NodeFailure(.stepFailed, text, next: text))
    let held = Finding(.held, .firstBoot, package, text, next: text)
    let before = plan([
      node("converged", [change]), node("insync"), node("failed", [change]), node("stalled", [change]),
      node("held", [change]), node("attention", [change]), node("away", [change]),
      node("other", [change], isSelected: false),
    ])
    let after = plan([
      node("converged"), node("insync"), node("failed", [change]), node("stalled", [change]),
      node("held", [set(Change(.add, package, "htop", to: .text("3.2")), held: held)]),
      node("attention", [], [finding]), away("away", NodeFailure(.connectionLost, text, next: text)),
      node("other", [change], isSelected: false),
    ])
    return RunReport(before: before, after: after, failures: ["failed": failure])
  }
}
