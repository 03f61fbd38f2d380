import Foundation
import Testing

@Suite("secrets", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct SecretTests {
  @Test(
    "the token is in no argument, environment, log or output, and nowhere but in its files", .timeLimit(.sharedNodes))
  func token() async throws {
    try await NodePool.lease { node in
      let token = "tok" + UUID().uuidString.filter(\.isHexDigit).lowercased()
      let fleet = try TestFleet(
        [node], spec: TestFleet.k3sBoot, fleet: try await TestFleet.k3s("v1.33.4+k3s1"), node: TestFleet.roles([node]))
      try fleet.secret("secret", token)

      async let sightings = Self.watchProcesses(for: "\(fleet.directory)/secret", until: "\(fleet.directory)/stop")
      let verbose = try await fleet.once("--verbose")
      try await Lab.run("touch", "\(fleet.directory)/stop")
      let watched = try await sightings
      #expect(verbose.code == 0, "\(verbose.summary)")
      #expect(watched.text.isEmpty, "the token was seen in \(watched.text)")

      // A check in which the token itself is what changes.
      let changed = String(token.reversed())
      try fleet.secret("secret", changed)
      let outputs = [
        verbose.output, try await fleet.check("--verbose").output,
        try await Lab.execute(fleet.commandLine(["--check", "--verbose"]) + ["--output", "text"]),
        try await Lab.execute(fleet.commandLine(["--check"]) + ["--output", "markdown"]),
      ]
      for output in outputs {
        #expect(!output.text.isEmpty)
        for secret in [token, changed] {
          #expect(!output.text.contains(secret) && !output.errors.contains(secret))
        }
      }

      // k3s' own files below its data directory hold it too, as the real one's do.
      let files = try await node.run(
        "grep -r -l -a -F --exclude-dir=proc --exclude-dir=sys -e \(token) / 2> /dev/null | grep -v '^/var/lib/rancher/' || true"
      )
      #expect(files == "/etc/rancher/k3s/fleetd-token\n")
      #expect(try await node.run("stat -c '%a %U' /etc/rancher/k3s/fleetd-token") == "600 root\n")
      #expect(try await node.run("journalctl -q -o export | grep -c -a -F -e \(token) || true") == "0\n")
    }
  }

  /// Looks at the arguments and the environment of every process of this machine, those in the nodes included.
  private static func watchProcesses(for secretFile: String, until stop: String) async throws -> Output {
    try await Lab.execute([
      "sh", "-c",
      #"""
      while [ ! -e "$2" ]; do
        grep -s -l -a -F -f "$1" /proc/[0-9]*/cmdline /proc/[0-9]*/environ
        sleep 0.05
      done
      """#, "sh", secretFile, stop,
    ])
  }
}
