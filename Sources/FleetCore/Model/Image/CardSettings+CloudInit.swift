import YAMLSource

extension CardSettings {
  /// cloud-init's NoCloud seed: `user-data`, `meta-data` and `network-config`.
  func cloudInit(on flavour: BootPartition.Flavour) -> [CardFile] {
    let seed = seed(on: flavour)
    // The instance's name is given on the command line too; both say the same.
    let meta = YAMLDraft.mapping([
      .entry("instance-id", .string(instanceID(seed))), .entry("local-hostname", .string(name)),
    ])
    return seed + [CardFile(path: "meta-data", content: Content("# Written by fleetd\n" + meta.text))]
  }

  /// What an instance is told apart by.
  func seed(on flavour: BootPartition.Flavour) -> [CardFile] {
    [
      userData(on: flavour),
      CardFile(path: "network-config", content: Content("# Written by fleetd\n" + networkConfig.text)),
    ]
  }

  private func userData(on flavour: BootPartition.Flavour) -> CardFile {
    let top = YAMLDraft.mapping([
      .entry("hostname", .string(name)),
      .entry("manage_etc_hosts", .bool(true)),
      .entry("ssh_pwauth", .bool(false)),
      .entry("disable_root", .bool(true)),
      .entry(
        "users",
        .list([
          .item(
            .mapping([
              .entry("name", .string(account)), .entry("gecos", .string("fleetd")),
              .entry("groups", .string("adm, sudo")), .entry("shell", .string("/bin/bash")),
              .entry("lock_passwd", .bool(true)), .entry("ssh_authorized_keys", .strings(accountKeys)),
            ]))
        ])),
      .entry(
        "write_files",
        .list([
          .item(
            .mapping([
              .entry("path", .string(Self.sudoersPath)), .entry("permissions", .string("0440")),
              .entry("content", .string(sudoers)),
            ]))
        ])),
      .entry("runcmd", .list(commands(on: flavour).map { .item(.strings($0)) })),
    ])
    // Last, and between marks, so that the first boot can take it off the card.
    let keys: [Content.Piece] = [
      .text("ssh_keys:\n  ed25519_private: |\n"), .secret(Self.indentedHostKey),
      .text("  ed25519_public: \"\(hostPublicKey)\"\n# end of ssh_keys\n"),
    ]
    return CardFile(
      path: "user-data", content: Content([.text("#cloud-config\n# Written by fleetd\n" + top.text)] + keys))
  }

  private func commands(on flavour: BootPartition.Flavour) -> [[String]] {
    // Raspberry Pi OS ships sshd switched off.
    (flavour == .raspberryPiOS ? [["systemctl", "enable", "--now", "ssh"]] : []) + [
      [
        "sh", "-c",
        "for f in /boot/firmware/user-data /boot/user-data; do if [ -f $f ]; then sed -i '/^ssh_keys:/,/^# end of ssh_keys/d' $f && sync; fi; done",
      ]
    ]
  }

  private var networkConfig: YAMLDraft {
    let settings: [YAMLDraft.Part] =
      switch network {
      case .dhcp: [.entry("dhcp4", .bool(true)), .entry("optional", .bool(true))]
      case .fixed(let address, let gateway, let nameServers):
        [
          .entry("dhcp4", .bool(false)), .entry("addresses", .strings([address])),
          .entry(
            "routes",
            // "default" is netplan's word for it; cloud-init's other back ends fail on it.
            .list([
              .item(
                .mapping([
                  .entry("to", .string(gateway.contains(":") ? "::/0" : "0.0.0.0/0")), .entry("via", .string(gateway)),
                ]))
            ])),
          .entry("nameservers", .mapping([.entry("addresses", .strings(nameServers))])),
        ]
      }
    return .mapping([
      .entry("version", .int(2)), .entry("ethernets", .mapping([.entry(interface, .mapping(settings))])),
    ])
  }
}
