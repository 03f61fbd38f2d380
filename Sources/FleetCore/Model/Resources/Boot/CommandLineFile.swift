import Crypto

/// cmdline.txt: what the firmware hands to the kernel. Exactly one line; the kernel never sees a second.
package struct CommandLineFile: Sendable, Hashable {
  /// Where it can be, in the order in which it is looked for: Ubuntu's A/B layout, Raspberry Pi OS since Bookworm and
  /// Ubuntu, older Raspberry Pi OS.
  package static let candidates = [
    "/boot/firmware/current/cmdline.txt", "/boot/firmware/cmdline.txt", "/boot/cmdline.txt",
  ]

  package let path: String
  package let tokens: [String]
  /// Lines behind the first that hold anything.
  package let extraLines: [String]
  /// SHA-256 of the file as it was read.
  package let digest: String

  package init(path: String, bytes: [UInt8]) {
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    self.path = path
    self.tokens = (lines.first ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
    self.extraLines = lines.dropFirst().map(String.init).filter { !$0.trimmingWhitespace().isEmpty }
    self.digest = SHA256.hash(data: bytes).hexadecimal
  }

  private init(path: String, tokens: [String], digest: String) {
    self.path = path
    self.tokens = tokens
    self.extraLines = []
    self.digest = digest
  }

  /// Order and unknown tokens are kept; new ones come last, where the kernel lets the last one win.
  package func edited(present: [String], absent: [String]) -> CommandLineFile {
    let kept = tokens.filter { !absent.contains($0) }
    let added = present.filter { !kept.contains($0) }
    if added.isEmpty, kept == tokens, extraLines.isEmpty { return self }
    return CommandLineFile(path: path, tokens: kept + added, digest: digest)
  }

  package var text: String { tokens.joined(separator: " ") + "\n" }

  /// What shows that the image's first boot is still to come: it deletes everything from " systemd.run" on.
  package var firstBootProblem: String? {
    tokens.first { token in
      token == "resize" || token.hasPrefix("systemd.run") || (token.hasPrefix("init=") && token.hasSuffix("/firstboot"))
    }
  }
}
