import FleetApply
package import FleetModel

extension StateRepository {
  private static let maximumManifestFiles = 5000
  /// A bundle of CRDs is some mebibytes; what else a kustomization takes into a ConfigMap is at most one.
  static let maximumManifestSize = 8 << 20
  private static let maximumOtherSize = 1 << 20
  private static let maximumSize = 24 << 20

  /// The manifests below the directory that the Fleet names, and the files that kustomizations may use; `nil`: there is no
  /// such directory. Links are not followed, and names that begin with a dot are no manifests.
  package func manifests(_ settings: ManifestSettings) throws(RunFailure) -> [ManifestFile]? {
    switch files.kind(of: settings.path) {
    case .directory: break
    case nil where !settings.isDeclared: return nil
    case nil:
      throw RunFailure("\(root) has no \(settings.path)/, which spec.manifests.path of the Fleet names")
    case .regular, .other:
      throw RunFailure(
        "\(settings.path) is no directory, and the Kubernetes objects are read from there",
        next: "make it one, or name another: spec.manifests.path of the Fleet")
    }
    var paths: [String] = []
    try collect(settings.path, into: &paths)
    let isKustomized = paths.contains { ManifestFile(name: $0, bytes: []).isKustomization }
    var found: [ManifestFile] = []
    var total = 0
    for path in paths.sorted() {
      guard let bytes = try read(path, whenOfUse: isKustomized) else { continue }
      total += bytes.count
      guard total <= Self.maximumSize else {
        throw RunFailure(
          "\(settings.path)/ holds more than \(Self.maximumSize >> 20) MiB", next: "keep manifests alone there")
      }
      found.append(
        ManifestFile(name: path, bytes: bytes, state: ManifestFile.isEncrypted(path, bytes) ? .encrypted : .plain))
    }
    return found
  }

  private func collect(_ relative: String, into paths: inout [String]) throws(RunFailure) {
    for name in try names(in: relative) {
      let path = "\(relative)/\(name)"
      switch files.kind(of: path) {
      case .directory where name.hasPrefix("."): continue
      case .directory:
        guard path.split(separator: "/").count <= 16 else { throw RunFailure("\(path) is nested too deeply") }
        try collect(path, into: &paths)
      case .regular:
        guard paths.count < Self.maximumManifestFiles else {
          throw RunFailure("there are more than \(Self.maximumManifestFiles) files of manifests")
        }
        guard !path.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
          throw RunFailure("\(TerminalText.escape(path)) has a control character in its name")
        }
        paths.append(path)
      case .other:
        throw RunFailure(
          "\(path) is a link or a special file, which fleetd does not follow", next: "put the file itself into Git")
      case nil:
        throw RunFailure("\(path) cannot be looked at", next: "may this account read \(root)/\(path)?")
      }
    }
  }

  /// `nil`: the file is no manifest, and no kustomization can use it.
  private func read(_ path: String, whenOfUse isKustomized: Bool) throws(RunFailure) -> [UInt8]? {
    let isManifest = ManifestFile(name: ManifestFile.decryptedName(of: path), bytes: []).isManifest
    if !isManifest { try requireReadableName(path) }
    let size = files.size(of: path)
    guard isManifest || isKustomized && size <= Self.maximumOtherSize else { return nil }
    guard size <= Self.maximumManifestSize, let bytes = files.bytes(of: path) else {
      throw RunFailure(
        "\(path) cannot be read, or is larger than \(Self.maximumManifestSize >> 20) MiB",
        next: "may this account read \(root)/\(path)?")
    }
    return bytes
  }
}
