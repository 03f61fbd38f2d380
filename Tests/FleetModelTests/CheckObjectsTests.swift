import Foundation
import Testing

@testable import FleetModel

/// The program's section about the cluster's objects, in real shells, with a kubectl that answers from files.
@Suite("the program for keys that may only look, about the cluster's objects")
struct CheckObjectsTests {
  /// `folder/calls` has a line for each call. Of what is asked for by `--filename -`, `folder/NAME.json` is the object.
  private static let k3s = #"""
    printf '%s\n' "$*" >> "$folder/calls"
    refuse() { echo "Error from server (Forbidden): $1" >&2; exit 1; }
    case " $* " in *" --as=system:serviceaccount:kube-system:fleetd-check "*) ;; *) refuse "no account" ;; esac
    case "$*" in
      *'configmap fleetd-inventory '*'--output json')
        printf '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"fleetd-inventory","labels":{"fleetd/fleet":"home"}},"data":{}}' ;;
      *'configmap fleetd-inventory '*) cat "$folder/inventory" ;;
      *' namespaces '*) printf 'default\tActive\nweb\tActive\n' ;;
      *customresourcedefinitions*) printf 'example.com\tShelf\tNamespaced\tshelves\n' ;;
      *'go-template='*) cat > /dev/null; cat "$folder/values" ;;
      *'managedFields'*) cat > /dev/null; cat "$folder/fields" ;;
      *'--filename -')
        while IFS= read -r line; do
          name=${line#*'"name":"'}; name=${name%%'"'*}
          case $name in forbidden) refuse "$name" ;; esac
          [ ! -f "$folder/$name.json" ] || cat "$folder/$name.json"
        done ;;
      *) refuse "$*" ;;
    esac
    """#

  private func fixture(_ inventory: [String]) throws -> CheckProgramFixture {
    let fixture = try CheckProgramFixture([["section", "objects", "0"]], k3s: Self.k3s)
    try fixture.folder.write(Array(inventory.map { "\($0)\n" }.joined().utf8), to: "inventory")
    return fixture
  }

  private static func calls(_ fixture: CheckProgramFixture) throws -> String {
    String(decoding: try fixture.folder.read("calls"), as: UTF8.self)
  }

  @Test("without a line it tells what there is to ask about, in its account's name", arguments: Shell.all)
  func survey(_ shell: Shell) throws {
    let fixture = try fixture([])
    // As one that was killed leaves it.
    _ = try shell.run(#"mkdir "$1/run-look.killed""#, [fixture.folder.path])
    let survey = try ObjectsLook.survey(in: try fixture.ask(ObjectsLook.survey, by: shell))
    #expect(survey.inventory?.fleet == "home")
    #expect(survey.namespaces == ["default", "web"])
    #expect(
      survey.definitions == [
        CustomKind(group: "example.com", kind: "Shelf", isNamespaced: true, plural: "shelves")
      ])
    let left = try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path)
    #expect(left.contains("calls") && !left.contains { $0.hasPrefix("run-") }, "\(left)")
  }

  @Test("what fleetd's own list does not name is denied, however it is written", arguments: Shell.all)
  func denied(_ shell: Shell) throws {
    let fixture = try fixture([
      "v1 ConfigMap web/a", "v1 Secret web/s", "helm.cattle.io/v1 HelmChart kube-system/traefik",
      "rbac.authorization.k8s.io/v1 ClusterRole system:x",
    ])
    for name in ["a", "b", "s", "helm-install-traefik", "system:x"] {
      try fixture.folder.write(Array("{\"name\":\"\(name)\"}\n".utf8), to: "\(name).json")
    }
    try fixture.folder.write([], to: "values")
    try fixture.folder.write([], to: "fields")
    let allowed = [
      ["v1", "ConfigMap", "web", "a"], ["rbac.authorization.k8s.io/v1", "ClusterRole", "-", "system:x"],
    ]
    let denied = [
      // Once is enough, and a chart's Job holds its values.
      ["v1", "ConfigMap", "web", "a"], ["batch/v1", "Job", "kube-system", "helm-install-traefik"],
      ["v1", "ConfigMap", "web", "b"], ["v1", "ConfigMap", "-", "a"], ["apps/v1", "ConfigMap", "web", "a"],
      ["/v1", "Secret", "web", "s"], ["v2", "Secret", "web", "s"], ["v1", "secret", "web", "s"],
      ["v1", "Secret", "web", "other"], ["v1", "Secret", "kube-system", "s"],
      ["v1", "ConfigMap", "web", "a\",\"x\":\""],
      ["v1", "ConfigMap", "web", "a/../../secrets/s"], ["batch/v1", "Job", "web", "helm-install-traefik"],
      ["v1", "$(touch \(fixture.folder.path("canary")))", "web", "a"], ["v1", "List", "-", "x"],
    ]
    let transcript = try fixture.ask([ProbeRequest(ObjectsLook.kind, allowed + denied)], by: shell)
    let section = try transcript.section(ObjectsLook.kind)
    #expect(section.text("denied")?.split(separator: "\n").compactMap { Int($0) } == Array(3...17))
    #expect(section.text("live") == "{\"name\":\"a\"}\n{\"name\":\"system:x\"}\n")
    #expect(section.records.filter { $0.key.hasPrefix("error") || $0.key == "secrets" }.isEmpty)
    #expect(!fixture.folder.contains("canary"))
  }

  @Test("an object leaves without kubectl's note of what was applied, and otherwise as it is", arguments: Shell.all)
  func note(_ shell: Shell) throws {
    let fixture = try fixture(["v1 ConfigMap web/a"])
    let note = #""kubectl.kubernetes.io/last-applied-configuration":"{\"data\":{\"x\":\"hidden \\\" }\"}}\n""#
    // A value that looks like the note is a value.
    let rest = #""data":{"x":"\"kubectl.kubernetes.io/last-applied-configuration\":\"kept\" \\"}"#
    let object =
      #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"annotations":{NOTE,"z":"1"},"name":"a","namespace":"web"},"#
    try fixture.folder.write(Array((object.replacing("NOTE", with: note) + rest + "}\n").utf8), to: "a.json")
    let question = ProbeRequest(ObjectsLook.kind, [["v1", "ConfigMap", "web", "a"]])
    let section = try fixture.ask([question], by: shell).section(ObjectsLook.kind)
    let told = try JSONText(parsing: try #require(section.bytes("live")))
    #expect(told["data"]?["x"]?.string == #""kubectl.kubernetes.io/last-applied-configuration":"kept" \"#)
    #expect(told.at("metadata", "annotations")?["z"]?.string == "1")
    #expect(section.text("live")?.contains("hidden") == false)
  }

  @Test("the values of a Secret leave as digests, sealed unless the question names them", arguments: Shell.all)
  func secrets(_ shell: Shell) throws {
    let fixture = try fixture(["v1 Secret web/s"])
    let values = """
      object\tweb\ts\t7
      uid\tuid-1
      type\t4f7061717565
      label\tfleetd/fleet\t686f6d65
      annotation\tx\t61090a62
      data\ta\taHVudGVyMg==
      data\tempty\t
      noise hunter2

      """
    try fixture.folder.write(Array(values.utf8), to: "values")
    let managed = #"[{"manager":"fleetd","fieldsV1":{"f:data":{"f:a":{}}}}]"#
    try fixture.folder.write(Array("web\ts\t7\t\(managed)\t\t[\"a\"]\n".utf8), to: "fields")
    let secret = ObjectIdentity(apiVersion: "v1", kind: "Secret", namespace: "web", name: "s")
    let plain = try #require(Content("hunter2").digest(with: SecretVault()))
    let empty = try #require(Content("").digest(with: SecretVault()))
    for known in [[plain], []] {
      let question = ObjectsLook.Question(asked: [secret], known: known)
      let transcript = try fixture.ask(question.requests, by: shell)
      var answer = ObjectsLook.Answer()
      try ObjectsLook.add(transcript, to: question, into: &answer)
      let live = try #require(answer.live[secret.key])
      let digest = known.isEmpty ? CheckProgramFixture.sealed(plain) : plain
      #expect(live.at("data", "a")?.string == "fleetd-digest:\(digest)")
      #expect(live.at("data", "empty")?.string == "fleetd-digest:\(CheckProgramFixture.sealed(empty))")
      #expect(live["type"]?.string == "Opaque" && live.at("metadata", "annotations", "x")?.string == "a\t\nb")
      #expect(live.at("metadata", "managedFields")?.items?.count == 1)
      #expect(live.at("metadata", "finalizers")?.compact == #"["a"]"#)
      #expect(
        !"\(transcript)".contains("hunter2")
          && transcript.sections["objects"]?.text("secrets")?.contains("aHVu") == false)
    }
    // Two answers about two states are none.
    try fixture.folder.write(Array("web\ts\t8\t\t\t\n".utf8), to: "fields")
    let question = ObjectsLook.Question(asked: [secret], known: [])
    var answer = ObjectsLook.Answer()
    try ObjectsLook.add(try fixture.ask(question.requests, by: shell), to: question, into: &answer)
    #expect(answer.live.isEmpty && answer.notCompared[secret.key] == .changing)
  }

  @Test("one object that the API server refuses costs the others nothing", arguments: Shell.all)
  func refused(_ shell: Shell) throws {
    let names = ["a", "forbidden", "large", "z"]
    let fixture = try fixture(names.map { "v1 ConfigMap web/\($0)" })
    let asked = names.map { ObjectIdentity(apiVersion: "v1", kind: "ConfigMap", namespace: "web", name: $0) }
    for identity in asked {
      let text = identity.skeleton.compact + (identity.name == "large" ? String(repeating: " ", count: 3 << 20) : "")
      try fixture.folder.write(Array("\(text)\n".utf8), to: "\(identity.name).json")
    }
    let question = ObjectsLook.Question(asked: asked, known: [])
    var answer = ObjectsLook.Answer()
    try ObjectsLook.add(try fixture.ask(question.requests, by: shell), to: question, into: &answer)
    #expect(Set(answer.live.keys.map(\.name)) == ["a", "z"])
    #expect(answer.notCompared[asked[1].key] == .denied)
    #expect(answer.notCompared[asked[2].key]?.why.contains("more than this program tells") == true)
  }

  @Test("where the account is not there yet, or the list does not have the section, that is said", arguments: Shell.all)
  func notGranted(_ shell: Shell) throws {
    let refused = try CheckProgramFixture(
      [["section", "objects", "0"]], k3s: "echo 'Error from server (Forbidden): no' >&2; exit 1")
    let unlisted = try CheckProgramFixture([["section", "cluster", "0"]], k3s: Self.k3s)
    for (fixture, word) in [(refused, "kube-system/fleetd-check"), (unlisted, "the server's list")] {
      let failure = #expect(throws: NodeFailure.self) {
        try ObjectsLook.survey(in: try fixture.ask(ObjectsLook.survey, by: shell))
      }
      #expect(failure?.reason == .notCompared)
      #expect(failure?.message.contains(word) == true && failure?.next?.contains("fleetd --once") == true)
    }
    #expect(!unlisted.folder.contains("calls"))
  }

  @Test("more lines than it takes, or one that is none, are refused as a whole")
  func malformed() throws {
    let fixture = try fixture([])
    let line = ["v1", "ConfigMap", "web", "a"]
    for lines in [Array(repeating: line, count: 2001), [["v1", "ConfigMap", "web"]], [line + ["x"]]] {
      let outcome = try fixture.run(ProbeScript.input([ProbeRequest(ObjectsLook.kind, lines)]))
      #expect(outcome.status == 65 && outcome.output.isEmpty)
    }
    #expect(!fixture.folder.contains("calls"))
  }
}
