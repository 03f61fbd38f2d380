import Testing

@testable import FleetModel

@Suite("a repository from observation")
struct AdoptedRepositoryTests {
  private func repository(_ hosts: AdoptionFixture...) throws -> AdoptedRepository {
    try AdoptedRepository(hosts: try hosts.map { try $0.adopted() }, fleet: "home")
  }

  @Test("is valid, names each host as it names itself, and pins the keys that were accepted")
  func valid() throws {
    let repository = try repository(AdoptionFixture(), .second())
    let (fleet, messages) = repository.decoded()
    #expect(messages == [])
    let nodes = try #require(fleet).nodes
    #expect(nodes.map(\.name) == ["pi1", "pi2"] && repository.nodeNames == ["pi1", "pi2"])
    #expect(nodes.map(\.address) == ["192.0.2.11", "192.0.2.12"])
    #expect(nodes.allSatisfy { $0.ssh == SSHSettings(user: "pi", port: 22) && $0.hostKeys.count == 1 })
    #expect(nodes.allSatisfy { $0.architecture == .arm64 })
  }

  @Test(
    "pins the board by its serial number, which YAML must not take for a number; what is none is left out",
    arguments: [
      ("1000000012345678\n", "1000000012345678"), ("10000000e3640012\n", "10000000e3640012"),
      ("10000000ABCDEF01\n", "10000000abcdef01"), ("0\n", nil), ("10000000: e364001\n", nil),
    ] as [(String, String?)])
  func board(_ serial: String, expected: String?) throws {
    var host = AdoptionFixture()
    host.host["serial"] = serial
    let (fleet, messages) = try repository(host).decoded()
    #expect(messages == [])
    #expect(try #require(fleet?.nodes.first).resource(of: Host.self)?.serial == expected)
  }

  @Test("what hosts have alike stands in the profile, what differs in the node")
  func sharing() throws {
    let sysctl = (path: "/etc/sysctl.d/90-k8s.conf", mode: "0644", text: "net.ipv4.ip_forward = 1\n")
    var one = AdoptionFixture()
    one.files = [sysctl, ("/etc/modules-load.d/k3s.conf", "644", "overlay\n")]
    one.adoption["holds"] = "k3s-selinux\tall\t1.2-1\thold\tinstalled\nnfs-common\tarm64\t1:2.6.2-4\thold\tinstalled\n"
    var two = AdoptionFixture.second()
    two.files = [sysctl, ("/etc/modules-load.d/k3s.conf", "640", "br_netfilter\n")]
    two.adoption["holds"] = "nfs-common\tarm64\t1:2.6.2-4\thold\tinstalled\n"
    two.controllers = "cpuset cpu pids\n"
    let repository = try repository(one, two)
    #expect(repository.decoded().messages == [])
    let base = repository.text("inventory/profiles/base.yaml")
    #expect(base.contains("nfs-common: {version: \"1:2.6.2-4\", hold: true}") && !base.contains("k3s-selinux"))
    #expect(base.contains("cgroups: [cpu, cpuset, pids]") && base.contains("present: [cgroup_enable=memory]"))
    #expect(base.contains(sysctl.path) && !base.contains("overlay"))
    let pi1 = repository.text("inventory/nodes/pi1.yaml")
    #expect(pi1.contains("k3s-selinux: {version: \"1.2-1\", hold: true}") && pi1.contains("cgroups: [memory]"))
    #expect(pi1.contains("content: |\n        overlay\n") && !pi1.contains("mode:"))
    let pi2 = repository.text("inventory/nodes/pi2.yaml")
    #expect(pi2.contains("mode: \"0640\"") && pi2.contains("br_netfilter"))
    #expect(pi2.contains("# not live: the cgroup controller memory"))
  }

  @Test("another account or port stands where it is not that of most hosts")
  func login() throws {
    var third = AdoptionFixture.second()
    third.address = "192.0.2.13"
    third.host = ["hostname": "pi3\n", "serial": "3\n"]
    third.user = "ubuntu"
    third.port = 2222
    let nodes = try #require(try repository(AdoptionFixture(), .second(), third).decoded().fleet).nodes
    #expect(nodes.map(\.ssh.user) == ["pi", "pi", "ubuntu"] && nodes.map(\.ssh.port) == [22, 22, 2222])
  }

  @Test("two hosts of one name get two names, and keep the one that they have")
  func sameNames() throws {
    var twin = AdoptionFixture.second()
    twin.host["hostname"] = "pi1\n"
    let repository = try repository(AdoptionFixture(), twin)
    let nodes = try #require(repository.decoded().fleet).nodes
    #expect(nodes.map(\.name) == ["pi1", "pi1-2"])
    #expect(nodes.compactMap { $0.resource(of: Host.self)?.hostname } == ["pi1", "pi1"])
    #expect(repository.text("inventory/nodes/pi1-2.yaml").contains("# The host is not called as the node."))
  }

  @Test(
    "a host name that Kubernetes would not take is made fit",
    arguments: [("RaspberryPi", "raspberrypi"), ("pi_1.lan", "pi-1-lan"), ("-", "node"), ("", "node"), ("ö1", "1")]
  )
  func names(_ hostname: String, expected: String) throws {
    var host = AdoptionFixture()
    host.host["hostname"] = hostname + "\n"
    #expect(try repository(host).nodeNames == [expected])
  }

  @Test("the same machine twice, and one of another architecture, are refused with all that is wrong")
  func refusals() throws {
    var again = AdoptionFixture()
    again.address = "192.0.2.99"
    var old = AdoptionFixture.second()
    old.host["architecture"] = "armhf\n"
    let hosts = try [AdoptionFixture(), again, old].map { try $0.adopted() }
    do throws(AdoptionRefusal) {
      _ = try AdoptedRepository(hosts: hosts, fleet: "home")
      Issue.record("not refused")
    } catch {
      #expect(error.messages.count == 2)
      #expect(error.messages[0].contains("pi@192.0.2.12: it is armhf"))
      #expect(error.messages[1].contains("pi@192.0.2.99: it is the same machine as pi@192.0.2.11"))
    }
  }

  @Test("a parameter that the kernel has otherwise is said, and one that fleetd wrote becomes a parameter again")
  func parameters() throws {
    var host = AdoptionFixture()
    host.files = [("/etc/sysctl.d/90-k8s.conf", "644", "vm.swappiness=10\n-net.ipv4.ip_forward = 1\n# x\n")]
    host.adoption["live"] = "/proc/sys/vm/swappiness\t60\n/proc/sys/net/ipv4/ip_forward\t1\n"
    let base = try repository(host).text("inventory/profiles/base.yaml")
    #expect(base.contains("    # vm.swappiness is 60 now: something else has set it.\n    - path:"))
    #expect(!base.contains("ip_forward is"))

    let own = Sysctl(settings: [Sysctl.Setting(key: "net.ipv4.ip_forward", value: "1")])
    host.files = [(Sysctl.path, "644", own.content)]
    let again = try repository(host)
    #expect(again.text("inventory/profiles/base.yaml").contains("sysctl:\n    net.ipv4.ip_forward: \"1\"\n"))
    #expect(again.decoded().messages == [])
  }

  @Test("no file with a secret, no text that is none, and no options of a mount get into a repository")
  func secrets() throws {
    var host = AdoptionFixture()
    host.files = [
      ("/etc/sysctl.d/a.conf", "644", "kernel.core_pattern=http://user:hunter2@example.org/\n"),
      ("/etc/sysctl.d/b.conf", "644", "vm.swappiness=1\u{1}\n"), ("/etc/sysctl.d/c.conf", "644", "# only a comment\n"),
    ]
    host.adoption["mounts"] = "//nas/x /mnt cifs username=a,password=hunter2 0 0\n"
    host.adoption["others"] = "/etc/NetworkManager/system-connections/wifi.nmconnection\n../etc/x\n"
    let repository = try repository(host)
    let all = repository.files.map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
    #expect(!all.contains("hunter2") && !all.contains("\u{1}"))
    #expect(all.contains("# not managed: /etc/sysctl.d/a.conf: holds what looks like a password"))
    #expect(all.contains("# not managed: /etc/fstab: //nas/x /mnt cifs\n"))
    #expect(!all.contains("c.conf") && !all.contains("../etc/x") && all.contains("wifi.nmconnection"))
    #expect(repository.decoded().messages == [])
  }

  @Test("what a hostile node says stays text, and a comment")
  func hostile() throws {
    var host = AdoptionFixture()
    host.host = [
      "os-release": "PRETTY_NAME=\"x\u{1B}]0;t\u{7}\rspec: {}\"\n", "model": "a\nkind: Fleet\n",
      "kernel": "k\u{2028}y: 1\n",
    ]
    host.adoption = [
      "accounts": "a: &b:1000\n", "mounts": "x\u{85}y: 1 /a b\n", "zone": "/usr/share/zoneinfo/../x y\n",
    ]
    host.files = [("/etc/modules", "644", "a: b\n---\n{x\n\"\n\t- &a *b\n")]
    let repository = try repository(host)
    #expect(repository.decoded().messages == [])
    for file in repository.files where file.name.hasPrefix("inventory/") {
      #expect(file.bytes.allSatisfy { $0 == 0x0A || $0 == 0x09 || (0x20..<0x7F).contains($0) }, "\(file.name)")
    }
    let node = try #require(repository.decoded().fleet?.nodes.first)
    #expect(node.resource(of: Files.self)?.files.first?.content == Content("a: b\n---\n{x\n\"\n\t- &a *b\n"))
  }

  @Test("a command line that is no Pi's is left alone, and said")
  func commandLine() throws {
    var host = AdoptionFixture()
    host.commandLine = nil
    let base = try repository(host).text("inventory/profiles/base.yaml")
    #expect(!base.contains("cmdline:") && base.contains("# not managed: cmdline.txt: found none of the known files"))
    // A parameter that is in the file alone waits for a reboot: declaring it would ask for one.
    host.commandLine = "root=x cgroup_memory=1 cgroup_enable=memory\n"
    #expect(try repository(host).text("inventory/profiles/base.yaml").contains("present: [cgroup_enable=memory]"))
  }
}
