import Testing

@testable import FleetModel

@Suite("a host of --from")
struct AdoptionTargetTests {
  @Test(
    "is an account, a host, and perhaps a port",
    arguments: [
      ("pi@192.0.2.1", "pi", "192.0.2.1", 22), ("pi@pi1.local:2222", "pi", "pi1.local", 2222),
      ("root@[fe80::1%eth0]:22", "root", "fe80::1%eth0", 22), ("root@[2001:db8::1]", "root", "2001:db8::1", 22),
      ("root@2001:db8::1", "root", "2001:db8::1", 22), ("pi@[2001:db8::1]:2222", "pi", "2001:db8::1", 2222),
    ]
  )
  func parses(_ word: String, user: String, host: String, port: Int) throws {
    let target = try AdoptionTarget(parsing: word)
    #expect(target == AdoptionTarget(user: user, host: host, port: port))
    #expect(try AdoptionTarget(parsing: target.description) == target)
  }

  @Test(
    "anything else is told with what to write",
    arguments: [
      "pi1", "@pi1", "pi@", "pi@pi1:", "pi@pi1:0", "pi@pi1:65536", "pi@pi1:ssh", "Pi@pi1", "pi@a b", "pi@[::1]x",
      "pi@[::1", "-oProxyCommand=x@pi1", "pi@pi1\u{1B}[2J",
    ]
  )
  func refuses(_ word: String) {
    do throws(AdoptionTargetProblem) {
      let target = try AdoptionTarget(parsing: word)
      Issue.record("\(target)")
    } catch {
      #expect(error.message.hasSuffix("write user@host or user@host:port"))
      #expect(!error.message.unicodeScalars.contains { $0.value < 0x20 })
    }
  }
}
