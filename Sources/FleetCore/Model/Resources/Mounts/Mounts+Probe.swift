extension Mounts {
  /// One stat(1) and one head(1) for fstab, one grep(1) for the kernel's table; the rest is the shell's own.
  ///
  /// The table can be long where k3s runs: only rows that hold one of the paths are sent. A device is compared by the
  /// file that it is, as the table has another name for UUID=….
  package static let probe = ProbeFragment(
    #"""
    probe_mount() {
      mount_left=$1; mount_wishes=; set --
      while [ "$mount_left" -gt 0 ]; do
        IFS= read -r mount_wish || return 65
        mount_left=$((mount_left - 1))
        mount_wishes=$mount_wishes$mount_wish$newline
        mount_rest=${mount_wish#*"$tab"}
        set -- "$@" -e " ${mount_rest%%"$tab"*} "
      done
      if [ -e /etc/fstab ]; then emit_fstab fstab; else emit no-fstab yes; fi
      mount_rows=$(grep -F "$@" /proc/self/mountinfo)
      [ $? -le 1 ] || return 1
      emit mountinfo "$mount_rows"
      while IFS=$tab read -r mount_path mount_escaped mount_device; do
        [ -n "$mount_path" ] || continue
        path_type "$mount_path"
        emit path "$path_type$tab$mount_path"
        if [ "$path_type" = directory ]; then
          mount_place=$(cd -P -- "$mount_path" && printf '%s' "$PWD")
          [ "$mount_place" = "$mount_path" ] || emit elsewhere "$mount_place$tab$mount_path"
        fi
        [ "$mount_device" != - ] || continue
        [ ! -e "$mount_device" ] || emit device "yes$tab$mount_path"
        mount_source "$mount_escaped"
        if [ -n "$mount_source" ] && [ "$mount_source" -ef "$mount_device" ]; then emit same "yes$tab$mount_path"; fi
      done <<EOF
    $mount_wishes
    EOF
      return 0
    }
    # The device of the topmost mount at a path: behind " - " come type, source and the file system's options.
    mount_source() {
      mount_source=
      while read -r _ _ _ _ mount_point mount_rest; do
        [ "$mount_point" = "$1" ] || continue
        mount_rest=${mount_rest#*" - "}; mount_rest=${mount_rest#* }; mount_source=${mount_rest%% *}
      done <<EOF
    $mount_rows
    EOF
    }
    """#
  )

  package struct Tables: Sendable {
    /// The bytes of /etc/fstab; `nil`: there is none.
    package let fstab: [UInt8]?
    /// What is mounted, by path.
    package let live: [String: Live]
    /// What stands at each path: `directory`, `absent`, …
    package let types: [String: String]
    /// Paths that go through a link, and where they lead.
    package let elsewhere: [String: String]
    /// Paths whose device is there, and paths at which just that device is mounted.
    package let devices: Set<String>
    package let same: Set<String>
  }

  package struct Live: Sendable, Hashable {
    package let type: String
    package let source: String
    /// Of the mount, then of the file system.
    package let options: [String]
  }

  package static func parse(_ section: ProbeSection) throws(ProbeError) -> Tables {
    var live: [String: Live] = [:]
    for line in try section.required("mountinfo").split(separator: "\n") {
      // proc_pid_mountinfo(5); fields between the sixth and the dash come and go.
      let fields = line.split(separator: " ").map(String.init)
      guard fields.count >= 9, let dash = fields[6...].firstIndex(of: "-"), dash + 2 < fields.count else {
        throw .garbled("mount record \"\(line.prefix(80))\"")
      }
      let own =
        fields[5].split(separator: ",") + (dash + 3 < fields.count ? fields[dash + 3].split(separator: ",") : [])
      // What is mounted over another comes later, and is what everybody sees.
      live[FstabText.unescape(fields[4])] = Live(
        type: fields[dash + 1], source: FstabText.unescape(fields[dash + 2]), options: own.map(String.init))
    }
    if section.bytes("fstab") == nil, section.word("no-fstab") == nil { throw .missing(section: "mount.fstab") }
    return Tables(
      fstab: section.bytes("fstab"),
      live: live,
      types: try words("path", of: section),
      elsewhere: try words("elsewhere", of: section),
      devices: Set(try words("device", of: section).keys),
      same: Set(try words("same", of: section).keys)
    )
  }

  private static func words(_ key: String, of section: ProbeSection) throws(ProbeError) -> [String: String] {
    var words: [String: String] = [:]
    for record in section.records where record.key == key {
      let (word, path) = try PathType.fields(of: record.bytes)
      words[path] = word
    }
    return words
  }
}
