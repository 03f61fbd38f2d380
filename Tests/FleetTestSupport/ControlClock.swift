package import FleetModel

/// The clocks of a control node, as a test sets them.
package struct ControlClock {
  package private(set) var now = ClockReading(wall: 1_800_000_000, boot: "boot-1", ticks: 5000)

  package init() {}

  package mutating func advance(_ seconds: Int) {
    now = ClockReading(wall: now.wall + seconds, boot: now.boot, ticks: now.ticks + seconds)
  }

  /// Somebody, or NTP, sets the wall clock.
  package mutating func jump(_ seconds: Int) {
    now = ClockReading(wall: now.wall + seconds, boot: now.boot, ticks: now.ticks)
  }

  package mutating func reboot(taking seconds: Int) {
    now = ClockReading(wall: now.wall + seconds, boot: now.boot + "'", ticks: 0)
  }
}

extension NodeSighting {
  package static func blank(_ machine: String, hasK3s: Bool = true) -> NodeSighting {
    .seen(
      Progress(
        machineID: machine, isBlank: true, hasBaseline: false, owesReboot: true,
        k3s: hasK3s ? K3s(isInstalled: false, hasJoined: false, isReady: false) : nil, isConverged: false))
  }

  package static func working(
    _ machine: String, baseline: Bool, owesReboot: Bool = false, installed: Bool = false, joined: Bool = false,
    ready: Bool = false
  ) -> NodeSighting {
    .seen(
      Progress(
        machineID: machine, isBlank: false, hasBaseline: baseline, owesReboot: owesReboot,
        k3s: K3s(isInstalled: installed, hasJoined: joined, isReady: ready), isConverged: false))
  }

  package static func settled(_ machine: String, hasK3s: Bool = true) -> NodeSighting {
    .seen(
      Progress(
        machineID: machine, isBlank: false, hasBaseline: true, owesReboot: false,
        k3s: hasK3s ? K3s(isInstalled: true, hasJoined: true, isReady: true) : nil, isConverged: true))
  }
}
