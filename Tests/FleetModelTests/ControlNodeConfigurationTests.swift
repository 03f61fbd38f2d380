import Testing

@testable import FleetModel

@Suite("the control node's own configuration")
struct ControlNodeConfigurationTests {
  private func decode(_ spec: String, kind: String = "ControlNode") -> (ControlNodeConfiguration?, String) {
    let text = InventoryText.document(kind, "control", spec)
    let (configuration, diagnostics) = ControlNodeConfiguration.decode(
      InventoryFile(name: "fleetd.yaml", bytes: Array(text.utf8))
    )
    return (configuration, diagnostics.all.map(\.description).joined(separator: "\n"))
  }

  @Test("everything is optional")
  func empty() throws {
    let configuration = try #require(decode("{}").0)
    #expect(configuration.checkout == nil && configuration.knownHosts == nil)
    #expect(configuration.identities.isEmpty && configuration.secrets.isEmpty)
  }

  @Test("paths, identities and every source of a secret are read")
  func everything() throws {
    let configuration = try #require(
      decode(
        """
        {checkout: {path: /srv/fleet}, ssh: {identities: [{file: /k1}, {file: /k2}], knownHosts: /kh},
          secrets: {a: {file: /s}, b: {env: B}, c: {credential: c}, d: {command: [pass, show, d]}}}
        """
      ).0
    )
    #expect(configuration.checkout == "/srv/fleet")
    #expect(configuration.identities == [.file("/k1", passphrase: nil), .file("/k2", passphrase: nil)])
    #expect(configuration.knownHosts == "/kh")
    #expect(
      configuration.secrets == [
        "a": .file("/s"), "b": .environment("B"), "c": .credential("c"), "d": .command(["pass", "show", "d"]),
      ]
    )
  }

  @Test("agents, passphrases and the password for sudo are read, and their secrets are known")
  func waysIn() throws {
    let configuration = try #require(
      decode(
        """
        {ssh: {identities: [{agent: true}, {agent: /run/agent}, {file: /k, passphrase: {secret: key}}]},
          sudo: {password: {secret: sudo}}, secrets: {key: {file: /key}, sudo: {file: /sudo}}}
        """
      ).0
    )
    let key = SecretReference("key"), sudo = SecretReference("sudo")
    #expect(
      configuration.identities == [.agent(path: nil), .agent(path: "/run/agent"), .file("/k", passphrase: key)])
    #expect(configuration.sudoPassword == sudo)
    #expect(configuration.loginSecrets == [key, sudo])
  }

  @Test(
    "an identity is one thing, and its secrets are defined",
    arguments: [
      ("{ssh: {identities: [{}]}}", "give one of file and agent, found neither"),
      ("{ssh: {identities: [{agent: true, file: /k}]}}", "give one of file and agent, found both"),
      ("{ssh: {identities: [{agent: false}]}}", "agent is true or a path"),
      ("{ssh: {identities: [{agent: run}]}}", "agent"),
      ("{ssh: {identities: [{agent: true, passphrase: {secret: a}}]}, secrets: {a: {env: A}}}", "belongs to a file"),
      ("{ssh: {identities: [{file: /k, passphrase: {secret: b}}]}, secrets: {a: {env: A}}}", "no secret \"b\""),
      ("{ssh: {identities: [{file: /k, passphrase: hunter2}]}}", "passphrase"),
      ("{sudo: {password: {secret: sduo}}, secrets: {sudo: {env: A}}}", "did you mean \"sudo\"?"),
      ("{sudo: {password: hunter2}}", "password"),
      ("{sudo: {}}", "password"),
    ])
  func wrongWaysIn(_ spec: String, _ problem: String) {
    let (configuration, text) = decode(spec)
    #expect(configuration == nil)
    #expect(text.contains(problem), "\(text)")
  }

  @Test("without a word fleetd is served to this machine alone")
  func httpDefaults() throws {
    let http = try #require(decode("{}").0).http
    #expect(http == HTTPSettings())
    #expect(http.endpoint == .init(address: "127.0.0.1", port: 9808))
    #expect(http.token == nil && http.certificates == nil && http.hosts.isEmpty && http.liveClients == 500)
  }

  @Test("where and to whom fleetd is served is read")
  func http() throws {
    let http = try #require(
      decode(
        """
        {secrets: {page: {env: PAGE}}, http: {listen: "[::]:443", token: {secret: page}, hosts: [fleet.lan],
          liveClients: 20, tls: {certificate: /c.pem, key: /k.pem, clientAuthority: /ca.pem}}}
        """
      ).0
    ).http
    #expect(http.endpoint == .init(address: "::", port: 443) && http.token == SecretReference("page"))
    #expect(http.certificates == .init(certificate: "/c.pem", key: "/k.pem", clientAuthority: "/ca.pem"))
    #expect(http.hosts == ["fleet.lan"] && http.liveClients == 20)
  }

  @Test("http can be switched off, and localhost is an address", arguments: ["off", "localhost:80"])
  func httpOff(_ listen: String) throws {
    let endpoint = try #require(decode("{http: {listen: \"\(listen)\"}}").0).http.endpoint
    #expect(endpoint == (listen == "off" ? nil : .init(address: "127.0.0.1", port: 80)))
  }

  @Test(
    "a place that is no place, or that is open to everybody, is a diagnostic",
    arguments: [
      ("{http: {listen: \"9808\"}}", "is no ADDRESS:PORT"),
      ("{http: {listen: \"pi.lan:9808\"}}", "is no ADDRESS:PORT"),
      ("{http: {listen: \"1.2.3.400:1\"}}", "is no ADDRESS:PORT"),
      ("{http: {listen: \"127.0.0.1:0\"}}", "is no ADDRESS:PORT"),
      ("{http: {listen: \"0.0.0.0:9808\"}}", "add token"),
      ("{http: {listen: \"[::]:9808\", tls: {certificate: /c, key: /k}}}", "add token"),
      ("{http: {token: {secret: page}}}", "there is no secret"),
      ("{http: {tls: {certificate: /c}}}", "key"),
      ("{http: {liveClients: 0}}", "liveClients"),
    ])
  func wrongHTTP(_ spec: String, _ problem: String) {
    let (configuration, text) = decode(spec)
    #expect(configuration == nil)
    #expect(text.contains(problem), "\(text)")
  }

  @Test("without a word the daemon observes every 5 minutes and fetches nothing")
  func daemonDefaults() throws {
    let configuration = try #require(decode("{checkout: {path: /srv/fleet}}").0)
    #expect(configuration.mode == .observe && configuration.interval == .seconds(300))
    #expect(configuration.checkoutPolicy == CheckoutPolicy())
  }

  @Test("what the daemon may do with the checkout is read")
  func checkoutPolicy() throws {
    let configuration = try #require(
      decode("{mode: enforce, interval: 1m, checkout: {path: /srv/fleet, pull: 1m, force: true, signers: /etc/s}}").0)
    #expect(configuration.mode == .enforce && configuration.interval == .seconds(60))
    #expect(configuration.checkoutPolicy == CheckoutPolicy(pull: .seconds(60), allowsForced: true, signers: "/etc/s"))
  }

  @Test(
    "what would do nothing, or too much, is a diagnostic",
    arguments: [
      ("{checkout: {path: /a, force: true}}", "nothing is fetched without pull"),
      ("{checkout: {path: /a, pull: 1s}}", "1s is too often"),
      ("{interval: 1s}", "1s is too often"),
    ])
  func daemonSettings(_ spec: String, _ problem: String) {
    #expect(decode(spec).1.contains(problem))
  }

  @Test(
    "mistakes are diagnostics",
    arguments: [
      ("{mode: enforced}", "ControlNode.spec.mode: \"enforced\" is none of observe, enforce"),
      ("{secrets: {a: {}}}", "secrets.a: give one of file, env, credential or command, found 0"),
      ("{secrets: {a: {env: A, file: /a}}}", "secrets.a: give one of file, env, credential or command, found 2"),
      ("{secrets: {a: {command: []}}}", "secrets.a: the command is empty"),
      ("{secrets: {a: hunter2}}", "ControlNode.spec.secrets.a: expected a mapping, found a string"),
      ("{secrets: {a: {file: s}}}", "ControlNode.spec.secrets.a.file: \"s\" does not start with \"/\""),
      ("{checkout: {pull: 1 minute, path: /a}}", "\"1 minute\" is not a duration"),
      ("{checkout: {}}", "ControlNode.spec.checkout: \"path\" is missing"),
      ("{chekout: {path: /a}}", "= did you mean \"checkout\"?"),
    ]
  )
  func mistakes(_ spec: String, _ message: String) {
    let (configuration, messages) = decode(spec)
    #expect(configuration == nil)
    #expect(messages.hasPrefix("fleetd.yaml:4:"))
    #expect(messages.contains(message))
  }

  @Test("hooks are read with their order, and have a minute and stop unless they say otherwise")
  func hooks() throws {
    let configuration = try #require(
      decode(
        """
        {hooks: {beforeNode: [{run: [/usr/local/bin/silence, "a b"]}, {run: [b], timeout: 5s, onFailure: continue}],
          afterRollout: [{run: [c], onFailure: stop}]}}
        """
      ).0
    )
    #expect(
      configuration.hooks[.beforeNode] == [
        Hooks.Hook(["/usr/local/bin/silence", "a b"], timeout: .seconds(60), stops: true),
        Hooks.Hook(["b"], timeout: .seconds(5), stops: false),
      ])
    #expect(configuration.hooks[.afterRollout] == [Hooks.Hook(["c"])])
    #expect(configuration.hooks[.afterNode].isEmpty && configuration.hooks[.beforeRollout].isEmpty)
  }

  @Test(
    "a hook that could not run is a diagnostic",
    arguments: [
      ("{hooks: {beforeNode: [{run: []}]}}", "hooks.beforeNode: \"run\" is empty"),
      ("{hooks: {beforeNode: [{timeout: 5s}]}}", "\"run\" is missing"),
      ("{hooks: {beforeNode: [{run: [a], timeout: 0s}]}}", "a timeout of 0 runs nothing"),
      ("{hooks: {beforeNode: [{run: a}]}}", "run: expected a list, found a string"),
      ("{hooks: {beforeNode: [{run: [a], onFailure: ignore}]}}", "\"ignore\" is none of stop, continue"),
      ("{hooks: {beforeNodes: [{run: [a]}]}}", "did you mean \"beforeNode\"?"),
    ])
  func wrongHooks(_ spec: String, _ problem: String) {
    let (configuration, text) = decode(spec)
    #expect(configuration == nil)
    #expect(text.contains(problem), "\(text)")
  }

  @Test("another kind, a second document and an empty file are refused")
  func otherDocuments() {
    #expect(decode("{}", kind: "Fleet").1.contains("ControlNode.kind: expected \"ControlNode\", found \"Fleet\""))
    #expect(decode("{}\n---\n{}").1.contains("fleetd.yaml:6:1: a second document; one ControlNode is expected"))
    let empty = ControlNodeConfiguration.decode(InventoryFile(name: "fleetd.yaml", bytes: []))
    #expect(empty.configuration == nil)
    #expect(empty.1.all.map(\.problem) == ["fleetd.yaml is empty"])
  }
}
