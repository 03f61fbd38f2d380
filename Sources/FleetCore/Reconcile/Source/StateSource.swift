import FleetApply
package import FleetModel

/// Follows a checkout: commits in, desired states out. A commit that does not validate is told, and the last good one
/// stays in force.
package actor StateSource {
  private let checkout: GitCheckout
  private let memory: CommitMemory?
  private var state = SourceState()

  /// - Parameters:
  ///   - path: absolute; the checkout, or a directory below its top.
  ///   - memory: remembers the commit in force across restarts.
  package init(at path: String, _ policy: CheckoutPolicy, memory: CommitMemory? = nil) {
    checkout = GitCheckout(path: path, policy: policy)
    self.memory = memory
  }

  /// Looks at HEAD, after a fetch if asked to.
  package func look(pulling: Bool = false) async -> SourceState {
    do throws(RunFailure) {
      var refused: RunFailure?
      if pulling {
        // What cannot be fetched does not keep what is there from being read.
        do throws(RunFailure) { try await checkout.pull() } catch { refused = error }
      }
      let head = try await checkout.head()
      if head == state.current?.commit { state.settle() }
      if state.isNews(head) { await read(head) }
      if state.current == nil { await recall(without: head) }
      state.note(refused)
    } catch {
      state.note(error)
    }
    return state
  }

  private func read(_ commit: String) async {
    do throws(Unusable) {
      state.take(try await desired(at: commit))
      if state.current?.commit == commit { memory?.remember(commit) }
    } catch {
      switch error {
      case .invalid(let problems): state.reject(commit, problems.map(\.description))
      case .failed(let failure): state.reject(commit, [failure.description], isFinal: false)
      }
    }
  }

  /// After a restart at a bad commit: the last good one of the time before.
  private func recall(without head: String) async {
    guard let commit = memory?.commit, commit != head, let desired = try? await desired(at: commit) else { return }
    let rejected = state.rejected
    state.take(desired)
    if let rejected { state.reject(rejected.commit, rejected.problems, isFinal: rejected.isFinal) }
  }

  private enum Unusable: Error {
    /// What the commit says is wrong, and stays so.
    case invalid([Diagnostic])
    /// It could not be read, or is not signed by somebody who may: that can change.
    case failed(RunFailure)
  }

  private func desired(at commit: String) async throws(Unusable) -> DesiredState {
    var tree = try await reading { () throws(RunFailure) in
      try await checkout.verify(commit)
      return try await self.tree(of: commit)
    }
    try await load(&tree, below: "inventory", where: StateRepository.isInventory)
    let inventory = StateRepository(at: checkout.path, tree)
    let (decoded, diagnostics) = FleetDecoder.decode(
      try await reading { () throws(RunFailure) in try inventory.inventory() })
    guard let fleet = decoded else { throw .invalid(diagnostics.all) }
    try await load(&tree, below: fleet.manifests.path) { _, size in size <= StateRepository.maximumManifestSize }
    let repository = StateRepository(at: checkout.path, tree)
    let files = try await reading { () throws(RunFailure) in
      fleet.k3s == nil ? nil : try repository.manifests(fleet.manifests)
    }
    let problems = ManifestSet.decode(files ?? [], below: fleet.manifests.path).1.all
    guard problems.isEmpty else { throw .invalid(problems) }
    return DesiredState(commit: commit, fleet: fleet, repository: repository)
  }

  private func tree(of commit: String) async throws(RunFailure) -> CommitTree {
    let prefix = try await checkout.prefix()
    do throws(Git.Problem) {
      return try await CommitTree(of: prefix.isEmpty ? commit : "\(commit):\(prefix)", in: checkout.path)
    } catch {
      throw RunFailure(explaining: error, in: checkout.path)
    }
  }

  private func load(
    _ tree: inout CommitTree, below directory: String, where isWanted: @Sendable (String, Int) -> Bool
  ) async throws(Unusable) {
    do throws(Git.Problem) {
      try await tree.load(below: directory, of: checkout.path, where: isWanted)
    } catch {
      throw .failed(RunFailure(explaining: error, in: checkout.path))
    }
  }

  private func reading<Value>(_ work: () async throws(RunFailure) -> Value) async throws(Unusable) -> Value {
    do throws(RunFailure) { return try await work() } catch { throw .failed(error) }
  }
}
