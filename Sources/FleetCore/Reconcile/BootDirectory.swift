import FleetApply
package import FleetModel

/// The directory that a card's boot partition is mounted at: FAT, which knows no owners, modes or links.
package struct BootDirectory: Sendable {
  package let path: String

  /// Refuses what is no directory, and this machine's own partition.
  ///
  /// - Parameter path: absolute, links resolved.
  package init(at path: String) throws(RunFailure) {
    guard FileStatus(of: path)?.kind == .directory else {
      throw RunFailure(
        "there is no directory \(path)", next: "mount the card's first partition, and name where: --boot DIR")
    }
    guard path != "/boot", path != "/boot/firmware", path != "/" else {
      throw RunFailure("\(path) is this machine's own", next: "name the directory at which the card is mounted")
    }
    self.path = path
  }

  package func partition(_ flavour: BootPartition.Flavour?) throws(RunFailure) -> BootPartition {
    let names = BootPartition.tellingNames.filter { FileStatus(of: "\(path)/\($0)") != nil }
    var commandLines: [String: [UInt8]] = [:]
    for name in BootPartition.commandLinePaths {
      commandLines[name] = PrivateFile.read("\(path)/\(name)", limit: 1 << 16)
    }
    do throws(ImageFailure) {
      return try BootPartition(names: Set(names), commandLines: commandLines, flavour: flavour)
    } catch {
      throw RunFailure("\(path): \(error.message)", next: error.next)
    }
  }

  /// Those that do not hold this already, in order: each whole or not at all, and on the card before the next.
  package func write(_ files: [CardFile], with vault: SecretVault) throws(RunFailure) -> [String] {
    var written: [String] = []
    for file in files {
      guard let bytes = file.content.bytes(with: vault) else {
        throw RunFailure("the host key is missing, so \(file.path) cannot be written")
      }
      let target = "\(path)/\(file.path)"
      guard PrivateFile.read(target) != bytes else { continue }
      do throws(NodeFailure) { try PrivateFile.write(bytes, to: target) } catch {
        throw RunFailure(error.message, next: "is the card mounted for writing, and has it room?")
      }
      written.append(file.path)
    }
    return written
  }
}
