import Testing

@testable import FleetModel

@Suite("a cluster from observation")
struct AdoptedClusterTests {
  private func server(_ change: (inout RunningK3s) -> Void = { _ in }) -> AdoptionFixture {
    var host = AdoptionFixture()
    var k3s = RunningK3s()
    change(&k3s)
    host.k3s = k3s
    return host
  }

  private func agent(_ number: Int = 2, _ change: (inout RunningK3s) -> Void = { _ in }) -> AdoptionFixture {
    var host = AdoptionFixture.second()
    host.address = "192.0.2.1\(number)"
    host.host = ["hostname": "pi\(number)\n", "serial": "1000000\(number)\n"]
    var k3s = RunningK3s.agent()
    change(&k3s)
    host.k3s = k3s
    return host
  }

  private func repository(_ hosts: [AdoptionFixture]) throws -> AdoptedRepository {
    try AdoptedRepository(
      hosts: try hosts.map { try $0.adopted() }, fleet: "home", source: .directory("/srv/k3s"))
  }

  @Test("hosts in any order: the server's settings, what agents have alike, and what is a node's own")
  func cluster() throws {
    let hosts = [
      agent(2) { $0.arguments = ["--kubelet-arg=max-pods=50", "--node-label", "disk=ssd", "--node-ip", "192.0.2.12"] },
      server { $0.arguments = ["--disable", "traefik", "--node-taint", "a=b:NoSchedule"] },
      agent(3) { $0.arguments = ["--kubelet-arg=max-pods=50"] },
    ]
    let repository = try repository(hosts)
    let (fleet, messages) = repository.decoded()
    #expect(messages == [] && repository.omissions == [])
    let k3s = try #require(fleet?.k3s)
    #expect(k3s.version.description == "v1.33.4+k3s1" && k3s.datastore == .sqlite)
    #expect(k3s.endpoint == "https://192.0.2.11:6443" && k3s.source == .directory("/srv/k3s"))
    #expect(fleet?.nodes.map(\.role) == [.server, .agent, .agent])
    #expect(K3sConfiguration(try #require(k3s.serverConfig)).values(of: "disable") == ["traefik"])
    #expect(K3sConfiguration(try #require(k3s.agentConfig)).values(of: "kubelet-arg") == ["max-pods=50"])
    let pi2 = repository.text("inventory/nodes/pi2.yaml")
    #expect(pi2.contains("labels: {disk: ssd}") && pi2.contains("node-ip: ") && !pi2.contains("max-pods"))
    #expect(repository.text("inventory/nodes/pi1.yaml").contains("taints: [\"a=b:NoSchedule\"]"))
    #expect(!repository.text("inventory/fleet.yaml").contains("endpoint:"))
  }

  @Test("the token is named, and neither it nor its digest stands in the repository")
  func token() throws {
    let repository = try repository([server(), agent()])
    let digest = K3sHidden.digest(of: "the-token")
    #expect(repository.secrets == [AdoptedRepository.NamedSecret(name: "k3s-token", digest: digest, host: 0)])
    let all = repository.files.map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
    #expect(all.contains("token: {secret: k3s-token}") && !all.contains("the-token") && !all.contains(digest))
  }

  @Test("an endpoint that agents joined at by another name than the server's address is the Fleet's")
  func endpoint() throws {
    let named = agent { $0.environment = ["K3S_URL=https://k3s.lan:6443/"] }
    let fleet = try #require(try repository([server(), named]).decoded().fleet)
    #expect(fleet.k3s?.endpoint == "https://k3s.lan:6443")
  }

  @Test("variables that all have stand in the Fleet, others in the node")
  func environment() throws {
    let proxy = "HTTPS_PROXY=http://proxy.lan:3128"
    let repository = try repository([
      server { $0.environment.append(proxy) },
      agent { $0.environment += [proxy, "CONTAINERD_LOG_LEVEL=debug"] },
    ])
    #expect(repository.decoded().messages == [])
    #expect(repository.text("inventory/fleet.yaml").contains("environment:\n      HTTPS_PROXY: "))
    #expect(repository.text("inventory/nodes/pi2.yaml").contains("environment:\n      CONTAINERD_LOG_LEVEL: debug"))
    #expect(!repository.text("inventory/nodes/pi1.yaml").contains("environment"))
  }

  @Test("an agent that is not of the server's cluster is left out, loudly, and everything else is written")
  func leftOut() throws {
    let cases: [(AdoptionFixture, String)] = [
      (agent { $0.token = "another" }, "its token is not the server's"),
      (agent { $0.version = "v1.32.1+k3s1" }, "it runs v1.32.1+k3s1, and the server v1.33.4+k3s1"),
      (agent { $0.registries = "mirrors:\n  docker.io:\n    endpoint:\n      - http://10.0.0.9\n" }, "registries.yaml"),
      (agent { $0.arguments = ["--node-name", "Other_Name"] }, "it is called Other_Name in the cluster"),
      (agent { $0.arguments = ["--no-such-flag=1"] }, "no-such-flag"),
    ]
    for (host, reason) in cases {
      let repository = try repository([server(), host])
      let (fleet, messages) = repository.decoded()
      #expect(messages == [], "\(reason)")
      #expect(fleet?.nodes.map(\.role) == [.server, nil], "\(reason)")
      #expect(repository.omissions.count == 1 && repository.omissions[0].hasPrefix("pi2: k3s: "))
      #expect(repository.omissions[0].contains(reason), "\(repository.omissions)")
      #expect(repository.text("inventory/nodes/pi2.yaml").contains("# K3S RUNS HERE AND IS LEFT OUT."))
    }
  }

  @Test("a second server is left out: the one that agents joined stays")
  func twoServers() throws {
    var second = server()
    second.address = "192.0.2.15"
    second.host = ["hostname": "pi5\n", "serial": "5\n"]
    let agentOfSecond = agent { $0.environment = ["K3S_URL=https://192.0.2.15:6443"] }
    let repository = try repository([server(), second, agentOfSecond])
    #expect(repository.decoded().messages == [])
    #expect(repository.decoded().fleet?.nodes.map(\.role) == [nil, .agent, .server])
    #expect(repository.omissions.count == 1 && repository.omissions[0].contains("a second server beside pi@192.0.2.15"))
  }

  @Test("agents without their server get no role, and the Fleet no k3s")
  func noServer() throws {
    let repository = try repository([agent(2), agent(3)])
    let (fleet, messages) = repository.decoded()
    #expect(messages == [] && fleet?.k3s == nil && fleet?.nodes.allSatisfy { $0.role == nil } == true)
    #expect(repository.omissions.count == 2 && repository.secrets.isEmpty)
    #expect(repository.omissions[0].contains("name its server in --from too"))
  }

  @Test("a node is called as in the cluster, where that is not its host's name")
  func nodeName() throws {
    let host = agent { $0.arguments = ["--node-name=worker-a"] }
    let repository = try repository([server(), host])
    #expect(repository.omissions == [] && repository.nodeNames == ["pi1", "worker-a"])
    #expect(repository.decoded().fleet?.node(named: "worker-a")?.resource(of: Host.self)?.hostname == "pi2")
  }
}
