import Foundation
import Testing

/// Completion as a person has it: in a real bash, by the script that fleetd prints.
@Suite("completion in bash", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct CompletionTests {
  /// What bash offers for the last of `words`.
  private func offers(_ words: [String]) async throws -> Set<String> {
    let script = #"""
      source <("$0" --generate-completion-script bash)
      COMP_WORDS=(fleetd "$@") COMP_CWORD=$# COMP_LINE="fleetd $*" COMP_POINT=${#COMP_LINE}
      PATH=$(dirname "$0"):$PATH
      $(complete -p fleetd | sed 's/.*-F \([^ ]*\).*/\1/') fleetd "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
      printf '%s\n' "${COMPREPLY[@]}"
      """#
    let output = try await Lab.execute(["bash", "-c", script, Lab.binary] + words)
    return Set(output.text.split(whereSeparator: \.isWhitespace).map(String.init))
  }

  @Test("the names of the nodes come from the inventory")
  func nodes() async throws {
    let repository = Lab.root
    #expect(try await offers(["exec", "--repo", repository, "--node", ""]) == ["pi1", "pi2", "pi3"])
    #expect(try await offers(["exec", "--repo", repository, "--node", "pi2"]) == ["pi2"])
    #expect(try await offers(["exec", "--repo", "/nonexistent", "--node", ""]).isEmpty)
  }

  @Test("commands, kinds and words of options are offered")
  func words() async throws {
    #expect(try await offers(["ex"]) == ["exec", "explain"])
    #expect(try await offers(["explain", "ser"]) == ["services"])
    #expect(try await offers(["exec", "--color", "al"]) == ["always"])
  }
}
