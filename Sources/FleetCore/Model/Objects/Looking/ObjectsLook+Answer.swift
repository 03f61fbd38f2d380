extension ObjectsLook {
  /// The first answer; kustomizations are not rendered for a key that may only look.
  ///
  /// - Throws: `NodeFailure` where the server tells why it says nothing.
  package static func survey(in transcript: ProbeTranscript) throws(NodeFailure) -> ObjectsSurvey.Answer {
    let section = try told(transcript)
    return try parsing { () throws(ProbeError) in try ObjectsSurvey.answer(in: section, roots: []) }
  }

  /// The answer to one of the questions, added to those before.
  package static func add(
    _ transcript: ProbeTranscript, to question: Question, into answer: inout Answer
  ) throws(NodeFailure) {
    let section = try told(transcript)
    do throws(ProbeError) {
      for record in section.records { try add(record, to: question, into: &answer) }
      try SecretLook(section).add(to: &answer)
    } catch {
      throw garbled(error)
    }
  }

  private static func add(
    _ record: (key: String, bytes: [UInt8]), to question: Question, into answer: inout Answer
  ) throws(ProbeError) {
    let text = { String(decoding: record.bytes, as: UTF8.self) }
    switch record.key {
    case "secrets", "fields": return
    case "denied":
      for line in text().split(separator: "\n") {
        answer.notCompared[try asked(String(line), question).key] = .denied
      }
    case "live":
      for line in record.bytes.split(separator: 0x0A) {
        let object: JSONText
        do { object = try JSONText(parsing: line) } catch {
          throw ProbeError.garbled("the server's objects: \(error.problem)")
        }
        guard let identity = ObjectIdentity(of: object) else { throw .garbled("an object without a name") }
        answer.live[identity.key] = object
      }
    default:
      guard record.key.hasPrefix("error.") else { throw .garbled("record \(record.key)") }
      answer.notCompared[try asked(String(record.key.dropFirst(6)), question).key] = refusal(text())
    }
  }

  private static func asked(_ position: String, _ question: Question) throws(ProbeError) -> ObjectIdentity {
    guard let index = Int(position), question.asked.indices.contains(index - 1) else {
      throw .garbled("an object that was not asked about")
    }
    return question.asked[index - 1]
  }

  /// The API server's own refusal is what `fleetd --once` mends.
  private static func refusal(_ problem: String) -> NotCompared {
    if problem.contains("(Forbidden)") { return .denied }
    return NotCompared(
      why: "it cannot be looked at: \(ServerError.text(problem))",
      next: "fleetd --check on the control node compares it")
  }

  /// The section about objects, where the server's program has anything to tell.
  private static func told(_ transcript: ProbeTranscript) throws(NodeFailure) -> ProbeSection {
    guard let section = transcript.sections[kind.name] else {
      throw notGranted("the server's list for keys that may only look does not have them yet")
    }
    guard let problem = section.word("problem") else { return section }
    guard problem.contains("(Forbidden)") else {
      throw NodeFailure(
        .apiUnreachable, "the API server tells nothing of the objects: \(ServerError.text(problem))",
        next: "look at k3s on the servers: journalctl -u k3s")
    }
    throw notGranted("the cluster does not let the account \(ClusterGrant.namespace)/\(ClusterGrant.name) look yet")
  }

  private static func notGranted(_ why: String) -> NodeFailure {
    NodeFailure(
      .notCompared, "Kubernetes objects are not compared: \(why)",
      next: "fleetd --once, on the control node, grants what is committed")
  }

  private static func garbled(_ error: ProbeError) -> NodeFailure {
    NodeFailure(.probeGarbled, error.message, next: "run again; if it stays, log in and look at the server")
  }

  private static func parsing<Value>(_ parse: () throws(ProbeError) -> Value) throws(NodeFailure) -> Value {
    do throws(ProbeError) { return try parse() } catch { throw garbled(error) }
  }
}
