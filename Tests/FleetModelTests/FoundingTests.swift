import Testing

@testable import FleetModel

@Suite("who founds the cluster, and who joins it")
struct FoundingTests {
  private typealias Server = Founding.Server

  private func founding(
    _ datastores: [Server.Datastore], agents: [String] = [], known: String? = nil, isOrdered: Bool = false,
    selected: Set<Int>? = nil
  ) -> Founding {
    let servers = datastores.enumerated().map { index, datastore in
      Server(
        name: "s\(index + 1)", url: "https://s\(index + 1):6443", datastore: datastore,
        isSelected: selected?.contains(index + 1) ?? true)
    }
    return Founding(servers: servers, agents: agents, known: known, isOrdered: isOrdered)
  }

  private static let living = Server.Datastore.present(isRunning: true)
  private static let stopped = Server.Datastore.present(isRunning: false)

  @Test("of blank servers the first founds, the others wait for it")
  func blank() {
    let founding = founding([.none, .none, .none])
    #expect(founding.start(of: "s1") == .founds)
    #expect(founding.start(of: "s2") == .waits("it joins when s1 has founded the cluster"))
    #expect(founding.start(of: "s3") == .waits("it joins when s1 has founded the cluster"))
  }

  @Test("a blank server beside a living member joins, also the first one")
  func joins() {
    let founding = founding([.none, Self.living, .unknown], agents: ["a"], known: "ca")
    #expect(founding.start(of: "s1") == .joins(["https://s2:6443"]))
    #expect(founding.start(of: "s2") == .goesOn)
  }

  @Test("a member that does not run is started before a blank server joins it")
  func stoppedMember() {
    let founding = founding([.none, Self.stopped])
    #expect(founding.start(of: "s2") == .goesOn)
    guard case .waits(let why) = founding.start(of: "s1") else {
      Issue.record("it does not wait")
      return
    }
    #expect(why.contains("s2"))
  }

  @Test("what speaks for a cluster that was not seen refuses the founding, each by its name")
  func refused() {
    let cases: [(Founding, String)] = [
      (founding([.none, .unknown, .unknown]), "s2, s3 could not be observed and may hold the cluster"),
      (founding([.none], agents: ["a1"]), "a1 carries the CA of a cluster"),
      (founding([.none], known: String(repeating: "ab", count: 32)), "its CA is abababababab…"),
    ]
    for (founding, words) in cases {
      guard case .refused(let why) = founding.start(of: "s1") else {
        Issue.record("not refused: \(words)")
        continue
      }
      #expect(why.contains(words), "\(why)")
    }
  }

  @Test("an order to found counts for more than all of it, and never where a member was seen")
  func ordered() {
    #expect(founding([.none, .unknown], agents: ["a"], known: "ca", isOrdered: true).start(of: "s1") == .founds)
    #expect(founding([.none, Self.living], isOrdered: true).start(of: "s1") == .joins(["https://s2:6443"]))
    #expect(founding([.none, Self.stopped], isOrdered: true).start(of: "s1") != .founds)
  }

  @Test("a narrowed run founds on a server that it may change, or on none")
  func narrowed() {
    #expect(founding([.none, .none], selected: [2]).start(of: "s2") == .founds)
    #expect(founding([.none, .none], selected: []).start(of: "s1") != .founds)
  }

  @Test("whatever was seen, at most one server founds, and none beside a datastore")
  func exhaustive() {
    let kinds: [Server.Datastore] = [.unknown, .none, Self.stopped, Self.living]
    for first in kinds {
      for second in kinds {
        for third in kinds {
          for known in [nil, "ca"] {
            for isOrdered in [false, true] {
              let all = [first, second, third]
              let founding = founding(all, known: known, isOrdered: isOrdered)
              let founders = ["s1", "s2", "s3"].filter { founding.start(of: $0) == .founds }
              #expect(founders.count <= 1)
              if all.contains(Self.stopped) || all.contains(Self.living) { #expect(founders.isEmpty) }
              if !isOrdered, known != nil || all.contains(.unknown) { #expect(founders.isEmpty) }
            }
          }
        }
      }
    }
  }
}
