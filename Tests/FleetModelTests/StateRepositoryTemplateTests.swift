import Testing

@testable import FleetModel

@Suite("a new state repository")
struct StateRepositoryTemplateTests {
  @Test("is valid as it is written")
  func valid() throws {
    let files = StateRepositoryTemplate.example.filter { $0.name.hasPrefix("inventory/") }
    let (fleet, diagnostics) = FleetDecoder.decode(files)
    #expect(diagnostics.all.map(\.description) == [])
    #expect(try #require(fleet).nodes.map(\.name) == ["pi1"])
  }

  @Test("stays valid when every line that is commented out is taken in")
  func uncommented() throws {
    let files = StateRepositoryTemplate.example.filter { $0.name.hasPrefix("inventory/") }.map { file in
      // Examples stand behind "# ", as `key:`, `- key:`, and the lines of a block; sentences begin with a capital.
      let lines = String(decoding: file.bytes, as: UTF8.self).split(separator: "\n").map { line -> String in
        let margin = String(line.prefix { $0 == " " })
        let rest = String(line.dropFirst(margin.count))
        guard rest.hasPrefix("# "), rest.contains(#/^# ( *(- )?[a-z][A-Za-z0-9]*:( |$)| +[\[S])/#) else {
          return String(line)
        }
        return margin + rest.dropFirst(2)
      }
      let text = lines.joined(separator: "\n").replacing("AAAA…", with: "AAAAC3NzaC1lZDI1NTE5AAAAIH27h")
      return InventoryFile(name: file.name, bytes: Array((text + "\n").utf8))
    }
    let (fleet, diagnostics) = FleetDecoder.decode(files)
    #expect(diagnostics.all.map(\.description) == [])
    let node = try #require(fleet?.nodes.first)
    #expect(fleet?.k3s != nil && node.role == .server)
    #expect(node.resource(of: Boot.self) != nil && node.resource(of: Sysctl.self) != nil)
    #expect(node.resource(of: Files.self)?.files.count == 1)
  }

  @Test("brings no name that stands outside of its directory")
  func names() {
    for file in StateRepositoryTemplate.example {
      #expect(!file.name.hasPrefix("/") && !file.name.split(separator: "/").contains(".."))
    }
  }
}
