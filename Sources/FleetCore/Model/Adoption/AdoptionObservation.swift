/// What one node told for `fleetd init --from`.
package struct AdoptionObservation: Sendable {
  package let facts: HostFacts
  /// cmdline.txt, or why there is none to keep.
  package let commandLine: Result<CommandLineFile, Finding>
  package let cgroups: Cgroups.Observed
  package let k3s: K3sAdoption
  /// Sorted by name.
  package let heldPackages: [HeldPackage]
  /// Names that apt counts as installed by hand; on an image also what the image brought.
  package let manualPackages: [String]
  /// "Europe/Berlin"; `nil`: /etc/localtime leads to no zone, or /etc/timezone says another.
  package let zone: String?
  /// The areas of /proc/swaps.
  package let swapAreas: [String]
  /// Accounts of people, by the numbers that Debian gives them, as `name (uid)`.
  package let accounts: [String]
  /// Lines of /etc/fstab that are no comments.
  package let mounts: [String]
  /// Settings that no package brought as they are, in the order of their paths.
  package let files: [File]
  /// Of the keys in sysctl files: their values now, by path below /proc/sys.
  package let liveParameters: [String: String]
  /// Paths of what fleetd does not take over; k3s' units are told by `k3s`.
  package let others: [String]

  package struct HeldPackage: Sendable, Hashable {
    package let name: String
    package let version: String
  }

  /// A file of settings as it is.
  package struct File: Sendable, Hashable {
    package let path: String
    /// Four octal digits.
    package let mode: String
    package let owner: String
    package let group: String
    /// `nil`: larger than what is taken over, or no text.
    package let text: String?

    /// The lines that are neither empty nor a comment.
    package var settings: [String] {
      (text ?? "").split(whereSeparator: \.isNewline).map { $0.trimmingWhitespace() }
        .filter { !$0.isEmpty && !$0.hasPrefix("#") && !$0.hasPrefix(";") }
    }
  }

  package init(_ transcript: ProbeTranscript) throws(ProbeError) {
    facts = try HostFacts(transcript.section(Host.kind))
    commandLine = BootObservation(try transcript.section(Boot.kind)).file
    cgroups = try Cgroups.parse(transcript.section(Cgroups.kind))
    k3s = K3sAdoption.read(from: try K3s.parse(transcript.section(K3s.kind)))
    let section = try transcript.section(AdoptionProbe.kind)
    heldPackages = try Self.heldPackages(section)
    manualPackages = try Self.words(section.required("manual"), by: .packageName)
    zone = Self.zone(try section.required("zone"), section.word("timezone"))
    swapAreas = (section.text("swaps") ?? "").split(separator: "\n").dropFirst()
      .compactMap { $0.split(whereSeparator: \.isWhitespace).first.map(String.init) }
    accounts = try section.required("accounts").split(separator: "\n").compactMap { line in
      let fields = line.split(separator: ":").map(String.init)
      guard fields.count == 2, fields[0] != "nobody" else { return nil }
      return "\(fields[0]) (\(fields[1]))"
    }
    mounts = try section.required("mounts").split(separator: "\n").map(String.init)
    files = try Self.files(section)
    liveParameters = try Self.liveParameters(section)
    others = (section.text("others") ?? "").split(separator: "\n").map(String.init)
      .filter { TextRule.absolutePath.problem(with: $0) == nil && !$0.hasPrefix("/etc/systemd/system/k3s") }
  }

  private static func heldPackages(_ section: ProbeSection) throws(ProbeError) -> [HeldPackage] {
    _ = try section.required("holds")
    var packages: [HeldPackage] = []
    for row in section.table("holds") {
      guard row.count == 5, TextRule.packageName.problem(with: row[0]) == nil, DebianVersion(row[2]) != nil else {
        throw .garbled("held package \"\(row.joined(separator: " ").prefix(80))\"")
      }
      packages.append(HeldPackage(name: row[0], version: row[2]))
    }
    return packages.sorted { $0.name < $1.name }
  }

  /// Sorted, without what breaks the rule: a name that is cut off at the bound, say.
  private static func words(_ text: String, by rule: TextRule) -> [String] {
    Set(text.split(separator: "\n").map(String.init).filter { rule.problem(with: $0) == nil }).sorted()
  }

  private static func zone(_ link: String, _ file: String?) -> String? {
    guard let directory = link.firstRange(of: "/zoneinfo/") else { return nil }
    let zone = link[directory.upperBound...].trimmingWhitespace()
    return TextRule.timeZone.problem(with: zone) == nil && (file == nil || file == zone) ? zone : nil
  }

  private static func files(_ section: ProbeSection) throws(ProbeError) -> [File] {
    var files: [File] = []
    for (key, bytes) in section.records where key.hasPrefix("path/") {
      let fields = String(decoding: bytes, as: UTF8.self).split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count == 5, TextRule.absolutePath.problem(with: String(fields[4])) == nil else {
        throw .garbled("file record \(key)")
      }
      let content = section.bytes("file/" + key.dropFirst("path/".count))
      let mode = String(repeating: "0", count: max(0, 4 - fields[0].count)) + fields[0]
      files.append(
        File(
          path: String(fields[4]),
          mode: mode,
          owner: String(fields[1]),
          group: String(fields[2]),
          text: content.flatMap { String(validating: $0, as: UTF8.self) }
        )
      )
    }
    return files.sorted { $0.path < $1.path }
  }

  private static func liveParameters(_ section: ProbeSection) throws(ProbeError) -> [String: String] {
    var live: [String: String] = [:]
    for line in (section.text("live") ?? "").split(separator: "\n") {
      let halves = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
      // A parameter of several lines goes on without its path: none that anybody sets.
      guard halves.count == 2, halves[0].hasPrefix("/proc/sys/") else { continue }
      live[String(halves[0].dropFirst("/proc/sys/".count))] = Sysctl.normalised(String(halves[1]))
    }
    return live
  }
}
