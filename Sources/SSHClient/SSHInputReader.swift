internal import Crypto

/// Reads an input from its beginning to its end, in pieces, and keeps the sum of what it has read.
struct SSHInputReader {
  /// Bytes of one read from a file.
  private static let pieceSize = 512 << 10

  /// All bytes of the input: a file counts with the size that it has when it is opened.
  let size: Int
  private(set) var digest = SHA256()
  private var parts: ArraySlice<Opened>
  private var offset = 0

  private enum Opened: Sendable {
    case bytes([UInt8])
    case file(LocalFile)
  }

  /// Looks at all parts, so that a missing file is found before anything is sent.
  init(_ input: SSHInput) async throws(LocalFile.Problem) {
    var opened: [Opened] = []
    var size = 0
    for part in input.parts {
      switch part {
      case .bytes(let bytes):
        opened.append(.bytes(bytes))
        size += bytes.count
      case .file(let path):
        let file = try await LocalFile.open(path)
        opened.append(.file(file))
        size += file.size
      }
    }
    self.size = size
    parts = opened[...]
  }

  /// The next piece, never empty; nil at the end.
  nonisolated(nonsending) mutating func next() async throws(LocalFile.Problem) -> [UInt8]? {
    while let part = parts.first {
      switch part {
      case .bytes(let bytes):
        parts.removeFirst()
        guard !bytes.isEmpty else { continue }
        digest.update(data: bytes)
        return bytes
      case .file(let file):
        guard offset < file.size else {
          parts.removeFirst()
          offset = 0
          continue
        }
        let piece = try await file.read(min(Self.pieceSize, file.size - offset), at: offset)
        guard !piece.isEmpty else {
          throw LocalFile.Problem(text: "\(printable(file.path)): it became shorter while it was read")
        }
        offset += piece.count
        digest.update(data: piece)
        return piece
      }
    }
    return nil
  }
}

extension SSHInputReader {
  /// The SHA-256 of what was read so far, in hexadecimal.
  var sha256: String { Self.text(of: digest) }

  static func text(of digest: SHA256) -> String {
    let digits = Array("0123456789abcdef")
    return String(digest.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
