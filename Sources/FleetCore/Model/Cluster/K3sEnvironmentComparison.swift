package import YAMLSource

/// The environment of another's unit, compared with `k3s.environment`.
package struct K3sEnvironmentComparison: Sendable {
  /// Names that the inventory gives and that are missing on the node, or have another value there.
  package let differing: [String]
  /// What the inventory does not mention.
  package let unexpressed: [K3sForeignUnit.Variable]

  package init(from present: [K3sForeignUnit.Variable], to wanted: YAMLNode?, with vault: SecretVault) {
    let entries = wanted?.mapping?.entries ?? []
    let values = Dictionary(present.map { ($0.name, $0.value) }) { _, last in last }
    differing = entries.filter { entry in
      guard let value = values[entry.key] else { return true }
      if let name = entry.value.mapping?["secret"]?.string {
        guard let digest = K3sToken.digest(of: SecretReference(name), in: vault) else { return false }
        return (K3sHidden.digest(in: value) ?? K3sHidden.digest(of: value)) != digest
      }
      return !K3sHidden.isSame(value, as: entry.value.scalar?.text ?? "")
    }.map(\.key)
    unexpressed = present.filter { variable in !entries.contains { $0.key == variable.name } }
  }
}
