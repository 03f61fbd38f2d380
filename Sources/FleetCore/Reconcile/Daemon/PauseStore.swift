package import FleetApply
package import FleetModel

/// The pauses of one fleet, in `<state>/pauses/<fleet>`: they outlive every process, and every command honours them.
package struct PauseStore: Sendable {
  private let directory: String
  private let file: String

  package init(_ state: ControlNodeState, of fleet: String) {
    directory = "\(state.root)/pauses"
    file = "\(directory)/\(fleet)"
  }

  package func read() throws(RunFailure) -> PauseList {
    guard FileStatus(of: file) != nil else { return PauseList() }
    guard let bytes = PrivateFile.read(file), let pauses = PauseList(parsing: bytes) else {
      throw RunFailure(
        "\(file) cannot be read, so whether nodes are paused is not known",
        next: "may this account read it? Remove it to end all pauses")
    }
    return pauses
  }

  package func write(_ pauses: PauseList, at now: Int) throws(RunFailure) {
    do throws(NodeFailure) {
      try PrivateFile.makeDirectory(directory)
      try PrivateFile.write(Array(pauses.text(at: now).utf8), to: file)
    } catch {
      throw RunFailure(error.message, next: error.next)
    }
  }
}
