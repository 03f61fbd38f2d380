extension CheckAccess {
  package static let probe = ProbeFragment(
    #"""
    probe_checkaccess() {
      if [ "$1" -eq 0 ]; then
        for check_path in /usr/local/lib/fleetd/check /usr/local/lib/fleetd/check.allow /etc/sudoers.d/fleetd-check \
          /var/lib/fleetd-check/.ssh/authorized_keys; do
          [ ! -e "$check_path" ] || emit left "$check_path"
        done
        [ ! -e /var/lib/fleetd-check ] || emit home left
        return 0
      fi
      files_observe "$1" || return 1
      while IFS= read -r check_row; do
        case $check_row in fleetd-check:*) emit account "$check_row" ;; esac
      done < /etc/passwd
      while IFS=: read -r check_name check_hash check_rest; do
        [ "$check_name" != fleetd-check ] || emit password "$check_hash"
      done < /etc/shadow
      emit home "$(stat -c '%F %a %U %G' -- /var/lib/fleetd-check /var/lib/fleetd-check/.ssh 2> /dev/null)"
      emit seal "$(stat -c '%F %a %U %G %s' -- /var/lib/fleetd/check.key 2> /dev/null)"
    }
    """#
  )

  package struct Observed: Sendable {
    let files: [String: ObservedFile]
    /// What stands there of what nobody is granted any more.
    let left: Set<String>
    /// The line of /etc/passwd; `nil`: there is no such account.
    let account: String?
    /// Whether the account, its home and what digests are sealed with are as the step makes them.
    let isSound: Bool
  }

  /// No password opens the account, and it is not locked: sshd refuses a locked one where PAM is off.
  static let noPassword = "*"
  private static let soundHome = "directory 755 root root\ndirectory 755 root root"
  private static let soundSeal = "regular file 600 root root 129"

  package static func parse(_ section: ProbeSection) throws(ProbeError) -> Observed {
    let account = section.text("account")
    let fields = account?.split(separator: ":", omittingEmptySubsequences: false).map(String.init) ?? []
    let isAccount =
      fields.count == 7 && (Int(fields[2]) ?? 0) > 0 && (Int(fields[3]) ?? 0) > 0 && fields[5] == CheckPaths.home
      && fields[6] == "/bin/sh"
    return Observed(
      files: try ObservedFile.parse(section),
      left: Set(section.records.filter { $0.key == "left" }.map { String(decoding: $0.bytes, as: UTF8.self) })
        .union(section.word("home") == "left" ? [accountName] : []),
      account: account,
      isSound: isAccount && section.text("password") == noPassword && section.word("home") == soundHome
        && section.word("seal") == soundSeal)
  }
}
