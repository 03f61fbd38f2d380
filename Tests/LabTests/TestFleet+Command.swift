extension TestFleet {
  /// Another command than a pass: `fleetd snapshot save`, say.
  func command(_ arguments: String...) async throws -> Output { try await Lab.execute(words(of: arguments)) }

  /// Runs a command that looks at what the control node keeps, and so takes no checkout.
  func record(_ arguments: String...) async throws -> Output {
    try await Lab.execute(["lab/exec", "--", Lab.binary] + arguments + ["--config", directory + "/fleetd.yaml"])
  }

  /// The program's words for it.
  func words(of command: [String]) -> [String] {
    ["lab/exec", "--", "env", "CACHE_DIRECTORY=\(directory)/cache", Lab.binary] + command
      + ["--repo", directory, "--config", directory + "/fleetd.yaml"]
  }
}
