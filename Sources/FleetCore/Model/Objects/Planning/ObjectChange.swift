/// One difference between the cluster and cluster/, as a plan shows it.
package struct ObjectChange: Sendable, Hashable {
  package let action: Change.Action
  package let object: ObjectIdentity
  /// What differs; empty where the object is added or deleted.
  package let fields: [ObjectField]
  package let note: String?
  /// Why it is shown and not done; `nil` when it will be done.
  package let held: Reason?

  package init(
    _ action: Change.Action, _ object: ObjectIdentity, fields: [ObjectField] = [], note: String? = nil,
    held: Reason? = nil
  ) {
    self.action = action
    self.object = object
    self.fields = fields
    self.note = note
    self.held = held
  }
}

extension ResourceKind {
  /// The heading of findings about Kubernetes objects.
  package static let objects = ResourceKind("objects")
}
