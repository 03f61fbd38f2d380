/// What a key that may only look asks a server's program about the cluster's objects, and its answer taken apart.
///
/// A question is bounded, and so is its answer: many objects are many questions.
package struct ObjectsLook: Sendable {
  package static let kind = ResourceKind.objects

  /// What there is to ask about: the first question.
  package static let survey = [ProbeRequest(kind)]

  /// One question.
  package struct Question: Sendable {
    /// By position, counted from 1.
    let asked: [ObjectIdentity]
    /// Of the values of Secrets that whoever asks has.
    let known: [String]

    package var requests: [ProbeRequest] {
      [
        ProbeRequest(ResourceKind("known"), known.map { [$0] }),
        ProbeRequest(
          ObjectsLook.kind, asked.map { [$0.apiVersion, $0.kind, $0.namespace ?? "-", $0.name] }),
      ]
    }
  }

  package let questions: [Question]
  /// The answer so far: what no question can be asked about.
  package let answer: Answer

  private static let mostObjects = 200
  private static let mostDigests = 64

  package init(_ draft: ObjectsDraft) {
    var questions: [Question] = []
    var unasked: [ObjectIdentity.Key: NotCompared] = [:]
    let wanted = Dictionary(draft.dryRun.asked.map { ($0.identity.key, $0) }) { first, _ in first }
    var (asked, known): ([ObjectIdentity], Set<String>) = ([], [])
    // A chart's Job holds its values, or a digest of them.
    let jobs = Set(draft.dryRun.asked.map(\.identity).filter(BuiltInKinds.isHelm).map(\.installJob.key))
    for identity in draft.dryRun.looked where !jobs.contains(identity.key) {
      let object = wanted[identity.key]
      guard object?.isConfidential != true else {
        unasked[identity.key] = .confidential
        continue
      }
      let digests = object.map(SecretDigests.digests) ?? []
      guard digests.count <= Self.mostDigests else {
        unasked[identity.key] = .manyValues
        continue
      }
      if asked.count == Self.mostObjects || known.union(digests).count > Self.mostDigests {
        questions.append(Question(asked: asked, known: known.sorted()))
        (asked, known) = ([], [])
      }
      asked.append(identity)
      known.formUnion(digests)
    }
    if !asked.isEmpty { questions.append(Question(asked: asked, known: known.sorted())) }
    self.questions = questions
    answer = Answer(notCompared: unasked)
  }

  /// What a server's program told.
  package struct Answer: Sendable {
    /// Of a Secret each value is a digest (`SecretDigests`).
    package var live: [ObjectIdentity.Key: JSONText] = [:]
    package var notCompared: [ObjectIdentity.Key: NotCompared] = [:]

    init(notCompared: [ObjectIdentity.Key: NotCompared] = [:]) { self.notCompared = notCompared }
  }

  /// Why an object is not compared, and what can be done about it.
  package struct NotCompared: Sendable, Hashable {
    let why: String
    let next: String

    static let confidential = NotCompared(
      why: "it was decrypted, and of such an object this key is told nothing",
      next: "fleetd --check on the control node compares it")
    static let manyValues = NotCompared(
      why: "it has more values than can be asked about at once", next: "fleetd --check on the control node compares it")
    static let denied = NotCompared(
      why: "this key may not look at it in the cluster yet",
      next: "fleetd --once grants what is committed and the cluster does not allow yet")
    static let changing = NotCompared(why: "it changed while it was looked at", next: "run again")
  }
}
