import FleetModel
import Glibc

/// Standard output for results, standard error for everything else.
enum Console {
  static func result(_ text: String) { write(text, to: 1) }

  static func note(_ text: String) { write("fleetd: \(text)\n", to: 2) }

  static func progress(_ text: String) { write(text + "\n", to: 2) }

  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Asks on the terminal; anything but "yes" or "y" is no.
  static func confirm(_ question: String) -> Bool {
    write("\(question) [y/N] ", to: 2)
    guard let answer = readLine()?.trimmingWhitespace().lowercased() else { return false }
    return answer == "y" || answer == "yes"
  }

  static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  /// Whole, or until the reader is gone: a closed pipe is no error of ours.
  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }
}
