package import YAMLSource

/// The machine itself: its name, and the facts that guard everything else. The first kind of every node.
package struct Host: Resource {
  package static let kind = ResourceKind("host")
  package static let field: Field? = Field(
    "host",
    .object([
      Field("hostname", .text(.hostName), "The host name; default: the node's name."),
      Field(
        "minimumFreeSpace",
        .integer(0...1_000_000),
        "MiB that must be free before anything is changed; default 256."
      ),
    ]),
    "The machine: its name, and how much room it must have."
  )

  package let hostname: String
  /// Bytes.
  package let minimumFreeSpace: Int
  package let architecture: Architecture
  /// The board's serial number, if the inventory pins it.
  package var serial: String?

  package static func decode(
    _ entry: YAMLNode?,
    in scope: NodeScope,
    _ diagnostics: inout Diagnostics
  ) -> Host? {
    Host(
      hostname: entry?.mapping?["hostname"]?.string ?? scope.name,
      minimumFreeSpace: Int(entry?.mapping?["minimumFreeSpace"]?.int ?? 256) << 20,
      architecture: scope.architecture,
      serial: scope.serial
    )
  }

  package var claims: [PathClaim] { [PathClaim("/etc/hostname", at: nil)] }

  package static func parse(_ section: ProbeSection) throws(ProbeError) -> HostFacts {
    try HostFacts(section)
  }

  package func plan(from facts: HostFacts, in context: PlanContext) -> KindPlan {
    guard facts.architecture == architecture.rawValue else {
      return KindPlan(findings: [wrongArchitecture(facts)])
    }
    if let refusal = boardRefusal(facts) { return KindPlan(findings: [refusal]) }
    var plan = KindPlan(findings: clockFindings(facts))
    if let change = boardChange(facts) { plan.changeSets.append(change) }
    if let firstBoot = facts.firstBoot {
      plan.findings.append(
        Finding(
          .held,
          .firstBoot,
          Self.kind,
          "the first boot has not finished: \(firstBoot)",
          next: "wait; the next pass goes on by itself"
        )
      )
    }
    if facts.freeBytes < minimumFreeSpace {
      plan.findings.append(
        Finding(
          .refused,
          .diskFull,
          Self.kind,
          "\(facts.freeBytes >> 20) MiB are free, \(minimumFreeSpace >> 20) MiB are needed to change anything safely",
          next: "make room (apt-get clean, journalctl --vacuum-size=50M), or lower spec.host.minimumFreeSpace"
        )
      )
    }
    if facts.hostname != hostname { plan.changeSets.append(rename(from: facts.hostname)) }
    return plan
  }

  private func wrongArchitecture(_ facts: HostFacts) -> Finding {
    Finding(
      .refused,
      .architectureMismatch,
      Self.kind,
      "the node is \(facts.architecture), the inventory says \(architecture.rawValue)",
      next: Architecture(rawValue: facts.architecture).map { "set spec.arch: \($0.rawValue) if that is right" }
        ?? "fleetd knows arm64 and amd64; flash a 64-bit image"
    )
  }

  private func clockFindings(_ facts: HostFacts) -> [Finding] {
    if abs(facts.clockSkew) > HostFacts.toleratedSkew {
      let direction = facts.clockSkew > 0 ? "ahead of" : "behind"
      return [
        Finding(
          .held,
          .clockSkew,
          Self.kind,
          "the clock is \(abs(facts.clockSkew)) s \(direction) the control node's: packages and k3s wait",
          next: "check time synchronisation on the node (timedatectl), and the control node's own clock"
        )
      ]
    }
    guard facts.isClockSynchronised == false else { return [] }
    return [Finding(.note, .notice, Self.kind, "no time service has synchronised the clock since boot")]
  }

  private func rename(from before: String) -> ChangeSet {
    ChangeSet(
      [Change(.change, Self.kind, "hostname", from: .text(before), to: .text(hostname))],
      steps: [Step("set the host name", .run(.setHostname, StepInput([[hostname]])))]
    )
  }
}

extension HostFacts {
  /// Seconds. TLS and apt bear minutes; k0sctl's limit, which has proved itself, is 30 s.
  package static let toleratedSkew = 30

  /// Whether apt and k3s must wait for the clock.
  package var isClockOff: Bool { abs(clockSkew) > Self.toleratedSkew }
}

extension StepScript {
  /// /etc/hostname and the live name by hostnamectl; the 127.0.1.1 line of /etc/hosts, or sudo complains ever after.
  static let setHostname = StepScript(
    "hostname",
    #"""
    IFS=$tab read -r name || die 65 "the input ends early"
    hostnamectl set-hostname --static --transient -- "$name" || die 70 "hostnamectl cannot set the name"
    [ -f /etc/hosts ] || exit 0
    replacement=$(awk -v name="$name" '
      $1 == "127.0.1.1" { print "127.0.1.1\t" name; seen = 1; next } { print }
      END { if (!seen) print "127.0.1.1\t" name }' /etc/hosts) || die 70 "/etc/hosts cannot be read"
    umask 022
    printf '%s\n' "$replacement" > /etc/.hosts.fleetd-new && sync /etc/.hosts.fleetd-new \
      && mv -T /etc/.hosts.fleetd-new /etc/hosts || die 73 "/etc/hosts cannot be written"
    """#
  )
}
