extension StepScript {
  /// Line 1: the node, the uid and the machine id ("-": none) of its Node object as they were observed, and for how many
  /// seconds its end is awaited.
  ///
  /// The password goes first: a script that dies in between is run again for as long as the Node object is there. The API
  /// server refuses to delete an object of another uid. k3s removes the member of etcd before it lets the object go.
  static let clearNode = StepScript(
    "clear-node",
    #"""
    IFS=$tab read -r node uid machine patience || die 65 "the input ends early"
    [ "$machine" != - ] || machine=
    answering
    now_of() {
      now=$(kube 10 get node "$node" --ignore-not-found --output 'jsonpath={.metadata.uid}{" "}{.status.nodeInfo.machineID}' < /dev/null) \
        || unable "the Node $node cannot be read"
    }
    now_of
    case $now in
      '' | "$uid $machine") ;;
      *) die 65 "the Node $node is not what it was when it was observed" ;;
    esac
    said=$(kube 10 --namespace kube-system delete secret "$node.node-password.k3s" --ignore-not-found 2>&1 < /dev/null) \
      || unable "the node password of $node cannot be deleted: $said"
    [ -n "$now" ] || exit 0
    said=$(printf '{"kind":"DeleteOptions","apiVersion":"v1","preconditions":{"uid":"%s"}}' "$uid" \
      | kube 30 delete --raw "/api/v1/nodes/$node" -f - 2>&1) || {
      now_of
      case $now in "$uid "*) unable "the Node $node cannot be deleted: $said" ;; esac
    }
    IFS=. read -r clock _ < /proc/uptime
    end=$((clock + patience))
    while now_of; case $now in "$uid "*) ;; *) exit 0 ;; esac; do
      IFS=. read -r clock _ < /proc/uptime
      [ "$clock" -lt "$end" ] \
        || die 70 "the Node $node is deleted and still there after $patience s: no server of the cluster has finished with it (of a server: removed its member of etcd)"
      sleep 1
    done
    """#
  )
}

extension StepScript {
  /// Line 1: a node, and for how many seconds the end of its Node object is awaited. For a cluster that came out of a
  /// snapshot: what it knows of a machine that is blank now is of the past, whatever its uid.
  static let clearNodeOfSnapshot = StepScript(
    "clear-node-of-snapshot",
    #"""
    IFS=$tab read -r node patience || die 65 "the input ends early"
    answering
    said=$(kube 10 --namespace kube-system delete secret "$node.node-password.k3s" --ignore-not-found 2>&1 < /dev/null) \
      || unable "the node password of $node cannot be deleted: $said"
    said=$(kube "$patience" delete node "$node" --ignore-not-found 2>&1 < /dev/null) \
      || unable "the Node $node cannot be deleted: $said"
    """#
  )
}

extension KubernetesNode {
  /// Deletes this very object, its node's password and what hangs on it, through another server.
  func clearingStep(_ title: String, patience: Duration = .seconds(120)) -> Step {
    let input = StepInput([[name, uid, machineID.isEmpty ? "-" : machineID, "\(patience.components.seconds)"]])
    return Step(
      title, .onServer(.clearNode, input, sparing: name),
      deadline: patience + .seconds(90))
  }
}
