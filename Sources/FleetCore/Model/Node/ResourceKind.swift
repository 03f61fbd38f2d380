/// The name of a kind of resource: the heading in a plan, the label of a metric, the name of its probe section.
package struct ResourceKind: Sendable, Hashable, CustomStringConvertible {
  /// Lowercase letters only, so that it can stand in a shell function's and a systemd unit's name.
  package let name: String

  package init(_ name: StaticString) { self.name = "\(name)" }

  package var description: String { name }
}
