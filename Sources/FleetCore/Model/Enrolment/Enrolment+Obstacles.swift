extension EnrolmentWishes {
  /// What lies in the way: sshd's own rules and the state of an account that is there already.
  var obstacles: [Finding] {
    var found = sshdObstacles + accountObstacles
    if user != "root", !observed.hasSudo {
      found.append(obstacle("there is no sudo on the node", next: "apt-get install sudo, or set spec.ssh.user: root"))
    }
    return found
  }

  private var sshdObstacles: [Finding] {
    let rules = observed.sshd
    var found: [Finding] = []
    let groups = observed.account?.groups ?? [user]
    if let allowed = rules["allowusers"], !allowed.contains(where: matches) {
      found.append(
        obstacle(
          "sshd lets in only \(allowed.joined(separator: " ")) (AllowUsers)", next: "add \(user) to AllowUsers \(place)"
        ))
    }
    if let denied = rules["denyusers"], denied.contains(where: matches) {
      found.append(obstacle("sshd does not let in \(user) (DenyUsers)", next: "take it out of DenyUsers \(place)"))
    }
    if let allowed = rules["allowgroups"],
      !groups.contains(where: { group in allowed.contains { Glob.matches($0, group) } })
    {
      found.append(
        obstacle(
          "sshd lets in only members of \(allowed.joined(separator: " ")) (AllowGroups)",
          next: "add \(user) to one of these groups (usermod -aG GROUP \(user)), or change AllowGroups \(place)"))
    }
    if let denied = rules["denygroups"],
      groups.contains(where: { group in denied.contains { Glob.matches($0, group) } })
    {
      found.append(
        obstacle("sshd lets in no member of \(denied.joined(separator: " ")) (DenyGroups)", next: "see \(place)"))
    }
    if rules["pubkeyauthentication"] == ["no"] {
      found.append(obstacle("sshd takes no keys (PubkeyAuthentication no)", next: "set it to yes \(place)"))
    }
    if user == "root", rules["permitrootlogin"] == ["no"] {
      found.append(obstacle("sshd does not let in root (PermitRootLogin no)", next: "use another spec.ssh.user"))
    }
    if observed.keysPath == "none" {
      found.append(obstacle("sshd reads no authorized_keys (AuthorizedKeysFile none)", next: "change it \(place)"))
    }
    return found
  }

  private var accountObstacles: [Finding] {
    guard let account = observed.account else { return [] }
    var found: [Finding] = []
    if account.isExpired {
      found.append(obstacle("the account \(user) has expired", next: "on the node: sudo chage -E -1 \(user)"))
    }
    // With PAM sshd lets a locked account in by key.
    if account.isLocked, observed.sshd["usepam"] == ["no"] {
      found.append(obstacle("the account \(user) is locked", next: "on the node: sudo usermod -p '*' \(user)"))
    }
    if account.shell.hasSuffix("/nologin") || account.shell.hasSuffix("/false") {
      found.append(
        obstacle(
          "\(account.shell) is the shell of \(user): it runs nothing",
          next: "on the node: sudo usermod -s /bin/bash \(user)"))
    }
    for directory in observed.openDirectories {
      found.append(
        obstacle(
          "others may write to \(directory): sshd ignores the keys below it",
          next: "on the node: sudo chmod go-w \(directory)"))
    }
    return found
  }

  /// `user` or `user@host` as sshd_config(5) writes it; of a host nothing is known here.
  private func matches(_ pattern: String) -> Bool {
    Glob.matches(String(pattern.split(separator: "@", omittingEmptySubsequences: false)[0]), user)
  }

  private var place: String { "in /etc/ssh/sshd_config or sshd_config.d, then: systemctl reload ssh" }

  private func obstacle(_ message: String, next: String) -> Finding {
    Finding(.refused, .authenticationFailed, Enrolment.kind, message, next: next)
  }
}

/// Patterns of sshd_config(5): `*` and `?`.
private enum Glob {
  static func matches(_ pattern: String, _ text: String) -> Bool {
    // One row of the usual table: which prefixes of the text the pattern so far matches.
    let text = Array(text)
    var row = [true] + Array(repeating: false, count: text.count)
    for character in pattern {
      var next = Array(repeating: false, count: text.count + 1)
      next[0] = character == "*" && row[0]
      for index in text.indices {
        next[index + 1] =
          character == "*"
          ? row[index + 1] || next[index] : row[index] && (character == "?" || character == text[index])
      }
      row = next
    }
    return row[text.count]
  }
}
