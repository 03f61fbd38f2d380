/// One roll-out at a time on a cluster, whoever runs it: a Lease in the cluster itself.
///
/// The holder is a control node and not a process: on one machine a lock of the file system keeps a second process out, so
/// what a killed run left behind is its successor's at once. Another control node waits until it expires.
package enum RolloutLock {
  /// In kube-system.
  package static let lease = "fleetd-rollout"
  /// Longer than any turn: a drain, a reboot and the gates behind it. In seconds.
  package static let duration = 3600

  package static func take(by holder: String) -> Step {
    Step("take the cluster's roll-out lock", .onServer(.takeRolloutLock, StepInput([[holder]]), sparing: nil))
  }

  package static func release(by holder: String) -> Step {
    Step("release the cluster's roll-out lock", .onServer(.releaseRolloutLock, StepInput([[holder]]), sparing: nil))
  }
}

extension StepScript {
  /// Line 1: the holder, which holds no quotes.
  static let takeRolloutLock = StepScript(
    "take-lock",
    #"""
    IFS= read -r holder || die 65 "the input ends early"
    answering
    now=$(date -u +%Y-%m-%dT%H:%M:%S.000000Z)
    spec='"spec":{"holderIdentity":"'"$holder"'","leaseDurationSeconds":3600,"renewTime":"'"$now"'"}'
    found=$(kube 10 -n kube-system get lease fleetd-rollout --ignore-not-found \
      --output 'jsonpath={.metadata.resourceVersion}{" "}{.spec.renewTime}{" "}{.spec.holderIdentity}' < /dev/null) \
      || unable "the Lease kube-system/fleetd-rollout cannot be read"
    if [ -z "$found" ]; then
      said=$(printf '{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"fleetd-rollout","namespace":"kube-system"},%s}' "$spec" \
        | kube 10 create -f - 2>&1) && exit 0
      case $said in *AlreadyExists* | *'already exists'*) die 75 "another run took the roll-out lock a moment ago" ;; esac
      unable "the Lease kube-system/fleetd-rollout cannot be made: $said"
    fi
    version=${found%% *}; rest=${found#* }; renewed=${rest%% *}; other=${rest#* }
    if [ -n "$other" ] && [ "$other" != "$holder" ]; then
      age=$(($(date -u +%s) - $(date -u -d "$renewed" +%s 2> /dev/null || echo 0)))
      [ "$age" -ge 3600 ] || die 72 "$other rolls out on this cluster, and was at it $age s ago"
    fi
    said=$(kube 10 -n kube-system patch lease fleetd-rollout --type merge \
      --patch '{"metadata":{"resourceVersion":"'"$version"'"},'"$spec"'}' 2>&1) && exit 0
    case $said in *onflict* | *'has been modified'*) die 72 "another run took the roll-out lock a moment ago" ;; esac
    unable "the Lease kube-system/fleetd-rollout cannot be written: $said"
    """#
  )

  /// Line 1: the holder. Another's lock stays.
  static let releaseRolloutLock = StepScript(
    "release-lock",
    #"""
    IFS= read -r holder || die 65 "the input ends early"
    answering
    found=$(kube 10 -n kube-system get lease fleetd-rollout --ignore-not-found \
      --output 'jsonpath={.spec.holderIdentity}' < /dev/null) || unable "the Lease cannot be read"
    [ "$found" = "$holder" ] || exit 0
    said=$(kube 10 -n kube-system patch lease fleetd-rollout --type merge --patch '{"spec":{"holderIdentity":""}}' 2>&1) \
      || unable "the Lease kube-system/fleetd-rollout cannot be released: $said"
    """#
  )
}
