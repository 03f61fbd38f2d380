/// The second question to a server: what is there, and what applying would make of it. One constant script that reads:
/// a dry run goes through every check of the server's and ends before anything is kept.
package struct ObjectsDryRun: Sendable {
  /// Objects as they would be applied, in order.
  package let asked: [KubernetesObject]
  /// What is looked at: the asked ones, and others.
  package let looked: [ObjectIdentity]
  let fleet: String

  package init(asked: [KubernetesObject], looked: [ObjectIdentity], fleet: String) {
    self.asked = asked
    self.looked = looked
    self.fleet = fleet
  }

  package var isEmpty: Bool { asked.isEmpty && looked.isEmpty }

  package static let kind = ResourceKind("objects")

  package static var script: String { ObjectScripts.reading(text) }

  /// Line 1: bytes of JSON, one object a line, how many batches to try, how many to look at. The bytes and a line break.
  /// Then the batches: first line, number of lines, and whether conflicts are overruled.
  package var input: [UInt8] {
    let objects = asked.map { $0.applied(by: fleet).compact } + looked.map(\.skeleton.compact)
    let payload = Array(objects.map { $0 + "\n" }.joined().utf8)
    let tries = ObjectBatch.batches(of: asked.map { ($0.applied(by: fleet).compact.utf8.count, $0.isForced) })
    let looks = ObjectBatch.batches(of: looked.map { _ in (300, false) })
    var bytes = NodeScript.line(["\(payload.count)", "\(tries.count)", "\(looks.count)"]) + payload + [0x0A]
    for batch in tries { bytes += NodeScript.line(batch.fields) }
    for batch in looks { bytes += NodeScript.line(["\(batch.first + asked.count)", "\(batch.count)"]) }
    return bytes
  }

  private static let text = #"""
    IFS=$tab read -r length tries looks || die 65 "the input ends early"
    answering
    scratch
    head -c "$length" > "$work/objects" || die 73 "/run cannot be written"
    IFS= read -r end && [ -z "$end" ] || die 65 "the input ends early"
    try_lines() {
      lines "$1" "$2" "$work/objects" > "$work/input"
      case $3 in forced) set -- --force-conflicts ;; *) set -- ;; esac
      kube 60 apply --server-side --dry-run=server --field-manager=fleetd "$@" --output json --filename - \
        < "$work/input" > "$work/answer" 2> "$work/error"
    }
    look_lines() {
      lines "$1" "$2" "$work/objects" > "$work/input"
      kube 60 get --ignore-not-found --output json --filename - < "$work/input" > "$work/answer" 2> "$work/error"
    }
    one_by_one() {
      function=$1; key=$2; line=$3; last=$(($3 + $4)); mode=$5
      if "$function" "$line" "$4" "$mode"; then emit_file "$key" "$work/answer"; return; fi
      while [ "$line" -lt "$last" ]; do
        if "$function" "$line" 1 "$mode"; then
          emit_file "$key" "$work/answer"
        else
          status=$?
          still_answering
          emit "$key-error.$line" "$(said 4000 "$status")"
        fi
        line=$((line + 1))
      done
    }
    printf '\nfleetd-probe 1\nsection objects\n'
    number=0
    while [ "$number" -lt "$tries" ]; do
      IFS=$tab read -r from count mode || die 65 "the input ends early"
      one_by_one try_lines tried "$from" "$count" "$mode"
      number=$((number + 1))
    done
    number=0
    while [ "$number" -lt "$looks" ]; do
      IFS=$tab read -r from count || die 65 "the input ends early"
      one_by_one look_lines live "$from" "$count" plain
      number=$((number + 1))
    done
    printf 'end 1\n'
    """#

  /// What the server told.
  package struct Answer: Sendable {
    /// Objects as they are, by what names them.
    package let live: [ObjectIdentity.Key: JSONText]
    /// What could not be looked at, and why.
    package let unseen: [ObjectIdentity.Key: String]
    /// Objects as applying would leave them.
    package let tried: [ObjectIdentity.Key: JSONText]
    package let refused: [ObjectIdentity.Key: String]
    /// What else is known to be refused, because somebody else set the same fields.
    let conflicts: [ObjectIdentity.Key: ServerError.Conflict]
    /// What whoever asks may not look at.
    let notCompared: [ObjectIdentity.Key: ObjectsLook.NotCompared]
    /// Whether no server tried anything: `tried` and `conflicts` are worked out here.
    let isPredicted: Bool

    package init(
      live: [ObjectIdentity.Key: JSONText] = [:], unseen: [ObjectIdentity.Key: String] = [:],
      tried: [ObjectIdentity.Key: JSONText] = [:], refused: [ObjectIdentity.Key: String] = [:]
    ) {
      self.init(live: live, unseen: unseen, tried: tried, refused: refused, conflicts: [:])
    }

    init(
      live: [ObjectIdentity.Key: JSONText], unseen: [ObjectIdentity.Key: String] = [:],
      tried: [ObjectIdentity.Key: JSONText], refused: [ObjectIdentity.Key: String] = [:],
      conflicts: [ObjectIdentity.Key: ServerError.Conflict],
      notCompared: [ObjectIdentity.Key: ObjectsLook.NotCompared] = [:], isPredicted: Bool = false
    ) {
      self.conflicts = conflicts
      self.notCompared = notCompared
      self.isPredicted = isPredicted
      self.live = live
      self.unseen = unseen
      self.tried = tried
      self.refused = refused
    }
  }

  package func parse(_ bytes: [UInt8]) throws(ProbeError) -> Answer {
    let section = try ProbeTranscript(parsing: bytes).section(Self.kind)
    var answer: (live: [ObjectIdentity.Key: JSONText], tried: [ObjectIdentity.Key: JSONText]) = ([:], [:])
    var problems: (unseen: [ObjectIdentity.Key: String], refused: [ObjectIdentity.Key: String]) = ([:], [:])
    for record in section.records {
      switch record.key {
      case "tried": try Self.objects(in: record.bytes, into: &answer.tried)
      case "live": try Self.objects(in: record.bytes, into: &answer.live)
      default:
        let text = String(decoding: record.bytes, as: UTF8.self)
        guard let (isTried, index) = Self.line(of: record.key) else { throw .garbled("record \(record.key)") }
        if isTried, asked.indices.contains(index - 1) {
          problems.refused[asked[index - 1].identity.key] = text
        } else if !isTried, looked.indices.contains(index - 1 - asked.count) {
          problems.unseen[looked[index - 1 - asked.count].key] = text
        } else {
          throw .garbled("record \(record.key)")
        }
      }
    }
    return Answer(
      live: answer.live, unseen: problems.unseen, tried: answer.tried, refused: problems.refused)
  }

  /// `tried-error.12`, `live-error.12`.
  private static func line(of key: String) -> (isTried: Bool, line: Int)? {
    let parts = key.split(separator: ".")
    guard parts.count == 2, let line = Int(parts[1]) else { return nil }
    switch parts[0] {
    case "tried-error": return (true, line)
    case "live-error": return (false, line)
    default: return nil
    }
  }

  /// One object, a List of them, or nothing.
  private static func objects(
    in bytes: [UInt8], into objects: inout [ObjectIdentity.Key: JSONText]
  ) throws(ProbeError) {
    guard bytes.contains(where: { $0 > 0x20 }) else { return }
    let document: JSONText
    do { document = try JSONText(parsing: bytes) } catch {
      throw ProbeError.garbled("the server's objects: \(error.problem)")
    }
    for object in document["kind"]?.string == "List" ? document["items"]?.items ?? [] : [document] {
      guard let identity = ObjectIdentity(of: object) else { throw ProbeError.garbled("an object without a name") }
      objects[identity.key] = object
    }
  }
}

/// Lines of a text of objects that one call of kubectl takes.
struct ObjectBatch: Sendable, Hashable {
  /// Counted from 1.
  let first: Int
  let count: Int
  let isForced: Bool

  var fields: [String] { ["\(first)", "\(count)", isForced ? "forced" : "plain"] }

  private static let maximumCount = 25
  private static let maximumBytes = 1 << 20

  /// Conflicts are overruled for a whole call: those that want it do not share one with the others.
  static func batches(of objects: [(bytes: Int, isForced: Bool)]) -> [ObjectBatch] {
    var batches: [ObjectBatch] = []
    var room = 0
    for (index, object) in objects.enumerated() {
      if let last = batches.last, last.isForced == object.isForced, last.count < maximumCount, object.bytes <= room {
        batches[batches.count - 1] = ObjectBatch(first: last.first, count: last.count + 1, isForced: last.isForced)
        room -= object.bytes
      } else {
        batches.append(ObjectBatch(first: index + 1, count: 1, isForced: object.isForced))
        room = maximumBytes - object.bytes
      }
    }
    return batches
  }
}

extension KubernetesObject {
  /// Whether it says that other managers are overruled.
  package var isForced: Bool { annotations[ObjectMark.forceConflicts] == "true" }

  /// What is sent to the server: with the label that says whose it is.
  ///
  /// - Parameter uid: of the object that it replaces: another one of the same name is not touched.
  func applied(by fleet: String, replacing uid: String? = nil) -> JSONText {
    let labelled = content.setting(["metadata", "labels", ObjectMark.fleet], to: .string(fleet))
    return uid.map { labelled.setting(["metadata", "uid"], to: .string($0)) } ?? labelled
  }
}
