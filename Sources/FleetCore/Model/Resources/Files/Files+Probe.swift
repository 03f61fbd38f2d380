extension Files {
  /// One stat(1) and one sha256sum(1) for all files. Content is sent only where it differs and may be shown.
  ///
  /// `files_observe COUNT` reads COUNT lines; the `k3s` kind uses it too, and hides what is secret in the files that it
  /// marks with its own name.
  package static let probe = ProbeFragment(
    #"""
    probe_file() { files_observe "$1"; }
    file_record() { emit "stat/$1" "$2$tab$3"; }
    file_stats_of() { stat -c "%F$tab%a$tab%U$tab%G$tab%s$tab" -- "$@"; }
    files_observe() {
      file_count=$1; file_index=0; file_lines=; set --
      while [ "$file_index" -lt "$file_count" ]; do
        IFS= read -r file_line || return 65
        file_path=${file_line##*"$tab"}
        if [ -L "$file_path" ]; then
          file_record "$file_index" "symbolic link$tab$tab$tab${tab}0$tab$(readlink -- "$file_path")" "$file_path"
        elif [ ! -e "$file_path" ]; then
          file_record "$file_index" absent "$file_path"
        elif [ ! -f "$file_path" ]; then
          file_stat=$(file_stats_of "$file_path") || return 1
          file_record "$file_index" "$file_stat" "$file_path"
        else
          file_lines="$file_lines$file_index$tab$file_line$newline"
          set -- "$@" "$file_path"
        fi
        file_index=$((file_index + 1))
      done
      [ $# -gt 0 ] || return 0
      file_stats=$(file_stats_of "$@") || return 1
      file_sums=$(sha256sum -- "$@") || return 1
      for file_path; do
        file_line=${file_lines%%"$newline"*}; file_lines=${file_lines#*"$newline"}
        file_stat=${file_stats%%"$newline"*}; file_stats=${file_stats#*"$newline"}
        file_sum=${file_sums%%"$newline"*}; file_sums=${file_sums#*"$newline"}
        file_answer "$file_line" "$file_stat" "$file_sum" || return 1
      done
    }
    # sha256sum marks a line by a backslash when it had to escape the name.
    file_answer() {
      file_index=${1%%"$tab"*}; file_rest=${1#*"$tab"}
      file_digest=${file_rest%%"$tab"*}; file_rest=${file_rest#*"$tab"}; file_shown=${file_rest%%"$tab"*}
      file_actual=${3#\\}; file_actual=${file_actual%% *}
      file_record "$file_index" "$2" "$file_path"
      seal "$file_actual"
      emit "sha/$file_index" "$sealed"
      [ "$file_actual" != "$file_digest" ] || return 0
      case $file_shown in
        shown) emit_text "text/$file_index" "$file_path" 65536 ;;
        k3s) k3s_text "text/$file_index" "$file_path" yaml ;;
      esac
    }
    """#
  )
}
