/// The kernels that a node has, told by the directories of their modules.
package struct InstalledKernels: Sendable, Hashable {
  /// The running one, `uname -r`.
  package let running: String
  /// Names below /lib/modules that hold a kernel's modules.
  package let installed: [String]

  package init(running: String, installed: [String]) {
    self.running = running
    self.installed = installed
  }

  /// The newest installed kernel of the running one's flavour, if it is newer.
  package var newer: String? {
    guard let now = Release(running) else { return nil }
    let newer = installed.compactMap { Release($0) }.filter { $0.flavour == now.flavour && now.version < $0.version }
    return newer.max { $0.version < $1.version }?.name
  }

  /// `6.12.25+rpt-rpi-v8`: a version, and the flavour behind it. A Pi has the kernels of several boards side by side, and
  /// its firmware chooses by flavour.
  struct Release {
    let name: String
    let version: DebianVersion
    let flavour: String

    init?(_ name: String) {
      let known = Self.flavours.first { name.hasSuffix("-" + $0) }
      let flavour = known ?? Self.flavour(of: name)
      guard !flavour.isEmpty, let version = DebianVersion(String(name.dropLast(flavour.count + 1))) else { return nil }
      self.name = name
      self.version = version
      self.flavour = flavour
    }

    /// Raspberry Pi OS once had a number in between (6.1.0-rpi7-rpi-v8), which is none of the flavour's.
    private static let flavours = ["rpi-v8", "rpi-2712", "rpi-v8-rt", "rpi-2712-rt", "rpi-v7l", "rpi-v7", "rpi-v6"]

    /// Behind the first dash that a letter follows: `arm64` of 6.1.0-18-arm64, `raspi` of 5.15.0-1049-raspi.
    private static func flavour(of name: String) -> String {
      let parts = name.split(separator: "-", omittingEmptySubsequences: false)
      let index = parts.dropFirst().firstIndex { $0.first?.isLetter ?? false }
      return index.map { parts[$0...].joined(separator: "-") } ?? ""
    }
  }
}
