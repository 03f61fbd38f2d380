extension StepScript {
  /// Replaces cmdline.txt or config.txt, which the firmware reads.
  ///
  /// Line 1: path, SHA-256 that is replaced. Line 2: why a reboot is owed; empty: none is. Payload: the new file.
  ///
  /// vfat has no atomic replacement but rename; fsync of file and file system before and after keeps the window small.
  static let editBootFile = StepScript(
    "boot-file",
    #"""
    IFS=$tab read -r path before
    IFS= read -r reason
    expect_digest "$path" "$before"
    directory=$(dirname -- "$path"); new="$path.fleetd-new"
    trap 'rm -f -- "$new"' EXIT
    read_payload > "$new" || die 73 "$new cannot be written: $(no_space "$directory")"
    case $path in
      */cmdline.txt)
        [ "$(wc -l < "$new")" -eq 1 ] && grep -q 'root=' "$new" || die 65 "the new command line did not arrive whole" ;;
    esac
    cp -- "$path" "$path.fleetd-backup" && sync -- "$path.fleetd-backup" "$new" \
      || die 73 "$path.fleetd-backup cannot be written: $(no_space "$directory")"
    if [ -n "$reason" ]; then
      printf '%s\n' "$reason" >> /run/fleetd/pending-reboot || die 73 "/run cannot be written"
      rm -f /var/lib/fleetd/last-reboot
    fi
    mv -T -- "$new" "$path" && sync -f -- "$directory" || die 73 "$path cannot be replaced"
    """#
  )
}
