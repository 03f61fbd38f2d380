import Testing

@testable import FleetModel

/// Manifests, what a server tells of its objects, and the plan that follows from both.
struct ObjectsFixture {
  /// By path; YAML.
  var files: [String: String]
  /// What the cluster holds: YAML, as the server shows it, without bookkeeping.
  var live: [String] = []
  /// What of the grant the cluster holds, as fleetd applied it.
  var granted: [KubernetesObject] = []
  /// What fleetd applied before; `nil`: nothing ever.
  var inventory: [String]?
  var inventoryFleet: String? = "home"
  var namespaces: Set<String> = ["default", "kube-system"]
  var definitions: [CustomKind] = []
  var rendered: [String: ObjectsSurvey.Rendering] = [:]
  /// What the server says of objects that it refuses, by description.
  var refusals: [String: String] = [:]
  var settings = ManifestSettings()
  var allowedDeletions = 0
  var isNarrow = false
  var failures: [Finding] = []
  /// Files whose text was decrypted.
  var decrypted: Set<String> = []
  /// Whether the fleet has keys that may only look.
  var isGranting = false
  var access = NodeAccess.full

  init(_ files: [String: String] = [:]) { self.files = files }

  var manifestFiles: [ManifestFile] {
    files.map { name, text in
      ManifestFile(name: name, bytes: Array(text.utf8), state: decrypted.contains(name) ? .decrypted : .plain)
    }
  }

  func draft() throws -> ObjectsDraft {
    let (manifests, diagnostics) = ManifestSet.decode(manifestFiles, below: "cluster")
    #expect(diagnostics.all.map(\.description) == [])
    let survey = ObjectsSurvey.Answer(
      inventory: try inventory.map { texts in
        ObjectInventory(fleet: inventoryFleet, entries: try texts.map { try #require(ObjectIdentity(parsing: $0)) })
      }, namespaces: namespaces, definitions: definitions, rendered: rendered)
    return ObjectsDraft(manifests, survey, fleet: "home", failures: failures, isGranting: isGranting, access: access)
  }

  func plan() throws -> ObjectsPlan {
    let draft = try draft()
    return ObjectsPlanner(
      settings: settings, fleet: "home", allowedDeletions: allowedDeletions, isNarrow: isNarrow
    ).plan(draft, try answer(to: draft), from: "pi1")
  }

  /// A server without defaults and without other managers: an object becomes what is applied, laid over what it is.
  private func answer(to draft: ObjectsDraft) throws -> ObjectsDryRun.Answer {
    var present: [ObjectIdentity.Key: JSONText] = [:]
    for (index, text) in live.enumerated() {
      var diagnostics = Diagnostics()
      let file = ManifestFile(name: "live.yaml", bytes: Array(text.utf8))
      let object = try #require(ManifestDocuments(file).objects(&diagnostics).first)
      present[object.identity.key] = object.content
        .setting(["metadata", "uid"], to: object.content.at("metadata", "uid") ?? .string("uid-\(index)"))
        .setting(["metadata", "resourceVersion"], to: .string("7"))
    }
    for object in granted {
      present[object.identity.key] = object.applied(by: "home").setting(["metadata", "uid"], to: .string("uid"))
    }
    var tried: [ObjectIdentity.Key: JSONText] = [:]
    var refused: [ObjectIdentity.Key: String] = [:]
    for object in draft.dryRun.asked {
      let key = object.identity.key
      if let refusal = refusals[object.identity.description] {
        refused[key] = refusal
      } else {
        tried[key] = Self.laid(object.applied(by: "home"), over: present[key])
      }
    }
    let looked = Set(draft.dryRun.looked.map(\.key))
    return ObjectsDryRun.Answer(live: present.filter { looked.contains($0.key) }, tried: tried, refused: refused)
  }

  private static func laid(_ wanted: JSONText, over live: JSONText?) -> JSONText {
    guard let live, let members = wanted.members, live.members != nil else { return wanted }
    return members.reduce(live) { result, member in
      result.setting([member.key], to: laid(member.value, over: live[member.key]))
    }
  }

  static func configMap(_ name: String, namespace: String = "web", value: String = "1", labels: String = "") -> String {
    """
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: \(name), namespace: \(namespace), labels: {\(labels)}}
    data: {x: "\(value)"}

    """
  }

  /// As it is in a cluster after fleetd applied it.
  static func kept(_ name: String, value: String = "1", also labels: String = "") -> String {
    configMap(name, value: value, labels: "fleetd/fleet: home\(labels.isEmpty ? "" : ", ")\(labels)")
  }

  static let namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: web, labels: {fleetd/fleet: home}}\n"
}

extension ObjectsPlan {
  /// `+ v1 ConfigMap web/a`, with what differs.
  var shown: [String] {
    changes.map { change in
      let fields = change.fields.map { " \($0.path)" }.joined()
      return "\(change.action.rawValue) \(change.object)\(fields)\(change.held.map { " held: \($0.rawValue)" } ?? "")"
    }
  }

  var reasons: [Reason] { findings.map(\.reason) }

  var scripts: [String] {
    steps.map { step in
      if case .onServer(let script, _, _) = step.action { script.name } else { "" }
    }
  }

  func input(of script: StepScript) throws -> StepInput {
    for step in steps {
      if case .onServer(script, let input, _) = step.action { return input }
    }
    throw MissingStep(script: script.name)
  }

  struct MissingStep: Error {
    let script: String
  }
}
