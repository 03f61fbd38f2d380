import FleetApply
package import FleetModel
import FoundationEssentials

/// Finds and reads the control node's own configuration.
package enum ControlNode {
  package static let systemPath = "/etc/fleetd/fleetd.yaml"

  /// `explicit` (`--config`), else `/etc/fleetd/fleetd.yaml`, else `~/.config/fleetd/fleetd.yaml`, else the defaults.
  package static func configuration(
    at explicit: String?, home: String?
  ) throws(InvalidConfiguration) -> ControlNodeConfiguration {
    for path in candidates(explicit, home) {
      guard let data = FileManager.default.contents(atPath: path) else {
        if FileStatus(of: path) == nil, explicit == nil { continue }
        throw InvalidConfiguration(text: "\(path) cannot be read\n  = does it exist, and may this account read it?")
      }
      let (configuration, diagnostics) = ControlNodeConfiguration.decode(InventoryFile(name: path, bytes: Array(data)))
      guard let configuration else {
        throw InvalidConfiguration(text: diagnostics.all.map(\.description).joined(separator: "\n"))
      }
      return configuration
    }
    return .defaults
  }

  /// Which file `configuration` reads; `nil`: there is none.
  package static func path(at explicit: String?, home: String?) -> String? {
    candidates(explicit, home).first { explicit != nil || FileStatus(of: $0) != nil }
  }

  /// The file's bytes; `nil`: there is none.
  package static func bytes(at explicit: String?, home: String?) throws(InvalidConfiguration) -> [UInt8]? {
    guard let path = path(at: explicit, home: home) else { return nil }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw InvalidConfiguration(text: "\(path) cannot be read\n  = does it exist, and may this account read it?")
    }
    return Array(data)
  }

  private static func candidates(_ explicit: String?, _ home: String?) -> [String] {
    explicit.map { [$0] } ?? [systemPath] + (home.map { ["\($0)/.config/fleetd/fleetd.yaml"] } ?? [])
  }
}

/// A configuration that cannot be used, as text with carets.
package struct InvalidConfiguration: Error, Sendable {
  package let text: String
}
