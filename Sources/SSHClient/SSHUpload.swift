/// What an upload stored, as the far side counted it.
public struct SSHUploadReceipt: Sendable, Hashable {
  /// Bytes.
  public let size: Int
  /// In hexadecimal, lowercase.
  public let sha256: String
}

/// The far side of an upload: a constant script, its arguments, and what its exit statuses mean.
struct SSHUpload: Equatable {
  let path: String
  let mode: String

  /// Why a path or a mode cannot be used.
  struct Problem: Error, Equatable {
    let text: String
  }

  /// The target is an absolute path of a file; the mode is octal, `0644`.
  init(path: String, mode: String) throws(Problem) {
    guard path.hasPrefix("/"), !path.hasSuffix("/"), !path.utf8.contains(0) else {
      throw Problem(text: "an upload needs the absolute path of a file, not \"\(printable(path))\"")
    }
    let digits = mode.utf8.count
    guard (3...4).contains(digits), mode.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) })
    else {
      throw Problem(text: "a mode has three or four octal digits, not \"\(printable(mode))\"")
    }
    self.path = path
    self.mode = mode
  }

  /// Where the bytes go before they are complete: beside the target, so that the rename stays on one file system, and
  /// always of the same name, so that an upload that died leaves at most one such file and the next one removes it.
  var temporaryPath: String {
    let bytes = Array(path.utf8)
    let slash = bytes.lastIndex(of: UInt8(ascii: "/")) ?? 0
    let directory = String(decoding: bytes[...slash], as: UTF8.self)
    let name = String(decoding: bytes[(slash + 1)...], as: UTF8.self)
    return "\(directory).\(name).fleetd-new"
  }

  /// The command line; `elevation` stands before it (`["sudo", "-n"]`).
  func command(size: Int, elevation: [String]) -> String {
    ShellQuoting.commandLine(
      elevation + ["sh", "-c", Self.script, "fleetd-upload", path, temporaryPath, mode, String(size)]
    )
  }

  /// The exit status with which the script says that it received other bytes than were sent.
  static let mismatchStatus: Int32 = 65

  /// Reads the file and then its SHA-256 from standard input. Sees the end of its input early when the sender died, and
  /// removes what it has; nobody may read its last words then, and SIGPIPE would keep it from cleaning up. `set -C`
  /// refuses to write through a file or link that somebody put in place of the temporary one.
  static let script = """
    set -eu
    target=$1 temporary=$2 mode=$3 size=$4
    umask 077
    trap 'rm -f -- "$temporary"' EXIT
    trap 'exit 1' HUP INT TERM
    trap '' PIPE
    rm -f -- "$temporary"
    set -C
    head -c "$size" > "$temporary"
    expected=
    read -r expected || :
    received=$(wc -c < "$temporary")
    if [ "$received" -ne "$size" ]; then
      echo "received $received of $size bytes" >&2
      exit \(mismatchStatus)
    fi
    actual=$(sha256sum < "$temporary")
    actual=${actual%% *}
    if [ "$actual" != "$expected" ]; then
      echo "received SHA-256 $actual, sent $expected" >&2
      exit \(mismatchStatus)
    fi
    chmod -- "$mode" "$temporary"
    sync -- "$temporary"
    mv -fT -- "$temporary" "$target"
    trap - EXIT
    sync -- "${target%/*}/"
    echo "$received $actual"
    """
}
