extension SSHConnection {
  /// Stores `source` as the file `path` on the far side, complete or not at all.
  ///
  /// The bytes go into `.<name>.fleetd-new` beside the target; there their size and SHA-256 are compared with what was
  /// sent, then the file gets its mode, is synced and renamed. It belongs to the account that writes it (root under
  /// `sudo`). Two uploads to one path at the same time spoil each other; the caller keeps them apart.
  ///
  /// Needs `sh`, `head -c`, `sha256sum`, `sync FILE` and `mv -T` (coreutils) on the far side.
  ///
  /// - Parameters:
  ///   - path: absolute; its directory must exist. Any name that a file can have.
  ///   - mode: octal digits, `"0644"`.
  ///   - elevation: words before the command, for example `["sudo", "-n"]`.
  ///   - preamble: what the elevation's command reads from standard input before the file comes: a password's line.
  /// - Throws: `uploadMismatch` when other bytes arrived, `uploadFailed` when they could not be stored, and what
  ///   `execute` throws.
  public func upload(
    _ source: SSHInput,
    to path: String,
    mode: String,
    elevation: [String] = [],
    preamble: [UInt8] = [],
    deadline: Duration
  ) async throws(SSHError) -> SSHUploadReceipt {
    let upload = try uploadPlan(path, mode, elevation)
    let reader = try await SSHInputReader(source, for: destination)
    let command = upload.command(size: reader.size, elevation: elevation)
    let result = try await transport.withCall("uploading", deadline: deadline) { call throws(SSHError) in
      try await self.transport.run(
        command,
        preamble: preamble,
        input: reader,
        trailer: { Array("\($0.sha256)\n".utf8) },
        limits: SSHOutputLimits(),
        call
      )
    }
    guard result.succeeded else { throw error(of: result, path) }
    let words = String(decoding: result.stdout, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    guard words.count == 2, words[0] == "\(reader.size)" else {
      throw SSHError(
        .uploadMismatch,
        destination,
        "the far side did not confirm the upload of \(printable(path)): "
          + printable(result.stdout)
      )
    }
    return SSHUploadReceipt(size: reader.size, sha256: String(words[1]))
  }

  private func uploadPlan(_ path: String, _ mode: String, _ elevation: [String]) throws(SSHError) -> SSHUpload {
    guard !elevation.contains(where: { $0.utf8.contains(0) }) else {
      throw SSHError(.invalidArgument, destination, "a command cannot hold NUL")
    }
    do throws(SSHUpload.Problem) {
      return try SSHUpload(path: path, mode: mode)
    } catch {
      throw SSHError(.invalidArgument, destination, error.text)
    }
  }

  private func error(of result: SSHResult, _ path: String) -> SSHError {
    let said = printable(result.stderr, limit: 400)
    if result.exit == .status(SSHUpload.mismatchStatus) {
      return SSHError(.uploadMismatch, destination, "the upload of \(printable(path)) arrived damaged: \(said)")
    }
    return SSHError(
      .uploadFailed,
      destination,
      "the upload of \(printable(path)) failed (\(result.exit)): \(said.isEmpty ? "no message" : said)"
    )
  }
}
