import Foundation
import Testing

/// The page that `make man` makes of what the program says of itself.
@Suite("fleetd(8)", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct ManualPageTests {
  private struct Help: Decodable {
    struct Command: Decodable {
      let commandName: String
      let subcommands: [Command]?
      let shouldDisplay: Bool
    }

    let command: Command
  }

  /// The page as groff sets it, and what groff has to say against it.
  private func page() async throws -> Output {
    let script = #"scripts/man "$0" | groff -mdoc -Tascii -ww -P-c -P-b -P-u"#
    let output = try await Lab.execute(["bash", "-o", "pipefail", "-c", script, Lab.binary])
    #expect(output.status == 0)
    return output
  }

  @Test("it renders without a warning")
  func renders() async throws { #expect(try await page().errors == "") }

  @Test("it has every command, and the exit codes")
  func everything() async throws {
    let help = try await Lab.execute([Lab.binary, "--experimental-dump-help"])
    let commands = try JSONDecoder().decode(Help.self, from: Data(help.text.utf8)).command.subcommands ?? []
    let lines = try await page().text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    let shown = commands.filter { $0.shouldDisplay && $0.commandName != "help" && $0.commandName != "pass" }
    #expect(shown.count > 5)
    for command in shown { #expect(lines.contains(command.commandName), "\(command.commandName)") }
    let status = lines.drop { $0 != "EXIT STATUS" }
    for code in [0, 1, 2, 3, 4, 64, 130] {
      #expect(status.contains { $0.hasPrefix("\(code) ") }, "\(code)")
    }
  }
}
