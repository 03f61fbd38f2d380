@testable import FleetModel

/// Documents of a state repository, as short as they can be.
enum InventoryText {
  static let fleet = document("Fleet", "home", "{}")

  static func document(_ kind: String, _ name: String, _ spec: String) -> String {
    "apiVersion: fleetd/v1\nkind: \(kind)\nmetadata: {name: \(name)}\nspec: \(spec)\n"
  }

  static func fleet(_ spec: String) -> String { document("Fleet", "home", spec) }
  static func profile(_ name: String, _ spec: String) -> String { document("Profile", name, spec) }

  static func node(_ name: String = "pi1", address: String = "192.0.2.1", spec: String = "") -> String {
    document("Node", name, "{address: \(address)\(spec.isEmpty ? "" : ", ")\(spec)}")
  }

  /// All documents in one file, `fleet.yaml`.
  static func decode(_ documents: String...) -> (fleet: Fleet?, messages: [String]) {
    decode(files: ["fleet.yaml": documents.joined(separator: "---\n")])
  }

  static func decode(files: [String: String]) -> (fleet: Fleet?, messages: [String]) {
    let (fleet, diagnostics) = FleetDecoder.decode(
      files.map { InventoryFile(name: $0.key, bytes: Array($0.value.utf8)) }
    )
    return (fleet, diagnostics.all.map(\.description))
  }
}
