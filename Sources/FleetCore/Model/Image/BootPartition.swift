/// What a freshly flashed card's boot partition is, told by the files on it.
package struct BootPartition: Sendable {
  /// How the image on the card takes what it shall become.
  package enum Flavour: String, Sendable, Hashable, CaseIterable {
    /// Raspberry Pi OS since Trixie: cloud-init.
    case raspberryPiOS = "rpios"
    /// Raspberry Pi OS Bookworm: a script that the kernel command line names.
    case raspberryPiOSFirstRun = "rpios-firstrun"
    case ubuntu

    package var isCloudInit: Bool { self != .raspberryPiOSFirstRun }
  }

  package let flavour: Flavour
  /// Relative to the partition: `cmdline.txt`, on Ubuntu with A/B boot `current/cmdline.txt`.
  package let commandLinePath: String
  package let commandLine: CommandLineFile

  /// Files that are looked for; more of a partition is not read.
  package static let commandLinePaths = ["current/cmdline.txt", "cmdline.txt"]
  package static let tellingNames = [
    "config.txt", "issue.txt", "user-data", "meta-data", "kernel8.img", "vmlinuz", "current",
  ]

  /// - Parameters:
  ///   - names: which of `tellingNames` are there.
  ///   - commandLines: the bytes of `commandLinePaths`, as far as they are there.
  ///   - flavour: what a person says it is.
  /// - Throws: why this is no boot partition, or not told which.
  package init(
    names: Set<String>, commandLines: [String: [UInt8]], flavour given: Flavour?
  ) throws(ImageFailure) {
    let path = Self.commandLinePaths.first { commandLines[$0] != nil }
    guard let path, let bytes = commandLines[path], names.contains("config.txt") || names.contains("current") else {
      throw ImageFailure(
        "it is no boot partition of a Pi: it holds no cmdline.txt and config.txt",
        next: "mount the first partition of the card (bootfs, system-boot), and name the directory")
    }
    let file = CommandLineFile(path: path, bytes: bytes)
    guard file.tokens.contains(where: { $0.hasPrefix("root=") }) else {
      throw ImageFailure(
        "its \(path) names no root=, so no Pi boots from it",
        next: "is it the card's first partition? Flash the card anew")
    }
    let isCloudInit = names.contains("user-data") || names.contains("meta-data")
    let isRaspberryPiOS = names.contains("issue.txt")
    let told: Flavour? =
      isCloudInit ? (isRaspberryPiOS ? .raspberryPiOS : .ubuntu) : isRaspberryPiOS ? .raspberryPiOSFirstRun : nil
    guard let flavour = given ?? told else {
      throw ImageFailure(
        "which system this is cannot be told: there is neither user-data nor issue.txt",
        next: "say it: --flavour " + Flavour.allCases.map(\.rawValue).joined(separator: ", "))
    }
    self.flavour = flavour
    commandLinePath = path
    commandLine = file
  }
}

/// Why a card cannot be prepared, and what to do about it.
package struct ImageFailure: Error, Sendable {
  package let message: String
  package let next: String?

  package init(_ message: String, next: String? = nil) {
    self.message = message
    self.next = next
  }
}
