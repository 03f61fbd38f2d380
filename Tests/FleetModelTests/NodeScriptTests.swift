import Testing

@testable import FleetModel

@Suite("how scripts travel to a node")
struct NodeScriptTests {
  private let shell = Shell.all[0]
  private let script = "while IFS= read -r line; do printf '<%s>' \"$line\"; done"

  @Test("the command line is constant, and sudo stands before it for everybody but root")
  func command() {
    let command = NodeScript.command(with: Elevation(of: "root"))
    let elevated = NodeScript.command(with: Elevation(of: "fleet"))
    #expect(elevated == "env LC_ALL=C sudo -n " + command)
    #expect(NodeScript.command(with: Elevation(of: "pi")) == elevated)
  }

  @Test("the account's shell runs the script and leaves its input to it", arguments: Shell.all)
  func framing(_ login: Shell) throws {
    let outcome = try login.run(
      commandLine: NodeScript.command(with: Elevation(of: "root")),
      input: NodeScript.framed(script) + Array("one\n$(two)\n\n".utf8)
    )
    #expect(outcome.text == "<one><$(two)><>")
    #expect(outcome.status == 0)
  }

  @Test("the length is that of the bytes")
  func umlauts() throws {
    let outcome = try shell.run(
      commandLine: NodeScript.command(with: Elevation(of: "root")), input: NodeScript.framed("printf 'ä€'\n\n"))
    #expect(outcome.text == "ä€")
  }

  @Test("of a script that does not arrive whole nothing is run")
  func truncated() throws {
    let framed = NodeScript.framed("echo one\necho two")
    for length in 0..<framed.count {
      let outcome = try shell.run(
        commandLine: NodeScript.command(with: Elevation(of: "root")), input: Array(framed.prefix(length)))
      #expect(outcome.output.isEmpty && outcome.status != 0, "\(length) bytes")
    }
  }

  @Test("fields can become neither another field nor another line")
  func lines() {
    #expect(NodeScript.line(["a b", "c"]) == Array("a b\tc\n".utf8))
    #expect(NodeScript.line(["a\nb\tc\u{0}\u{7F}"]) == Array("a\u{FFFD}b\u{FFFD}c\u{FFFD}\u{FFFD}\n".utf8))
    #expect(NodeScript.line(["a\r\nb"]) == Array("a\u{FFFD}\u{FFFD}b\n".utf8))
    #expect(NodeScript.line([]) == [0x0A])
  }
}
