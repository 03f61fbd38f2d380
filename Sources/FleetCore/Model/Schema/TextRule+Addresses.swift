extension TextRule {
  /// A public host key as `ssh-keyscan` and `/etc/ssh/ssh_host_*_key.pub` give it, without the host.
  package static let hostKey = TextRule(
    "a host key such as \"ssh-ed25519 AAAA…\"",
    pattern: "^ *(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|ssh-rsa) +AAAA[A-Za-z0-9+/=]*( |$)"
  ) { text in
    let words = text.split(separator: " ")
    guard words.count >= 2 else { return "is no \"TYPE BASE64\"" }
    let types = ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa"]
    guard types.contains(String(words[0])) else { return "is of a type that fleetd does not know" }
    let isBase64 = words[1].unicodeScalars.allSatisfy { CharacterClass("+/=").contains($0) }
    return isBase64 && words[1].hasPrefix("AAAA") ? nil : "has no base64 that begins with AAAA"
  }

  package static let releaseURL = TextRule("an http or https URL without a query", pattern: "^https?://") { text in
    guard text.hasPrefix("https://") || text.hasPrefix("http://") else { return "is neither http:// nor https://" }
    return word("", rest: .init(":/._-%+~[]"), length: 2048).problem(with: text)
  }

  package static let endpointURL = TextRule("https://HOST:6443", pattern: "^https://") { text in
    guard text.hasPrefix("https://") else { return "does not begin with https://" }
    return word("", rest: .init(":/._-[]"), length: 512).problem(with: text)
  }

  package static let moduleName = word("a kernel module's name", rest: .init("_-"), length: 64)

  package static let taint = TextRule(
    "a taint such as \"key=value:NoSchedule\"", pattern: "^[^:]+:(NoSchedule|PreferNoSchedule|NoExecute)$"
  ) { text in
    let halves = text.split(separator: ":", omittingEmptySubsequences: false)
    guard halves.count == 2, ["NoSchedule", "PreferNoSchedule", "NoExecute"].contains(String(halves[1])) else {
      return "does not end with :NoSchedule, :PreferNoSchedule or :NoExecute"
    }
    let parts = halves[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    if let problem = labelKey.problem(with: String(parts[0])) { return problem }
    return parts.count == 2 ? labelValue.problem(with: String(parts[1])) : nil
  }
}
