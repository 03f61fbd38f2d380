extension StepScript {
  /// Line 1: path, mode, owner, group, SHA-256 that is replaced (or "absent"), SHA-256 of the new content, "secret" when
  /// nothing of it may be shown. Line 2: the validation command. Line 3: units to restart. Payload: the new content.
  ///
  /// The restart is written down before the rename, so that a pass that dies in between owes it to the next one. The
  /// temporary file is made by this step and nobody else (set -C): where others may write to the directory, a link that
  /// waits under its name is not followed.
  static let writeFile = StepScript(
    "write-file",
    #"""
    IFS=$tab read -r path mode owner group before after shown
    read_words; validate=$words
    read_words; units=$words
    expect_digest "$path" "$before"
    directory=$(dirname -- "$path"); new="$directory/.$(basename -- "$path").fleetd-new"
    mkdir -p -- "$directory" || die 73 "$directory cannot be made"
    trap 'rm -f -- "$new" "$new.validate"' EXIT
    rm -f -- "$new" "$new.validate"
    umask 077
    (set -C; read_payload > "$new") || die 73 "$new cannot be written: $(no_space "$directory")"
    [ "$(digest_of "$new")" = "$after" ] || die 73 "$new did not arrive whole: $(no_space "$directory")"
    chown -h -- "$owner:$group" "$new" || die 67 "no such owner: $owner:$group"
    chmod -- "$mode" "$new" || die 70 "the mode cannot be set"
    if [ -n "$validate" ]; then
      (set -C; run_words "$validate" "$new" > /dev/null 2> "$new.validate" < /dev/null) || {
        status=$?; message=$(head -c 2000 "$new.validate")
        [ "$shown" != secret ] || message="what it says is not shown, as the content is a secret"
        die 69 "the new content is refused by its validation (exit $status): $message"
      }
    fi
    expect_digest "$path" "$before"
    owe_restarts "$units"
    sync -- "$new" && mv -T -- "$new" "$path" && sync -- "$directory" || die 73 "$path cannot be replaced"
    """#
  )

  /// Line 1: path, SHA-256 that is removed. Line 2: units to restart.
  static let removeFile = StepScript(
    "remove-file",
    #"""
    IFS=$tab read -r path before
    read_words; units=$words
    expect_digest "$path" "$before"
    owe_restarts "$units"
    rm -f -- "$path" && sync -- "$(dirname -- "$path")" || die 73 "$path cannot be removed"
    """#
  )
}
