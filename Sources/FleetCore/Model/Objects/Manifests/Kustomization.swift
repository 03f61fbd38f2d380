import YAMLSource

/// What one kustomization.yaml says, as far as it matters without kustomize: which files and directories it uses, and
/// whether it only puts them together or changes them too.
struct Kustomization: Sendable {
  /// Where it is, relative to the repository.
  let directory: String
  let mark: YAMLMark
  /// Paths of files and directories, relative to the repository, and where they are written.
  let resources: [(path: String, mark: YAMLMark)]
  /// Put upon every object, by this kustomization.
  let namespace: String?
  /// It may not stand alone (`kind: Component`).
  let isComponent: Bool
  /// It does nothing to its resources that fleetd would have to know to judge them.
  let isPlain: Bool

  /// Keys that leave the names, the number and the pods of the resources as they are.
  private static let plainKeys: Set<String> = [
    "apiVersion", "kind", "metadata", "resources", "bases", "namespace", "commonLabels", "labels", "commonAnnotations",
    "generatorOptions", "configMapGenerator", "secretGenerator", "sortOptions", "buildMetadata",
  ]

  /// - Parameter root: the directory that nothing may lead out of.
  init?(_ file: ManifestFile, root: String, _ diagnostics: inout Diagnostics) {
    let documents: [YAMLNode]
    do {
      documents = try YAMLParser.documents(in: file.bytes, named: file.name).filter { !$0.isNull }
    } catch {
      diagnostics.report(at: error.mark, error.problem)
      return nil
    }
    guard let document = documents.first, documents.count == 1, let mapping = document.mapping else {
      diagnostics.report(
        at: documents.first?.mark, "\(file.name): expected one kustomization, found \(documents.count) documents")
      return nil
    }
    directory = file.directory
    mark = document.mark
    namespace = mapping["namespace"]?.string
    isComponent = mapping["kind"]?.string == "Component"
    isPlain = mapping.entries.allSatisfy { Self.plainKeys.contains($0.key) }
    var resources: [(path: String, mark: YAMLMark)] = []
    for key in ["resources", "bases", "components", "crds"] {
      for entry in mapping[key]?.sequence ?? [] {
        guard let text = entry.string else {
          diagnostics.report(at: entry.mark, "\(key): expected a path, found \(entry.kindDescription)")
          continue
        }
        guard let path = Self.path(text, in: directory, root, entry.mark, &diagnostics) else { continue }
        resources.append((path, entry.mark))
      }
    }
    self.resources = resources
  }

  private static func path(
    _ text: String, in directory: String, _ root: String, _ mark: YAMLMark, _ diagnostics: inout Diagnostics
  ) -> String? {
    let shown = TerminalText.escape(String(text.prefix(120)))
    if text.contains("://") || text.contains("?ref=") || text.hasPrefix("git@") || text.hasPrefix("github.com/") {
      diagnostics.report(
        at: mark, "\"\(shown)\" is on another machine, which nothing of this commit can vouch for",
        hint: "put what it holds into this repository, and name it by its path")
      return nil
    }
    var parts = directory.split(separator: "/").map(String.init)
    for part in text.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
    }
    let path = parts.joined(separator: "/")
    guard !text.hasPrefix("/"), path == root || path.hasPrefix(root + "/") else {
      diagnostics.report(
        at: mark, "\"\(shown)\" leads out of \(root)/", hint: "a kustomization uses what is below \(root)/ alone")
      return nil
    }
    return path
  }
}
