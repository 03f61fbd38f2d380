import Crypto

/// What fleetd applied to a cluster: the ConfigMap `kube-system/fleetd-inventory`, one entry for each object.
///
/// An entry is written before its object is applied and struck off once the object is gone: a crash leaves a name too
/// many, never one too few. Entries are added and struck off one by one, so that two writers lose nothing.
package struct ObjectInventory: Sendable {
  package static let namespace = "kube-system"
  package static let name = "fleetd-inventory"
  /// What a ConfigMap holds is a mebibyte; an entry is some hundred bytes.
  package static let maximumEntries = 6000

  /// The fleet whose inventory it is; `nil`: it does not say.
  package let fleet: String?
  /// By key; of other versions of one API the same.
  package let entries: [String: ObjectIdentity]

  package init(fleet: String?, entries: [ObjectIdentity]) {
    self.fleet = fleet
    self.entries = Dictionary(entries.map { (Self.key(of: $0), $0) }) { first, _ in first }
  }

  /// From the ConfigMap; entries that say nothing intelligible are passed over: nothing is ever deleted for them.
  package init(reading configMap: JSONText) {
    fleet = configMap.at("metadata", "labels", ObjectMark.fleet)?.string
    var entries: [String: ObjectIdentity] = [:]
    for member in (configMap["data"]?.members ?? []).prefix(Self.maximumEntries) {
      guard let text = member.value.string, let identity = ObjectIdentity(parsing: text),
        Self.key(of: identity) == member.key
      else { continue }
      entries[member.key] = identity
    }
    self.entries = entries
  }

  /// A ConfigMap's keys are short and hold few characters; names of objects are long and hold many.
  package static func key(of identity: ObjectIdentity) -> String {
    let key = identity.key
    let text = [key.group, key.kind, key.namespace, key.name].joined(separator: "\n")
    return String(SHA256.hash(data: Array(text.utf8)).hexadecimal.prefix(32))
  }

  package func contains(_ identity: ObjectIdentity) -> Bool { entries[Self.key(of: identity)] == identity }

  /// The ConfigMap without an entry, for a cluster that has none.
  package static func empty(of fleet: String) -> JSONText {
    ObjectIdentity(apiVersion: "v1", kind: "ConfigMap", namespace: namespace, name: name).skeleton
      .setting(["metadata", "labels", ObjectMark.fleet], to: .string(fleet))
      .setting(["metadata", "annotations", "fleetd/about"], to: .string(about))
  }

  private static let about =
    "What fleetd applied, so that it can delete what leaves Git. Without it nothing is deleted."

  /// A merge patch (RFC 7386) that adds and strikes off.
  package static func patch(adding added: [ObjectIdentity], striking struck: [ObjectIdentity]) -> JSONText {
    let entries =
      added.map { JSONText.Member(key(of: $0), .string($0.description)) }
      + struck.map { JSONText.Member(key(of: $0), .null) }
    return .object([.init("data", .object(entries.sorted { $0.key < $1.key }))])
  }
}
