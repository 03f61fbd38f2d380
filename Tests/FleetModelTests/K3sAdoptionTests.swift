import Testing
import YAMLSource

@testable import FleetModel

@Suite("k3s: read for an inventory")
struct K3sAdoptionTests {
  private func adoption(_ takeover: K3sTakeoverFixture) throws -> K3sAdoption {
    let bytes = try takeover.complete.bytes(for: takeover.fixture.k3s(), takeover.fixture)
    return K3sAdoption.read(from: try K3s.parse(try ProbeTranscript(parsing: bytes).section(K3s.kind)))
  }

  @Test("a server of install.sh's is told in the inventory's words")
  func server() throws {
    var takeover = K3sTakeoverFixture(.server)
    takeover.arguments = [
      "--disable", "traefik", "--tls-san=k3s.lan,pi.lan", "--node-ip", "192.0.2.3", "--write-kubeconfig-mode", "644",
      "--node-label", "rack=a", "--node-taint", "a=b:NoSchedule", "--cluster-init", "--flannel-backend=vxlan",
      "--node-name", "pi9",
    ]
    let adoption = try adoption(takeover)
    #expect(adoption.inexpressible.isEmpty)
    #expect(adoption.role == .server)
    #expect(adoption.version == K3sVersion(K3sFixture.wanted))
    #expect(adoption.datastore == .etcd)
    #expect(adoption.nodeName == "pi9")
    #expect(adoption.endpoint == nil)
    #expect(
      K3sYAML.oneLine(adoption.common)
        == #"{disable: [traefik], tls-san: [k3s.lan, pi.lan], write-kubeconfig-mode: "644"}"#
    )
    #expect(K3sYAML.oneLine(adoption.own) == #"{node-ip: ["192.0.2.3"]}"#)
    #expect(adoption.labels == ["rack": "a"])
    #expect(adoption.taints == ["a=b:NoSchedule"])
    #expect(adoption.tokenDigest == K3sHidden.digest(of: K3sFixture.token))
    #expect(adoption.secretFiles.contains("/etc/systemd/system/k3s.service.env"))
  }

  @Test("an agent's environment, registries and secrets are named, and what was read makes its check in sync")
  func agent() throws {
    var takeover = K3sTakeoverFixture(.agent)
    takeover.environment += ["NO_PROXY=.lan", "HTTPS_PROXY=\(K3sTakeoverFixture.hidden("hunter2"))"]
    takeover.arguments = ["--kubelet-arg=max-pods=50", "--kubelet-arg=v=2", "--debug"]
    let password = K3sTakeoverFixture.hidden("hunter2")
    takeover.answer.files[K3sPaths.registries] = .text(
      "configs: {a.lan: {auth: {username: pi, password: '\(password)'}}}\n")
    let adoption = try adoption(takeover)
    #expect(adoption.inexpressible.isEmpty)
    #expect(adoption.role == .agent)
    #expect(adoption.endpoint == "https://k3s.lan:6443")
    #expect(adoption.secrets.map(\.name) == ["https_proxy", "registry-a.lan"])
    #expect(adoption.secrets.allSatisfy { $0.digest == K3sHidden.digest(of: "hunter2") })
    #expect(adoption.datastore == nil)

    func renamed(_ yaml: String) -> String {
      yaml.replacing("https_proxy", with: "registry").replacing("registry-a.lan", with: "registry")
    }
    takeover.fixture.agentConfig = K3sYAML.oneLine(adoption.common)
    takeover.fixture.nodeConfig = K3sYAML.oneLine(adoption.own)
    takeover.fixture.environment = renamed(K3sYAML.oneLine(adoption.environment))
    takeover.fixture.registries = renamed(K3sYAML.oneLine(try #require(adoption.registries)))
    let plan = try takeover.plan()
    #expect(plan.changeSets.isEmpty)
    #expect(plan.findings.map(\.severity) == [.note], "\(plan.findings)")
  }

  @Test("what no inventory can say is told, each with what to do")
  func inexpressible() throws {
    var takeover = K3sTakeoverFixture(.server)
    takeover.arguments = [
      "--datastore-endpoint", "mysql://db", "--data-dir=/mnt/k3s",
      "--kube-apiserver-arg=api-token=\(K3sTakeoverFixture.hidden("x"))", "--no-such=1",
    ]
    takeover.furtherUnitLines = ["MemoryMax=1G"]
    takeover.answer.withheld = ["/etc/rancher/k3s/config.yaml.d/a.yaml"]
    let problems = try adoption(takeover).inexpressible
    for mention in [
      "datastore-endpoint", "/var/lib/rancher", "kube-apiserver-arg with a secret", "no-such", "MemoryMax", "a.yaml",
    ] {
      #expect(problems.filter { $0.contains(mention) }.count == 1, "\(mention): \(problems)")
    }
  }

  @Test("a node without k3s, and one that is fleetd's already")
  func nothing() throws {
    let fixture = K3sFixture()
    let blank = try K3s.parse(
      try ProbeTranscript(parsing: try Answer.blank.bytes(for: fixture.k3s(), fixture)).section(K3s.kind)
    )
    #expect(K3sAdoption.read(from: blank).role == nil)
    #expect(K3sAdoption.read(from: blank).inexpressible.isEmpty)
    let own = try K3s.parse(
      try ProbeTranscript(parsing: try Answer().bytes(for: fixture.k3s(), fixture)).section(K3s.kind)
    )
    #expect(K3sAdoption.read(from: own).role == nil)
    #expect(K3sAdoption.read(from: own).inexpressible == ["k3s-agent.service is fleetd's already"])
  }

  @Test("the question needs no desired state")
  func request() {
    #expect(K3s.adoptionRequest.kind == K3s.kind)
    #expect(K3s.adoptionRequest.lines == [["-", "-"], ["unknown", "k3s", K3sPaths.config]])
  }
}
