import FleetApply
import FleetModel
import FleetReconcile

/// `fleetd --check --offline`: what a commit says, looked at without a network, a key, a secret or a command.
/// With `--base`, git is asked for the files of one commit, and what the branch changes is told.
struct OfflineCheck {
  private let repository: StateRepository
  private let output: CheckOutput
  private let base: String?
  private let shared: SharedOptions

  /// The control node's own configuration is not looked at.
  init(_ shared: SharedOptions, output: CheckOutput, base: String?) throws(RunFailure) {
    repository = StateRepository(at: try Workspace.path(shared, .defaults))
    self.shared = shared
    self.output = output
    self.base = base
  }

  func run() async throws -> FleetModel.ExitCode {
    let head = try DeclaredState(in: repository)
    let isValid = head.valid != nil
    var text =
      switch output {
      case .github: head.annotations.map { $0.gitHubCommand(below: prefix) + "\n" }.joined()
      case .gitlab: Annotation.gitLabReport(head.annotations, below: prefix)
      case .text where base == nil && isValid: OfflineSummary(head).text
      case .markdown where !isValid: MarkdownRenderer().render(invalid: head.problems)
      case .text, .json, .markdown: ""
      }
    // What stands in the result already is not said twice.
    let isAnnotated = output == .github || output == .gitlab
    if !isAnnotated {
      let told = base == nil ? head.problems : head.annotations
      for annotation in told { Console.progress(annotation.text) }
    }
    guard let (fleet, manifests) = head.valid else {
      guard Console.result(text) else { return .failed }
      throw RunFailure("\(head.countedProblems); nothing was done")
    }
    if output == .github { text += OfflineSummary(head).summary.joined(separator: "\n") + "\n" }
    var code = head.annotations.contains { $0.level == .error } ? FleetModel.ExitCode.failed : .inSync
    if let base {
      let comparison = try await comparison(with: base, fleet, manifests)
      if !isAnnotated { text += rendered(comparison) }
      if code == .inSync { code = ExitCode(comparing: comparison) }
    }
    return Console.result(text) ? code : .failed
  }

  private func comparison(
    with revision: String, _ fleet: Fleet, _ manifests: ManifestSet
  ) async throws -> FleetComparison {
    let base = try await BranchBase.read(revision, of: repository.root)
    let head = await GitRevision.current(of: repository)
    return FleetComparison(from: base.side, at: base.commit, to: fleet, manifests, head)
  }

  private func rendered(_ comparison: FleetComparison) -> String {
    switch output {
    case .markdown: MarkdownRenderer().render(comparison)
    case .json: JSONRenderer().render(comparison)
    case .text, .github, .gitlab:
      TextRenderer(style: TerminalStyle(isColored: shared.isColored), isVerbose: shared.verbose).render(comparison)
    }
  }

  /// Where the state repository lies below the top of its checkout, found without git: forges want paths from there.
  private var prefix: String {
    var (top, below): (Substring, [Substring]) = (repository.root[...], [])
    while !top.isEmpty {
      if FileStatus(of: "\(top)/.git") != nil { return below.reversed().joined(separator: "/") }
      let slash = top.lastIndex(of: "/") ?? top.startIndex
      below.append(top[top.index(slash, offsetBy: 1)...])
      top = top[..<slash]
    }
    return ""
  }
}
