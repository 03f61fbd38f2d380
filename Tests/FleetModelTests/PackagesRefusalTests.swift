import Testing

@testable import FleetModel

@Suite("what the plan for packages refuses")
struct PackagesRefusalTests {
  static let demo = PackagesPlanTests.installed("fleet-demo", "1.0-1")
  static let offers = """
    fleet-demo |      2.0-1 | http://deb.example/debian bookworm/main arm64 Packages
    fleet-demo |      1.0-1 | http://deb.example/debian bookworm/main arm64 Packages
    """
  static let removing = """
    Remv fleet-demo-plugin [1.0-1]
    Inst fleet-demo [1.0-1] (2.0-1 fleetlab:bookworm [all])
    exit 0
    """

  @Test("a run that would remove what nobody asked to remove, and leaves no step to run")
  func unaskedRemoval() throws {
    let fixture = PackagesFixture(dpkg: Self.demo, versions: Self.offers, simulation: Self.removing)
    let plan = try fixture.plan([.present("fleet-demo", "2*")])
    #expect(plan.changeSets.isEmpty)
    #expect(plan.findings.map(\.reason) == [.packageWouldRemove])
    #expect(plan.findings[0].severity == .refused)
    #expect(plan.findings[0].message.contains("fleet-demo-plugin"))
  }

  @Test("not a removal that is asked for")
  func askedRemoval() throws {
    let fixture = PackagesFixture(
      dpkg: Self.demo + PackagesPlanTests.installed("fleet-demo-plugin", "1.0-1"),
      versions: Self.offers,
      simulation: Self.removing
    )
    let plan = try fixture.plan([.present("fleet-demo", "2*"), .absent("fleet-demo-plugin")])
    #expect(plan.findings.isEmpty)
    #expect(plan.packageChanges.map(\.action) == [.change, .remove])
  }

  @Test("a run that would remove fleetd's way in, by its own reason")
  func protectedRemoval() throws {
    let fixture = PackagesFixture(
      dpkg: PackagesPlanTests.installed("libssl3", "3.0"),
      simulation: "Remv openssh-server [1]\nRemv libssl3 [3.0]\nexit 0"
    )
    let plan = try fixture.plan([.absent("libssl3")])
    #expect(plan.changeSets.isEmpty)
    #expect(plan.findings.map(\.reason) == [.packageProtected])
  }

  @Test("nothing by old lists, which the step refreshes before it asks apt again; but it says so")
  func oldLists() throws {
    let fixture = PackagesFixture(
      dpkg: Self.demo,
      listsAge: 2 * 86_400,
      versions: Self.offers,
      simulation: Self.removing
    )
    let plan = try fixture.plan([.present("fleet-demo", "2*")])
    #expect(plan.changeSets.count == 1)
    #expect(plan.findings.map(\.severity) == [.note])
    #expect(plan.findings.map(\.reason) == [.packageWouldRemove])
  }

  @Test("a name that fresh lists do not offer, while the others go on")
  func unknownName() throws {
    let fixture = PackagesFixture(
      versions: PackagesPlanTests.nfsOffers,
      simulation: "Inst nfs-common (1:2.6.2-4 Debian:12.5 [arm64])\nexit 0"
    )
    let plan = try fixture.plan([.present("nfs-comon"), .present("nfs-common")])
    #expect(plan.findings.map(\.reason) == [.packageNotFound])
    #expect(plan.findings[0].severity == .blocked)
    #expect(plan.findings[0].message.contains("nfs-comon"))
    #expect(plan.packageChanges.map(\.name) == ["nfs-common"])
  }

  @Test("a version that fresh lists do not offer, and tells what they do")
  func unknownVersion() throws {
    let plan = try PackagesFixture(versions: PackagesPlanTests.nfsOffers).plan([.present("nfs-common", "1:2.8*")])
    #expect(plan.changeSets.isEmpty)
    #expect(plan.findings.map(\.reason) == [.packageNotFound])
    #expect(plan.findings[0].next?.contains("1:2.6.2-4, 1:2.6.1-1") == true)
  }

  @Test("wishes that apt finds no way to fulfil, with apt's own words")
  func unmet() throws {
    let fixture = PackagesFixture(
      dpkg: Self.demo,
      versions: Self.offers,
      simulation: " fleet-demo : Depends: libx (>= 2) but 1 is to be installed\nE: Unable to correct problems\nexit 100"
    )
    let plan = try fixture.plan([.present("fleet-demo", "2*")])
    #expect(plan.changeSets.isEmpty)
    #expect(plan.findings.map(\.severity) == [.blocked])
    #expect(plan.findings[0].message.contains("Depends: libx (>= 2)"))
  }
}
