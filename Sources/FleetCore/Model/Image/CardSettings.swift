import Crypto

/// What a card shall make of a machine: enough that fleetd can log in, and knows whom it logs in to.
package struct CardSettings: Sendable {
  package enum Network: Sendable, Hashable {
    case dhcp
    /// - Parameters:
    ///   - address: with its prefix, `192.168.1.11/24`.
    case fixed(address: String, gateway: String, nameServers: [String])
  }

  package let name: String
  /// fleetd's account, and the public keys that enter it: lines of authorized_keys.
  package let account: String
  package let accountKeys: [String]
  /// `ssh-ed25519 AAAA…`.
  package let hostPublicKey: String
  package let interface: String
  package let network: Network
  /// Of the kernel command line.
  package let present: [String]
  package let absent: [String]
  /// Where the image mounts the boot partition while `systemd.run` is looked at.
  package let firstRunPath: String

  package init(
    name: String, account: String, accountKeys: [String], hostPublicKey: String, interface: String, network: Network,
    present: [String], absent: [String], firstRunPath: String
  ) {
    self.name = name
    self.account = account
    self.accountKeys = accountKeys
    self.hostPublicKey = hostPublicKey
    self.interface = interface
    self.network = network
    self.present = present
    self.absent = absent
    self.firstRunPath = firstRunPath
  }

  /// The private half, as a file holds it, and indented as a block of YAML: both are put in place by the writer alone.
  package static let hostKey = SecretReference("host key")
  package static let indentedHostKey = SecretReference("indented host key")

  /// Both forms of a private key's file; `nil`: it is none.
  package static func vault(hostKey bytes: [UInt8]) -> SecretVault? {
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.hasPrefix("-----BEGIN OPENSSH PRIVATE KEY-----\n"), text.hasSuffix("-----END OPENSSH PRIVATE KEY-----\n")
    else { return nil }
    let indented = text.split(separator: "\n").map { "    \($0)\n" }.joined()
    return SecretVault(["host key": Secret(bytes), "indented host key": Secret(Array(indented.utf8))])
  }
}

/// One file that is written to the boot partition.
package struct CardFile: Sendable, Hashable {
  /// Relative to the partition.
  package let path: String
  package let content: Content

  package init(path: String, content: Content) {
    self.path = path
    self.content = content
  }

  /// What `--dry-run` shows: the private key is not part of it.
  package var shown: String {
    content.pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .secret(let reference): reference == CardSettings.hostKey ? "(private key)\n" : "    (private key)\n"
      }
    }.joined()
  }
}

extension CardSettings {
  /// Everything that is written, the command line last: a card that was pulled out half-way boots as it was flashed.
  package func files(for partition: BootPartition) -> [CardFile] {
    let files = partition.flavour.isCloudInit ? cloudInit(on: partition.flavour) : firstRun()
    let edited = commandLine(partition, on: partition.flavour)
    return files + [CardFile(path: partition.commandLinePath, content: Content(edited))]
  }

  /// The same settings are the same instance; cloud-init runs again when they change.
  func instanceID(_ files: [CardFile]) -> String {
    let text = files.map(\.shown).joined()
    return "fleetd-\(name)-\(SHA256.hash(data: Array(text.utf8)).hexadecimal.prefix(12))"
  }

  private func commandLine(_ partition: BootPartition, on flavour: BootPartition.Flavour) -> String {
    let own = partition.commandLine.tokens.filter { $0.hasPrefix("systemd.run") || $0.hasPrefix("ds=nocloud") }
    // What begins the image's own first boot stays where it is.
    let isTarget = partition.commandLine.tokens.contains { $0.hasPrefix("systemd.run") }
    let kept = partition.commandLine.edited(
      present: present, absent: absent + own + (isTarget ? ["systemd.unit=kernel-command-line.target"] : []))
    // Behind everything else: the script takes away the rest of the line.
    let added =
      flavour.isCloudInit
      ? ["ds=nocloud;i=\(instanceID(seed(on: flavour)))"]
      : [
        "systemd.run=\(firstRunPath)", "systemd.run_success_action=reboot", "systemd.unit=kernel-command-line.target",
      ]
    return (kept.tokens + added).joined(separator: " ") + "\n"
  }

  static let sudoersPath = "/etc/sudoers.d/010_fleetd-nopasswd"
  var sudoers: String { "\(account) ALL=(ALL) NOPASSWD:ALL\n" }
}
