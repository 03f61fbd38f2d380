/// What names one Kubernetes object.
package struct ObjectIdentity: Sendable, Hashable, CustomStringConvertible {
  /// `apps/v1`, `v1`.
  package let apiVersion: String
  package let kind: String
  /// `nil`: the object belongs to the cluster, or its kind is one that is not known to have a namespace.
  package let namespace: String?
  package let name: String

  package init(apiVersion: String, kind: String, namespace: String?, name: String) {
    self.apiVersion = apiVersion
    self.kind = kind
    self.namespace = namespace
    self.name = name
  }

  /// `apps`; empty for the core group.
  package var group: String {
    guard let slash = apiVersion.lastIndex(of: "/") else { return "" }
    return String(apiVersion[..<slash])
  }

  /// `apps/v1 Deployment`.
  package var type: String { "\(apiVersion) \(kind)" }

  /// `web/front`, or the name alone.
  package var place: String { namespace.map { "\($0)/\(name)" } ?? name }

  /// `apps/v1 Deployment web/front`.
  package var description: String { "\(type) \(place)" }

  /// The same for every version of one group: `apps/v1beta1` and `apps/v1` name one object.
  package var key: Key { Key(group: group, kind: kind, namespace: namespace ?? "", name: name) }

  package struct Key: Sendable, Hashable {
    package let group: String
    package let kind: String
    package let namespace: String
    package let name: String
  }

  /// Nothing but what finds it again.
  package var skeleton: JSONText {
    .object([
      .init("apiVersion", .string(apiVersion)), .init("kind", .string(kind)),
      .init(
        "metadata",
        .object(
          [.init("name", .string(name))] + (namespace.map { [.init("namespace", .string($0))] } ?? []))),
    ])
  }

  /// `nil` when the object does not say what it is.
  package init?(of object: JSONText) {
    guard let apiVersion = object["apiVersion"]?.string, let kind = object["kind"]?.string,
      let name = object.at("metadata", "name")?.string
    else { return nil }
    let namespace = object.at("metadata", "namespace")?.string
    self.init(apiVersion: apiVersion, kind: kind, namespace: namespace?.isEmpty == true ? nil : namespace, name: name)
  }

  /// Reads `description` back: what the inventory keeps.
  package init?(parsing text: String) {
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard words.count == 3, words.allSatisfy({ !$0.isEmpty }) else { return nil }
    let parts = words[2].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.allSatisfy({ !$0.isEmpty }) else { return nil }
    self.init(
      apiVersion: words[0], kind: words[1], namespace: parts.count == 2 ? parts[0] : nil, name: parts[parts.count - 1])
    guard isWellFormed else { return nil }
  }

  /// Whether it can stand in an address of the API without meaning anything else: a `?` in a name would make one object's
  /// address that of all of them.
  package var isWellFormed: Bool {
    Self.isAPIVersion(apiVersion) && Self.isKind(kind) && Self.isSegment(name) && namespace.map(Self.isSegment) != false
  }

  /// `v1`, `apps/v1`.
  package static func isAPIVersion(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    return text.utf8.count <= 253 && (1...2).contains(parts.count)
      && parts.allSatisfy { part in
        !part.isEmpty && !part.hasPrefix(".") && part.unicodeScalars.allSatisfy { segment.contains($0) && $0 != ":" }
      }
  }

  package static func isKind(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 63
      && text.unicodeScalars.allSatisfy { CharacterClass.alphanumeric.contains($0) }
  }

  /// Names of RBAC hold colons; no other kind's do.
  static func isSegment(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 253 && text != "." && text != ".."
      && text.unicodeScalars.allSatisfy { segment.contains($0) }
  }

  private static let segment = CharacterClass(".-_:")
}
