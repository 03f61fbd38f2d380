package import YAMLSource

/// The systemd unit that runs k3s, as install.sh writes it, and the file of its environment.
///
/// `KillMode=process` leaves pods running while k3s restarts. `TimeoutStartSec=0` lets a start take as long as it needs,
/// so that `systemctl start` may block forever and is never awaited.
package enum K3sUnitFile {
  package static func text(for role: Role) -> String {
    K3sYAML.header + """
      [Unit]
      Description=Lightweight Kubernetes
      Documentation=https://k3s.io
      Wants=network-online.target
      After=network-online.target

      [Install]
      WantedBy=multi-user.target

      [Service]
      Type=notify
      EnvironmentFile=-/etc/default/%N
      EnvironmentFile=-/etc/sysconfig/%N
      EnvironmentFile=-\(K3sPaths.environment(for: role))
      KillMode=process
      Delegate=yes
      User=root
      LimitNOFILE=1048576
      LimitNPROC=infinity
      LimitCORE=infinity
      TasksMax=infinity
      TimeoutStartSec=0
      Restart=always
      RestartSec=5s
      ExecStartPre=-/sbin/modprobe br_netfilter
      ExecStartPre=-/sbin/modprobe overlay
      ExecStart=\(K3sPaths.binary) \(role.rawValue)

      """
  }

  /// Only what is no setting of k3s: those stand in config.yaml.
  package static func environment(for role: Role, _ environment: YAMLNode?) -> Content {
    let text = K3sYAML.header + "# k3s' settings are in /etc/rancher/k3s/config.yaml; this is k3s.environment\n"
    return Content([.text(text)] + K3sEnvironment.pieces(of: environment))
  }
}
