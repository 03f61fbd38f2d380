import Foundation
import Testing

/// The lab's emulated board: its cards are prepared by `fleetd image`, and its first boots are its own.
struct MachineBoard: Sendable {
  let node: LabNode
  /// The files of a fresh card's boot partition.
  private let fresh: String

  static let packages = "packages: {jq: present, open-iscsi: present, bluez: absent}"
  static let memory = "grep -qw memory /sys/fs/cgroup/cgroup.controllers"

  /// The first one of the lab.
  static func first() async throws -> MachineBoard {
    let told = try await Lab.inventory()
    let machine = try #require(told.nodes.first { $0.isMachine })
    let node = LabNode(
      name: machine.name, address: machine.address, hostKey: "", identityFile: machine.identityFile,
      architecture: machine.architecture)
    return MachineBoard(node: node, fresh: try #require(told.machineBoot))
  }

  /// The control node's configuration: a board is known by the key that was written on its card, and is not pinned.
  func configure(_ fleet: TestFleet) throws {
    try fleet.configure(
      "ssh: {identities: [{file: \(node.identityFile)}], knownHosts: \(fleet.directory)/known_hosts}",
      secrets: "k3s-token: {file: \(fleet.directory)/secret}")
  }

  /// A card's boot partition under this name, prepared for what the inventory says now: `boot.cmdline` included.
  func card(_ name: String, in fleet: TestFleet) async throws -> String {
    let boot = "\(fleet.directory)/\(name)"
    try await Lab.run("cp", "-R", fresh, boot)
    let written = try await fleet.command(
      "image", node.name, "--boot", boot, "--address", "\(node.address)/24", "--gateway", "10.77.0.1")
    try #require(written.status == 0 && written.errors.contains("rpios"), "\(written)")
    return boot
  }

  /// A new card, and its first boot to the end. What the card's files made of the board is as they say, and the key is off
  /// the card.
  func boot(from card: String) async throws {
    try await Lab.run("lab/reimage", "--boot", card, node.name)
    try await Lab.run("lab/power", "on", node.name)
    try await node.run("cloud-init status --wait")
    let shown = try await node.run("cat /etc/ssh/ssh_host_ed25519_key.pub")
    #expect(shown.hasPrefix(try await hostKey(on: card)), "\(shown)")
    #expect(
      try await node.holds(
        "! grep -qE '^ssh_keys:|PRIVATE KEY' /boot/firmware/user-data && test $(hostname) = \(node.name)"))
    let model = try await node.run("tr -d '\\0' < /proc/device-tree/model")
    #expect(model.hasPrefix("Raspberry Pi"), "\(model)")
  }

  func bootID() async throws -> String { try await node.run("cat /proc/sys/kernel/random/boot_id") }

  private func hostKey(on card: String) async throws -> String {
    let text = try await Lab.run("sed", "-n", #"s/^ *ed25519_public: "\(.*\)"$/\1/p"#, "\(card)/user-data").text
    let key = text.trimmingCharacters(in: .whitespacesAndNewlines)
    try #require(!key.isEmpty, "\(card)/user-data holds no host key")
    return key
  }
}
