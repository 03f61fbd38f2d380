extension AuthorizedKey {
  /// The same key as it stands in the account's authorized_keys: whatever its holder asks for, this is run.
  var looking: AuthorizedKey {
    let own = options.isEmpty ? "" : "\(options),"
    return AuthorizedKey(
      "\(own)restrict,command=\"/usr/bin/env LC_ALL=C /usr/bin/sudo -n \(CheckPaths.program)\" \(type) \(base64) \(comment)"
    ) ?? self
  }

  /// Whether its options only say where it may come from.
  fileprivate var isPlain: Bool {
    guard !options.isEmpty else { return true }
    guard options.hasPrefix("from=\""), options.hasSuffix("\""), options.count > 7 else { return false }
    return options.dropFirst(6).dropLast().allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "*?.,:/!-_".contains($0))
    }
  }
}

extension TextRule {
  /// What else stands before a key would be more than to look, or contradict it.
  package static let checkKey = TextRule("a public key such as \"ssh-ed25519 AAAA… ci\"") { text in
    if let problem = authorizedKey.problem(with: text) { return problem }
    return AuthorizedKey(text)?.isPlain == true ? nil : "has options: only from=\"ADDRESSES\" may stand before the key"
  }
}
