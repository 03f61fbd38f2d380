import SSHTestServer
import Testing

@testable import SSHClient

@Suite("quoting for a shell")
struct ShellQuotingTests {
  static let hostile = [
    "", " ", "plain", "it's", "''", "'", "a b\tc", "new\nline", "cr\r\nlf", "$(id)", "`id`", "$HOME", "\\", "\\'", "\"",
    "*",
    "?", "[a]", "~", "#", "-n", "--", "!", "&", "|", ";", "<", ">", "(", ")", "e\u{301}'", "ü🚀", "\u{7F}\u{1B}[31m",
  ]

  @Test("simple words are readable")
  func readable() {
    #expect(ShellQuoting.quote("plain") == "'plain'")
    #expect(ShellQuoting.quote("it's") == #"'it'\''s'"#)
    #expect(ShellQuoting.commandLine(["printf", "%s", ""]) == "'printf' '%s' ''")
  }

  @Test("a shell hands every word on as it was", arguments: ["/bin/sh", "/bin/bash"])
  func roundTrip(_ shell: String) throws {
    let line = ShellQuoting.commandLine(["printf", "%s\\037"] + Self.hostile)
    let process = try ChildProcess([shell, "-c", line])
    #expect(process.wait() == 0)
    #expect(process.output == Self.hostile.map { $0 + "\u{1F}" }.joined())
  }
}
