import Testing

@testable import FleetModel

/// A host as `fleetd init --from` finds it: a plain node, except where a test says otherwise.
struct AdoptionFixture {
  var address = "192.0.2.11"
  var user = "pi"
  var port = 22
  var hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIH27h"
  var host: [String: String] = [:]
  var adoption: [String: String] = [:]
  var controllers = "cpuset cpu io memory pids\n"
  /// cmdline.txt; `nil`: there is none.
  var commandLine: String? = "console=tty1 root=PARTUUID=1-2 rootwait cgroup_enable=memory\n"
  /// Path, mode and content of files that no package brought so.
  var files: [(path: String, mode: String, text: String)] = []

  /// `nil`: there is none.
  var k3s: RunningK3s?

  private var sections: [(kind: String, records: [ModelFixture.Record])] {
    var fixture = ModelFixture("")
    fixture.host = host
    let plain = ["holds": "", "manual": "curl\njq\n", "zone": "/etc/localtime\n", "accounts": "", "mounts": ""]
    let records = plain.merging(adoption) { $1 }.map { (key: $0.key, text: $0.value) }.sorted { $0.key < $1.key }
    let files = self.files.enumerated().flatMap { index, file -> [ModelFixture.Record] in
      [
        ("path/\(index)", "\(file.mode)\troot\troot\t\(file.text.utf8.count)\t\(file.path)"),
        ("file/\(index)", file.text),
      ]
    }
    return [
      ("host", fixture.hostSection), ("boot", commandLine.map { [("file/1", $0)] } ?? []),
      ("cgroups", [("type", "cgroup2fs"), ("controllers", controllers)]),
      ("k3s", (k3s ?? RunningK3s()).records(isPresent: k3s != nil)), ("adoption", records + files),
    ]
  }

  func observation() throws -> AdoptionObservation {
    try AdoptionObservation(ProbeTranscript(parsing: ModelFixture.answer(sections)))
  }

  func adopted() throws -> AdoptedHost {
    AdoptedHost(
      target: AdoptionTarget(user: user, host: address, port: port), hostKeys: [hostKey],
      observation: try observation())
  }

  /// Another board with another name and address.
  static func second() -> AdoptionFixture {
    var host = AdoptionFixture()
    host.address = "192.0.2.12"
    host.host = ["hostname": "pi2\n", "serial": "10000000abcdef02\n", "machine-id": String(repeating: "2", count: 32)]
    return host
  }
}

/// A k3s as install.sh sets it up.
struct RunningK3s {
  var role = Role.server
  var version = "v1.33.4+k3s1"
  var token = "the-token"
  var arguments: [String] = []
  var environment: [String] = []
  var registries: String?

  static func agent(of address: String = "192.0.2.11") -> RunningK3s {
    RunningK3s(role: .agent, environment: ["K3S_URL='https://\(address):6443'"])
  }

  func records(isPresent: Bool) -> [ModelFixture.Record] {
    let config: ModelFixture.Record = ("stat/0", "absent\t\(K3sPaths.config)")
    guard isPresent else {
      return [
        config, ("stat/1", "absent\t\(K3sPaths.registries)"), ("unit", unitState("not-found", "inactive")),
        ("asked", "k3s.service"), ("data", ""),
      ]
    }
    let unit = "/etc/systemd/system/\(role.unit).service"
    let words = ([role.rawValue] + arguments).map { "'\($0)'" }.joined(separator: " ")
    let variables = (["K3S_TOKEN='sha256:\(K3sHidden.digest(of: token))'"] + environment).joined(separator: "\n")
    return [config] + registriesRecords + [
      ("identity", "7 73400320 1700000000"), ("said", "k3s version \(version) (98262b5d)"),
      ("sum", String(repeating: "ab", count: 32)), ("unit", unitState("loaded", "active")),
      ("asked", "\(role.unit).service"), ("data", role == .server ? "sqlite agent" : "agent"),
      ("text", "\(unit)\n[Service]\nType=notify\nExecStart=/usr/local/bin/k3s \(words)\n"),
      ("text", "\(unit).env\n\(variables)\n"),
    ]
  }

  private var registriesRecords: [ModelFixture.Record] {
    guard let registries else { return [("stat/1", "absent\t\(K3sPaths.registries)")] }
    return [
      ("stat/1", "regular file\t600\troot\troot\t\(registries.utf8.count)\t\t\(K3sPaths.registries)"),
      ("sha/1", String(repeating: "cd", count: 32)), ("text/1", registries),
    ]
  }

  private func unitState(_ load: String, _ active: String) -> String {
    "Id=\(role.unit).service\nNames=\(role.unit).service\nLoadState=\(load)\nActiveState=\(active)\nSubState=running\n"
      + "UnitFileState=enabled\nNRestarts=0\nResult=success"
  }
}

extension AdoptedRepository {
  /// The text of a file; empty when there is none.
  func text(_ name: String) -> String {
    files.first { $0.name == name }.map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
  }

  /// The fleet that the files declare, and what is wrong with them.
  func decoded() -> (fleet: Fleet?, messages: [String]) {
    let (fleet, diagnostics) = FleetDecoder.decode(files.filter { $0.name.hasPrefix("inventory/") })
    return (fleet, diagnostics.all.map(\.description))
  }
}
