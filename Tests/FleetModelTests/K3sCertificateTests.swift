import Testing

@testable import FleetModel

@Suite("k3s' certificates")
struct K3sCertificateTests {
  /// Valid until 2027-11-26T22:17:14Z, as UTCTime.
  static let leaf =
    "MIIBuDCCAV2gAwIBAgIUZPYXTrylpwpeJa9R9z47Eg7G2yMwCgYIKoZIzj0EAwIwMTEVMBMGA1UECgwMc3lzdGVtOm5vZGVzMRgwFgYDVQQDDA9zeXN0"
    + "ZW06bm9kZTpwaTEwHhcNMjYxMTI2MjIxNzE0WhcNMjcxMTI2MjIxNzE0WjAxMRUwEwYDVQQKDAxzeXN0ZW06bm9kZXMxGDAWBgNVBAMMD3N5c3RlbTpu"
    + "b2RlOnBpMTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNuPjQRn66p063IP2//NuUoklFShRZOBT2WEqZEotzkA6tacqEV5l/WVZ0iZkY6oLkSwNOVj"
    + "kTWye47I2FWDC9WjUzBRMB0GA1UdDgQWBBREGcnb1C5kYSELYEkeiTM2jNfPtjAfBgNVHSMEGDAWgBREGcnb1C5kYSELYEkeiTM2jNfPtjAPBgNVHRMB"
    + "Af8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQD1/g8UZMbgT7HKktytT5MPNXFDn4twHVqPWYn40qsqBgIhAOMW40Fb+qfN49F9R3iSNbLWwvj47VGX"
    + "/1GCCDsEgVtu"
  static let leafEnd = 1_827_267_434
  /// Valid until 2055-05-18T22:17:16Z, as GeneralizedTime.
  private static let late =
    "MIIBbzCCARWgAwIBAgIUBxHTnbobqznvi3ZpeOFlI1uLYbowCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBeDAgFw0yNjExMjYyMjE3MTZaGA8yMDU1MDUx"
    + "ODIyMTcxNlowDDEKMAgGA1UEAwwBeDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABOZdPjiQO7TBbtMd0MPj7WnkWsU1ryAcPpKrMnsO1JzV9gO7c8Cu"
    + "C1Uzvt0fRcOCks1HOjib1k1YHq0/isY6MtmjUzBRMB0GA1UdDgQWBBQzP1b7nMLsS5uD+5+P9Z6PdlPcADAfBgNVHSMEGDAWgBQzP1b7nMLsS5uD+5+P"
    + "9Z6PdlPcADAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIHmRMilwWdLnGmudP9moI8CyYdaUpNHkKELk2sRueXdiAiEA5W5ukcaM2as+"
    + "/C44YHG9/GajsOabzyQZWn9GXlCN9O0="

  @Test("the end of a certificate is read from either form of a time")
  func dates() {
    #expect(K3sCertificate(fields: ["/a.crt", Self.leaf], times: [:])?.expiresAt == Self.leafEnd)
    #expect(K3sCertificate(fields: ["/a.crt", Self.late], times: [:])?.expiresAt == 2_694_291_436)
  }

  @Test("what is cut or changed is no certificate, and ends nobody's run")
  func hostile() throws {
    let bytes = try #require(Base64.decode(Self.leaf))
    #expect(CertificateDates.notAfter(in: []) == nil)
    for count in 0..<bytes.count { #expect(CertificateDates.notAfter(in: Array(bytes.prefix(count))) == nil) }
    for index in bytes.indices {
      for value: UInt8 in [0x00, 0x30, 0x7F, 0x80, 0x84, 0xFF] {
        var changed = bytes
        changed[index] = value
        _ = CertificateDates.notAfter(in: changed)
      }
    }
    #expect(K3sCertificate(fields: ["/a.crt"], times: [:]) == nil)
    #expect(K3sCertificate(fields: ["/a.crt", "no base64"], times: [:]) == nil)
  }

  private static let day = 86_400
  private static let now = 1_800_000_000

  private static func renewal(daysLeft: Int, runningFor: Int?) -> K3sRenewal? {
    let certificates = [
      K3sCertificate(path: "/late.crt", expiresAt: now + 400 * day),
      K3sCertificate(path: "/first.crt", expiresAt: now + daysLeft * day),
    ]
    return K3sRenewal(of: certificates, now: now, runningFor: runningFor)
  }

  @Test(
    "a restart is planned inside every release's window, and said to be late near the end",
    arguments: [
      // days left, days that k3s runs, due, warned of, stuck
      (120, 245, false, false, false),
      (75, 290, false, false, false),
      (74, 291, true, false, false),
      (30, 335, true, false, false),
      (29, 336, true, true, false),
      (-3, 368, true, true, false),
      // Started since it was due, and nothing came of it.
      (74, 0, true, true, true),
      (60, 10, true, true, true),
      // Started the day before it was due.
      (60, 16, true, false, false),
    ]
  )
  func renewals(_ left: Int, _ running: Int, _ isDue: Bool, _ isWarning: Bool, _ isStuck: Bool) {
    let renewal = Self.renewal(daysLeft: left, runningFor: running * Self.day)
    #expect((renewal != nil) == isDue)
    #expect((renewal?.isWarning ?? false) == isWarning && (renewal?.isStuck ?? false) == isStuck)
    if let renewal { #expect(renewal.certificate.path == "/first.crt" && renewal.daysLeft == left) }
  }

  @Test("a file that was written since the start says nothing about the start")
  func written() {
    for (seconds, isStuck) in [(-600, false), (0, true), (600, true)] {
      let certificate = K3sCertificate(
        path: "/c.crt", expiresAt: Self.now + 60 * Self.day, writtenAt: Self.now - 3600 - seconds)
      #expect(K3sRenewal(of: [certificate], now: Self.now, runningFor: 3600)?.isStuck == isStuck)
    }
  }

  @Test("says the day, and how many are left")
  func words() {
    #expect(Self.renewal(daysLeft: 24, runningFor: nil)?.words == "certificates expire on 2027-02-08, in 24 days")
    #expect(Self.renewal(daysLeft: 1, runningFor: nil)?.words == "certificates expire on 2027-01-16, in 1 day")
    #expect(Self.renewal(daysLeft: -2, runningFor: nil)?.words == "certificates have expired on 2027-01-13")
    #expect(K3sRenewal(of: [], now: 0, runningFor: nil) == nil)
  }
}

@Suite("k3s is restarted before its certificates end")
struct K3sRenewalPlanTests {
  private static let day = 86_400
  /// Of the fixture's node, which is the control node's as well.
  private static let now = 1_700_000_000

  private static func answer(endingIn days: Int, startedBefore running: Int, state: String = "active") -> Answer {
    var answer = Answer()
    answer.state = state
    answer.records = [
      ("uptime", "\(running * day + 100)"), ("certificates", "/c.crt\t" + K3sCertificateTests.leaf),
    ]
    answer.activeSince = 100
    answer.clockShift = K3sCertificateTests.leafEnd - days * day - now
    return answer
  }

  private static func plan(_ answer: Answer) throws -> KindPlan {
    var fixture = K3sFixture()
    fixture.facts = K3sFixture.facts(clock: now + answer.clockShift)
    return try fixture.plan(answer)
  }

  @Test("nothing but a restart, in its turn like every other")
  func restart() throws {
    let plan = try Self.plan(Self.answer(endingIn: 60, startedBefore: 300))
    #expect(plan.changes.map(\.note) == ["restart: certificates expire on 2027-11-26, in 60 days"])
    #expect(plan.changes.map(\.action) == [.act] && plan.changeSets.map(\.disturbance) == [.restartsK3s])
    #expect(plan.steps.map(\.title) == ["mark k3s-agent.service for a restart", "start k3s-agent"])
    #expect(plan.findings.isEmpty)
  }

  @Test("long before there is nothing to do or say")
  func early() throws {
    let plan = try Self.plan(Self.answer(endingIn: 200, startedBefore: 165))
    #expect(plan.changeSets.isEmpty && plan.findings.isEmpty)
  }

  @Test("near the end it is said as well")
  func late() throws {
    let plan = try Self.plan(Self.answer(endingIn: 5, startedBefore: 360))
    #expect(plan.changeSets.count == 1)
    #expect(plan.findings.map(\.reason) == [.k3sCertificatesExpire] && plan.findings.map(\.severity) == [.note])
  }

  @Test("a restart that did not help is not done again")
  func stuck() throws {
    let plan = try Self.plan(Self.answer(endingIn: 60, startedBefore: 1))
    #expect(plan.changeSets.isEmpty)
    #expect(plan.findings.first?.next?.contains("did not renew it") == true)
  }

  @Test("one that does not run is started for that reason alone")
  func stopped() throws {
    let plan = try Self.plan(Self.answer(endingIn: 60, startedBefore: 300, state: "failed"))
    #expect(plan.changes.map(\.note) == ["start: it is failed (exit-code)"])
  }
}
