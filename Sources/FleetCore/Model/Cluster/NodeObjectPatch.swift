import FoundationEssentials

/// Labels and taints of one Node object, changed by one request together with what says whose they are.
package struct NodeObjectPatch: Sendable, Hashable {
  /// `nil`: it goes.
  package let labels: [String: String?]
  package let setTaints: [KubernetesNode.Taint]
  /// By `KubernetesNode.Taint.identity`.
  package let removedTaints: [String]
  /// What fleetd owns afterwards.
  package let ownership: NodeOwnership
  /// The board's serial number; `nil`: what the object says of it stays.
  package let board: String?

  package init(
    labels: [String: String?], setTaints: [KubernetesNode.Taint], removedTaints: [String], ownership: NodeOwnership,
    board: String? = nil
  ) {
    self.labels = labels
    self.setTaints = setTaints
    self.removedTaints = removedTaints
    self.ownership = ownership
    self.board = board
  }

  private struct Metadata: Encodable {
    let labels: [String: String?]
    let annotations: [String: String?]
  }

  /// The inside of a merge patch's `metadata`.
  private var metadata: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var annotations: [String: String?] = [NodeOwnership.annotation: ownership.text]
    if let board { annotations[NodeOwnership.boardAnnotation] = .some(board) }
    let metadata = Metadata(labels: labels, annotations: annotations)
    let text = (try? encoder.encode(metadata)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    return String(text.dropFirst().dropLast())
  }

  /// - Parameters:
  ///   - uid: of the object as it was observed; `nil`: it is not there yet.
  ///   - patience: for how long it is awaited.
  package func step(on node: String, uid: String?, patience: Duration) -> Step {
    let seconds = patience.components.seconds
    return Step(
      "set labels and taints of the Node \(node)",
      .onServer(
        .nodeObject,
        StepInput([
          [node, "\(seconds)", uid ?? "any"], [metadata], removedTaints + setTaints.map(\.identity),
          [setTaints.map(\.json).joined(separator: ",")],
        ]), sparing: nil),
      deadline: patience + .seconds(120))
  }
}

extension StepScript {
  /// Line 1: the Node, for how many seconds it is awaited, its uid or "any". Line 2: the inside of a merge patch's
  /// metadata. Line 3: taints that go, as KEY:EFFECT. Line 4: taints that come, as the inside of a JSON list.
  ///
  /// Only the taints that are named are touched; those of others and the control plane's own come and go meanwhile. So
  /// the list is put together from the object as it is now, and the API server refuses it when that changed again.
  static let nodeObject = StepScript(
    "node-object",
    #"""
    IFS=$tab read -r node patience uid || die 65 "the input ends early"
    IFS= read -r metadata || die 65 "the input ends early"
    read_words; gone=$tab$words$tab
    IFS= read -r come || die 65 "the input ends early"
    answering
    IFS=. read -r now _ < /proc/uptime
    end=$((now + patience))
    while found=$(kube 10 get node "$node" --ignore-not-found --output name 2> /dev/null < /dev/null); [ "$found" != "node/$node" ]; do
      IFS=. read -r now _ < /proc/uptime
      [ "$now" -lt "$end" ] || die 70 "the cluster has no Node $node after $patience s"
      sleep 1
    done
    taints_now() {
      kept=; comma=
      while IFS='|' read -r key effect value added; do
        [ -n "$key" ] || continue
        case $gone in *"$tab$key:$effect$tab"*) continue ;; esac
        case $key$effect$value$added in *[!A-Za-z0-9._/:+-]*) die 65 "a taint of the Node $node cannot be read: $key" ;; esac
        kept=$kept$comma'{"key":"'$key'","effect":"'$effect'"'
        [ -z "$value" ] || kept=$kept',"value":"'$value'"'
        [ -z "$added" ] || kept=$kept',"timeAdded":"'$added'"'
        kept=$kept'}'; comma=,
      done <<LISTED
    $1
    LISTED
      [ -z "$come" ] || kept=$kept$comma$come
    }
    tries=6
    while :; do
      listed=$(kube 10 get node "$node" --output 'jsonpath={.metadata.uid}{" "}{.metadata.resourceVersion}{range .spec.taints[*]}{"\n"}{.key}{"|"}{.effect}{"|"}{.value}{"|"}{.timeAdded}{end}' < /dev/null) \
        || unable "the Node $node cannot be read"
      head=${listed%%"$newline"*}
      [ "$uid" = any ] || [ "$uid" = "${head%% *}" ] || die 65 "the Node $node was made anew since it was observed"
      spec=
      if [ "$gone" != "$tab$tab" ]; then
        taints_now "${listed#"$head"}"
        spec=',"spec":{"taints":['$kept']}'
      fi
      said=$(kube 10 patch node "$node" --type merge \
        --patch '{"metadata":{"resourceVersion":"'"${head#* }"'",'"$metadata"'}'"$spec"'}' 2>&1 < /dev/null) && exit 0
      case $said in *[Cc]onflict* | *'has been modified'*) ;; *) unable "the Node $node cannot be patched: $said" ;; esac
      tries=$((tries - 1))
      [ "$tries" -gt 0 ] || die 75 "the Node $node changes all the time: $said"
    done
    """#
  )
}
