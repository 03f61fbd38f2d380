import Crypto

@testable import FleetModel

/// What the probe says of one file.
enum FileAnswer {
  case absent
  case regular(String, mode: String = "0644", owner: String = "root")
  case bytes([UInt8])
  case link(to: String)
  case directory

  /// Records of `stat`, `sha` and `text`; the text is always sent, which a real node does only where it differs.
  func records(of path: String, _ index: Int) -> [ModelFixture.Record] {
    switch self {
    case .absent: [("stat/\(index)", "absent\t\(path)")]
    case .link(let target): [("stat/\(index)", "symbolic link\t\t\t\t0\t\(target)\t\(path)")]
    case .directory: [("stat/\(index)", "directory\t755\troot\troot\t4096\t\t\(path)")]
    case .bytes(let bytes): stat(bytes, "644", "root", path, index)
    case .regular(let text, let mode, let owner):
      stat(Array(text.utf8), mode.hasPrefix("0") ? String(mode.dropFirst()) : mode, owner, path, index)
        + [("text/\(index)", text)]
    }
  }

  private func stat(
    _ bytes: [UInt8],
    _ mode: String,
    _ owner: String,
    _ path: String,
    _ index: Int
  ) -> [ModelFixture.Record] {
    let type = bytes.isEmpty ? "regular empty file" : "regular file"
    return [
      ("stat/\(index)", "\(type)\t\(mode)\t\(owner)\troot\t\(bytes.count)\t\t\(path)"),
      ("sha/\(index)", SHA256.hash(data: bytes).hexadecimal),
    ]
  }
}
