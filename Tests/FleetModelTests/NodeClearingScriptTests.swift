import Testing

@testable import FleetModel

/// The script as a server runs it, with a `kube` that keeps the cluster in files of the test.
@Suite("identity: the past is cleared, in a real shell")
struct NodeClearingScriptTests {
  /// `node` holds what a get says; a delete of it writes down its body and, unless `stays` is there, takes it away.
  private static let stubs = #"""
    answering() { :; }
    kube() {
      shift
      echo "$*" >> "$folder/log"
      case "$*" in
        get*) [ ! -e "$folder/node" ] || cat "$folder/node" ;;
        *secret*) [ ! -e "$folder/forbidden" ] || { echo Forbidden; return 1; } ;;
        'delete --raw'*)
          cat > "$folder/body"
          [ ! -e "$folder/refuses" ] || { echo refused >&2; return 1; }
          [ -e "$folder/stays" ] || rm -f "$folder/node" ;;
      esac
    }
    """#

  private func run(
    node: String?, machine: String = "m3", _ markers: String..., by shell: Shell
  ) throws -> (outcome: Shell.Outcome, log: String, body: String?, folder: TemporaryFolder) {
    let folder = try TemporaryFolder()
    if let node { try folder.write(Array(node.utf8), to: "node") }
    for marker in markers { try folder.write([], to: marker) }
    let script = [
      StepPrelude.sharedFunctions, ServerScript.functions, "folder=$1", Self.stubs, StepScript.clearNode.text,
    ].joined(separator: "\n")
    let input = try #require(StepPrelude.input(StepInput([["pi3", "u3", machine, "1"]]), with: SecretVault()))
    let outcome = try shell.run(script, [folder.path], input: input)
    let body = folder.contains("body") ? String(decoding: try folder.read("body"), as: UTF8.self) : nil
    return (outcome, String(decoding: try folder.read("log"), as: UTF8.self), body, folder)
  }

  @Test("the password goes, then the object of that uid and no other", arguments: Shell.all)
  func clears(_ shell: Shell) throws {
    let (outcome, log, body, folder) = try run(node: "u3 m3", by: shell)
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    #expect(body == #"{"kind":"DeleteOptions","apiVersion":"v1","preconditions":{"uid":"u3"}}"#)
    #expect(!folder.contains("node"))
    let deletions = log.split(separator: "\n").filter { $0.contains("delete") }
    #expect(
      deletions == [
        "--namespace kube-system delete secret pi3.node-password.k3s --ignore-not-found",
        "delete --raw /api/v1/nodes/pi3 -f -",
      ])
  }

  @Test("an object that never had a machine behind it is cleared, too", arguments: Shell.all)
  func withoutMachine(_ shell: Shell) throws {
    #expect(try run(node: "u3 ", machine: "-", by: shell).outcome.status == 0)
    #expect(try run(node: "u3 m3", machine: "-", by: shell).outcome.status == 65)
  }

  @Test("a run that died in between is made good: what is gone already is no error", arguments: Shell.all)
  func again(_ shell: Shell) throws {
    let (outcome, log, body, _) = try run(node: nil, by: shell)
    #expect(outcome.status == 0 && body == nil && log.contains("delete secret"))
  }

  @Test("another object, or another machine, is left alone with its password", arguments: Shell.all)
  func other(_ shell: Shell) throws {
    for node in ["u4 m3", "u3 m4", "u3 "] {
      let (outcome, log, _, _) = try run(node: node, by: shell)
      #expect(outcome.status == 65 && !log.contains("delete"), "\(node)")
    }
  }

  @Test("an object that does not go within its time is a failure that says why", arguments: Shell.all)
  func finalizer(_ shell: Shell) throws {
    let (outcome, _, _, _) = try run(node: "u3 m3", "stays", by: shell)
    #expect(outcome.status == 70 && outcome.error.contains("still there after 1 s"))
  }

  @Test("what the API server refuses is told in its words", arguments: Shell.all)
  func refused(_ shell: Shell) throws {
    let node = try run(node: "u3 m3", "refuses", by: shell)
    #expect(node.outcome.status == 70 && node.outcome.error.contains("cannot be deleted: refused"))
    let secret = try run(node: "u3 m3", "forbidden", by: shell)
    #expect(secret.outcome.status == 70 && secret.body == nil && secret.outcome.error.contains("Forbidden"))
  }

  @Test("every shell accepts its syntax", arguments: Shell.all)
  func syntax(_ shell: Shell) throws {
    #expect(try shell.complaint(about: ServerScript.text(for: .clearNode)) == nil)
  }
}
