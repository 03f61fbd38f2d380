package import YAMLSource

/// A kind of thing that fleetd keeps on a node: how it is written, observed and changed.
///
/// A value of the type is the desired state of one node. Everything about a kind stands in its own file (or folder);
/// renderer, applier and status speak only of `Change` and `Step`. To add a kind, write that file and add one line to
/// `ResourceRegistry.kinds`.
package protocol Resource: Sendable {
  /// What the probe tells of it, parsed.
  associatedtype Observed: Sendable

  static var kind: ResourceKind { get }

  /// Its key in the `spec` of a Profile or a Node with everything below it; `nil` for kinds that nobody declares (the
  /// reboot) and for kinds that share another's key.
  static var field: Field? { get }

  /// The key of the entry that it decodes.
  static var key: String { get }

  /// The shell function `probe_KIND COUNT`.
  static var probe: ProbeFragment { get }

  /// Decodes `spec.<field>`, which is valid against the field's schema (or absent), and reports what a schema cannot
  /// tell. `nil`: nothing of this kind is wanted on this node.
  static func decode(_ entry: YAMLNode?, in scope: NodeScope, _ diagnostics: inout Diagnostics) -> Self?

  /// What this node's probe is told: one array of fields per line.
  func probeLines(of node: NodeSpec, with vault: SecretVault) -> [[String]]

  /// How many of those lines mean something by their place: they must be there, in this order.
  static var leadingProbeLines: Int { get }

  /// The same without what these of its probe's lines ask about; `nil`: then nothing can be said of this kind.
  func without(probeLines lines: Set<[String]>, of node: NodeSpec, with vault: SecretVault) -> Self?

  static func parse(_ section: ProbeSection) throws(ProbeError) -> Observed

  /// Pure: what must be done so that the node matches. An empty plan means converged.
  func plan(from observed: Observed, in context: PlanContext) -> KindPlan

  /// Paths on the node that this kind writes: two kinds must not claim one.
  var claims: [PathClaim] { get }

  /// What it keeps on the node, by the names that its changes have: a package, a path, a unit. Once applied, a name that
  /// is declared no more is listed: it stays on the node, unmanaged.
  var declared: [String] { get }

  /// What it keeps away from the node, by the same names: it is not kept any more, and never listed.
  var declaredAbsent: [String] { get }

  /// Units that it enables, disables, starts or stops by itself, with their suffix: `services` must not declare them.
  var keptUnits: [String] { get }

  /// Debian packages that nobody can want beside it.
  var contradictedPackages: [String] { get }

  /// Debian packages that must be there for it: they are installed as if they were declared present.
  var requiredPackages: [String] { get }

  /// Secrets that are needed to tell whether the node matches.
  var secrets: [SecretReference] { get }

  /// Units that are restarted when something of this kind changes.
  var notifiedUnits: [String] { get }

  /// Further units whose state this kind plans by. One systemctl(1) asks for those of all kinds: what it said is
  /// `context.observed(Services.self)`.
  var observedUnits: [String] { get }
}

extension Resource {
  package static var field: Field? { nil }
  package static var key: String { field?.name ?? kind.name }
  package func probeLines(of node: NodeSpec, with vault: SecretVault) -> [[String]] { [] }
  package static var leadingProbeLines: Int { 0 }
  package func without(probeLines lines: Set<[String]>, of node: NodeSpec, with vault: SecretVault) -> Self? { nil }
  package var claims: [PathClaim] { [] }
  package var declared: [String] { [] }
  package var declaredAbsent: [String] { [] }
  package var keptUnits: [String] { [] }
  package var contradictedPackages: [String] { [] }
  package var requiredPackages: [String] { [] }
  package var secrets: [SecretReference] { [] }
  package var notifiedUnits: [String] { [] }
  package var observedUnits: [String] { [] }

  /// Parses this kind's section and plans from it.
  package func plan(from transcript: ProbeTranscript, in context: PlanContext) throws(ProbeError) -> KindPlan {
    let section = try transcript.section(Self.kind)
    return plan(from: try Self.parse(section), in: context)
  }
}

/// A path that a kind manages, and where that is written.
package struct PathClaim: Sendable, Hashable {
  /// What shall stand at the path, which tells whether anything can stand below it.
  package enum Form: String, Sendable, Hashable {
    case file
    case directory
    case link
  }

  /// In its simplest form: see `TextRule.absolutePath`.
  package let path: String
  package let form: Form
  /// Whether nothing shall stand there.
  package let isAbsent: Bool
  package let mark: YAMLMark?

  package init(_ path: String, at mark: YAMLMark?, as form: Form = .file, isAbsent: Bool = false) {
    self.path = path
    self.form = form
    self.isAbsent = isAbsent
    self.mark = mark
  }
}
