import Testing

@testable import FleetModel

@Suite("the plan for packages")
struct PackagesPlanTests {
  /// As apt-cache madison and dpkg-query print.
  static let nfsOffers = """
    nfs-common |  1:2.6.2-4 | http://deb.example/debian bookworm/main arm64 Packages
    nfs-common |  1:2.6.1-1 | http://deb.example/debian bookworm/main arm64 Packages
    """

  static func installed(_ name: String, _ version: String, want: String = "install") -> String {
    "\(name)\tarm64\t\(version)\t\(want)\tinstalled\tok\n"
  }

  @Test("is empty when every wish is fulfilled")
  func inSync() throws {
    let fixture = PackagesFixture(
      dpkg: Self.installed("nfs-common", "1:2.6.2-4", want: "hold") + Self.installed("jq", "1.6-2.1")
        + "dphys-swapfile\tall\t20100506-7\tdeinstall\tconfig-files\tok\n"
        + "bluetooth\t\t\tunknown\tnot-installed\tok",
      listsAge: nil
    )
    let plan = try fixture.plan([
      .present("nfs-common", "1:2.6*", hold: true), .present("jq", hold: false), .absent("dphys-swapfile"),
      .absent("bluetooth"), .absent("never-heard-of"),
    ])
    #expect(plan.changeSets.isEmpty)
    #expect(plan.findings.isEmpty)
  }

  @Test("installs, changes and removes in one run of apt")
  func oneRun() throws {
    let fixture = PackagesFixture(
      dpkg: Self.installed("nfs-common", "1:2.6.1-1") + Self.installed("dphys-swapfile", "20100506-7"),
      versions: Self.nfsOffers + "\njq | 1.6-2.1 | http://deb.example/debian bookworm/main arm64 Packages",
      simulation: """
        Remv dphys-swapfile [20100506-7]
        Inst libjq1 (1.6-2.1 Debian:12.5 [arm64])
        Inst jq (1.6-2.1 Debian:12.5 [arm64])
        Inst nfs-common [1:2.6.1-1] (1:2.6.2-4 Debian:12.5 [arm64])
        exit 0
        """
    )
    let plan = try fixture.plan([.absent("dphys-swapfile"), .present("nfs-common", "1:2.6.2*"), .present("jq")])
    #expect(
      plan.packageChanges == [
        Change(.remove, Packages.kind, "dphys-swapfile", from: .text("20100506-7")),
        Change(.add, Packages.kind, "jq", to: .text("1.6-2.1")),
        Change(
          .change,
          Packages.kind,
          "nfs-common",
          from: .text("1:2.6.1-1"),
          to: .text("1:2.6.2-4"),
          note: "with libjq1"
        ),
      ]
    )
    #expect(
      plan.aptLines == [
        ["no", "no", "no", "no", "3"], ["install", "jq", "1.6-2.1"], ["install", "nfs-common", "1:2.6.2-4"],
        ["remove", "dphys-swapfile"],
      ]
    )
    #expect(plan.changeSets[0].held == nil)
    #expect(plan.changeSets[0].disturbance == .none)
  }

  @Test("takes apt's candidate, not the highest version, when no version is asked for")
  func candidate() throws {
    let fixture = PackagesFixture(
      versions: Self.nfsOffers,
      simulation: "Inst nfs-common (1:2.6.1-1 Debian:12.5 [arm64])\nexit 0"
    )
    #expect(try fixture.plan([.present("nfs-common")]).aptLines?.last == ["install", "nfs-common", "1:2.6.1-1"])
  }

  @Test("says that a lower version is a downgrade, and allows it then only")
  func downgrade() throws {
    let fixture = PackagesFixture(
      dpkg: Self.installed("nfs-common", "1:2.6.2-4"),
      versions: Self.nfsOffers,
      simulation: "Inst nfs-common [1:2.6.2-4] (1:2.6.1-1 Debian:12.5 [arm64])\nexit 0"
    )
    let plan = try fixture.plan([.present("nfs-common", "1:2.6.1*")])
    #expect(plan.packageChanges.map(\.note) == ["downgrade"])
    #expect(plan.aptLines?.first == ["no", "no", "yes", "no", "1"])
  }

  @Test("changes a held package that is named, and holds it again")
  func held() throws {
    let fixture = PackagesFixture(
      dpkg: Self.installed("nfs-common", "1:2.6.1-1", want: "hold"),
      versions: Self.nfsOffers,
      simulation: "Inst nfs-common [1:2.6.1-1] (1:2.6.2-4 Debian:12.5 [arm64])\nexit 0"
    )
    let plan = try fixture.plan([.present("nfs-common", "1:2.6.2-4")])
    #expect(
      plan.aptLines == [
        ["no", "no", "no", "yes", "2"], ["install", "nfs-common", "1:2.6.2-4"], ["hold", "nfs-common"],
      ]
    )
    #expect(plan.packageChanges.map(\.note) == ["held, and held again"])
  }

  @Test("holds and releases without asking apt for anything")
  func holdsOnly() throws {
    let fixture = PackagesFixture(
      dpkg: Self.installed("jq", "1.6-2.1") + Self.installed("nfs-common", "1:2.6.2-4", want: "hold"),
      listsAge: nil
    )
    let plan = try fixture.plan([.present("jq", hold: true), .present("nfs-common", hold: false)])
    #expect(plan.packageChanges.map(\.name) == ["jq hold", "nfs-common hold"])
    #expect(plan.aptLines == [["no", "no", "no", "no", "2"], ["hold", "jq"], ["release", "nfs-common"]])
  }

  @Test("ignores instances of foreign architectures")
  func foreign() throws {
    let fixture = PackagesFixture(dpkg: "jq\tarmhf\t1.6-2.1\tinstall\tinstalled\tok\n")
    #expect(try fixture.plan([.absent("jq")]).changeSets.isEmpty)
  }

  @Test("refreshes old lists before it installs, and says how old they are")
  func oldLists() throws {
    let fixture = PackagesFixture(
      listsAge: 9 * 86_400,
      versions: Self.nfsOffers,
      simulation: "Inst nfs-common (1:2.6.2-4 Debian:12.5 [arm64])\nexit 0"
    )
    let plan = try fixture.plan([.present("nfs-common", "1:2.6*")])
    #expect(plan.packageChanges.map(\.note) == ["lists as of 9 days ago; they will be refreshed first"])
    #expect(plan.aptLines == [["no", "yes", "no", "no", "1"], ["install", "nfs-common", "1:2.6*"]])
  }

  @Test("installs on a node that has no lists yet")
  func noLists() throws {
    let plan = try PackagesFixture(listsAge: nil).plan([.present("jq"), .present("nfs-common", "1:2.6.2-4")])
    #expect(plan.packageChanges.map(\.after) == [.text("newest"), .text("1:2.6.2-4")])
    #expect(plan.aptLines?.first == ["no", "yes", "no", "no", "2"])
    #expect(plan.findings.isEmpty)
  }

  @Test("refreshes no lists to remove something")
  func removalNeedsNoLists() throws {
    let fixture = PackagesFixture(
      dpkg: Self.installed("jq", "1.6-2.1"),
      listsAge: nil,
      simulation: "Remv jq [1.6-2.1]\nexit 0"
    )
    #expect(try fixture.plan([.absent("jq")]).aptLines == [["no", "no", "no", "no", "1"], ["remove", "jq"]])
  }

  @Test("repairs what dpkg left half done, whoever wants the package")
  func repair() throws {
    let fixture = PackagesFixture(
      dpkg: Self.installed("jq", "1.6-2.1"),
      broken: "fleet-broken\thalf-configured\tok\nx\tinstalled\treinstreq",
      isInterrupted: true
    )
    let plan = try fixture.plan([.present("jq")])
    #expect(plan.packageChanges.map(\.action) == [.act])
    #expect(plan.packageChanges.map(\.name) == ["dpkg"])
    let note =
      "repair; dpkg was interrupted; half done: fleet-broken (half-configured), x (installed, to be reinstalled)"
    #expect(plan.packageChanges.map(\.note) == [note])
    #expect(plan.aptLines == [["yes", "no", "no", "no", "0"]])
  }

  @Test("does not believe a simulation on a broken database: the step asks again after the repair")
  func brokenSimulation() throws {
    let fixture = PackagesFixture(
      broken: "fleet-demo-plugin\tunpacked\tok",
      versions: Self.nfsOffers,
      simulation: "E: Unmet dependencies.\nexit 100"
    )
    let plan = try fixture.plan([.present("nfs-common")])
    #expect(plan.aptLines == [["yes", "no", "no", "no", "1"], ["install", "nfs-common", "*"]])
    #expect(plan.findings.isEmpty)
  }

  @Test("is held while the clock is off and during a first boot")
  func waits() throws {
    var fixture = PackagesFixture(dpkg: Self.installed("jq", "1.6-2.1"), simulation: "Remv jq [1.6-2.1]\nexit 0")
    fixture.clockSkew = -4000
    #expect(try fixture.plan([.absent("jq")]).changeSets.map(\.held?.reason) == [.clockSkew])
    fixture.clockSkew = 0
    fixture.firstBoot = "cloud-init is still running"
    #expect(try fixture.plan([.absent("jq")]).changeSets.map(\.held?.reason) == [.firstBoot])
  }

  @Test("names who holds apt's lock, when it has something to do")
  func lock() throws {
    var fixture = PackagesFixture(dpkg: Self.installed("jq", "1.6-2.1"), simulation: "Remv jq [1.6-2.1]\nexit 0")
    fixture.lock = "812\tunattended-upgr\t/var/lib/dpkg/lock-frontend"
    let plan = try fixture.plan([.absent("jq")])
    #expect(plan.findings.map(\.reason) == [.aptLocked])
    #expect(plan.findings[0].severity == .note)
    #expect(plan.findings[0].message.contains("unattended-upgr (process 812)"))
    #expect(plan.changeSets.count == 1)
    #expect(try fixture.plan([.present("jq")]).findings.isEmpty)
  }
}
