import Foundation
import Subprocess
import SystemPackage
import Testing

@testable import FleetModel

/// What is told from an object alone, against what a real API server answers to a dry run of the same.
@Suite("a predicted apply", .enabled(if: Lab.isExpected, "the lab is down: lab/up 3"))
struct ApplyPredictionTests {
  @Test("is what the server's own dry run says", .timeLimit(.sharedNodes))
  func prediction() async throws {
    try await NodePool.lease { node in
      let cluster = try await TestCluster([node], servers: 1)
      let run = try await cluster.fleet.once()
      #expect(run.code == 0, "\(run.summary)")
      try await Self.kubectl("create namespace web", on: node)
      try await Self.kubectl("apply --server-side -f -", ApplyCases.definitions, on: node)
      for name in ["shelves", "looseshelves"] {
        try await node.await("k3s kubectl -n web get \(name).example.com > /dev/null 2>&1")
      }
      var compared = 0
      for table in ApplyCases.workloads + ApplyCases.others + ApplyCases.custom {
        compared += try await Self.compare(table, on: node)
      }
      #expect(compared > 200)
    }
  }

  /// One case as objects: each has a name of its own, so that all of a table stand in the cluster together.
  private struct Trial {
    let title: String
    let apply: ApplyCase
    let applied: KubernetesObject
    let manifest: KubernetesObject
    let name: String

    init(_ apply: ApplyCase, _ name: String) throws {
      (self.apply, self.name) = (apply, name)
      applied = try Self.object(apply.applied, name)
      let wanted = try Self.object(apply.manifest, name)
      title = "\(wanted.identity.kind): \(apply.name)"
      guard apply.isForced else {
        manifest = wanted
        return
      }
      let forced = wanted.content.setting(
        ["metadata", "annotations", ObjectMark.forceConflicts], to: .string("true"))
      manifest = KubernetesObject(wanted.identity, forced, at: wanted.mark)
    }

    private static func object(_ text: String, _ name: String) throws -> KubernetesObject {
      var diagnostics = Diagnostics()
      let file = ManifestFile(name: "case.yaml", bytes: Array(text.replacing("NAME", with: name).utf8))
      let objects = ManifestDocuments(file).objects(&diagnostics)
      return try #require(objects.first, "\(diagnostics.all)")
    }
  }

  /// - Returns: how many cases were compared.
  private static func compare(_ table: ApplyTable, on node: LabNode) async throws -> Int {
    let kind = try Trial(table.cases[0], "x").applied.identity.kind.lowercased()
    let trials = try table.cases.enumerated().map { try Trial($1, "\(kind)-\($0)") }
    try await create(trials, on: node)
    for trial in trials {
      for drift in trial.apply.drift { try await make(drift, in: trial, on: node) }
    }
    // A fleet's own question to a server, about all of them.
    let question = ObjectsDryRun(
      asked: trials.map(\.manifest), looked: trials.map(\.manifest.identity), fleet: "home")
    let answer = try question.parse(
      Array(try await run(ObjectsDryRun.script, input: question.input, on: node).utf8))
    for trial in trials { try compare(trial, with: answer) }
    return trials.count
  }

  private static func compare(_ trial: Trial, with answer: ObjectsDryRun.Answer) throws {
    let key = trial.manifest.identity.key
    let live = try #require(answer.live[key], "\(trial.title): \(answer.unseen[key] ?? "")")
    // The lab's API server is Kubernetes 1.20.
    let outcome = ApplyPrediction.outcome(
      of: trial.manifest.applied(by: "home"), on: live, isForced: trial.manifest.isForced, rules: .first)
    switch outcome {
    case .object(let predicted):
      let tried = try #require(answer.tried[key], "\(trial.title): \(answer.refused[key] ?? "no answer")")
      let real = ObjectDiff.fields(from: live, to: tried, isSecret: false)
      let told = ObjectDiff.fields(from: live, to: predicted, isSecret: false)
      if trial.apply.isBeyond {
        #expect(told != real, "\(trial.title): known after all")
      } else {
        #expect(told == real, "\(trial.title)")
      }
    case .conflict(let managers, let fields):
      let problem = try #require(answer.refused[key], "\(trial.title): conflicts are predicted: \(fields)")
      let conflict = try #require(ServerError.conflict(problem), "\(trial.title): \(problem)")
      #expect(conflict.managers.sorted() == managers, "\(trial.title)")
      // This server names one field for several where there are many below one list.
      #expect(
        Set(conflict.fields).isSubset(of: fields) && problem.contains("\(fields.count) conflict"),
        "\(trial.title): \(problem)")
    }
  }

  private static func create(_ trials: [Trial], on node: LabNode) async throws {
    for isAdopted in [false, true] {
      let objects = trials.filter { $0.apply.isAdopted == isAdopted }.map { $0.applied.applied(by: "home").compact }
      guard !objects.isEmpty else { continue }
      let words = isAdopted ? "create -f -" : "apply --server-side --field-manager=fleetd -f -"
      try await kubectl(words, objects.joined(separator: "\n"), on: node)
    }
  }

  private static func make(_ drift: ApplyCase.Drift, in trial: Trial, on node: LabNode) async throws {
    switch drift.kind {
    case .apply(let text):
      try await kubectl(
        "apply --server-side --validate=false --force-conflicts --field-manager=\(drift.manager) -f -",
        text.replacing("NAME", with: trial.name), on: node)
    case .patch(let text):
      let identity = trial.applied.identity
      let version = identity.apiVersion.split(separator: "/")
      let type = version.count == 2 ? "\(identity.kind).\(version[1]).\(version[0])" : identity.kind
      let words = "-n \(identity.namespace ?? "default") patch \(type) \(identity.name)"
      try await kubectl(
        "\(words) --field-manager=\(drift.manager) --type \(text.hasPrefix("[") ? "json" : "merge") -p '\(text)'",
        on: node)
    }
  }

  private static func kubectl(_ words: String, _ input: String = "", on node: LabNode) async throws {
    _ = try await run("k3s kubectl \(words)", input: Array(input.utf8), on: node)
  }

  private static func run(_ script: String, input: [UInt8], on node: LabNode) async throws -> String {
    let result = try await Subprocess.run(
      .path("/usr/bin/env"), arguments: Arguments(["-C", Lab.root, "lab/exec", node.name, "--", "sh", "-c", script]),
      input: .array(input), output: .string(limit: 32 << 20), error: .string(limit: 1 << 20))
    guard case .exited(0) = result.terminationStatus else {
      try #require(Bool(false), "\(script.prefix(200)): \(result.standardError)")
      return ""
    }
    return result.standardOutput
  }
}
