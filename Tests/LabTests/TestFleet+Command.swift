extension TestFleet {
  /// Another command than a pass: `fleetd snapshot save`, say.
  func command(_ arguments: String...) async throws -> Output { try await Lab.execute(words(of: arguments)) }

  /// The program's words for it.
  func words(of command: [String]) -> [String] {
    ["lab/exec", "--", "env", "CACHE_DIRECTORY=\(directory)/cache", Lab.binary] + command
      + ["--repo", directory, "--config", directory + "/fleetd.yaml"]
  }
}
