import YAMLSource

/// The text of one file, or of what a server rendered -> objects, and everything that is wrong with it.
struct ManifestDocuments {
  /// A bundle of CRDs is far larger than what people write.
  static let limits = YAMLLimits(maximumBytes: 8 << 20, maximumDepth: 100, maximumNodes: 600_000)

  private let file: ManifestFile
  private let isConfidential: Bool

  init(_ file: ManifestFile) {
    self.file = file
    isConfidential = file.state == .decrypted
  }

  func objects(_ diagnostics: inout Diagnostics) -> [KubernetesObject] {
    var found = Diagnostics()
    var objects: [KubernetesObject] = []
    do {
      for node in try YAMLParser.documents(in: file.bytes, named: file.name, limits: Self.limits) where !node.isNull {
        objects += self.objects(node, depth: 0, &found)
      }
    } catch {
      found.report(at: error.mark, error.problem)
    }
    for diagnostic in found.all { diagnostics.report(isConfidential ? diagnostic.withoutText : diagnostic) }
    return objects
  }

  /// One object, or those of a List.
  private func objects(_ node: YAMLNode, depth: Int, _ diagnostics: inout Diagnostics) -> [KubernetesObject] {
    guard let mapping = node.mapping else {
      diagnostics.report(at: node.mark, "expected an object with apiVersion and kind, found \(node.kindDescription)")
      return []
    }
    guard let apiVersion = text("apiVersion", in: mapping, node, &diagnostics),
      let kind = text("kind", in: mapping, node, &diagnostics)
    else { return [] }
    guard !apiVersion.hasPrefix("fleetd/") else {
      diagnostics.report(at: node.mark, "\(Self.shown(kind)) is fleetd's own: it belongs below inventory/")
      return []
    }
    guard !apiVersion.hasPrefix("kustomize.config.k8s.io/") else {
      diagnostics.report(
        at: node.mark, "a \(Self.shown(kind)) in a file of another name is an object that no server knows",
        hint: "kustomize reads kustomization.yaml alone")
      return []
    }
    if kind.hasSuffix("List"), let items = mapping["items"]?.sequence {
      guard depth < 4 else {
        diagnostics.report(at: node.mark, "a List of Lists of Lists")
        return []
      }
      return items.filter { !$0.isNull }.flatMap { objects($0, depth: depth + 1, &diagnostics) }
    }
    return object(node, mapping, apiVersion: apiVersion, kind: kind, &diagnostics).map { [$0] } ?? []
  }

  private func object(
    _ node: YAMLNode, _ mapping: YAMLMapping, apiVersion: String, kind: String, _ diagnostics: inout Diagnostics
  ) -> KubernetesObject? {
    let shape = ManifestShape(apiVersion: apiVersion, kind: kind)
    guard let identity = shape.identity(of: node, mapping, &diagnostics) else { return nil }
    shape.check(mapping, &diagnostics)
    do throws(JSONText.Unrepresentable) {
      var content = try JSONText(manifest: node)
      // The server's default, said aloud: what is asked for is then what is answered.
      if let namespace = identity.namespace {
        content = content.setting(["metadata", "namespace"], to: .string(namespace))
      }
      return KubernetesObject(
        identity, content.setting(["status"], to: nil), at: node.mark, isConfidential: isConfidential)
    } catch {
      diagnostics.report(at: error.node.mark, "JSON has no infinity and no NaN", hint: "write text in quotes")
      return nil
    }
  }

  private func text(
    _ key: String, in mapping: YAMLMapping, _ node: YAMLNode, _ diagnostics: inout Diagnostics
  ) -> String? {
    guard let value = mapping[key] else {
      diagnostics.report(at: node.mark, "\"\(key)\" is missing")
      return nil
    }
    let isValid = key == "kind" ? ObjectIdentity.isKind : ObjectIdentity.isAPIVersion
    guard let text = value.string, isValid(text) else {
      diagnostics.report(at: value.mark, "\(key): expected a word such as \(key == "kind" ? "Deployment" : "apps/v1")")
      return nil
    }
    return text
  }

  private static func shown(_ text: String) -> String { TerminalText.escape(String(text.prefix(80))) }
}

extension Diagnostic {
  /// The same without the line of the file: for text that is secret. The place stays.
  var withoutText: Diagnostic {
    guard let mark else { return self }
    let source = YAMLSourceFile(name: mark.source.name, bytes: [])
    return Diagnostic(
      at: YAMLMark(source: source, line: mark.line, column: mark.column),
      "the decrypted text is no valid manifest here", hint: "decrypt it yourself and look at this line")
  }
}
