package import YAMLSource

/// The node's time zone: what its clock shows to people. Its key stands under `time`.
package struct TimeZone: Resource {
  package static let kind = ResourceKind("timezone")
  package static let key = "time"

  package static let zoneField = Field(
    "zone", .text(.timeZone), "The time zone, such as Europe/Berlin. Default: as it is on the node.")

  package let zone: String

  package static func decode(
    _ entry: YAMLNode?,
    in scope: NodeScope,
    _ diagnostics: inout Diagnostics
  ) -> TimeZone? {
    entry?.mapping?["zone"]?.string.map { TimeZone(zone: $0) }
  }

  package var claims: [PathClaim] { ["/etc/localtime", "/etc/timezone"].map { PathClaim($0, at: nil) } }
  package var declared: [String] { ["zone"] }

  package func probeLines(of node: NodeSpec, with vault: SecretVault) -> [[String]] { [[zone]] }

  package static let probe = ProbeFragment(
    #"""
    probe_timezone() {
      [ "$1" -gt 0 ] || return 0
      IFS= read -r timezone_name || return 65
      if [ -L /etc/localtime ]; then emit link "$(readlink -- /etc/localtime)"
      elif [ -e /etc/localtime ]; then emit copy yes
      fi
      slurp /etc/timezone && emit file "$slurped"
      if [ -f "/usr/share/zoneinfo/$timezone_name" ]; then emit known yes; fi
      return 0
    }
    """#
  )

  package struct Observed: Sendable {
    /// What /etc/localtime names; `nil`: nothing that is known, which is UTC.
    package let link: String?
    package let isCopy: Bool
    /// /etc/timezone, which newer Debian does without.
    package let file: String?
    package let isKnown: Bool

    /// The zone that is in force.
    package var zone: String {
      if isCopy { return "a copy" }
      guard let link else { return "UTC" }
      return link.firstRange(of: "/zoneinfo/").map { String(link[$0.upperBound...]) } ?? link
    }
  }

  package static func parse(_ section: ProbeSection) throws(ProbeError) -> Observed {
    Observed(
      link: section.word("link"),
      isCopy: section.word("copy") != nil,
      file: section.text("file")?.trimmingWhitespace(),
      isKnown: section.word("known") != nil
    )
  }

  package func plan(from observed: Observed, in context: PlanContext) -> KindPlan {
    let isLinkRight = observed.zone == zone && observed.link != nil
    guard !isLinkRight || (observed.file != nil && observed.file != zone) else { return KindPlan() }
    guard observed.isKnown || context.installsPackages else {
      return KindPlan(findings: [
        Finding(
          .blocked,
          .timeZoneUnknown,
          Self.kind,
          "the node has no /usr/share/zoneinfo/\(zone)",
          next: "declare packages: {tzdata: present}, or correct time.zone (timedatectl list-timezones)"
        )
      ])
    }
    let before = isLinkRight ? observed.file ?? "" : observed.zone
    let note = isLinkRight ? "/etc/timezone only" : "what runs already keeps the old one until it restarts"
    return KindPlan(changeSets: [
      ChangeSet(
        [Change(.change, Self.kind, "zone", from: .text(before), to: .text(zone), note: note)],
        steps: [Step("set the time zone", .run(.setTimeZone, StepInput([[zone, observed.link ?? ""]])))]
      )
    ])
  }
}

extension StepScript {
  /// Line 1: the zone, and what /etc/localtime linked to when it was observed.
  static let setTimeZone = StepScript(
    "timezone",
    #"""
    IFS=$tab read -r zone before
    [ -f "/usr/share/zoneinfo/$zone" ] || die 69 "the node has no /usr/share/zoneinfo/$zone"
    now=; if [ -L /etc/localtime ]; then now=$(readlink -- /etc/localtime); fi
    [ "$now" = "$before" ] || die 65 "/etc/localtime is not what it was when it was observed"
    umask 022
    rm -f /etc/.localtime.fleetd-new
    ln -s -- "../usr/share/zoneinfo/$zone" /etc/.localtime.fleetd-new && mv -T /etc/.localtime.fleetd-new /etc/localtime \
      || die 73 "/etc/localtime cannot be replaced"
    if [ -e /etc/timezone ]; then
      printf '%s\n' "$zone" > /etc/.timezone.fleetd-new && sync /etc/.timezone.fleetd-new \
        && mv -T /etc/.timezone.fleetd-new /etc/timezone || die 73 "/etc/timezone cannot be replaced"
    fi
    sync /etc
    """#
  )
}

extension TextRule {
  /// A path below /usr/share/zoneinfo.
  static let timeZone = TextRule("a time zone such as Europe/Berlin") { text in
    if text.contains("..") || text.contains("//") || text.hasSuffix("/") { return "is in no simple form" }
    return word("", rest: .init("_+-/"), length: 64).problem(with: text)
  }
}
