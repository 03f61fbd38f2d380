@testable import FleetModel

/// k3s as install.sh set it up; the fixture's inventory wants it so, unless a test says otherwise.
struct K3sTakeoverFixture {
  var fixture: K3sFixture
  var arguments: [String] = []
  var environment: [String] = []
  var config: String?
  /// INSTALL_K3S_NAME's unit.
  var unit: String
  var furtherUnitLines: [String] = []
  var answer = Answer()

  init(_ role: Role) {
    fixture = K3sFixture(role: role)
    unit = role.unit
    environment = ["K3S_TOKEN='\(Self.hidden(K3sFixture.token))'"]
    if role == .agent { environment.append("K3S_URL='https://k3s.lan:6443'") }
    answer.data = role == .server ? "etcd agent" : "agent"
  }

  /// As the node sends a secret.
  static func hidden(_ secret: String) -> String { "sha256:" + K3sHidden.digest(of: secret) }

  /// To the letter, in install.sh's quotes.
  var unitText: String {
    """
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
    EnvironmentFile=-/etc/systemd/system/\(unit).service.env
    KillMode=process
    Delegate=yes
    User=root
    # Having non-zero Limit*s causes performance problems due to accounting overhead
    # in the kernel. We recommend using cgroups to do container-local accounting.
    LimitNOFILE=1048576
    LimitNPROC=infinity
    LimitCORE=infinity
    TasksMax=infinity
    TimeoutStartSec=0
    Restart=always
    RestartSec=5s
    ExecStartPre=/bin/sh -xc '! /usr/bin/systemctl is-enabled --quiet nm-cloud-setup.service 2>/dev/null'
    ExecStartPre=-/sbin/modprobe br_netfilter
    ExecStartPre=-/sbin/modprobe overlay
    \(furtherUnitLines.map { $0 + "\n" }.joined())ExecStart=/usr/local/bin/k3s \\
        \(fixture.role.rawValue) \\
    \(arguments.map { "\t'\($0)' \\\n" }.joined())

    """
  }

  var complete: Answer {
    var answer = answer
    let role = fixture.role
    let path = "/etc/systemd/system/\(unit).service"
    answer.foreign += [(path, unitText), (path + ".env", environment.joined(separator: "\n") + "\n")]
    answer.files[K3sPaths.unit(for: role)] = .absent
    answer.files[K3sPaths.environment(for: role)] = .absent
    answer.files[K3sPaths.token] = .absent
    answer.files[K3sPaths.config] = config.map { .text($0) } ?? .absent
    if case .text(let text, _)? = answer.files[K3sPaths.registries] {
      answer.foreign.append((K3sPaths.registries, text))
    }
    if answer.files[K3sPaths.registries] == nil { answer.files[K3sPaths.registries] = .absent }
    answer.tokens = role == .server ? [K3sPaths.serverToken: K3sHidden.digest(of: K3sFixture.token)] : [:]
    if unit == role.unit {
      // Its digest is not fleetd's; the text comes by itself.
      answer.files[K3sPaths.unit(for: role)] = .unreadable
      answer.files[K3sPaths.environment(for: role)] = .unreadable
    } else {
      answer.asked = unit + ".service"
      answer.also = [unit + ".service"]
    }
    return answer
  }

  func plan() throws -> KindPlan { try fixture.plan(complete) }
}
