extension SSHConnection {
  /// Runs `command`, whose output is a file, and stores it as the file `path` of this machine, complete or not at all,
  /// readable for its owner alone.
  ///
  /// The bytes go into `<path>.fleetd-new`; size and SHA-256 are compared with what the caller was told of the file, then
  /// it is synced and renamed. What arrives is written as it comes: a file of any size takes little memory.
  ///
  /// - Parameters:
  ///   - size: bytes; more are not read.
  ///   - sha256: lowercase hexadecimal.
  ///   - path: absolute; its directory must exist.
  /// - Throws: `downloadMismatch` when other bytes arrived, `downloadFailed` when they could not be sent or stored, and
  ///   what `execute` throws.
  public func download(
    _ command: String,
    input: SSHInput = .none,
    size: Int,
    sha256: String,
    to path: String,
    deadline: Duration
  ) async throws(SSHError) {
    guard path.hasPrefix("/"), !path.hasSuffix("/"), !path.utf8.contains(0), size >= 0 else {
      throw SSHError(
        .invalidArgument, destination, "a download needs the absolute path of a file, not \"\(printable(path))\"")
    }
    let reader = try await SSHInputReader(input, for: destination)
    let file = try await store { () async throws(LocalFile.Problem) in try await LocalFileWriter.open(path) }
    // A file that is longer than it was told ends the call by its limit.
    let limits = SSHOutputLimits(stdout: size, stderr: 64 << 10)
    let result = try await transport.withCall("downloading", deadline: deadline) { call throws(SSHError) in
      try await self.transport.run(command, input: reader, limits: limits, into: file, call)
    }
    guard result.succeeded else {
      let said = printable(result.stderr, limit: 400)
      throw SSHError(
        .downloadFailed, destination,
        "the far side could not send the file (\(result.exit)): \(said.isEmpty ? "no message" : said)")
    }
    guard file.size == size, file.sha256 == sha256 else {
      throw SSHError(
        .downloadMismatch, destination,
        "the file arrived damaged: \(file.size) of \(size) bytes, SHA-256 \(file.sha256) instead of \(printable(sha256))"
      )
    }
    try await store { () async throws(LocalFile.Problem) in try await file.finish() }
  }

  private func store<Value: Sendable>(
    _ work: () async throws(LocalFile.Problem) -> Value
  ) async throws(SSHError) -> Value {
    do throws(LocalFile.Problem) {
      return try await work()
    } catch {
      throw SSHError(.downloadFailed, destination, "cannot store the file: \(error.text)")
    }
  }
}
