extension ObjectsDryRun {
  /// What a server's dry run would tell, as far as it can be told from what a key that may only look sees.
  package func predicted(from look: ObjectsLook.Answer) -> Answer {
    var tried: [ObjectIdentity.Key: JSONText] = [:]
    var conflicts: [ObjectIdentity.Key: ServerError.Conflict] = [:]
    for object in asked where look.notCompared[object.identity.key] == nil {
      let key = object.identity.key
      let manifest = object.applied(by: fleet)
      guard let live = look.live[key] else {
        tried[key] = manifest
        continue
      }
      switch Self.outcome(of: manifest, on: live, object) {
      case .object(let result): tried[key] = result
      case .conflict(let managers, let fields): conflicts[key] = .init(managers: managers, fields: fields)
      }
    }
    return Answer(
      live: look.live, tried: tried, conflicts: conflicts, notCompared: look.notCompared, isPredicted: true)
  }

  private static func outcome(
    of manifest: JSONText, on live: JSONText, _ object: KubernetesObject
  ) -> ApplyPrediction.Outcome {
    guard BuiltInKinds.isSecret(object.identity) else {
      return ApplyPrediction.outcome(of: manifest, on: live, isForced: object.isForced)
    }
    let (hidden, laidOver) = SecretDigests.hidden(manifest)
    let outcome = ApplyPrediction.outcome(of: hidden, on: live, isForced: object.isForced)
    guard case .object(let result) = outcome else { return outcome }
    return .object(laidOver.reduce(result) { $0.setting(["data", $1.key], to: $1.value) })
  }
}
