package import FleetModel

/// Who knows what is shown. Asked for every answer; it must not wait for anything but its own data.
package protocol OverviewSource: Sendable {
  func overview() async -> FleetOverview
}
