/// The version of this program.
enum FleetdVersion {
  static let current = "0.1.0"
}
