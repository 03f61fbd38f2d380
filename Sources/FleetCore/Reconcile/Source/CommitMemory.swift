package import FleetApply
import FleetModel

/// Which commit was in force last, in `<state>/source`: after a restart at a bad commit it is so again.
package struct CommitMemory: Sendable {
  private let state: ControlNodeState
  private let checkout: String

  package init(_ state: ControlNodeState, of checkout: String) {
    self.state = state
    self.checkout = checkout
  }

  private var file: String { "\(state.root)/source" }

  /// `nil`: none, or of another checkout.
  package var commit: String? {
    guard let bytes = PrivateFile.read(file, limit: 8192), let json = try? JSONText(parsing: bytes),
      json["checkout"]?.string == checkout, let commit = json["commit"]?.string,
      commit.utf8.count >= 40, commit.allSatisfy({ $0.isASCII && $0.isHexDigit })
    else { return nil }
    return commit
  }

  /// A commit that cannot be kept costs nothing but this memory: the next restart begins at HEAD.
  func remember(_ commit: String) {
    let json = JSONText.object([.init("checkout", .string(checkout)), .init("commit", .string(commit))])
    try? PrivateFile.makeDirectory(state.root)
    try? PrivateFile.write(Array((json.text() + "\n").utf8), to: file)
  }
}
