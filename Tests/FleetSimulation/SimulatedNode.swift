import Crypto
import FleetApply
package import FleetModel
package import SSHClient
import Synchronization

/// A node that answers the real probe's requests from a script of its own, as one that is as it is declared: every file has
/// the digest that is asked for. It may drift, which any step mends, and be away.
package final class SimulatedNode: NodeTransport {
  package let name: String
  private let isServer: Bool
  private let now: @Sendable () -> Int
  private let state: Mutex<State>

  private struct State {
    var isAway = false
    var hasDrifted = false
    var answers = 0
    var other: Scripted?
  }

  /// What a script is answered with; `nil`: as always.
  package typealias Scripted = @Sendable (_ script: String, _ input: String) -> SSHResult?

  init(_ name: String, isServer: Bool, now: @escaping @Sendable () -> Int) {
    self.name = name
    self.isServer = isServer
    self.now = now
    state = Mutex(State())
  }

  package func goAway() { state.withLock { $0.isAway = true } }
  package func comeBack() { state.withLock { $0.isAway = false } }
  package func drift() { state.withLock { $0.hasDrifted = true } }
  /// Steps are answered by this first.
  package func answer(_ other: @escaping Scripted) { state.withLock { $0.other = other } }
  /// How often it was asked anything.
  package var answers: Int { state.withLock { $0.answers } }

  package func run(_ script: String, input: [UInt8], limits: SSHOutputLimits) async throws(NodeFailure) -> SSHResult {
    let (isAway, hasDrifted, other) = state.withLock { state in
      state.answers += 1
      return (state.isAway, state.hasDrifted, state.other)
    }
    guard !isAway else { throw NodeFailure(.unreachable, "no route to host") }
    let output: [UInt8]
    switch script {
    case ResourceRegistry.probeScript: output = probed(String(decoding: input, as: UTF8.self), hasDrifted)
    case ClusterProbe.script: output = SimulatedCluster.answer(at: now())
    default:
      if let result = other?(script, String(decoding: input, as: UTF8.self)) { return result }
      state.withLock { $0.hasDrifted = false }
      output = []
    }
    return SSHResult(stdout: output, stderr: [], exit: .status(0))
  }

  private func probed(_ input: String, _ hasDrifted: Bool) -> [UInt8] {
    var lines = input.split(separator: "\n", omittingEmptySubsequences: false)[...]
    var text = "fleetd-probe \(ProbeScript.version)\n"
    var count = 0
    while let head = lines.popFirst()?.split(separator: " "), head.count == 3, let asked = Int(head[2]) {
      let fields = lines.prefix(asked).map {
        $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      }
      lines = lines.dropFirst(asked)
      text += "section \(head[1])\n"
      for (key, value) in records(of: String(head[1]), asked: fields, hasDrifted) {
        text += "= \(key) \(value.utf8.count)\n\(value)\n"
      }
      count += 1
    }
    return Array((text + "end \(count)\n").utf8)
  }

  private func records(of kind: String, asked: [[String]], _ hasDrifted: Bool) -> [(String, String)] {
    switch kind {
    case "host": host
    case "file": files(asked, secretMode: "644")
    case "sysctl":
      [
        ("live", asked.map { "/proc/sys/\($0[0])\t\(hasDrifted ? 60 : 1)\n" }.joined()),
        ("file", "# Managed by fleetd: spec.sysctl of the node or its profiles.\nnet.ipv4.ip_forward = 1\n"),
      ]
    case "cgroups": [("type", "cgroup2fs"), ("controllers", "cpuset cpu io memory pids\n")]
    case "k3s": k3s(asked)
    default: []
    }
  }

  private var host: [(String, String)] {
    [
      ("boot-id", "boot\n"), ("machine-id", SimulatedCluster.machineID(of: name) + "\n"), ("hostname", "\(name)\n"),
      ("kernel", "6.12.25+rpt-rpi-v8\n"), ("cmdline", "root=/dev/mmcblk0p2 cgroup_enable=memory\n"),
      ("os-release", "NAME=Debian\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n"),
      ("model", "Raspberry Pi 4 Model B Rev 1.4\n"), ("serial", "10000000abcdef01\n"), ("architecture", "arm64"),
      ("free", "1000000 4096\n2000000 4096"), ("clock", "\(now())"), ("synchronised", "yes"), ("pending", ""),
    ]
  }

  private func files(_ asked: [[String]], secretMode: String) -> [(String, String)] {
    asked.enumerated().flatMap { index, line -> [(String, String)] in
      let (digest, path) = (line[0], line[2])
      guard digest != "absent" else { return [("stat/\(index)", "absent\t\(path)")] }
      let mode = path.hasSuffix(".service") ? "644" : secretMode
      return [("stat/\(index)", "regular file\t\(mode)\troot\troot\t100\t\t\(path)"), ("sha/\(index)", digest)]
    }
  }

  /// Its first line names the unit; the others are files.
  private func k3s(_ asked: [[String]]) -> [(String, String)] {
    let token = SHA256.hash(data: Array(SimulatedFleet.token.utf8)).map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
    let unit =
      "LoadState=loaded\nActiveState=active\nSubState=running\nUnitFileState=enabled\nNRestarts=0\nResult=success"
    return files(Array(asked.dropFirst()), secretMode: "600") + [
      ("identity", "77 73400320 1700000000"), ("stamp", "\(SimulatedFleet.k3s) \(SimulatedFleet.sum)\n"),
      ("unit", unit), ("asked", asked.first?.first ?? ""), ("data", isServer ? "sqlite agent" : "agent"),
      ("token-file", "\(K3sPaths.token)\t\(token)"),
    ]
  }
}
