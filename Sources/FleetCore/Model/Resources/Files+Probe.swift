extension Files {
  /// One stat(1) and one sha256sum(1) for all files. Content is sent only where it differs and may be shown.
  package static let probe = ProbeFragment(
    #"""
    file_record() {
      emit "stat/$1" "$2$tab$3"
    }
    probe_file() {
      file_count=$1; file_index=0; file_paths=
      while [ "$file_index" -lt "$file_count" ]; do
        IFS=$tab read -r file_digest file_shown file_path || return 65
        file_observe "$file_index" || return 1
        file_index=$((file_index + 1))
      done
      return 0
    }
    file_observe() {
      if [ -L "$file_path" ]; then
        file_record "$1" "symbolic link$tab$tab$tab${tab}0$tab$(readlink -- "$file_path")" "$file_path"; return 0
      elif [ ! -e "$file_path" ]; then
        file_record "$1" absent "$file_path"; return 0
      fi
      file_stat=$(stat -c "%F$tab%a$tab%U$tab%G$tab%s$tab" -- "$file_path") || return 1
      file_record "$1" "$file_stat" "$file_path"
      [ -f "$file_path" ] || return 0
      file_actual=$(sha256sum < "$file_path") || return 1
      file_actual=${file_actual%% *}
      emit "sha/$1" "$file_actual"
      [ "$file_actual" != "$file_digest" ] && [ "$file_shown" = shown ] || return 0
      file_size=${file_stat%"$tab"}; file_size=${file_size##*"$tab"}
      if [ "$file_size" -le 65536 ]; then emit_file "text/$1" "$file_path"; fi
      return 0
    }
    """#
  )
}
