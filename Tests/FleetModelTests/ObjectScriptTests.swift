import Testing

@testable import FleetModel

/// The scripts in real shells, with a kubectl that keeps objects as files: what a server decides is the lab's to test.
@Suite("the scripts about objects")
struct ObjectScriptTests {
  private static let steps: [StepScript] = [
    .noteObjects, .applyObjects, .awaitObjects, .deleteObjects, .awaitCharts,
  ]

  /// `kube` writes down its arguments and does what a test's own `server` says. Nothing is written outside of $work.
  private static let stubs = #"""
    answering() { :; }
    scratch() { work=$test_folder; }
    kube() { shift; printf '%s\n' "$*" >> "$test_folder/calls"; server "$@"; }
    sleep() { :; }
    """#

  private func run(
    _ script: StepScript, _ input: StepInput, server: String, in folder: TemporaryFolder, by shell: Shell
  ) throws -> Shell.Outcome {
    let bytes = try #require(StepPrelude.input(input, with: SecretVault()))
    let head = [StepPrelude.sharedFunctions, ServerScript.functions, "\(ObjectScripts.functions)", Self.stubs]
    let text = head + ["server() { \(server)\n}", script.text.replacing("\(ObjectScripts.functions)", with: "")]
    return try shell.run("test_folder=\(folder.path)\n" + text.joined(separator: "\n"), input: bytes)
  }

  private func calls(_ folder: TemporaryFolder) throws -> [String] {
    guard folder.contains("calls") else { return [] }
    return String(decoding: try folder.read("calls"), as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test("every shell accepts their syntax", arguments: Shell.all)
  func syntax(_ shell: Shell) throws {
    for script in Self.steps {
      #expect(try shell.complaint(about: ServerScript.text(for: script)) == nil, "\(script.name)")
    }
    for script in [ObjectsSurvey.script, ObjectsDryRun.script] { #expect(try shell.complaint(about: script) == nil) }
  }

  @Test("the inventory is made once and then patched", arguments: Shell.all)
  func noting(_ shell: Shell) throws {
    let folder = try TemporaryFolder()
    let server = #"""
      case $1 in
        create) cat > /dev/null; echo 'Error from server (AlreadyExists)' > "$work/error"; echo 'AlreadyExists' >&2; return 1 ;;
        get) echo home ;;
      esac
      """#
    let outcome = try run(
      .noteObjects, StepInput([["home"]], payload: Content("{\"skeleton\":1}\n{\"data\":1}\n{\"data\":2}\n")),
      server: server,
      in: folder, by: shell)
    #expect(outcome.status == 0, "\(outcome.error)")
    let patches = try calls(folder).filter { $0.hasPrefix("patch ") }
    #expect(patches.count == 2 && patches[0].hasSuffix("--type merge --patch {\"data\":1}"))
    // Another fleet's is not written.
    let foreign = try run(
      .noteObjects, StepInput([["office"]], payload: Content("{}\n{}\n")), server: server, in: folder, by: shell)
    #expect(foreign.status == 65)
  }

  @Test("a batch that fails is done one by one, and each refusal is told by name", arguments: Shell.all)
  func applying(_ shell: Shell) throws {
    let folder = try TemporaryFolder()
    let server = #"""
      text=$(cat)
      case $text in *bad*) echo 'error: no such field' >&2; return 1 ;; *secret*) echo 'error: hunter2' >&2; return 1 ;; esac
      printf '%s\n' "$text" >> "$test_folder/applied"
      """#
    let lines = [
      ["1", "3"], ["1", "3", "forced"], ["v1 ConfigMap web/a", "shown"], ["v1 ConfigMap web/b", "shown"],
      ["v1 Secret web/s", "hidden"],
    ]
    let payload = Content("{\"good\":1}\n{\"bad\":1}\n{\"secret\":1}\n")
    let outcome = try run(.applyObjects, StepInput(lines, payload: payload), server: server, in: folder, by: shell)
    #expect(outcome.status == 70)
    #expect(
      outcome.error == """
        v1 ConfigMap web/b: error: no such field\u{20}
        v1 Secret web/s: the server refuses it; its words are not shown, as they may hold the secret

        """)
    #expect(try folder.read("applied") == Array("{\"good\":1}\n".utf8))
    #expect(try calls(folder).allSatisfy { $0.contains("--field-manager=fleetd --force-conflicts") })
  }

  @Test("input that is cut off anywhere applies nothing", arguments: Shell.all)
  func truncated(_ shell: Shell) throws {
    let folder = try TemporaryFolder()
    let lines = [["1", "1"], ["1", "1", "plain"], ["v1 ConfigMap web/a", "shown"]]
    let input = StepInput(lines, payload: Content("{\"good\":1}\n"))
    let bytes = try #require(StepPrelude.input(input, with: SecretVault()))
    let text = [
      StepPrelude.sharedFunctions, ServerScript.functions, "\(ObjectScripts.functions)", Self.stubs,
      "server() { cat > /dev/null; }", StepScript.applyObjects.text.replacing("\(ObjectScripts.functions)", with: ""),
    ].joined(separator: "\n")
    for length in stride(from: 0, to: bytes.count, by: 3) {
      let outcome = try shell.run("test_folder=\(folder.path)\n" + text, input: Array(bytes.prefix(length)))
      #expect(outcome.status != 0, "\(length) bytes")
    }
    #expect(try calls(folder) == [])
  }

  @Test("a deletion names the uid, and the entry is struck off when the object is gone", arguments: Shell.all)
  func deleting(_ shell: Shell) throws {
    let folder = try TemporaryFolder()
    let server = #"""
      case "$*" in
        'get --raw /apis/apps/v1') printf '{"kind":"APIResourceList","resources":[{"name":"deployments","singularName":"","namespaced":true,"kind":"Deployment","verbs":["get"]},{"name":"deployments/status","singularName":"","namespaced":true,"kind":"Deployment","verbs":["get"]}]}' ;;
        'delete --raw '*) cat >> "$test_folder/options" ;;
        'get --raw /apis/apps/v1/namespaces/web/deployments/front') echo 'Error from server (NotFound)' >&2; return 1 ;;
      esac
      """#
    let line = ["apps/v1", "Deployment", "web", "front", "uid-1", "entry-1"]
    let outcome = try run(.deleteObjects, StepInput([["5"], line]), server: server, in: folder, by: shell)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(String(decoding: try folder.read("options"), as: UTF8.self).contains(#""preconditions":{"uid":"uid-1"}"#))
    #expect(
      try calls(folder) == [
        "get --raw /apis/apps/v1", "delete --raw /apis/apps/v1/namespaces/web/deployments/front --filename -",
        "get --raw /apis/apps/v1/namespaces/web/deployments/front",
        "patch configmap fleetd-inventory --namespace kube-system --type merge --patch {\"data\":{\"entry-1\":null}}",
      ])
  }

  @Test("what cannot be deleted stays in the inventory", arguments: Shell.all)
  func rejectedDeletion(_ shell: Shell) throws {
    let folder = try TemporaryFolder()
    let server = #"""
      case "$*" in
        'get --raw /api/v1') printf '{"resources":[{"name":"configmaps","singularName":"","kind":"ConfigMap"}]}' ;;
        'delete --raw '*) cat > /dev/null; echo 'Error from server (Forbidden): a webhook says no' >&2; return 1 ;;
      esac
      """#
    let line = ["v1", "ConfigMap", "web", "old", "uid-1", "entry-1"]
    let outcome = try run(.deleteObjects, StepInput([["5"], line]), server: server, in: folder, by: shell)
    #expect(outcome.status == 70)
    #expect(outcome.error == "v1 ConfigMap web/old: Error from server (Forbidden): a webhook says no \n")
    #expect(try calls(folder).contains { $0.hasPrefix("patch") } == false)
  }

  @Test("a chart's failed job ends the wait with the job's words", arguments: Shell.all)
  func failedChart(_ shell: Shell) throws {
    let folder = try TemporaryFolder()
    let server = #"""
      case $1 in
        get) printf 'new\t\tTrue\tJob has reached the limit' ;;
        logs) echo 'Error: chart not found' ;;
      esac
      """#
    let outcome = try run(
      .awaitCharts, StepInput([["5"], ["web", "db", "old"]]), server: server, in: folder, by: shell)
    #expect(outcome.status == 70)
    #expect(
      outcome.error == "helm.cattle.io HelmChart web/db: its job helm-install-db failed: Job has reached the limit\n"
        + "Error: chart not found\n")
    let done = try run(
      .awaitCharts, StepInput([["5"], ["web", "db", "old"]]), server: #"printf 'new\t1\t\t'"#, in: folder, by: shell)
    #expect(done.status == 0, "\(done.error)")
  }

  @Test("what a server renders, tells and refuses is taken apart again")
  func answers() throws {
    let bytes = ModelFixture.answer([
      (
        "objects",
        [
          ("inventory", ""), ("namespaces", "default\tActive\nweb\tActive\n"),
          ("definitions", "example.com\tShelf\tNamespaced\tshelves\n"), ("rendered.0", "kind: x\n"), ("failed.1", "no"),
        ]
      )
    ])
    let survey = try ObjectsSurvey.parse(bytes, roots: ["a", "b"])
    #expect(survey.inventory == nil && survey.namespaces == ["default", "web"])
    #expect(
      survey.definitions == [CustomKind(group: "example.com", kind: "Shelf", isNamespaced: true, plural: "shelves")])
    #expect(survey.rendered["a"] == .yaml(Array("kind: x\n".utf8)) && survey.rendered["b"] == .failed("no"))
    #expect(throws: ProbeError.self) { try ObjectsSurvey.parse(bytes, roots: ["a", "b", "c"]) }
    let fixture = ObjectsFixture(["cluster/a.yaml": ObjectsFixture.configMap("a", namespace: "default")])
    let question = try fixture.draft().dryRun
    let answer = try question.parse(
      ModelFixture.answer([
        (
          "objects",
          [
            ("tried-error.1", "no"),
            ("live", #"{"kind":"List","items":[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"}}]}"#),
            ("live", ""),
            ("live-error.2", "gone"),
          ]
        )
      ]))
    #expect(answer.refused.count == 1 && answer.live.count == 1 && answer.unseen.count == 1)
    for garbled in ["tried-error.9", "live-error.1", "other", "live"] {
      let bytes = ModelFixture.answer([("objects", [(garbled, "{]")])])
      #expect(throws: ProbeError.self, "\(garbled)") { try question.parse(bytes) }
    }
  }
}
