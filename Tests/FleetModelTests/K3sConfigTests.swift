import Testing
import YAMLSource

@testable import FleetModel

@Suite("k3s: config.yaml")
struct K3sConfigTests {
  @Test("a server's file: its own keys, what fleetd owns, sorted, and nothing else")
  func server() throws {
    var fixture = K3sFixture(role: .server)
    fixture.serverConfig = "{tls-san: [k3s.lan], disable: [traefik], write-kubeconfig-mode: \"0644\"}"
    fixture.nodeConfig = "{node-ip: 192.0.2.3}"
    fixture.labels = ["rack=a"]
    fixture.taints = ["gpu=yes:NoSchedule"]
    #expect(
      try fixture.configText() == """
        # Managed by fleetd
        cluster-init: true
        disable:
          - traefik
        node-ip: "192.0.2.3"
        node-label:
          - rack=a
        node-name: pi3
        node-taint:
          - "gpu=yes:NoSchedule"
        tls-san:
          - k3s.lan
        token-file: /etc/rancher/k3s/fleetd-token
        write-kubeconfig-mode: "0644"

        """
    )
  }

  @Test("an agent's file points at the endpoint; a SQLite server's has no cluster-init")
  func agentAndSQLite() throws {
    #expect(
      try K3sFixture().configText() == """
        # Managed by fleetd
        node-name: pi3
        server: "https://k3s.lan:6443"
        token-file: /etc/rancher/k3s/fleetd-token

        """
    )
    #expect(try !K3sFixture(role: .server, datastore: .sqlite).configText().contains("cluster-init"))
  }

  @Test("the node's keys are laid over the fleet's: lists are replaced")
  func overlay() throws {
    var fixture = K3sFixture()
    fixture.agentConfig = "{kubelet-arg: [a=1, b=2], debug: true}"
    fixture.nodeConfig = "{kubelet-arg: [c=3]}"
    let configuration = try fixture.k3s().configuration
    #expect(configuration.values(of: "kubelet-arg") == ["c=3"])
    #expect(configuration.values(of: "debug") == ["true"])
  }

  @Test("where a key is written does not change the file")
  func deterministic() throws {
    var first = K3sFixture()
    first.agentConfig = "{debug: true, snapshotter: native}"
    var second = K3sFixture()
    second.agentConfig = "{snapshotter: native}"
    second.nodeConfig = "{debug: true}"
    #expect(try first.configText() == second.configText())
  }

  private func problems(_ role: Role, _ config: String) throws -> [Diagnostic] {
    var fixture = K3sFixture(role: role)
    fixture.nodeConfig = config
    return try fixture.decode().diagnostics
  }

  @Test("a mistyped key is told with the nearest one")
  func unknownKey() throws {
    let problem = try #require(try problems(.server, "{tls-sann: [a]}").first)
    #expect(problem.problem == "k3s.config: k3s server has no key \"tls-sann\"")
    #expect(problem.hint == "did you mean \"tls-san\"?")
    #expect(problem.mark != nil)
  }

  @Test("a server's key on an agent is told as such")
  func serverKeyOnAgent() throws {
    let problem = try #require(try problems(.agent, "{disable: [traefik]}").first)
    #expect(problem.problem.contains("is a key of k3s server"))
    #expect(try problems(.server, "{disable: [traefik]}").isEmpty)
  }

  @Test(
    "every key that fleetd owns is told with what to write instead",
    arguments: K3sConfigKeys.replaced.keys.sorted()
  )
  func ownedKey(key: String) throws {
    let problem = try #require(try problems(.server, "{\(key): x}").first)
    #expect(problem.problem == "k3s.config: \"\(key)\" is written elsewhere")
    #expect(problem.hint == K3sConfigKeys.replaced[key])
    #expect(K3sConfigKeys.known(to: .server)[key] == nil)
  }

  @Test(
    "values of the wrong shape are told",
    arguments: [
      "{debug: \"yes\"}", "{lb-server-port: high}", "{snapshotter: [a, b]}", "{snapshotter: null}",
      "{kubelet-arg: [[a]]}", "{kubelet-arg: {a: b}}", "{snapshotter: \"a\\nb\"}", "[a]",
    ]
  )
  func wrongShape(config: String) throws { #expect(try problems(.agent, config).count == 1) }

  @Test("an unquoted octal mode is told")
  func octal() throws {
    #expect(try problems(.server, "{write-kubeconfig-mode: 0644}").count == 1)
    #expect(try problems(.server, "{write-kubeconfig-mode: \"0644\"}").isEmpty)
  }

  @Test(
    "secrets in config.yaml are told, named or written",
    arguments: [
      "{kubelet-arg: [{secret: a}]}", "{system-default-registry: {secret: a}}",
      "{kubelet-arg: [\"x=K10\(String(repeating: "a", count: 64))::server:pw\"]}",
      "{etcd-s3-proxy: \"http://user:pw@proxy.lan\"}",
    ]
  )
  func secrets(config: String) throws { #expect(try problems(.server, config).count == 1) }

  @Test("a node without a role, or a fleet without k3s, has none")
  func none() throws {
    let mark = try K3sFixture.yaml("{}").mark
    var diagnostics = Diagnostics()
    let scope = NodeScope(
      name: "pi3",
      role: .agent,
      architecture: .arm64,
      account: "fleet",
      k3s: nil,
      kubernetesLabels: [],
      kubernetesTaints: [],
      mark: mark
    )
    #expect(K3s.decode(try K3sFixture.yaml("{config: {debug: true}}"), in: scope, &diagnostics) == nil)
    #expect(diagnostics.isEmpty)
  }

  @Test("registries.yaml holds a secret as a piece, and reads as the secret whatever the secret is")
  func registries() throws {
    var fixture = K3sFixture()
    fixture.registries =
      "{mirrors: {docker.io: {endpoint: [\"https://registry.lan\"]}}, configs: {registry.lan: {auth: {username: pi, password: {secret: registry}}}}}"
    let file = try #require(try fixture.k3s().files.first { $0.path == K3sPaths.registries })
    #expect(file.mode == "0600")
    #expect(file.content.secrets == [SecretReference("registry")])
    for password in ["hunter2", "hunter2\n", "  pa: 'ss\" # {x}", "- *a &b |"] {
      let bytes = try #require(file.content.bytes(with: SecretVault(["registry": Secret(Array(password.utf8))])))
      let text = String(decoding: bytes, as: UTF8.self)
      let auth = try K3sFixture.yaml(text).mapping?["configs"]?.mapping?["registry.lan"]?.mapping?["auth"]?.mapping
      #expect(auth?["password"]?.string == (password.hasSuffix("\n") ? String(password.dropLast()) : password))
      #expect(auth?["username"]?.string == "pi")
    }
  }

  @Test("a literal password and an unknown key in registries are told")
  func badRegistries() throws {
    var fixture = K3sFixture()
    fixture.registries = "{configs: {registry.lan: {auth: {username: pi, password: hunter2}}}, mirror: {}}"
    #expect(try fixture.decode().diagnostics.count == 2)
  }

  @Test("what is secret in a node's own files is never kept")
  func redaction() throws {
    let text = """
      token: K10\(String(repeating: "a", count: 64))::server:geheim
      etcd-s3-secret-key: >
        geheim
      kube-apiserver-arg: [token-auth-file=/etc/tokens, "api-token=geheim"]
      system-default-registry: http://me:geheim@registry.lan
      token-file: /etc/token
      """
    let configuration = try #require(K3sConfiguration(parsing: text))
    #expect(!configuration.shownText.contains("geheim"))
    #expect(!configuration.oneLine.contains("geheim"))
    #expect(configuration.shownText.contains("token-file: /etc/token"))
  }

  @Test(
    "a hostile config.yaml is no configuration and no crash",
    arguments: [
      "[1, 2]", "a: b: c", "a: &x [*x]", "\u{0}", "text", "a: 1\n---\nb: 2", String(repeating: "[", count: 5000),
      String(repeating: "a: 1\n", count: 20_000), "a: 1\na: 2",
    ]
  )
  func hostile(text: String) { #expect(K3sConfiguration(parsing: text) == nil) }

  @Test("an empty file and comments are an empty configuration")
  func empty() throws {
    for text in ["", "# nothing\n", "---\n"] { #expect(try #require(K3sConfiguration(parsing: text)).keys.isEmpty) }
  }
}
