import FleetApply
import FleetModel

extension RunFailure {
  /// What keeps a checkout from being used, and what mends it.
  init(explaining problem: Git.Problem, in path: String) {
    guard FileStatus(of: path) != nil else {
      self.init("the checkout \(path) is gone", next: "clone it again: git clone URL \(path)")
      return
    }
    let said = problem.said
    if said.contains("dubious ownership") {
      self.init(
        "\(path) belongs to another account, so git does not trust it",
        next: "chown -R it to fleetd's account; or, as that account: git config --global --add safe.directory \(path)")
    } else if said.contains("not a git repository") {
      self.init("\(path) is no Git checkout", next: "the daemon follows commits: git clone URL \(path)")
    } else if said.contains("Needed a single revision") || said.contains("unknown revision") {
      self.init("\(path): nothing is committed yet", next: "git -C \(path) commit")
    } else if said.contains(".lock'") || said.contains("cannot lock ref") {
      self.init(
        "\(path) is locked by another git: \(problem.message)",
        next: "wait for it; if none runs there, one was killed: remove the .lock file that is named")
    } else if said.contains("no upstream configured") {
      self.init("\(path): the branch follows no remote", next: "git -C \(path) branch --set-upstream-to=origin/main")
    } else if said.contains("would be overwritten by merge") || said.contains("would be overwritten") {
      self.init(
        "\(path): what was edited there stands in the way of the new commit",
        next: "git -C \(path) status; commit it elsewhere, then: git -C \(path) checkout -- .")
    } else if said.contains("missing") || said.contains("bad object") || said.contains("Could not read") {
      self.init(
        "\(path): parts of the repository are missing: \(problem.message)",
        next: "git -C \(path) fsck; a partial clone is cloned anew without --filter")
    } else if said.contains("Permission denied") || said.contains("ermission denied") {
      self.init(
        "\(path): permission denied: \(problem.message)", next: "try as fleetd's account: git -C \(path) fetch")
    } else {
      self.init("\(path): \(problem.message)", next: "try as fleetd's account: git -C \(path) fetch; git log -1")
    }
  }
}
