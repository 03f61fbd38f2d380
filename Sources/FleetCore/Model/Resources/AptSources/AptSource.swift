package import YAMLSource

/// One package source as it shall be.
package struct AptSource: Sendable {
  /// The key that signs it.
  package enum Key: Sendable, Hashable {
    /// Written to a file of its own.
    case armoured(String)
    /// A keyring that is on the node.
    case keyring(path: String)
  }

  package let name: String
  package let types: [String]
  package let uris: [String]
  package let suites: [String]
  package let components: [String]
  package let architectures: [String]
  package let key: Key?
  package let isTrusted: Bool
  package let isEnabled: Bool
  package let isAbsent: Bool
  package let mark: YAMLMark?

  package var path: String { "/etc/apt/sources.list.d/\(name).sources" }
  package var keyPath: String { "/etc/apt/keyrings/\(name).asc" }

  init(decoding entry: YAMLMapping.Entry, _ diagnostics: inout Diagnostics) {
    let fields = entry.value.mapping
    func words(_ key: String) -> [String] { fields?[key]?.sequence?.compactMap(\.string) ?? [] }
    name = entry.key
    types = words("types").isEmpty ? ["deb"] : words("types")
    uris = words("uris")
    suites = words("suites")
    components = words("components")
    architectures = words("architectures")
    key = fields?["signedBy"]?.string.map { $0.hasPrefix("/") ? .keyring(path: $0) : .armoured($0) }
    isTrusted = fields?["trusted"]?.bool ?? false
    isEnabled = fields?["enabled"]?.bool ?? true
    isAbsent = fields?["state"]?.string == "absent"
    mark = entry.keyNode.mark
    guard !isAbsent else { return }
    for what in ["uris", "suites"] {
      // What is no list is told by the schema.
      if let list = fields?[what], list.sequence?.isEmpty != true { continue }
      diagnostics.report(at: mark, "aptSources.\(name): \"\(what)\" is missing", hint: "apt needs at least one")
    }
    // sources.list(5): an exact path, which ends with "/", has no components; everything else has.
    let exact = suites.filter { $0.hasSuffix("/") }
    if exact.isEmpty, !suites.isEmpty, components.isEmpty {
      diagnostics.report(
        at: mark,
        "aptSources.\(name): \"components\" is missing",
        hint: "such as [main]; or a suite that ends with \"/\", for a repository without any"
      )
    } else if !exact.isEmpty, !components.isEmpty || exact.count != suites.count {
      diagnostics.report(
        at: mark,
        "aptSources.\(name): the suite \(exact[0]) is a path, which has no components",
        hint: "leave \"components\" and other suites out"
      )
    }
    if isTrusted, key != nil {
      diagnostics.report(at: mark, "aptSources.\(name): \"trusted\" makes its key useless", hint: "leave one out")
    }
  }

  /// The key before the source that needs it; the source before the key when both go.
  var files: [ManagedFile] {
    let source = ManagedFile(
      kind: AptSources.kind, path: path, content: Content(text), mode: "0644", isAbsent: isAbsent, mark: mark)
    let content: String? = if case .armoured(let text) = key { text.hasSuffix("\n") ? text : text + "\n" } else { nil }
    guard isAbsent || content != nil else { return [source] }
    let keyFile = ManagedFile(
      kind: AptSources.kind, path: keyPath, content: Content(content ?? ""), mode: "0644", isAbsent: isAbsent,
      mark: mark)
    return isAbsent ? [source, keyFile] : [keyFile, source]
  }

  /// deb822, as sources.list(5) has it.
  var text: String {
    var fields = [
      ("Enabled", isEnabled ? "" : "no"), ("Types", types.joined(separator: " ")),
      ("URIs", uris.joined(separator: " ")), ("Suites", suites.joined(separator: " ")),
      ("Components", components.joined(separator: " ")), ("Architectures", architectures.joined(separator: " ")),
    ]
    switch key {
    case .armoured?: fields.append(("Signed-By", keyPath))
    case .keyring(let path)?: fields.append(("Signed-By", path))
    case nil: break
    }
    if isTrusted { fields.append(("Trusted", "yes")) }
    return "# Managed by fleetd: spec.aptSources.\(name) of the node or its profiles.\n"
      + fields.filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1)\n" }.joined()
  }

  /// Said for as long as it is so.
  var warning: Finding? {
    guard isTrusted, isEnabled, !isAbsent else { return nil }
    return Finding(
      .note,
      .aptSourceTrusted,
      AptSources.kind,
      "packages of \(name) are installed without any check of a signature: whoever can answer for "
        + "\(uris.joined(separator: ", ")) is root on this node",
      next: "give the repository's key as signedBy, and leave trusted out"
    )
  }

  /// A key is known by its fingerprint, not by the letters of its armour.
  func naming(_ changeSet: ChangeSet) -> ChangeSet {
    guard case .armoured(let text) = key else { return changeSet }
    let fingerprint = (try? OpenPGPArmour(text))?.fingerprint.map { "key \($0)" } ?? "a key"
    let changes = changeSet.changes.map { change in
      guard change.name == keyPath, change.action != .remove else { return change }
      return Change(change.action, change.kind, change.name, from: change.before, to: .text(fingerprint))
    }
    return ChangeSet(changes, steps: changeSet.steps, disturbance: changeSet.disturbance, held: changeSet.held)
  }
}
