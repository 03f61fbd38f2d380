import Foundation
import Testing

@Suite("an interruption", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct InterruptionTests {
  /// fleetd's standard error is a pipe that is full and that nobody reads: winding down has to wait for it.
  private static let stuck = """
    mkfifo "$1/full"; exec 3<>"$1/full"
    dd if=/dev/zero of="$1/full" bs=64k count=1 oflag=nonblock 2> /dev/null
    shift
    "$@" 2> "$DIRECTORY/full" 3<&-
    echo "ended with $?"
    """

  @Test("the second one ends a run at once that cannot wind down", .timeLimit(.sharedNodes))
  func second() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "{}")
      let words = ["exec", "--timeout", "10m", "--repo", fleet.directory, "--config", fleet.directory + "/fleetd.yaml"]
      async let run = Lab.execute(
        ["env", "DIRECTORY=\(fleet.directory)", "sh", "-c", Self.stuck, "sh", fleet.directory, "lab/exec", "--"]
          + [Lab.binary] + words + ["--", "sleep", "4321"])
      try await node.await("pgrep -x sleep -a | grep -q 4321")
      try await fleet.signal("INT")
      // write(2) is system call 1 of amd64 and 64 of arm64; its first argument is standard error.
      let isStuck = """
        for process in $(pgrep -f -- '\(fleet.directory)/fleetd[.]yaml'); do
          cat /proc/$process/task/*/syscall
        done 2> /dev/null | grep -qE '^(1|64) 0x2 '
        """
      while try await Lab.execute(["sh", "-c", isStuck]).status != 0 { await Task.yield() }
      try await fleet.signal("INT")
      #expect(try await run.text == "ended with 130\n")
      try await node.run("pkill -x sleep; true")
    }
  }

  @Test("one ends a run in order, with 130, and says what is left", .timeLimit(.sharedNodes))
  func first() async throws {
    try await NodePool.lease { node in
      let fleet = try TestFleet([node], spec: "packages: {fleet-slow: present}")
      async let run = fleet.once()
      try await node.await("dpkg-query -W -f='${db:Status-Status}' fleet-slow | grep -q half-configured")
      try await fleet.signal("INT")
      let ended = try await run
      #expect(ended.code == 130, "\(ended.summary)")
      #expect(ended.output.errors.contains("fleetd: interrupted"), "\(ended.summary)")
      #expect(try await fleet.once().code == 0)
    }
  }
}
