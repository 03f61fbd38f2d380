extension Users {
  /// The databases by the shell itself; one sha256sum(1) for each password and one dd(1) for each file of keys that is
  /// asked for. A hash itself is never sent.
  ///
  /// A home belongs to its user: what stands there may be a link to a file that only root may read, or a pipe that never
  /// ends. dd opens neither. A subshell, so that what it sets stays its own.
  package static let probe = ProbeFragment(
    #"""
    probe_user() (
      slurp /etc/passwd || exit 70; passwd=$newline$slurped; emit passwd "$slurped"
      slurp /etc/group || exit 70; emit group "$slurped"
      slurp /etc/shadow || exit 70; shadow=$newline$slurped
      left=$1
      while [ "$left" -gt 0 ]; do
        IFS=$tab read -r name password keys || exit 65
        left=$((left - 1))
        case $passwd in *"$newline$name:"*) ;; *) continue ;; esac
        row=${passwd#*"$newline$name:"}; row=${row%%"$newline"*}
        rest=${row%:*}; home=${rest##*:}
        if [ -L "$home" ] || [ -d "$home" ]; then emit home "$name"; fi
        [ "$password" = no ] || user_password
        [ "$keys" = no ] || user_keys || exit 70
      done
    )
    user_password() {
      hash=
      case $shadow in *"$newline$name:"*) hash=${shadow#*"$newline$name:"}; hash=${hash%%:*} ;; esac
      case $hash in
        '') sum=none ;;
        '!'* | '*'*) sum=locked ;;
        *) sum=$(printf %s "$hash" | sha256sum) || exit 70; seal "${sum%% *}"; sum=$sealed ;;
      esac
      emit password "$name$tab${sum%% *}"
    }
    user_keys() {
      file=$home/.ssh/authorized_keys
      if [ -L "$home/.ssh" ] || [ -L "$file" ]; then emit keys-other "$name${tab}a symbolic link"
      elif [ ! -e "$file" ]; then return 0
      elif [ ! -f "$file" ]; then emit keys-other "$name${tab}no regular file"
      else
        text=$(dd "if=$file" iflag=nofollow,nonblock bs=131072 count=1 status=none 2> /dev/null && printf x) \
          || { emit keys-other "$name${tab}not readable"; return 0; }
        emit keys "$name$newline${text%x}"
        modes=$(stat -c %a -- "$home/.ssh" "$file") && emit modes "$name$newline$modes"
      fi
      return 0
    }
    """#
  )

  package static func parse(_ section: ProbeSection) throws(ProbeError) -> ObservedAccounts {
    try ObservedAccounts(section)
  }
}

/// The accounts and groups of a node.
package struct ObservedAccounts: Sendable, Hashable {
  package struct Account: Sendable, Hashable {
    /// The line of /etc/passwd.
    package let row: String
    package let uid: Int
    package let gid: Int
    package let comment: String
    package let home: String
    package let shell: String
  }

  package struct Group: Sendable, Hashable {
    package let gid: Int
    package let members: [String]
  }

  package enum Password: Sendable, Hashable {
    /// Anybody may log in without one.
    case none
    case locked
    /// SHA-256 of the hash in /etc/shadow.
    case digest(String)
  }

  package enum Keys: Sendable, Hashable {
    /// The text, and whether others than the account may write to the file or to its directory: then sshd ignores it.
    case text(String, isOpen: Bool)
    /// "a symbolic link", "no regular file".
    case other(String)
  }

  /// By name, all of them.
  package let accounts: [String: Account]
  package let groups: [String: Group]
  /// Declared accounts whose home exists.
  package let homes: Set<String>
  package let passwords: [String: Password]
  /// Missing: there is no file.
  package let keys: [String: Keys]

  init(_ section: ProbeSection) throws(ProbeError) {
    var accounts: [String: Account] = [:]
    for line in try section.required("passwd").split(separator: "\n") {
      let fields = line.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      // Comments, entries of NIS and what is broken are nobody's accounts.
      guard fields.count == 7, let uid = Int(fields[2]), let gid = Int(fields[3]) else { continue }
      accounts[fields[0]] = Account(
        row: String(line), uid: uid, gid: gid, comment: fields[4], home: fields[5], shell: fields[6])
    }
    var groups: [String: Group] = [:]
    for line in try section.required("group").split(separator: "\n") {
      let fields = line.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 4, let gid = Int(fields[2]) else { continue }
      groups[fields[0]] = Group(gid: gid, members: fields[3].split(separator: ",").map(String.init))
    }
    self.accounts = accounts
    self.groups = groups
    homes = Set(section.records.filter { $0.key == "home" }.map { String(decoding: $0.bytes, as: UTF8.self) })
    passwords = try Self.pairs("password", "\t", of: section).mapValues { word in
      word == "locked" ? .locked : word == "none" ? .none : .digest(word)
    }
    let modes = try Self.pairs("modes", "\n", of: section)
    let texts = try Self.pairs("keys", "\n", of: section)
    let others = try Self.pairs("keys-other", "\t", of: section)
    var keys: [String: Keys] = others.mapValues { .other($0) }
    for (name, text) in texts {
      // Written back, what is not UTF-8 would not be what it was.
      guard text.utf8.count < 131_072, !text.unicodeScalars.contains("\u{FFFD}") else {
        keys[name] = .other("larger than 128 KiB, or not UTF-8")
        continue
      }
      // The group's and the others' digit, with the bit that lets them write.
      let isOpen = (modes[name] ?? "").split(separator: "\n").contains { mode in
        mode.suffix(2).contains { "2367".contains($0) }
      }
      keys[name] = .text(text, isOpen: isOpen)
    }
    self.keys = keys
  }

  /// Records `NAME SEPARATOR VALUE`.
  private static func pairs(
    _ key: String,
    _ separator: Character,
    of section: ProbeSection
  ) throws(ProbeError) -> [String: String] {
    var pairs: [String: String] = [:]
    for record in section.records where record.key == key {
      let text = String(decoding: record.bytes, as: UTF8.self)
      // A line break may be one character with the carriage return before it: scalars are not.
      guard let end = text.unicodeScalars.firstIndex(where: { Character($0) == separator }) else {
        throw .garbled("user record \(key)")
      }
      pairs[String(text[..<end])] = String(text[text.unicodeScalars.index(after: end)...])
    }
    return pairs
  }

  /// The groups that the account is a member of, besides its primary one.
  func memberships(of name: String) -> Set<String> { Set(groups.filter { $0.value.members.contains(name) }.keys) }
}
