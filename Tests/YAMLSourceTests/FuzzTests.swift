import Testing
import YAMLSource

/// Deterministic mutations of realistic files: whatever comes of them, the parser returns or throws an error that lies
/// in the file, and what it returns can be walked, emitted and read back.
@Suite("mutated inventories")
struct FuzzTests {
  @Test("the unchanged inventories are valid", arguments: inventories)
  func unchanged(inventory: String) throws {
    #expect(try !documents(inventory).isEmpty)
  }

  @Test("a mutated inventory is read or refused in its own bounds", .timeLimit(.minutes(5)), arguments: 0..<60)
  func mutated(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<60 {
      let bytes = mutation(of: inventories[Int.random(in: inventories.indices, using: &random)], using: &random)
      switch read(bytes) {
      case .success(let documents):
        for document in documents { try checkRoundTrip(document, shown(bytes)) }
      case .failure(let error):
        #expect(liesInside(error.mark), shown(bytes))
        #expect(error.description.utf8.count < 4000)
      }
    }
  }

  private func shown(_ bytes: [UInt8]) -> Comment {
    "\(String(decoding: bytes, as: UTF8.self).debugDescription)"
  }

  private func read(_ bytes: [UInt8]) -> Result<[YAMLNode], YAMLError> {
    Result { () throws(YAMLError) in try YAMLParser.documents(in: bytes, named: "fuzz", limits: limits) }
  }

  private func checkRoundTrip(_ node: YAMLNode, _ comment: Comment) throws {
    #expect(marksLieInside(node), comment)
    #expect(try document(YAMLEmitter.emit(node)).hasSameContent(as: node), comment)
  }

  private let limits = YAMLLimits(maximumBytes: 16_384, maximumDepth: 32, maximumNodes: 5000)

  private func marksLieInside(_ node: YAMLNode) -> Bool {
    guard liesInside(node.mark) else { return false }
    switch node.value {
    case .scalar: return true
    case .sequence(let items): return items.allSatisfy(marksLieInside)
    case .mapping(let mapping):
      return mapping.entries.allSatisfy { liesInside($0.keyNode.mark) && marksLieInside($0.value) }
    }
  }

  private func liesInside(_ mark: YAMLMark) -> Bool {
    guard let line = mark.source.line(mark.line) else { return false }
    return mark.column >= 1 && mark.column <= line.unicodeScalars.count + 1
  }

  private func mutation(of text: String, using random: inout SplitMix64) -> [UInt8] {
    var bytes = Array(text.utf8)
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let position = Int.random(in: 0...bytes.count, using: &random)
      switch Int.random(in: 0..<7, using: &random) {
      case 0 where position < bytes.count:
        bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1:
        bytes.removeSubrange(position...)
      case 2:
        let end = min(bytes.count, position + Int.random(in: 1...20, using: &random))
        bytes.removeSubrange(position..<end)
      case 3:
        let end = min(bytes.count, position + Int.random(in: 1...200, using: &random))
        bytes.insert(contentsOf: bytes[position..<end], at: Int.random(in: 0...bytes.count, using: &random))
      case 4 where position < bytes.count:
        bytes[position] = UInt8.random(in: 0...255, using: &random)
      default:
        let token = metacharacters[Int.random(in: metacharacters.indices, using: &random)]
        bytes.insert(contentsOf: token.utf8, at: position)
      }
    }
    return bytes
  }
}

private let metacharacters = [
  ":", ": ", "- ", "\n", "\n\n", "\r", "\t", " ", "  ", "[", "]", "{", "}", ",", "#", " #", "&a ", "*a", "*base",
  "!!str ", "!x ", "|\n", ">\n",
  "|2-\n", "'", "\"", "\\", "? ", "---\n", "...\n", "%TAG ! x\n", "%YAML 1.1\n", "<<: *base\n", "<<: ", "\u{FEFF}",
  "\u{2028}", "\u{85}", "\0", "é",
  "\u{1B}", "\"\\uD800\"", "\"\\x00\"", "~", "@", "`", "9999999999999999999999", "0x", ".inf",
]

private let inventories = [
  """
  # The fleet
  apiVersion: fleetd/v1
  kind: Fleet
  metadata: {name: home}
  spec:
    profiles: [base]
    ssh: {user: fleet, port: 22}
    k3s:
      version: v1.33.4+k3s1
      source: {url: https://mirror.lan/k3s}
      token: {secret: k3s-token}
      config:
        server: {disable: [traefik], tls-san: [k3s.lan]}
        agent: {kubelet-arg: [system-reserved=memory=256Mi]}
    rollout:
      windows: [{days: [Sat], from: "02:00", to: "05:00", timeZone: Europe/Berlin}]
  ---
  apiVersion: fleetd/v1
  kind: Profile
  metadata: {name: base}
  spec:
    packages: {open-iscsi: present, nfs-common: {version: "1:2.6*", hold: true}}
    sysctl: {net.ipv4.ip_forward: 1}
    files:
      - {path: /etc/a.conf, mode: "0644", content: "[Journal]\\nSystemMaxUse=200M\\n"}
  """,
  """
  nodes:
    - &base
      address: 192.168.1.11
      hostKeys: ["ssh-ed25519 AAAA"]
      role: server
      labels: &labels {rack: a, 'quoted': "yes"}
    - <<: *base
      address: 192.168.1.12
      labels: {<<: [*labels, {room: Küche}], rack: b}
      weight: 0.5
    - {<<: *base, address: 192.168.1.13, taints: [], zone: ~}
  """,
  """
  files:
  - path: /etc/motd
    content: |
      Welcome
        to the fleet

  - path: /etc/issue
    content: >-
      folded
      text
  - ? path
    : !!str 12
    mode: 0644
  ...
  ---
  "last": 'it''s'
  """,
]
