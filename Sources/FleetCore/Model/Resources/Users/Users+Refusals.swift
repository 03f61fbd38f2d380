extension User {
  /// Why nothing is done to this account; `nil`: nothing is in the way.
  func refusal(_ observed: ObservedAccounts, in context: PlanContext) -> Finding? {
    if name == context.node.ssh.user, let finding = lockout(observed) { return finding }
    if let finding = systemLoss(observed) { return finding }
    guard !isAbsent else { return nil }
    return numberConflict(observed) ?? missingGroup(observed, in: context) ?? unusableKeys(observed)
      ?? missingSecret(in: context)
  }

  /// What would end fleetd's own way in. Whether a new login works after all else is tried by the access guard.
  private func lockout(_ observed: ObservedAccounts) -> Finding? {
    let account = observed.accounts[name]
    if isAbsent { return inUse("would be removed") }
    if password == .locked, account != nil, observed.passwords[name] != .locked { return inUse("would be locked") }
    if let shell, shell.hasSuffix("/nologin") || shell.hasSuffix("/false"), account?.shell != shell {
      return inUse("would get the shell \(shell), which lets nobody in")
    }
    if let home, let account, account.home != home { return inUse("would get another home, and its keys with it") }
    if let keys, keys.isEmpty, keysAreExclusive { return inUse("would lose all its authorized keys") }
    return nil
  }

  /// The accounts that the system itself runs as: without sshd's nobody logs in any more. Debian gives uids below 100
  /// to its base system (Debian Policy, 9.2.2).
  private func systemLoss(_ observed: ObservedAccounts) -> Finding? {
    guard let account = observed.accounts[name] else { return nil }
    let isSystems =
      account.uid < 100 || ["nobody", "sshd", "_apt", "messagebus", "polkitd"].contains(name)
      || name.hasPrefix("systemd-")
    guard isSystems, isAbsent || (home.map { $0 != account.home } ?? false) else { return nil }
    return Finding(
      .refused,
      .accountInUse,
      Users.kind,
      "\(name) is an account of the system itself, and would \(isAbsent ? "be removed" : "get another home")",
      next: "leave it as it is: the package that made it removes it"
    )
  }

  private func inUse(_ what: String) -> Finding {
    Finding(
      .refused,
      .accountInUse,
      Users.kind,
      "\(name) is the account that fleetd logs in with, and \(what)",
      next: "let fleetd log in as somebody else first (spec.ssh.user), or leave this account as it is"
    )
  }

  /// Files belong to numbers: giving an account another one would leave what it owns to nobody.
  private func numberConflict(_ observed: ObservedAccounts) -> Finding? {
    guard let uid else { return nil }
    if let account = observed.accounts[name] {
      guard account.uid != uid else { return nil }
      return conflict(
        "\(name) has the uid \(account.uid) on the node, not \(uid); its files would be left to nobody",
        next: "correct the inventory, or change the uid and the files by hand (usermod --uid, find / -xdev -uid)"
      )
    }
    guard let holder = observed.accounts.filter({ $0.value.uid == uid }).keys.min() else { return nil }
    return conflict("the uid \(uid) of \(name) is \(holder)'s on the node", next: "choose another uid, or none")
  }

  private func conflict(_ message: String, next: String) -> Finding {
    Finding(.refused, .accountConflict, Users.kind, message, next: next)
  }

  /// A package of this pass may bring the group.
  private func missingGroup(_ observed: ObservedAccounts, in context: PlanContext) -> Finding? {
    let wanted = groups + [group].compactMap { $0 }
    guard !context.hasChangesBefore, let missing = wanted.first(where: { observed.groups[$0] == nil }) else {
      return nil
    }
    // Its own group comes with a new account.
    guard missing != name || observed.accounts[name] != nil || group == name else { return nil }
    return Finding(
      .blocked,
      .groupNotFound,
      Users.kind,
      "\(name): there is no group \(missing) on the node",
      next: "declare the package that brings it, or correct the name"
    )
  }

  private func unusableKeys(_ observed: ObservedAccounts) -> Finding? {
    guard !keysAreExclusive, keys?.isEmpty == false, case .other(let what) = observed.keys[name] else { return nil }
    return Finding(
      .refused,
      .fileNotRegular,
      Users.kind,
      "authorized_keys of \(name) is \(what): fleetd does not know what would be lost",
      next: "put a regular file there, or declare its keys exclusive: then whatever is there is replaced"
    )
  }

  private func missingSecret(in context: PlanContext) -> Finding? {
    guard case .hash(let reference) = password, context.vault[reference] == nil else { return nil }
    return Finding(
      .refused,
      .secretMissing,
      Users.kind,
      "the password of \(name) needs the secret \(reference.name), which this control node does not have",
      next: "define it under spec.secrets of the control node's configuration"
    )
  }
}
