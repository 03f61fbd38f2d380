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
      ("cgroups", [("type", "cgroup2fs"), ("controllers", controllers)]), ("adoption", records + files),
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
