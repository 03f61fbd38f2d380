extension TestFleet {
  /// What a person sees, in one of the formats: `--check` or `--once --yes`, and further words.
  func shown(_ format: String, _ arguments: String...) async throws -> Output {
    try await Lab.execute(
      ["lab/exec", "--", Lab.binary] + arguments
        + ["--output", format, "--repo", directory, "--config", directory + "/fleetd.yaml"])
  }
}
