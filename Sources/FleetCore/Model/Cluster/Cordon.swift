/// Taking a node out of scheduling and back, so that fleetd undoes its own cordons and nobody else's.
///
/// One request sets annotation and cordon together: there is no moment at which one is there without the other.
package enum Cordon {
  /// On the Node object: which fleet's fleetd cordoned it.
  package static let annotation = "fleetd/cordoned-by"

  /// The annotation's value: a fleet's name holds letters, digits and dashes only.
  package static func owner(_ fleet: String) -> String { "fleet/\(fleet)" }
}

extension StepScript {
  /// Line 1: the node, the owner. A node that somebody else cordoned stays as it is.
  static let cordon = StepScript(
    "cordon",
    #"""
    IFS=$tab read -r node owner || die 65 "the input ends early"
    answering
    now=$(kube 10 get node "$node" --output 'jsonpath={.metadata.resourceVersion}{" "}{.spec.unschedulable}' < /dev/null) \
      || unable "the Node $node cannot be read"
    case $now in *' true') exit 0 ;; esac
    said=$(kube 10 patch node "$node" --type merge --patch '{"metadata":{"resourceVersion":"'"${now%% *}"'","annotations":{"fleetd/cordoned-by":"'"$owner"'"}},"spec":{"unschedulable":true}}' 2>&1) && exit 0
    case $said in *Conflict* | *conflict* | *'has been modified'*) die 75 "the Node $node changed meanwhile" ;; esac
    unable "the Node $node cannot be cordoned: $said"
    """#
  )

  /// Line 1: the node, the owner. Only what this owner cordoned is undone.
  static let uncordon = StepScript(
    "uncordon",
    #"""
    IFS=$tab read -r node owner || die 65 "the input ends early"
    answering
    now=$(kube 10 get node "$node" --ignore-not-found --output 'jsonpath={.metadata.annotations.fleetd/cordoned-by}' < /dev/null) \
      || unable "the Node $node cannot be read"
    [ "$now" = "$owner" ] || exit 0
    said=$(kube 10 patch node "$node" --type merge \
      --patch '{"metadata":{"annotations":{"fleetd/cordoned-by":null}},"spec":{"unschedulable":null}}' 2>&1) \
      || unable "the Node $node cannot be uncordoned: $said"
    """#
  )

  /// Line 1: the node, seconds that it may take, seconds that each pod is given (-1: as the pod says). Line 2: further
  /// arguments for kubectl drain.
  static let drain = StepScript(
    "drain",
    #"""
    IFS=$tab read -r node seconds grace || die 65 "the input ends early"
    read_words; more=$words
    answering
    drain() {
      timeout -k 5 "$((seconds + 20))" /usr/local/bin/k3s kubectl --cache-dir=/run/fleetd/kubectl drain "$node" \
        --ignore-daemonsets --timeout="${seconds}s" --grace-period="$grace" "$@" 2>&1 < /dev/null
    }
    said=$(run_words "drain$tab$more") && exit 0
    said=$(printf '%s\n' "$said" | tail -n 12 | head -c 3000)
    answering
    die 71 "not all pods of $node could be moved within $seconds s:$newline$said"
    """#
  )
}
