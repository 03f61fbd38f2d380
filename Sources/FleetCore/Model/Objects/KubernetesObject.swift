package import YAMLSource

/// One object that shall be in the cluster, as a file or a rendered kustomization says it.
package struct KubernetesObject: Sendable {
  package let identity: ObjectIdentity
  /// What is sent to the server.
  package let content: JSONText
  /// Where it is written; in what a server rendered, the kustomization.
  package let mark: YAMLMark
  /// Whether it comes out of a file that was decrypted: nothing of it is shown.
  package let isConfidential: Bool

  package init(_ identity: ObjectIdentity, _ content: JSONText, at mark: YAMLMark, isConfidential: Bool = false) {
    self.identity = identity
    self.content = content
    self.mark = mark
    self.isConfidential = isConfidential
  }

  package var annotations: [String: String] { Self.texts(content.at("metadata", "annotations")) }

  /// Where it is written, for people: `cluster/apps/web.yaml:3`.
  package var place: String { "\(mark.source.name):\(mark.line)" }

  static func texts(_ value: JSONText?) -> [String: String] {
    var texts: [String: String] = [:]
    for member in value?.members ?? [] { texts[member.key] = member.value.string }
    return texts
  }
}

/// The words on objects that are fleetd's own.
package enum ObjectMark {
  /// A label of every object that fleetd applied, with the fleet's name: nothing else is ever deleted.
  package static let fleet = "fleetd/fleet"
  /// `"true"`: what other managers say of the same fields is overruled.
  package static let forceConflicts = "fleetd/force-conflicts"
  /// `allowed`: a namespace, a CRD or a volume may be deleted when it is no longer in Git.
  package static let prune = "fleetd/prune"
  /// Names of lints that do not hold for this object, separated by commas.
  package static let lintIgnore = "fleetd/lint-ignore"
}
