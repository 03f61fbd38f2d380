extension ObjectsLook {
  /// Of the program for keys that may only look (`CheckProgram`): the cluster's objects, as its service account
  /// (`ClusterGrant`) may read them. The API server is asked in that account's name, and refuses what is more.
  ///
  /// Lines `POSITION apiVersion kind namespace-or-dash name`; none: what there is to ask about. Looked at is what fleetd's
  /// own list of what it keeps names, each once. Records:
  /// - `problem`: why nothing can be told;
  /// - with no lines `inventory`, `namespaces` and `definitions`, as `ObjectsSurvey` has them;
  /// - `denied`: positions of what may not be looked at; `error.POSITION`: why it cannot;
  /// - `live`: objects, each on a line, without kubectl's own note of what was applied;
  /// - `secrets` and `fields`: of Secrets what is no secret, and sealed digests.
  ///
  /// A template of kubectl's takes objects apart, so that no text in one can pass for anything else here. Answers lie in a
  /// directory in memory that root alone can read: mktemp(1) puts what nobody can guess in place of the X.
  package static let fragment = ProbeFragment(
    #"""
    objects_ask() {
      objects_seconds=$1; shift
      kube "$objects_seconds" --as=system:serviceaccount:kube-system:fleetd-check "$@"
    }
    objects_said() { if [ -s "$objects/error" ]; then head -c 500 -- "$objects/error"; else echo "kubectl ended with $1"; fi; }
    objects_tell() {
      objects_key=$1; shift
      if objects_ask 20 get "$@" > "$objects/answer" 2> "$objects/error" < /dev/null; then
        emit_file "$objects_key" "$objects/answer" 8388608
      else
        emit problem "$(objects_said $?)"
        return 1
      fi
    }
    # FILE FROM COUNT: some of its lines are the question.
    objects_lines() { sed -n "$2,$(($2 + $3 - 1))p" -- "$1" > "$objects/input"; }
    objects_live() {
      objects_ask 30 get --ignore-not-found --output 'jsonpath={range .items[*]}{@}{"\n"}{end}' --filename - \
        < "$objects/input" > "$objects/answer" 2> "$objects/error" || return
      sed -E 's/("kubectl\.kubernetes\.io\/last-applied-configuration"):"([^"\\]|\\.)*"/\1:""/g' \
        < "$objects/answer" > "$objects/live"
    }
    """#,
    #"""
    objects_secrets() {
      objects_ask 30 get --ignore-not-found --output 'go-template={{range .items}}object{{"\t"}}{{.metadata.namespace}}{{"\t"}}{{.metadata.name}}{{"\t"}}{{.metadata.resourceVersion}}{{"\n"}}uid{{"\t"}}{{.metadata.uid}}{{"\n"}}type{{"\t"}}{{printf "%x" .type}}{{"\n"}}{{if .immutable}}immutable{{"\n"}}{{end}}{{if .metadata.deletionTimestamp}}deleted{{"\t"}}{{.metadata.deletionTimestamp}}{{"\n"}}{{end}}{{range $key, $value := .metadata.labels}}label{{"\t"}}{{$key}}{{"\t"}}{{printf "%x" $value}}{{"\n"}}{{end}}{{range $key, $value := .metadata.annotations}}{{if ne $key "kubectl.kubernetes.io/last-applied-configuration"}}annotation{{"\t"}}{{$key}}{{"\t"}}{{printf "%x" $value}}{{"\n"}}{{end}}{{end}}{{range $key, $value := .data}}data{{"\t"}}{{$key}}{{"\t"}}{{$value}}{{"\n"}}{{end}}{{end}}' \
        --filename - < "$objects/input" > "$objects/answer" 2> "$objects/error" || return
      objects_digests < "$objects/answer" > "$objects/secrets" || return
      objects_ask 30 get --ignore-not-found --output 'jsonpath={range .items[*]}{.metadata.namespace}{"\t"}{.metadata.name}{"\t"}{.metadata.resourceVersion}{"\t"}{.metadata.managedFields}{"\t"}{.metadata.ownerReferences}{"\t"}{.metadata.finalizers}{"\n"}{end}' \
        --filename - < "$objects/input" > "$objects/fields" 2> "$objects/error"
    }
    # A line of another shape than the template's does not leave.
    objects_digests() {
      while IFS= read -r objects_line; do
        case $objects_line in
          "data$tab"*)
            objects_rest=${objects_line#"data$tab"}
            objects_sum=$(printf %s "${objects_rest#*"$tab"}" | base64 -d 2> /dev/null | sha256sum) || return
            seal "${objects_sum%% *}"
            printf 'data\t%s\t%s\n' "${objects_rest%%"$tab"*}" "$sealed"
            ;;
          "object$tab"* | "uid$tab"* | "type$tab"* | immutable | "deleted$tab"* | "label$tab"* | "annotation$tab"*)
            printf '%s\n' "$objects_line" ;;
        esac
      done
    }
    # KIND: what of the answer leaves; no more than MOST bytes of one call, and of all of them 20 MiB.
    objects_emit() {
      objects_size=$(stat -c %s -- "$objects/$1") || return
      [ "$1" = live ] || objects_size=$((objects_size + $(stat -c %s -- "$objects/fields"))) || return
      [ "$objects_size" -le "$2" ] && [ "$((objects_total + objects_size))" -le 20971520 ] || {
        echo "it is more than this program tells at once" > "$objects/error"
        return 1
      }
      objects_total=$((objects_total + objects_size))
      emit_file "$1" "$objects/$1" 20971520
      [ "$1" = live ] || emit_file fields "$objects/fields" 20971520
    }
    objects_fail() { emit "error.$1" "$(objects_said "$2")"; }
    # KIND FILE: all that is to be asked of a kind of answer; what does not go together goes one by one.
    objects_all() {
      objects_first=1; objects_count=$(wc -l < "$2")
      while [ "$objects_first" -le "$objects_count" ]; do
        objects_lines "$2" "$objects_first" 25
        if ! { "objects_$1" && objects_emit "$1" 6291456; }; then
          objects_one=$objects_first
          while [ "$objects_one" -le "$objects_count" ] && [ "$objects_one" -lt "$((objects_first + 25))" ]; do
            objects_lines "$2" "$objects_one" 1
            objects_status=0
            { "objects_$1" && objects_emit "$1" 2097152; } || objects_status=$?
            [ "$objects_status" -eq 0 ] || objects_fail "$(sed -n "${objects_one}p" < "$2.positions")" "$objects_status"
            objects_one=$((objects_one + 1))
          done
        fi
        objects_first=$((objects_first + 25))
      done
    }
    """#,
    #"""
    # What the list names becomes a question; of the rest the positions are told.
    objects_sort() {
      awk -F '\t' -v live="$objects/to-see" -v secrets="$objects/to-seal" '
        function key(version, kind, place) { sub(/\/?[^\/]*$/, "", version); return version "\t" kind "\t" place }
        part == 1 {
          if (split($0, word, " ") != 3) next
          kept[key(word[1], word[2], word[3])] = 1
          next
        }
        {
          isSecret = $3 == "Secret"
          if ($2 !~ /^([a-z0-9][a-z0-9.-]*\/)?[a-z0-9]+$/ || $3 !~ /^[A-Z][A-Za-z0-9]*$/ || $4 !~ /^(-|[a-z0-9][a-z0-9.-]*)$/ \
            || $5 !~ /^[A-Za-z0-9._:-]+$/ || isSecret && $2 != "v1" \
            || !(key($2, $3, $4 == "-" ? $5 : $4 "/" $5) in kept)) { print $1; next }
          if (asked[key($2, $3, $4 == "-" ? $5 : $4 "/" $5)]++) { print $1; next }
          file = isSecret ? secrets : live
          space = $4 == "-" ? "" : ",\"namespace\":\"" $4 "\""
          printf("{\"apiVersion\":\"%s\",\"kind\":\"%s\",\"metadata\":{\"name\":\"%s\"%s}}\n", $2, $3, $5, space) > file
          print $1 > (file ".positions")
        }
      ' part=1 "$objects/kept" part=2 "$objects/asked"
    }
    objects_answer() {
      objects_count=0
      while [ "$objects_count" -lt "$1" ] && IFS= read -r objects_line; do
        objects_count=$((objects_count + 1)); printf '%s\n' "$objects_line"
      done > "$objects/asked"
      if [ ! -x /usr/local/bin/k3s ]; then emit problem "k3s is not installed here"; return 0; fi
      set -- configmap fleetd-inventory --namespace kube-system --ignore-not-found --output
      if [ "$objects_count" -eq 0 ]; then
        objects_tell inventory "$@" json || return 0
        objects_tell namespaces namespaces --output 'jsonpath={range .items[*]}{.metadata.name}{"\t"}{.status.phase}{"\n"}{end}' || return 0
        objects_tell definitions customresourcedefinitions.apiextensions.k8s.io --output 'jsonpath={range .items[*]}{.spec.group}{"\t"}{.spec.names.kind}{"\t"}{.spec.scope}{"\t"}{.spec.names.plural}{"\n"}{end}'
        return 0
      fi
      objects_ask 20 get "$@" 'go-template={{range $key, $value := .data}}{{$value}}{{"\n"}}{{end}}' \
        > "$objects/kept" 2> "$objects/error" < /dev/null || { emit problem "$(objects_said $?)"; return 0; }
      : > "$objects/to-see"; : > "$objects/to-seal"
      emit denied "$(objects_sort)"
      objects_total=0
      objects_all live "$objects/to-see"
      objects_all secrets "$objects/to-seal"
    }
    probe_objects() (
      # One question is answered at a time: what is there was left by one that was killed.
      rm -rf -- /run/fleetd-look.*
      objects=$(mktemp -d /run/fleetd-look.XXXXXX) || exit 70
      trap 'rm -rf -- "$objects"' EXIT
      trap 'exit 70' HUP INT PIPE TERM
      objects_answer "$1"
    )
    """#
  )
}
