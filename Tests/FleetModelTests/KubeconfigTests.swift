import Testing
import YAMLSource

@testable import FleetModel

@Suite("kubeconfigs")
struct KubeconfigTests {
  private static let ofK3s = """
    apiVersion: v1
    clusters:
    - cluster:
        certificate-authority-data: Q0E=
        server: https://127.0.0.1:6443
      name: default
    contexts:
    - context:
        cluster: default
        user: default
      name: default
    current-context: default
    kind: Config
    preferences: {}
    users:
    - name: default
      user:
        client-certificate-data: Q0VSVA==
        client-key-data: U0VDUkVU

    """

  private static let other = """
    # mine
    apiVersion: v1
    kind: Config
    clusters: [{name: work, cluster: {server: "https://work:6443"}}]
    contexts: [{name: work, context: {cluster: work, user: me, namespace: web}}]
    current-context: work
    users: [{name: me, user: {token: abc}}]

    """

  private static func parse(_ text: String) throws -> Kubeconfig { try Kubeconfig(parsing: Array(text.utf8)) }

  private static func node(_ kubeconfig: Kubeconfig) throws -> YAMLMapping {
    let documents = try YAMLParser.documents(in: Array(kubeconfig.text.utf8), named: "out")
    return try #require(documents.first?.mapping)
  }

  private static func names(_ root: YAMLMapping, _ list: String) -> [String?] {
    (root[list]?.sequence ?? []).map { $0.mapping?["name"]?.string }
  }

  @Test("all of it is called as the fleet, at the address from outside")
  func renamed() throws {
    let root = try Self.node(try Self.parse(Self.ofK3s).renamed("home", at: "https://k3s.lan:6443"))
    for list in ["clusters", "contexts", "users"] { #expect(Self.names(root, list) == ["home"]) }
    #expect(root["current-context"]?.string == "home")
    let cluster = root["clusters"]?.sequence?.first?.mapping?["cluster"]?.mapping
    #expect(cluster?["server"]?.string == "https://k3s.lan:6443")
    #expect(cluster?["certificate-authority-data"]?.string == "Q0E=")
    let context = root["contexts"]?.sequence?.first?.mapping?["context"]?.mapping
    #expect(context?["cluster"]?.string == "home" && context?["user"]?.string == "home")
    #expect(root["users"]?.sequence?.first?.mapping?["user"]?.mapping?["client-key-data"]?.string == "U0VDUkVU")
  }

  @Test("other clusters stay, and the current context with them")
  func merged() throws {
    let fetched = try Self.parse(Self.ofK3s).renamed("home", at: "https://k3s.lan:6443")
    let mine = try Self.parse(Self.other)
    #expect(!mine.names("home") && mine.names("work"))
    let root = try Self.node(mine.merging(fetched))
    #expect(Self.names(root, "clusters") == ["work", "home"] && Self.names(root, "users") == ["me", "home"])
    #expect(root["current-context"]?.string == "work")
    #expect(root["contexts"]?.sequence?.first?.mapping?["context"]?.mapping?["namespace"]?.string == "web")
  }

  @Test("an older entry of the same name is replaced, once")
  func replaced() throws {
    let old = try Self.parse(Self.ofK3s).renamed("home", at: "https://old:6443")
    let new = try Self.parse(Self.ofK3s).renamed("home", at: "https://new:6443")
    let merged = old.merging(new)
    #expect(Self.names(try Self.node(merged), "clusters") == ["home"] && merged.names("home"))
    #expect(merged.text.contains("https://new:6443") && !merged.text.contains("https://old:6443"))
  }

  @Test("an empty list is one", arguments: ["apiVersion: v1\nkind: Config\nclusters: null\nusers: []\n"])
  func empty(_ text: String) throws {
    let fetched = try Self.parse(Self.ofK3s).renamed("home", at: "https://k3s.lan:6443")
    let root = try Self.node(try Self.parse(text).merging(fetched))
    #expect(Self.names(root, "clusters") == ["home"] && root["current-context"]?.string == "home")
  }

  @Test(
    "what is none is left alone",
    arguments: [
      "", "text", "kind: Pod", "kind: Config\nclusters: {a: b}", "kind: Config\nusers: [1]",
      "kind: Config\n---\nkind: Config",
    ]
  )
  func refused(_ text: String) {
    #expect(throws: Kubeconfig.Problem.self) { try Self.parse(text) }
  }

  @Test("without a cluster or a user there is nothing to rename")
  func incomplete() throws {
    let empty = try Self.parse("kind: Config")
    #expect(throws: Kubeconfig.Problem.self) { try empty.renamed("home", at: "https://x") }
  }

  @Test("nothing of it is shown by itself")
  func redacted() throws {
    let kubeconfig = try Self.parse(Self.ofK3s)
    var dumped = ""
    dump(kubeconfig, to: &dumped)
    for text in ["\(kubeconfig)", String(reflecting: kubeconfig), dumped] { #expect(!text.contains("U0VDUkVU")) }
  }
}
