extension StepScript {
  /// Line 1: seconds that objects may take to go. Lines, until the input ends: apiVersion, kind, namespace or `-`, name,
  /// uid, and the entry of the inventory.
  ///
  /// Each deletion names the uid of the object that was shown: one of the same name that somebody made meanwhile stays.
  /// An entry is struck off the inventory when the object is gone, and not before.
  static let deleteObjects = StepScript(
    "objects-delete",
    #"""
    OBJECT_FUNCTIONS
    IFS= read -r seconds || die 65 "the input ends early"
    scratch
    cat > "$work/objects"
    answering
    end=$(($(date +%s) + seconds)); failed=0; moved=0
    path_of() {
      case $1 in */*) base=/apis/$1 ;; *) base=/api/$1 ;; esac
      kube 20 get --raw "$base" > "$work/answer" 2> "$work/error" < /dev/null || { path=; return; }
      plural=$(tr '{' '\n' < "$work/answer" | grep -F "\"kind\":\"$2\"" | sed -n 's/^"name":"\([^"/]*\)".*/\1/p' | head -n 1)
      case $3 in -) path=$base/$plural/$4 ;; *) path=$base/namespaces/$3/$plural/$4 ;; esac
      [ -n "$plural" ] || path=
    }
    is_gone() { grep -qE 'NotFound|not found|could not find the requested resource' "$work/error"; }
    delete_one() {
      path_of "$1" "$2" "$3" "$4"
      if [ -z "$path" ]; then
        is_gone && return 0
        still_answering
        [ -s "$work/error" ] || echo "the server does not know the kind" > "$work/error"
        return 70
      fi
      printf '{"apiVersion":"v1","kind":"DeleteOptions","propagationPolicy":"Background","preconditions":{"uid":"%s"}}' "$5" > "$work/input"
      if ! kube 20 delete --raw "$path" --filename - < "$work/input" > /dev/null 2> "$work/error"; then
        is_gone && return 0
        grep -qE 'Precondition failed|UID in precondition|Conflict' "$work/error" && return 65
        still_answering
        return 70
      fi
      while kube 10 get --raw "$path" > "$work/answer" 2> "$work/error" < /dev/null; do
        # Another uid: somebody makes it anew as fast as it is deleted.
        grep -qF "\"uid\":\"$5\"" "$work/answer" || return 0
        if [ "$(date +%s)" -ge "$end" ]; then echo "it is being deleted, and something holds it: look at its finalizers" > "$work/error"; return 70; fi
        sleep 1
      done
      is_gone || still_answering
      is_gone
    }
    while IFS=$tab read -r version kind namespace name uid entry; do
      if delete_one "$version" "$kind" "$namespace" "$name" "$uid"; then
        kube 20 patch configmap fleetd-inventory --namespace kube-system --type merge --patch "{\"data\":{\"$entry\":null}}" > /dev/null 2> "$work/error" < /dev/null && continue
        still_answering
      else
        [ $? = 65 ] && moved=$((moved + 1))
      fi
      failed=$((failed + 1))
      case $namespace in -) ;; *) name=$namespace/$name ;; esac
      printf '%s %s %s: %s\n' "$version" "$kind" "$name" "$(said 1000 1 | tr '\n' ' ')" >&2
    done < "$work/objects"
    [ "$failed" = 0 ] || [ "$failed" != "$moved" ] || exit 65
    [ "$failed" = 0 ] || exit 70
    """#,
    placing: [("OBJECT_FUNCTIONS", ObjectScripts.functions)])

  /// Line 1: seconds. Lines, until the input ends: namespace, name, and the uid of the chart's job as it was before, or
  /// `-`.
  ///
  /// k3s' Helm controller installs a chart, or a chart's new values, by the Job `helm-install-NAME`. It makes that Job
  /// anew when anything of the chart changed; nothing says when it has looked. The old Job is believed after a while.
  static let awaitCharts = StepScript(
    "objects-charts",
    #"""
    OBJECT_FUNCTIONS
    IFS= read -r seconds || die 65 "the input ends early"
    scratch
    cat > "$work/charts"
    answering
    start=$(date +%s); end=$((start + seconds)); failed=0; patience=20
    while IFS=$tab read -r namespace name before; do
      while :; do
        now=$(date +%s)
        job=$(kube 10 get jobs.batch "helm-install-$name" --namespace "$namespace" --ignore-not-found \
          --output 'jsonpath={.metadata.uid}{"\t"}{.status.succeeded}{"\t"}{.status.conditions[?(@.type=="Failed")].status}{"\t"}{.status.conditions[?(@.type=="Failed")].message}' 2> "$work/error" < /dev/null) || still_answering
        uid=${job%%"$tab"*}; rest=${job#*"$tab"}; succeeded=${rest%%"$tab"*}; rest=${rest#*"$tab"}
        if [ -n "$uid" ] && { [ "$uid" != "$before" ] || [ "$now" -ge $((start + patience)) ]; }; then
          case $rest in True*)
            printf 'helm.cattle.io HelmChart %s/%s: its job helm-install-%s failed: %s\n' "$namespace" "$name" "$name" "${rest#*"$tab"}" >&2
            kube 10 logs "job/helm-install-$name" --namespace "$namespace" --tail 8 < /dev/null 2> /dev/null | head -c 2000 >&2
            failed=1; break ;;
          esac
          case $succeeded in '' | 0) ;; *) break ;; esac
        fi
        if [ "$now" -ge "$end" ]; then
          [ -n "$uid" ] && state="its job helm-install-$name has not ended" || state="there is no job helm-install-$name: does k3s run with its Helm controller?"
          printf 'helm.cattle.io HelmChart %s/%s: after %s s %s\n' "$namespace" "$name" "$seconds" "$state" >&2
          failed=1; break
        fi
        sleep 2
      done
    done < "$work/charts"
    [ "$failed" = 0 ] || exit 70
    """#,
    placing: [("OBJECT_FUNCTIONS", ObjectScripts.functions)])
}
