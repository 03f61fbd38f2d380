@testable import FleetModel

extension HostFacts {
  /// Of a node without a fault.
  static let sample = HostFacts(
    bootID: "b", machineID: "m", hostname: "pi1", architecture: "arm64", kernel: "6.12", operatingSystem: "Debian",
    model: nil, serial: nil, freeBytes: 1 << 30, clock: 0, clockSkew: 0, isClockSynchronised: true,
    kernelCommandLine: "", firstBoot: nil, pendingRestarts: [], lastReboot: nil, runningStep: nil)
}
