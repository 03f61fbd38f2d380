import Testing

@testable import FleetModel

/// The scripts as a server runs them, with a `kube` that answers from files of the test.
@Suite("the Node object: the scripts in a real shell")
struct NodeObjectScriptTests {
  /// `get --output name` says `name`; other gets say `listed`; a patch is written down, and fails as often as `conflicts`
  /// has lines.
  private static let stubs = #"""
    answering() { :; }
    kube() {
      shift
      case "$1 $*" in
        get*'--output name'*) cat "$folder/name" ;;
        get*) cat "$folder/listed" ;;
        patch*)
          if [ -s "$folder/conflicts" ]; then
            head -n 1 "$folder/conflicts"; sed -i 1d "$folder/conflicts"; return 1
          fi
          for last do :; done
          printf '%s' "$last" > "$folder/patch" ;;
      esac
    }
    """#

  private func run(
    _ lines: [[String]], listed: String, name: String = "node/pi3", conflicts: String = "", by shell: Shell
  ) throws -> (outcome: Shell.Outcome, patch: String?) {
    let folder = try TemporaryFolder()
    for (file, text) in ["name": name, "listed": listed, "conflicts": conflicts] {
      try folder.write(Array(text.utf8), to: file)
    }
    let script = [
      StepPrelude.sharedFunctions, ServerScript.functions, "folder=$1", Self.stubs, StepScript.nodeObject.text,
    ].joined(separator: "\n")
    let input = try #require(StepPrelude.input(StepInput(lines), with: SecretVault()))
    let outcome = try shell.run(script, [folder.path], input: input)
    return (outcome, folder.contains("patch") ? String(decoding: try folder.read("patch"), as: UTF8.self) : nil)
  }

  private static let labels = #""labels":{"rack":"b"}"#

  @Test("labels alone leave the taints out of the request", arguments: Shell.all)
  func labels(_ shell: Shell) throws {
    let (outcome, patch) = try run(
      [["pi3", "0", "u1"], [Self.labels], [], [""]], listed: "u1 77\nx|NoSchedule||", by: shell)
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    #expect(patch == #"{"metadata":{"resourceVersion":"77","labels":{"rack":"b"}}}"#)
  }

  @Test("others' taints are kept to the letter, ours are replaced and removed", arguments: Shell.all)
  func taints(_ shell: Shell) throws {
    let listed = """
      u1 77
      node.kubernetes.io/unreachable|NoExecute||2026-11-26T10:00:00Z
      gpu|NoSchedule|old|
      theirs.org/a|NoSchedule|b|
      gone|NoExecute||
      """
    let (outcome, patch) = try run(
      [
        ["pi3", "0", "u1"], [Self.labels], ["gone:NoExecute", "gpu:NoSchedule"],
        [#"{"key":"gpu","effect":"NoSchedule","value":"new"}"#],
      ], listed: listed, by: shell)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(
      patch == #"{"metadata":{"resourceVersion":"77","labels":{"rack":"b"}},"spec":{"taints":["#
        + #"{"key":"node.kubernetes.io/unreachable","effect":"NoExecute","timeAdded":"2026-11-26T10:00:00Z"},"#
        + #"{"key":"theirs.org/a","effect":"NoSchedule","value":"b"},"#
        + #"{"key":"gpu","effect":"NoSchedule","value":"new"}]}}"#)
  }

  @Test("the last taint goes, the first comes", arguments: Shell.all)
  func firstAndLast(_ shell: Shell) throws {
    let last = try run(
      [["pi3", "0", "u1"], [Self.labels], ["gpu:NoSchedule"], [""]], listed: "u1 77\ngpu|NoSchedule||", by: shell)
    #expect(last.patch?.hasSuffix(#","spec":{"taints":[]}}"#) == true)
    let first = try run(
      [["pi3", "0", "u1"], [Self.labels], ["a:NoExecute"], [#"{"key":"a","effect":"NoExecute"}"#]], listed: "u1 77",
      by: shell)
    #expect(first.patch?.hasSuffix(#","spec":{"taints":[{"key":"a","effect":"NoExecute"}]}}"#) == true)
  }

  @Test("a conflict is tried again; one that never ends is left to the next run", arguments: Shell.all)
  func conflicts(_ shell: Shell) throws {
    let conflict = "Error from server (Conflict): the object has been modified\n"
    let lines = [["pi3", "0", "u1"], [Self.labels], [], [""]]
    let twice = try run(lines, listed: "u1 77", conflicts: conflict + conflict, by: shell)
    #expect(twice.outcome.status == 0 && twice.patch != nil)
    let always = try run(lines, listed: "u1 77", conflicts: String(repeating: conflict, count: 9), by: shell)
    #expect(always.outcome.status == 75 && always.patch == nil)
    let refused = try run(lines, listed: "u1 77", conflicts: "Error from server (Forbidden)\n", by: shell)
    #expect(refused.outcome.status == 70 && refused.outcome.error.contains("Forbidden"))
  }

  @Test("a Node object that was made anew, or is not there, is left alone", arguments: Shell.all)
  func otherObject(_ shell: Shell) throws {
    let lines = [["pi3", "0", "u1"], [Self.labels], [], [""]]
    let other = try run(lines, listed: "u2 77", by: shell)
    #expect(other.outcome.status == 65 && other.patch == nil)
    let missing = try run(lines, listed: "u1 77", name: "", by: shell)
    #expect(missing.outcome.status == 70 && missing.outcome.error.contains("no Node pi3"))
    let any = try run([["pi3", "1", "any"], [Self.labels], [], [""]], listed: "u2 77", by: shell)
    #expect(any.outcome.status == 0)
  }

  @Test("what a taint cannot hold never becomes part of a request", arguments: Shell.all)
  func hostile(_ shell: Shell) throws {
    let (outcome, patch) = try run(
      [["pi3", "0", "u1"], [Self.labels], ["a:NoExecute"], [""]], listed: "u1 77\nx\"}]|NoSchedule||", by: shell)
    #expect(outcome.status == 65 && patch == nil)
  }

  @Test("every shell accepts the syntax of what runs on servers", arguments: Shell.all)
  func syntax(_ shell: Shell) throws {
    for script in [StepScript.nodeObject, .cordon, .uncordon, .drain] {
      #expect(try shell.complaint(about: ServerScript.text(for: script)) == nil, "\(script.name)")
    }
  }
}
