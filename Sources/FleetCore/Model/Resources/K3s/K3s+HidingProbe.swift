extension K3s {
  /// `k3s_text KEY PATH KIND`: a file of k3s' as text, every secret in it replaced by `sha256:` and its digest, so that no
  /// secret leaves the node. KIND is yaml, environment or unit. With the key `text` the record begins with the path.
  ///
  /// A token in k3s' secure form (`K10…::server:…`) counts as the password behind it, as both mean the same cluster. A
  /// file that holds a secret in a form that is not understood here (a flow mapping, a folded block, an escape) is not
  /// sent at all: `withheld PATH`. A file that holds a token and is only named is answered by `token-file PATH DIGEST`.
  ///
  /// awk marks what is a secret, the shell takes its digest: printf(1) is built in, so that no process list shows it.
  static let hidingFunctions: StaticString = #"""
    k3s_marks=$(printf '\001 \002 \003 \004'); k3s_start=${k3s_marks%% *}; k3s_bad=${k3s_marks##* }
    k3s_marks=${k3s_marks#* }; k3s_stop=${k3s_marks%% *}; k3s_marks=${k3s_marks#* }; k3s_path_mark=${k3s_marks%% *}
    k3s_text() {
      [ -e "$2" ] || return 0
      k3s_size=$(stat -L -c %s -- "$2") || return 1
      if [ ! -f "$2" ] || [ "$k3s_size" -gt 65536 ]; then emit withheld "$2"; return 0; fi
      k3s_rest=$(awk -v kind="$3" "$k3s_marker" < "$2"; printf .) || return 1
      k3s_rest=${k3s_rest%.}; k3s_clean=
      while :; do
        case $k3s_rest in
          *"$k3s_bad"*) emit withheld "$2"; return 0 ;;
          *"$k3s_start"*"$k3s_stop"*) ;;
          *) break ;;
        esac
        k3s_clean=$k3s_clean${k3s_rest%%"$k3s_start"*}; k3s_rest=${k3s_rest#*"$k3s_start"}
        k3s_value=${k3s_rest%%"$k3s_stop"*}; k3s_rest=${k3s_rest#*"$k3s_stop"}
        case $k3s_value in
          "$k3s_path_mark"*)
            k3s_value=${k3s_value#"$k3s_path_mark"}; k3s_clean=$k3s_clean$k3s_value; k3s_token_file "$k3s_value" ;;
          *) k3s_digest "$k3s_value"; seal "$k3s_sum"; k3s_clean=${k3s_clean}sha256:$sealed ;;
        esac
      done
      if [ "$1" = text ]; then emit text "$2$newline$k3s_clean$k3s_rest"; else emit "$1" "$k3s_clean$k3s_rest"; fi
    }
    k3s_digest() {
      k3s_password=$1
      case $k3s_password in K10*::*) k3s_password=${k3s_password#*::}; k3s_password=${k3s_password#*:} ;; esac
      k3s_sum=$(printf %s "$k3s_password" | sha256sum); k3s_sum=${k3s_sum%% *}
    }
    k3s_token_file() {
      [ -f "$1" ] || return 0
      k3s_digest "$(head -c 4096 -- "$1")"
      seal "$k3s_sum"
      emit token-file "$1$tab$sealed"
    }
    k3s_marker='
      function secret(name) {
        name = tolower(name); gsub(/_/, "-", name)
        if (name ~ /-file$/ || name == "etcd-s3-config-secret") return 0
        return name == "auth" || name ~ /^vpn-auth/ || (kind == "unit" && name == "t") \
          || name ~ /token|password|passwd|access-key|secret-key|cluster-secret|api-key|datastore-endpoint/
      }
      function names_token(name) { name = tolower(name); gsub(/_/, "-", name); return name ~ /(^|-)token-file$/ }
      function has_password(text) { return text ~ /:\/\/[^\/@ ]*:[^\/@ ]*@/ }
      function plain(text,  first, last) {
        sub(/[ \t\r]+$/, "", text)
        first = substr(text, 1, 1); last = substr(text, length(text))
        if (first == "\"" || first == "\047") {
          if (length(text) < 2 || last != first) { bad = 1; return "" }
          text = substr(text, 2, length(text) - 2)
        }
        if (text ~ /["\047\\]/ || (kind == "unit" && text ~ /[%$]/)) bad = 1
        return text
      }
      function hidden(text) { return "\001" text "\002" }
      function named(text) { return "\001\003" text "\002" }
      # NAME=VALUE, and NAME=NAME=VALUE as arguments that are passed on are written.
      function pairs(text,  before, name) {
        while (match(text, /^-*[A-Za-z0-9_.-]+=/)) {
          name = substr(text, 1, RLENGTH - 1); before = before substr(text, 1, RLENGTH)
          text = substr(text, RLENGTH + 1); sub(/^-+/, "", name)
          if (secret(name)) return before hidden(plain(text))
          if (names_token(name)) return before named(plain(text))
        }
        return before (has_password(text) ? hidden(plain(text)) : text)
      }
      function environment(line,  name, value) {
        sub(/^[ \t]*(export[ \t]+)?/, "", line)
        if (!match(line, /^[A-Za-z_][A-Za-z0-9_]*=/)) return ""
        name = substr(line, 1, RLENGTH - 1); value = substr(line, RLENGTH + 1)
        if (secret(name) || has_password(value)) return name "=" hidden(plain(value))
        if (names_token(name)) return name "=" named(plain(value))
        return name "=" value
      }
      function unit(line,  out, word, bare) {
        while (match(line, /[^ \t]+/)) {
          out = out substr(line, 1, RSTART - 1); word = substr(line, RSTART, RLENGTH)
          line = substr(line, RSTART + RLENGTH)
          if (word == "\\") { out = out word; continue }
          bare = word; gsub(/["\047]/, "", bare)
          if (expected == "secret") { out = out hidden(plain(word)); expected = ""; continue }
          if (expected == "file") { out = out named(plain(word)); expected = ""; continue }
          if (bare ~ /^-+[A-Za-z0-9-]+$/) {
            sub(/^-+/, "", bare)
            expected = secret(bare) ? "secret" : names_token(bare) ? "file" : ""
          } else if (pairs(bare) != bare) {
            # Quotes go, so that the word must not need them.
            if (gsub(/["\047]/, "&", word) % 2) bad = 1
            word = pairs(bare)
          }
          out = out word
        }
        return out line
      }
      function flow(text,  name) {
        while (match(text, /[A-Za-z0-9_.-]+["\047]?[ \t]*[:=]/)) {
          name = substr(text, RSTART, RLENGTH); text = substr(text, RSTART + RLENGTH)
          gsub(/["\047 \t:=]/, "", name)
          if (secret(name)) bad = 1
        }
        if (has_password(text)) bad = 1
      }
      function yaml(line,  key, name, value, at, done) {
        if (after && line ~ /^[ \t]+[^ \t-]/ && line !~ /:([ \t]|$)/) bad = 1
        after = 0
        if (match(line, /^[ \t]*(-[ \t]+)*/)) { key = substr(line, 1, RLENGTH); line = substr(line, RLENGTH + 1) }
        at = match(line, /:([ \t]|$)/)
        if (!at || line ~ /^[\[{]/) {
          value = line; gsub(/^["\047]|["\047][ \t]*$/, "", value)
          done = pairs(value)
          if (line ~ /^[\[{]/) flow(line); else if (done != value) return key done
          return key line
        }
        name = substr(line, 1, at - 1); value = substr(line, at + 1); sub(/^[ \t]+/, "", value)
        gsub(/["\047 \t]|\+$/, "", name)
        if (!secret(name) && !names_token(name)) {
          if (value ~ /^[\[{]/) { flow(value); return key line }
          done = value; gsub(/^["\047]|["\047][ \t]*$/, "", done)
          return pairs(done) == done ? key line : key substr(line, 1, at) " " pairs(done)
        }
        key = key substr(line, 1, at) " "; after = 1
        if (value ~ /^#/) value = ""
        if (value == "" || value ~ /^[|>&*!{\[]/) { if (value != "" || name != "auth") bad = 1; after = 0; return key value }
        if (value !~ /^["\047]/) sub(/[ \t]+#.*/, "", value)
        return key (secret(name) ? hidden(plain(value)) : named(plain(value)))
      }
      { gsub(/[\001-\004]/, "") }
      /^[ \t]*#/ || (kind != "yaml" && /^[ \t]*;/) { print ""; next }
      kind == "yaml" { print yaml($0) }
      kind == "environment" { print environment($0) }
      kind == "unit" { print unit($0) }
      END { if (bad) print "\004" }
    '
    """#
}
