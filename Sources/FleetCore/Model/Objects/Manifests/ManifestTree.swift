import YAMLSource

/// Which files of cluster/ are manifests by themselves, and which belong to a kustomization.
struct ManifestTree: Sendable {
  /// Manifests that no kustomization has to do with.
  let plain: [ManifestFile]
  /// Directories that are rendered, each by itself.
  let roots: [String]
  let kustomizations: [String: Kustomization]
  private let files: [String: ManifestFile]
  private let directories: Set<String>

  /// - Parameter root: the directory of all of them.
  init(_ files: [ManifestFile], root: String, _ diagnostics: inout Diagnostics) {
    var kustomizations: [String: Kustomization] = [:]
    var broken: Set<String> = []
    var seen: [String: ManifestFile] = [:]
    for file in files where file.isKustomization {
      if let first = seen.updateValue(file, forKey: file.directory) {
        diagnostics.report(
          at: nil, "\(file.directory) holds \(first.baseName) and \(file.baseName); kustomize takes one")
      }
      if let kustomization = Kustomization(file, root: root, &diagnostics) {
        kustomizations[file.directory] = kustomization
      } else {
        broken.insert(file.directory)
      }
    }
    let used = Set(kustomizations.values.flatMap { $0.resources.map(\.path) })
    let owned = Set(kustomizations.keys).union(broken)
    self.kustomizations = kustomizations
    // A base that another kustomization uses is rendered there, and a component never by itself.
    roots = kustomizations.values.filter { kustomization in
      let isBelowAnother = Self.ancestors(of: kustomization.directory).contains { owned.contains($0) }
      return !kustomization.isComponent && !isBelowAnother && !used.contains(kustomization.directory)
    }.map(\.directory).sorted()
    plain = files.filter { file in
      let isOwned = owned.contains(file.directory) || Self.ancestors(of: file.directory).contains { owned.contains($0) }
      return file.isManifest && !isOwned && !file.isKustomization
    }
    self.files = Dictionary(files.map { ($0.name, $0) }) { first, _ in first }
    directories = Set(files.flatMap { [$0.directory] + Self.ancestors(of: $0.directory) })
    reportMissing(&diagnostics)
    reportUnreached(&diagnostics)
  }

  /// What nobody renders would count as taken out of Git, and be deleted.
  private func reportUnreached(_ diagnostics: inout Diagnostics) {
    var reached: Set<String> = []
    var next = roots
    while let directory = next.popLast() {
      guard let kustomization = kustomizations[directory], reached.insert(directory).inserted else { continue }
      next += kustomization.resources.map(\.path)
    }
    for (directory, kustomization) in kustomizations.sorted(by: { $0.key < $1.key }) where !reached.contains(directory)
    {
      guard !kustomization.isComponent else { continue }
      if let entry = kustomization.resources.first(where: { reaches(directory, from: $0.path) }) {
        diagnostics.report(
          at: entry.mark, "\(directory) uses itself by way of \(entry.path)", hint: "kustomize renders no cycle")
      } else {
        diagnostics.report(
          at: kustomization.mark, "no kustomization that is rendered uses \(directory)",
          hint: "name it in the kustomization above it, or move it out of there")
      }
    }
  }

  private func reaches(_ directory: String, from start: String) -> Bool {
    var seen: Set<String> = []
    var next = [start]
    while let path = next.popLast() {
      if path == directory { return true }
      guard seen.insert(path).inserted else { continue }
      next += kustomizations[path]?.resources.map(\.path) ?? []
    }
    return false
  }

  /// `a/b/c` -> `a/b`, `a`.
  private static func ancestors(of path: String) -> [String] {
    var ancestors: [String] = []
    var rest = path[...]
    while let slash = rest.lastIndex(of: "/") {
      rest = rest[..<slash]
      ancestors.append(String(rest))
    }
    return ancestors
  }

  private func reportMissing(_ diagnostics: inout Diagnostics) {
    for kustomization in kustomizations.values {
      for resource in kustomization.resources where files[resource.path] == nil {
        // What a file is called before it is decrypted says what it will be called.
        let isEncrypted = files.values.contains { $0.state == .encrypted && $0.name.hasPrefix(resource.path + ".") }
        guard !isEncrypted else { continue }
        let isDirectory = directories.contains(resource.path)
        guard isDirectory, kustomizations[resource.path] == nil, !hasKustomization(resource.path) else {
          guard !isDirectory else { continue }
          diagnostics.report(at: resource.mark, "there is no \(resource.path)")
          continue
        }
        diagnostics.report(
          at: resource.mark, "\(resource.path) has no kustomization.yaml, which kustomize wants of a directory",
          hint: "write one that names its files")
      }
    }
  }

  /// Also one that cannot be read.
  private func hasKustomization(_ directory: String) -> Bool {
    files.values.contains { $0.isKustomization && $0.directory == directory }
  }

  /// What can be told of a root without rendering it: its resources that are plain files, with the namespace that is
  /// put upon them.
  struct Part: Sendable {
    let file: ManifestFile
    let namespace: String?
    /// Nothing on the way from the root changes its objects.
    let isCertain: Bool
  }

  func parts(of root: String) -> [Part] {
    var parts: [Part] = []
    var visited: Set<String> = []
    collect(root, namespace: nil, isCertain: true, &visited, &parts)
    return parts
  }

  private func collect(
    _ directory: String, namespace: String?, isCertain: Bool, _ visited: inout Set<String>, _ parts: inout [Part]
  ) {
    guard let kustomization = kustomizations[directory], visited.insert(directory).inserted else { return }
    // The outermost namespace is put on last.
    let namespace = namespace ?? kustomization.namespace
    let isCertain = isCertain && kustomization.isPlain && !kustomization.isComponent
    for resource in kustomization.resources {
      if let file = files[resource.path] {
        if file.isManifest, file.state != .encrypted {
          parts.append(Part(file: file, namespace: namespace, isCertain: isCertain))
        }
      } else {
        collect(resource.path, namespace: namespace, isCertain: isCertain, &visited, &parts)
      }
    }
  }
}
