/// A public key or a known_hosts file that cannot be used as it is.
public struct SSHParseError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file, where the text came from one.
  public let file: String?
  /// The line in `file`, from 1.
  public let line: Int?
  /// What is wrong and what to do, lowercase.
  public let problem: String

  init(file: String? = nil, line: Int? = nil, problem: String) {
    self.file = file
    self.line = line
    self.problem = problem
  }

  public var description: String {
    guard let file else { return problem }
    guard let line else { return "\(file): \(problem)" }
    return "\(file):\(line): \(problem)"
  }
}
