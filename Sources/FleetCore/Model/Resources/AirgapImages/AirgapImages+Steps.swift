extension AirgapImages {
  /// Outside of the directory that k3s looks into, which is not there yet on a blank node.
  private static let stagedPath = "/var/lib/.k3s-airgap-images.fleetd-new"

  func installSteps(_ artifact: Artifact, at target: String, over file: File?) -> [Step] {
    [
      Step(
        "copy the images of k3s \(version) to the node", .push(artifact, to: Self.stagedPath, mode: "0644"),
        deadline: .seconds(3600)),
      Step(
        "put the images of k3s \(version) in place",
        .run(
          .installAirgapImages,
          StepInput([[Self.stagedPath, artifact.sha256, "\(version)", target], [file?.identity ?? "absent"]])),
        deadline: .seconds(600)),
    ]
  }
}

extension StepScript {
  /// Line 1: the new file, its SHA-256, its version, where it belongs. Line 2: inode, size and modification time of the file
  /// that is replaced, or "absent".
  ///
  /// Where nothing was observed there may be a file by now, on a disk that was mounted meanwhile: it is one of these names,
  /// and so fleetd's. Under a name that k3s does not know it crosses to the file system of the images; the last rename stays on that. The
  /// stamp is written before it: should the step die in between, the stamp fits no file, and the next pass reads all of it.
  static let installAirgapImages = StepScript(
    "k3s-airgap-images",
    #"""
    IFS=$tab read -r new sum version target || die 65 "the input ends early"
    IFS= read -r before || die 65 "the input ends early"
    directory=${target%/*}; near=$directory/.k3s-airgap-images.fleetd-new
    stamp=/var/lib/fleetd/k3s-airgap-images.stamp
    trap 'rm -f -- "$new" "$near" "$stamp.fleetd-new"' EXIT
    now=absent
    if [ -L "$target" ]; then now=link; elif [ -f "$target" ]; then now=$(stat -c '%i %s %Y' -- "$target"); elif [ -e "$target" ]; then now=other; fi
    if [ "$before" = absent ] && [ -f "$target" ] && [ ! -L "$target" ]; then before=$now; fi
    [ "$now" = "$before" ] || die 65 "$target is not what it was when it was observed"
    [ -f "$new" ] && [ ! -L "$new" ] || die 65 "$new is not there: it was not copied"
    [ "$(digest_of "$new")" = "$sum" ] || die 69 "$new does not match the published checksum; nothing was replaced"
    mkdir -p -- "$directory" || die 73 "$directory cannot be made: $(no_space /var/lib)"
    mkdir -p -m 0755 /var/lib/fleetd || die 73 "/var/lib/fleetd cannot be made"
    chown root:root "$new" && chmod 0644 "$new" && mv -T -- "$new" "$near" && sync -- "$near" \
      || die 73 "the images cannot be written to $directory: $(no_space "$directory")"
    printf '%s %s %s\n' "$(stat -c '%i %s %Y' -- "$near")" "$version" "$sum" > "$stamp.fleetd-new" \
      && sync -- "$stamp.fleetd-new" && mv -T -- "$stamp.fleetd-new" "$stamp" || die 73 "$stamp cannot be written"
    mv -T -- "$near" "$target" && sync -- "$directory" || die 73 "$target cannot be replaced"
    """#
  )

  /// Lines, until the input ends: a file, and its inode, size and modification time.
  static let removeAirgapImages = StepScript(
    "k3s-airgap-images-remove",
    #"""
    while IFS=$tab read -r path identity; do
      [ -n "$path" ] || break
      [ -e "$path" ] || continue
      [ -f "$path" ] && [ ! -L "$path" ] && [ "$(stat -c '%i %s %Y' -- "$path")" = "$identity" ] \
        || die 65 "$path is not what it was when it was observed"
      rm -f -- "$path" && sync -- "${path%/*}" || die 73 "$path cannot be removed"
    done
    """#
  )
}
