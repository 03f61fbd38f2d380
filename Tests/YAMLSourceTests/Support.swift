import YAMLSource

/// The documents of a text named `test.yaml`.
func documents(_ text: String, limits: YAMLLimits = YAMLLimits()) throws(YAMLError) -> [YAMLNode] {
  try YAMLParser.documents(in: Array(text.utf8), named: "test.yaml", limits: limits)
}

/// The only document of a text.
func document(_ text: String) throws -> YAMLNode {
  let all = try documents(text)
  guard let only = all.first, all.count == 1 else { throw WrongDocumentCount(count: all.count) }
  return only
}

struct WrongDocumentCount: Error {
  let count: Int
}

/// How the error of a text is shown, or `nil` if it has none.
func failure(of text: String, limits: YAMLLimits = YAMLLimits()) -> String? {
  failure(of: Array(text.utf8), limits: limits)
}

func failure(of bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) -> String? {
  do {
    _ = try YAMLParser.documents(in: bytes, named: "test.yaml", limits: limits)
    return nil
  } catch {
    return error.description
  }
}

/// The mark of text that a test builds itself.
let somewhere = YAMLSourceFile(name: "test.yaml", bytes: []).mark(line: 1, column: 1)

func node(_ scalar: YAMLScalar) -> YAMLNode {
  YAMLNode(.scalar(scalar), mark: somewhere)
}

func node(_ text: String) -> YAMLNode {
  node(YAMLScalar.string(text))
}

func node(_ items: [YAMLNode]) -> YAMLNode {
  YAMLNode(.sequence(items), mark: somewhere)
}

func node(_ pairs: KeyValuePairs<String, YAMLNode>) -> YAMLNode {
  let entries = pairs.map { YAMLMapping.Entry(key: $0.key, keyNode: node($0.key), value: $0.value) }
  return YAMLNode(.mapping(YAMLMapping(entries: entries)), mark: somewhere)
}

/// A seeded generator (SplitMix64, Steele, Lea and Flood 2014): the same seed makes the same test on every machine.
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
