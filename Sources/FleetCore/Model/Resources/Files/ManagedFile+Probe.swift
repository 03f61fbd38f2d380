extension ManagedFile {
  /// The line that `files_observe` of the kind `file` reads for a file without secrets.
  var probeLine: [String] { [content.digest(with: SecretVault()) ?? "unknown", "shown", path] }

  /// What stands at this path, of what `files_observe` answered.
  func observed(in section: ProbeSection) throws(ProbeError) -> ObservedFile {
    guard let file = try ObservedFile.parse(section)[path] else {
      throw .missing(section: "\(section.kind).stat of \(path)")
    }
    return file
  }
}

extension ObservedFile {
  /// Whether exactly this content stands there.
  func holds(_ content: Content) -> Bool {
    guard case .regular(let attributes, _) = self else { return false }
    return attributes.digest == content.digest(with: SecretVault())
  }
}
