extension CardSettings {
  /// `firstrun.sh`, which Raspberry Pi OS Bookworm runs once as root, before anything else is started.
  ///
  /// It takes itself off the card when it has begun, with the key in it, and itself off the command line, also when a part
  /// of it fails: a machine that runs it again and again would never come up.
  func firstRun() -> [CardFile] {
    let keys = accountKeys.map { $0 + "\n" }.joined()
    let head = """
      #!/bin/bash
      # Written by fleetd
      set +e
      boot=$(dirname "$0")
      old=$(cat /etc/hostname)
      printf '%s\\n' '\(name)' > /etc/hostname
      sed -i "s/127\\.0\\.1\\.1.*$old/127.0.1.1\\t\(name)/" /etc/hosts
      grep -q '^127\\.0\\.1\\.1' /etc/hosts || printf '127.0.1.1\\t%s\\n' '\(name)' >> /etc/hosts
      id '\(account)' > /dev/null 2>&1 || useradd --create-home --shell /bin/bash --password '*' -- '\(account)'
      for group in adm sudo; do usermod -a -G "$group" '\(account)'; done
      home=$(getent passwd '\(account)' | cut -d: -f6)
      install -d -m 0700 -o '\(account)' -g "$(id -g '\(account)')" "$home/.ssh"
      cat > "$home/.ssh/authorized_keys" << 'FLEETD'
      \(keys)FLEETD
      chown '\(account):' "$home/.ssh/authorized_keys"; chmod 0600 "$home/.ssh/authorized_keys"
      printf '%s\\n' '\(sudoers.trimmingWhitespace())' > \(Self.sudoersPath); chmod 0440 \(Self.sudoersPath)
      # Otherwise the image makes keys of its own at this boot.
      systemctl disable regenerate_ssh_host_keys 2> /dev/null
      rm -f /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub
      (umask 077; cat > /etc/ssh/ssh_host_ed25519_key << 'FLEETD'

      """
    let tail = """
      FLEETD
      )
      printf '%s\\n' '\(hostPublicKey)' > /etc/ssh/ssh_host_ed25519_key.pub
      chmod 0644 /etc/ssh/ssh_host_ed25519_key.pub
      systemctl enable ssh
      systemctl disable userconfig 2> /dev/null
      \(connection)rm -f "$boot/firstrun.sh"
      sed -i 's| systemd.run.*||g' "$boot/cmdline.txt"
      sync
      exit 0

      """
    return [
      CardFile(
        path: "firstrun.sh",
        content: Content([.text(head), .secret(Self.hostKey), .text(tail)]))
    ]
  }

  /// NetworkManager asks for an address by itself where nothing is said.
  private var connection: String {
    guard case .fixed(let address, let gateway, let nameServers) = network else { return "" }
    let file = "/etc/NetworkManager/system-connections/fleetd.nmconnection"
    return """
      (umask 077; cat > \(file) << 'FLEETD'
      [connection]
      id=fleetd
      type=ethernet
      interface-name=\(interface)
      [ipv4]
      method=manual
      address1=\(address),\(gateway)
      dns=\(nameServers.map { $0 + ";" }.joined())
      [ipv6]
      method=auto
      FLEETD
      )

      """
  }
}
