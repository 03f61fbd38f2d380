extension StepScript {
  /// Line 1: the fleet. The payload: the inventory without an entry, then merge patches, one a line. They come before
  /// what they note is applied.
  static let noteObjects = StepScript(
    "objects-note",
    #"""
    OBJECT_FUNCTIONS
    IFS= read -r fleet || die 65 "the input ends early"
    answering
    scratch
    read_payload > "$work/input" || die 73 "/run cannot be written"
    if ! lines 1 1 "$work/input" | kube 20 create --filename - > /dev/null 2> "$work/error"; then
      grep -q AlreadyExists "$work/error" || die 70 "the inventory cannot be made: $(said 1000 1)"
    fi
    owner=$(kube 20 get configmap fleetd-inventory --namespace kube-system --output 'jsonpath={.metadata.labels.fleetd/fleet}' 2>&1 < /dev/null) \
      || die 75 "the inventory cannot be read: $owner"
    [ "$owner" = "$fleet" ] || die 65 "the inventory is that of another fleet now: $owner"
    number=2
    while patch=$(lines "$number" 1 "$work/input") && [ -n "$patch" ]; do
      kube 20 patch configmap fleetd-inventory --namespace kube-system --type merge --patch "$patch" > /dev/null 2> "$work/error" < /dev/null \
        || die 70 "the inventory cannot be written: $(said 1000 1)"
      number=$((number + 1))
    done
    """#,
    placing: [("OBJECT_FUNCTIONS", ObjectScripts.functions)])

  /// Line 1: how many batches, how many objects. Lines: the batches. Lines: what each object is called, and whether what
  /// the server says of it may be shown. The payload: the objects, one a line. All are tried, whichever fails.
  static let applyObjects = StepScript(
    "objects-apply",
    #"""
    OBJECT_FUNCTIONS
    IFS=$tab read -r batches objects || die 65 "the input ends early"
    scratch
    number=0
    while [ "$number" -lt "$batches" ]; do IFS= read -r line || die 65 "the input ends early"; printf '%s\n' "$line"; number=$((number + 1)); done > "$work/batches"
    number=0
    while [ "$number" -lt "$objects" ]; do IFS= read -r line || die 65 "the input ends early"; printf '%s\n' "$line"; number=$((number + 1)); done > "$work/names"
    read_payload > "$work/objects" || die 73 "/run cannot be written"
    answering
    apply_lines() {
      lines "$1" "$2" "$work/objects" > "$work/input"
      case $3 in forced) set -- --force-conflicts ;; *) set -- ;; esac
      kube 120 apply --server-side --field-manager=fleetd "$@" --filename - < "$work/input" > /dev/null 2> "$work/error"
    }
    failed=0; moved=0
    while IFS=$tab read -r from count mode; do
      apply_lines "$from" "$count" "$mode" && continue
      line=$from
      while [ "$line" -lt $((from + count)) ]; do
        if ! apply_lines "$line" 1 "$mode"; then
          status=$?
          still_answering
          failed=$((failed + 1))
          name=$(lines "$line" 1 "$work/names"); shown=${name##*"$tab"}; name=${name%"$tab"*}
          grep -qE 'uid mismatch|metadata.uid: Invalid value|UID in precondition|object has been modified' "$work/error" && moved=$((moved + 1))
          if [ "$shown" = shown ]; then printf '%s: %s\n' "$name" "$(said 1000 "$status" | tr '\n' ' ')" >&2
          else printf '%s: the server refuses it; its words are not shown, as they may hold the secret\n' "$name" >&2; fi
        fi
        line=$((line + 1))
      done
    done < "$work/batches"
    [ "$failed" = 0 ] || [ "$failed" != "$moved" ] || exit 65
    [ "$failed" = 0 ] || exit 70
    """#,
    placing: [("OBJECT_FUNCTIONS", ObjectScripts.functions)])

  /// Line 1: seconds. Lines: `definition NAME` or `namespace NAME`, until the input ends.
  static let awaitObjects = StepScript(
    "objects-await",
    #"""
    OBJECT_FUNCTIONS
    IFS= read -r seconds || die 65 "the input ends early"
    scratch
    cat > "$work/names"
    answering
    end=$(($(date +%s) + seconds))
    while IFS=$tab read -r type name; do
      while :; do
        case $type in
          definition) state=$(kube 10 get customresourcedefinitions.apiextensions.k8s.io "$name" --output 'jsonpath={.status.conditions[?(@.type=="Established")].status}' 2>&1 < /dev/null); wanted=True ;;
          *) state=$(kube 10 get namespaces "$name" --output 'jsonpath={.status.phase}' 2>&1 < /dev/null); wanted=Active ;;
        esac
        [ "$state" = "$wanted" ] && break
        [ "$(date +%s)" -lt "$end" ] || die 124 "the $type $name is not ready after $seconds s: $state"
        sleep 1
      done
    done < "$work/names"
    """#,
    placing: [("OBJECT_FUNCTIONS", ObjectScripts.functions)])
}
