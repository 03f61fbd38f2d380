import YAMLSource

/// What is the same in every object of a kind, as far as it can be said without a server.
struct ManifestShape {
  let apiVersion: String
  let kind: String

  private struct Place {
    let namespace: String?
  }

  private var group: String { ObjectIdentity(apiVersion: apiVersion, kind: kind, namespace: nil, name: "").group }

  /// `nil` with a diagnostic: nothing else can be said of an object without a name.
  func identity(of node: YAMLNode, _ mapping: YAMLMapping, _ diagnostics: inout Diagnostics) -> ObjectIdentity? {
    guard let metadata = mapping["metadata"]?.mapping else {
      diagnostics.report(at: mapping["metadata"]?.mark ?? node.mark, "\(kind): \"metadata\" with a name is missing")
      return nil
    }
    guard let nameNode = metadata["name"] else {
      let isGenerated = metadata["generateName"] != nil
      diagnostics.report(
        at: mapping["metadata"]?.mark ?? node.mark,
        isGenerated ? "\(kind): generateName makes another object each time" : "\(kind): metadata.name is missing",
        hint: isGenerated ? "give it a name: what is applied again must be found again" : nil)
      return nil
    }
    guard let name = nameNode.manifestText, let place = place(in: metadata, &diagnostics) else {
      if nameNode.manifestText == nil { reportNoString(nameNode, "metadata.name", &diagnostics) }
      return nil
    }
    if let problem = problem(withName: name) {
      diagnostics.report(at: nameNode.mark, "metadata.name: \"\(Self.shown(name))\" \(problem)")
      return nil
    }
    let identity = ObjectIdentity(apiVersion: apiVersion, kind: kind, namespace: place.namespace, name: name)
    let grant =
      ClusterGrant.owns(identity) ? "fleetd keeps it itself, where the Fleet's spec.checkAccess names a key" : nil
    if let why = grant ?? BuiltInKinds.reservation(of: identity) {
      diagnostics.report(
        at: nameNode.mark, "\(identity) cannot be declared: \(why)",
        hint: grant == nil ? "take it away" : "give it another name")
      return nil
    }
    return identity
  }

  private func place(in metadata: YAMLMapping, _ diagnostics: inout Diagnostics) -> Place? {
    let isNamespaced = BuiltInKinds.isNamespaced(group: group, kind: kind)
    guard let node = metadata["namespace"], !node.isNull else {
      return Place(namespace: isNamespaced == true ? "default" : nil)
    }
    guard let text = node.manifestText else {
      reportNoString(node, "metadata.namespace", &diagnostics)
      return nil
    }
    if isNamespaced == false {
      diagnostics.report(at: node.mark, "a \(kind) belongs to the cluster and has no namespace", hint: "take it away")
      return nil
    }
    if let problem = TextRule.hostName.problem(with: text) {
      diagnostics.report(at: node.mark, "metadata.namespace: \"\(Self.shown(text))\" \(problem)")
      return nil
    }
    return Place(namespace: text)
  }

  /// RFC 1123 subdomains, but for RBAC's names, which hold colons.
  private func problem(withName name: String) -> String? {
    guard !name.isEmpty else { return "is empty" }
    guard name.utf8.count <= 253 else { return "is longer than 253 characters" }
    if BuiltInKinds.isNamespace(ObjectIdentity(apiVersion: apiVersion, kind: kind, namespace: nil, name: name)) {
      return TextRule.hostName.problem(with: name)
    }
    if group == "rbac.authorization.k8s.io" {
      return ObjectIdentity.isSegment(name) ? nil : "holds something else than letters, digits and . - _ :"
    }
    let problem = TextRule.word(
      "", first: .lowercaseAlphanumeric, rest: .init(lowercaseOnly: true, "-."), length: 253
    ).problem(with: name)
    return problem ?? (name.hasSuffix("-") || name.hasSuffix(".") ? "ends with \"\(name.suffix(1))\"" : nil)
  }

  /// Values that must be strings, where YAML easily makes something else of them.
  func check(_ mapping: YAMLMapping, _ diagnostics: inout Diagnostics) {
    for key in ["labels", "annotations"] {
      checkTexts(mapping["metadata"]?.mapping?[key], "metadata.\(key)", &diagnostics)
    }
    guard group.isEmpty else { return }
    if kind == "ConfigMap" { checkTexts(mapping["data"], "data", &diagnostics) }
    guard kind == "Secret" else { return }
    checkTexts(mapping["stringData"], "stringData", &diagnostics)
    checkTexts(mapping["data"], "data", &diagnostics)
    for entry in mapping["data"]?.mapping?.entries ?? [] {
      guard let text = entry.value.string, Base64.decode(text.filter { !$0.isWhitespace }) == nil else { continue }
      // At the key: the line of the value would show the secret.
      diagnostics.report(
        Diagnostic(
          at: entry.keyNode.mark.withoutText, "Secret.data holds a value that is no base64",
          hint: "write it below stringData, which takes plain text"))
    }
  }

  private func checkTexts(_ node: YAMLNode?, _ path: String, _ diagnostics: inout Diagnostics) {
    guard let node, !node.isNull else { return }
    guard let mapping = node.mapping else {
      diagnostics.report(at: node.mark, "\(path): expected a mapping, found \(node.kindDescription)")
      return
    }
    for entry in mapping.entries where entry.value.manifestText == nil && !entry.value.isNull {
      // Of a Secret neither the line nor the value is shown.
      let isSecret = kind == "Secret" && path != "metadata.labels" && path != "metadata.annotations"
      let name = Self.shown(entry.key)
      diagnostics.report(
        at: isSecret ? entry.value.mark.withoutText : entry.value.mark,
        "\(path).\(name): expected a string, found \(entry.value.kindDescription)",
        hint: entry.value.scalar == nil ? nil : "write it in quotes")
    }
  }

  private func reportNoString(_ node: YAMLNode, _ path: String, _ diagnostics: inout Diagnostics) {
    diagnostics.report(
      at: node.mark, "\(path): expected a string, found \(node.kindDescription)",
      hint: node.scalar == nil ? nil : "write it in quotes")
  }

  private static func shown(_ text: String) -> String { TerminalText.escape(String(text.prefix(80))) }
}

extension YAMLMark {
  /// The same place without the text that stands there.
  var withoutText: YAMLMark {
    YAMLMark(source: YAMLSourceFile(name: source.name, bytes: []), line: line, column: column)
  }
}
