import Testing

@testable import FleetModel

@Suite("k3s: versions, upgrades, checksums")
struct K3sVersionTests {
  @Test("a respin is newer than what it respins, a candidate older than its release")
  func order() throws {
    let texts = ["v1.32.9+k3s1", "v1.33.4-rc1+k3s1", "v1.33.4+k3s1", "v1.33.4+k3s2", "v1.33.10+k3s1", "v1.34.0+k3s1"]
    let versions = try texts.map { try #require(K3sVersion($0)) }
    #expect(versions.shuffled().sorted() == versions)
    #expect(versions.map(\.description) == texts)
  }

  @Test(
    "channels, other distributions and half versions are no versions",
    arguments: [
      "stable", "v1.33", "v1.33.4", "1.33.4+k3s1", "v1.33.4+rke2r1", "v1.33.4+k3s", "v1.33.4+k3s1 ", "v1.-3.4+k3s1", "",
    ]
  )
  func malformed(text: String) { #expect(K3sVersion(text) == nil) }

  private func verdict(
    _ installed: String?,
    _ wanted: String,
    _ role: Role = .server,
    isLiving: Bool = true,
    server: String? = nil
  ) throws -> K3sUpgradeRule.Verdict {
    K3sUpgradeRule.verdict(
      from: installed.flatMap { K3sVersion($0) },
      to: try #require(K3sVersion(wanted)),
      role: role,
      isLiving: isLiving,
      server: server.flatMap { K3sVersion($0) }
    )
  }

  @Test("a server goes up a patch, a respin or one minor version")
  func allowed() throws {
    for wanted in ["v1.33.4+k3s1", "v1.33.4+k3s2", "v1.33.9+k3s1", "v1.34.1+k3s1"] {
      #expect(try verdict("v1.33.4+k3s1", wanted) == .allowed)
    }
    #expect(try verdict(nil, "v1.33.4+k3s1") == .allowed)
  }

  @Test("a living node never goes back")
  func downgrade() throws {
    for (role, server) in [(Role.server, nil), (.agent, "v1.33.4+k3s1")] as [(Role, String?)] {
      guard case .refused(let reason, _, _) = try verdict("v1.33.4+k3s2", "v1.33.4+k3s1", role, server: server) else {
        Issue.record("not refused for a \(role)")
        continue
      }
      #expect(reason == .k3sDowngrade)
    }
    #expect(try verdict("v1.33.4+k3s2", "v1.33.4+k3s1", isLiving: false) == .allowed)
  }

  @Test("a server that would skip a minor version is refused, and the next step named")
  func skipped() throws {
    guard case .refused(let reason, _, let next) = try verdict("v1.32.6+k3s1", "v1.34.1+k3s1") else {
      Issue.record("not refused")
      return
    }
    #expect(reason == .k3sSkippedMinor)
    #expect(next.contains("v1.33"))
  }

  @Test("an agent that was away catches up over several minor versions, up to its server's")
  func agentCatchesUp() throws {
    #expect(try verdict("v1.31.1+k3s1", "v1.33.4+k3s1", .agent, server: "v1.33.4+k3s1") == .allowed)
  }

  @Test("an agent waits for a server that is older, or unknown")
  func agentWaits() throws {
    for server in ["v1.33.4+k3s1", nil] {
      guard case .waitsForServer = try verdict("v1.33.4+k3s1", "v1.33.5+k3s1", .agent, server: server) else {
        Issue.record("does not wait for \(server ?? "an unknown server")")
        continue
      }
    }
  }

  private static let sums = """
    \(String(repeating: "1", count: 64))  k3s-airgap-images-arm64.tar.zst
    \(String(repeating: "2", count: 64))  k3s-arm64
    \(String(repeating: "3", count: 64)) *k3s

    """

  @Test("the binary's sum is found among those of the images, in text and in binary mode")
  func sum() throws {
    #expect(try K3sChecksums.sum(of: "k3s-arm64", in: Array(Self.sums.utf8)) == String(repeating: "2", count: 64))
    #expect(try K3sChecksums.sum(of: "k3s", in: Array(Self.sums.utf8)) == String(repeating: "3", count: 64))
  }

  @Test("names of a release's files: amd64 has no suffix")
  func names() throws {
    let version = try #require(K3sVersion("v1.33.4+k3s1"))
    #expect(K3sRelease(version, for: .arm64).binaryPath == "v1.33.4+k3s1/k3s-arm64")
    #expect(K3sRelease(version, for: .amd64).binaryPath == "v1.33.4+k3s1/k3s")
    #expect(K3sRelease(version, for: .amd64).checksumsPath == "v1.33.4+k3s1/sha256sum-amd64.txt")
  }

  @Test(
    "a checksum file that tells nothing certain is refused",
    arguments: [
      ("", K3sChecksums.Problem.notListed("k3s")),
      ("<html>not found</html>", .notListed("k3s")),
      ("\(String(repeating: "1", count: 64))  xk3s", .notListed("k3s")),
      ("1234  k3s", .malformed("k3s")),
      ("\(String(repeating: "g", count: 64))  k3s", .malformed("k3s")),
      ("\(String(repeating: "1", count: 64))  evil k3s", .malformed("k3s")),
      ("\(String(repeating: "1", count: 64))  k3s\n\(String(repeating: "2", count: 64))  k3s", .ambiguous("k3s")),
      (String(repeating: "x", count: 70_000), .tooLong(bytes: 70_000)),
    ]
  )
  func badSums(text: String, problem: K3sChecksums.Problem) {
    #expect(throws: problem) { try K3sChecksums.sum(of: "k3s", in: Array(text.utf8)) }
  }
}
