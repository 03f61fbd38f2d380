package import OrderedCollections

/// What `apt-get -s install` would do: the lines that tell, and how it ended.
package struct AptSimulation: Sendable, Hashable {
  /// Versions by name, in apt's order; dependencies included. Foreign packages are `NAME:ARCHITECTURE`.
  package let installs: OrderedDictionary<String, String>
  package let removals: [String]
  /// Its `E:` lines and the unmet dependencies, when it found no way.
  package let errors: [String]
  package let exitStatus: Int

  /// Lines `Inst NAME [OLD] (NEW SOURCE [ARCHITECTURE])`, `Remv NAME [OLD]`, `E: …`, ` NAME : Depends: …`, and the
  /// last one `exit STATUS`: without it the answer was cut off, and what would be removed is not known.
  package init(_ text: String) throws(ProbeError) {
    var installs: OrderedDictionary<String, String> = [:]
    var removals: [String] = []
    var errors: [String] = []
    var exitStatus: Int?
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      switch words.first {
      case "Inst" where words.count >= 3:
        installs[String(words[1])] = words.first { $0.hasPrefix("(") }.map { String($0.dropFirst()) } ?? ""
      case "Remv" where words.count >= 2:
        removals.append(String(words[1]))
      case "exit" where words.count == 2:
        exitStatus = Int(words[1])
      default:
        errors.append(line.trimmingWhitespace())
      }
    }
    guard let exitStatus else { throw .garbled("the simulation of apt-get has no end") }
    self.installs = installs
    self.removals = removals
    self.errors = errors
    self.exitStatus = exitStatus
  }
}
