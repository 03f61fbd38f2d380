extension Users {
  package func plan(from observed: ObservedAccounts, in context: PlanContext) -> KindPlan {
    var plan = KindPlan()
    for user in users {
      if let refusal = user.refusal(observed, in: context) {
        plan.findings.append(refusal)
        continue
      }
      let (changes, steps) = user.isAbsent ? user.removal(observed) : user.changes(observed, in: context)
      guard !changes.isEmpty else { continue }
      plan.changeSets.append(ChangeSet(changes, steps: user.guarded(steps, observed, in: context)))
    }
    return plan
  }
}

extension User {
  fileprivate func removal(_ observed: ObservedAccounts) -> ([Change], [Step]) {
    guard let account = observed.accounts[name] else { return ([], []) }
    let note = removesHome ? "with its home \(account.home)" : "its home \(account.home) stays"
    let words = ["userdel"] + (removesHome ? ["--remove"] : []) + [name]
    return ([Change(.remove, Users.kind, name, note: note)], [step("userdel \(name)", words, over: account)])
  }

  fileprivate func changes(_ observed: ObservedAccounts, in context: PlanContext) -> ([Change], [Step]) {
    let account = observed.accounts[name]
    var (changes, steps) = account.map { edits(of: $0, observed) } ?? addition(observed)
    if let (change, step) = passwordChange(observed, in: context) {
      changes.append(change)
      steps.append(step)
    }
    if let account, keys != nil, !observed.homes.contains(name) {
      changes.append(Change(.add, Users.kind, "\(name) home", to: .text(account.home), note: "from /etc/skel"))
      steps.append(Step("make the home of \(name)", .run(.makeHome, StepInput([[name]]))))
    }
    if let (change, step) = keysChange(observed) {
      changes.append(change)
      steps.append(step)
    }
    return (changes, steps)
  }

  private func addition(_ observed: ObservedAccounts) -> ([Change], [Step]) {
    let shell = shell ?? (isSystem ? "/usr/sbin/nologin" : "/bin/bash")
    let hasHome = !isSystem || home != nil || keys != nil
    // useradd would not make a group of the name that there is already.
    let primary = group ?? (observed.groups[name] == nil ? nil : name)
    var words = ["useradd", "--shell", shell, hasHome ? "--create-home" : "--no-create-home"]
    if isSystem { words.append("--system") }
    words += primary.map { ["--gid", $0] } ?? ["--user-group"]
    if let uid { words += ["--uid", "\(uid)"] }
    if !groups.isEmpty { words += ["--groups", groups.joined(separator: ",")] }
    if let home { words += ["--home-dir", home] }
    if let comment { words += ["--comment", comment] }
    let details = [
      isSystem ? "system account" : nil,
      uid.map { "uid \($0)" },
      "shell \(shell)",
      groups.isEmpty ? nil : "groups \(groups.joined(separator: ", "))",
    ]
    let change = Change(.add, Users.kind, name, note: details.compactMap { $0 }.joined(separator: "; "))
    return ([change], [step("useradd \(name)", words + [name], over: nil)])
  }

  private func edits(
    of account: ObservedAccounts.Account,
    _ observed: ObservedAccounts
  ) -> ([Change], [Step]) {
    var changes: [Change] = []
    var words = ["usermod"]
    func edit(_ what: String, _ option: [String], from before: String, to after: String?) {
      guard let after, before != after else { return }
      changes.append(Change(.change, Users.kind, "\(name) \(what)", from: .text(before), to: .text(after)))
      words += option + [after]
    }
    let primary = observed.groups.first { $0.value.gid == account.gid }?.key ?? "\(account.gid)"
    edit("group", ["--gid"], from: primary, to: group)
    edit("shell", ["--shell"], from: account.shell, to: shell)
    edit("comment", ["--comment"], from: account.comment, to: comment)
    edit("home", ["--move-home", "--home"], from: account.home, to: home)
    let missing = groups.filter { !observed.memberships(of: name).contains($0) && $0 != (group ?? primary) }
    if !missing.isEmpty {
      changes.append(Change(.add, Users.kind, "\(name) groups", to: .text(missing.joined(separator: ", "))))
      words += ["--append", "--groups", missing.joined(separator: ",")]
    }
    return changes.isEmpty ? ([], []) : (changes, [step("usermod \(name)", words + [name], over: account)])
  }

  private func passwordChange(_ observed: ObservedAccounts, in context: PlanContext) -> (Change, Step)? {
    let now = observed.passwords[name]
    switch password {
    case nil: return nil
    case .locked?:
      // A new account has no password that fits.
      guard observed.accounts[name] != nil, now != .locked else { return nil }
      let change = Change(.change, Users.kind, "\(name) password", to: .text("locked"))
      return (change, step("lock the password of \(name)", ["usermod", "--lock", name], over: nil, isChecked: false))
    case .hash(let reference)?:
      let content = Content(secret: reference)
      if case .digest(let digest) = now, digest == content.digest(with: context.vault) { return nil }
      let change = Change(.change, Users.kind, "\(name) password", from: now == nil ? .none : .secret, to: .secret)
      let input = StepInput([[name]], payload: content)
      return (change, Step("set the password of \(name)", .run(.setPassword, input)))
    }
  }

  /// - Parameter isChecked: whether the account must still be as it was observed.
  private func step(
    _ title: String,
    _ words: [String],
    over account: ObservedAccounts.Account?,
    isChecked: Bool = true
  ) -> Step {
    let before = isChecked ? account?.row ?? "absent" : "any"
    return Step(title, .run(.account, StepInput([[name, before], words])), deadline: .seconds(120))
  }

  /// What is done to the account that fleetd logs in with, and every removal (sshd may need the account), is undone by
  /// the node itself unless a new login works. The holder of fleetd's account is root by sudo anyhow: that root writes
  /// into its home gives it nothing. Into another's home nothing is written.
  fileprivate func guarded(_ steps: [Step], _ observed: ObservedAccounts, in context: PlanContext) -> [Step] {
    let isOwn = name == context.node.ssh.user
    guard isOwn || isAbsent else { return steps }
    let home = observed.accounts[name]?.home ?? likelyHome
    let databases = ["passwd", "shadow", "group", "gshadow"].map { "/etc/\($0)" }
    return AccessGuard.around(steps, files: databases + (isOwn ? [home + "/.ssh/authorized_keys"] : []), units: [])
  }
}
