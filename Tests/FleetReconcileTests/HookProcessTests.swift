import Foundation
import Testing

@testable import FleetReconcile

@Suite("the process of a hook")
struct HookProcessTests {
  private func run(
    _ words: [String], timeout: Duration = .seconds(30), reading document: String = "{}"
  ) async -> (problem: String?, output: String) {
    let process = HookProcess(
      words: words, timeout: timeout, environment: ["PATH": "/usr/bin:/bin", "FLEETD_NODE": "pi1"])
    let (ending, output) = await process.run(reading: document)
    let problem: String? =
      switch ending {
      case .ended(let problem): problem
      case .timedOut: "timed out"
      case .cancelled: "cancelled"
      case .notStarted: "not started"
      }
    return (problem, String(decoding: output, as: UTF8.self))
  }

  @Test("it reads the document, sees the given environment only, and no shell is between")
  func reading() async {
    let document = String(repeating: "x", count: 300_000)
    #expect(await run(["wc", "-c"], reading: document).output.contains("300000"))
    #expect(await run(["/bin/echo", "$HOME *"]).output == "$HOME *\n")
    let names = await run(["env"]).output.split(separator: "\n").map { $0.prefix { $0 != "=" } }
    #expect(Set(names) == ["PATH", "FLEETD_NODE"])
  }

  @Test("it need not read the document")
  func notReading() async {
    #expect(await run(["true"], reading: String(repeating: "x", count: 300_000)).problem == nil)
  }

  @Test("its failure is told, and both of its outputs are kept, up to a bound")
  func outputs() async {
    let (problem, output) = await run(["sh", "-c", "echo out; echo err >&2; exit 3"])
    #expect(problem?.contains("3") == true && output == "out\nerr\n")
    #expect(await run(["sh", "-c", "head -c 1000000 /dev/zero"]).output.utf8.count == 64 << 10)
    #expect(await run(["/nonexistent/hook"]).problem == "not started")
  }

  @Test("at its deadline it is killed with all that it started", .timeLimit(.minutes(1)))
  func deadline() async throws {
    let folder = try TemporaryFolder()
    let mark = folder.path + "/children"
    let script = "trap '' TERM; sleep 600 & echo $! > '\(mark)'; wait"
    #expect(await run(["sh", "-c", script], timeout: .seconds(1)).problem == "timed out")
    let child = try #require(Int32(String(contentsOfFile: mark, encoding: .utf8).trimmingCharacters(in: .newlines)))
    // The kernel takes its time to end what it was told to kill.
    while !isGone(child) { await Task.yield() }
  }

  @Test("cancelling the run kills it")
  func cancellation() async throws {
    let result = await withTaskGroup(of: String?.self) { group in
      group.addTask { await run(["sleep", "600"]).problem }
      group.cancelAll()
      return await group.next() ?? nil
    }
    #expect(result == "cancelled")
  }

  /// Killed: no process any more, or one that nobody has collected yet.
  private func isGone(_ process: Int32) -> Bool {
    guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return true }
    return status.contains(") Z ")
  }
}
