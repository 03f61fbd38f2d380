import Crypto

extension User {
  /// How authorized_keys changes; `nil`: it lets in whom it shall.
  func keysChange(_ observed: ObservedAccounts) -> (Change, Step)? {
    guard let keys else { return nil }
    let now: String
    var note: String?
    let before: String
    switch observed.keys[name] {
    case nil:
      guard !keys.isEmpty else { return nil }
      (now, before) = ("", "absent")
    case .other(let what)?:
      // Exclusive keys replace whatever lets others in; see `refusal` for the other case.
      (now, before, note) = ("", "any", "in place of \(what)")
    case .text(let text, let isOpen)?:
      (now, before) = (text, keysAreExclusive ? "any" : SHA256.hash(data: Array(text.utf8)).hexadecimal)
      if isOpen { note = "sshd ignores it: others may write to it" }
    }
    let wanted = file(over: now, keys)
    let diff = difference(from: now, to: wanted)
    guard !diff.isEmpty || note != nil else { return nil }
    // Where only the mode is wrong, the text stays as it is.
    let content = diff.isEmpty && observed.keys[name] != nil && now != "" ? now : wanted
    let change = Change(.change, Users.kind, "\(name) authorized_keys", diff: diff, note: note)
    let after = SHA256.hash(data: Array(content.utf8)).hexadecimal
    let input = StepInput([[name, before, after]], payload: Content(content))
    return (change, Step("write authorized_keys of \(name)", .run(.authorizedKeys, input)))
  }

  /// The new text: other people's lines stay, unless the keys are exclusive; a key that is there with other options is
  /// replaced where it stands.
  private func file(over now: String, _ keys: [AuthorizedKey]) -> String {
    if keysAreExclusive { return keys.map { $0.line + "\n" }.joined() }
    var missing = keys
    var lines: [String] = []
    for line in now.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init) {
      guard let key = AuthorizedKey(line), let wanted = keys.first(where: { $0.base64 == key.base64 }) else {
        lines.append(line)
        continue
      }
      // A second line of the same key, with other options, would let it in by them.
      if missing.contains(wanted) { lines.append(wanted.isEquivalent(to: key) ? line : wanted.line) }
      missing.removeAll { $0 == wanted }
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return (lines + missing.map(\.line)).map { $0 + "\n" }.joined()
  }

  /// The keys that come and go, and lines that are none and go. Empty: both texts let the same keys in.
  private func difference(from now: String, to wanted: String) -> [String] {
    let before = now.split(whereSeparator: \.isNewline).map(String.init)
    let after = wanted.split(whereSeparator: \.isNewline).compactMap { AuthorizedKey(String($0)) }
    let known = before.compactMap(AuthorizedKey.init)
    let gone = known.filter { key in !after.contains { $0.isEquivalent(to: key) } }
    let new = after.filter { key in !known.contains { $0.isEquivalent(to: key) } }
    let twins = known.count > after.count && gone.isEmpty ? known.count - after.count : 0
    // What is no key may be one for another version of sshd; what it says is not shown.
    let strange = keysAreExclusive ? before.filter { AuthorizedKey($0) == nil && !$0.hasPrefix("#") }.count : 0
    return gone.map { "-" + $0.shown } + (twins > 0 ? ["-\(twins) that stand twice"] : [])
      + (strange > 0 ? ["-\(strange) lines that fleetd does not know"] : []) + new.map { "+" + $0.shown }
  }
}
