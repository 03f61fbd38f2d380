import Testing

@testable import FleetModel

@Suite("the schema in the terminal")
struct ExplanationTests {
  @Test(
    "a place is found by a kind in any case, with or without spec, or by a key of a spec",
    arguments: [
      ("Node.spec.boot.cmdline", "Node.spec.boot.cmdline"), ("node.boot.cmdline", "Node.spec.boot.cmdline"),
      ("fleet.k3s", "Fleet.spec.k3s"), ("packages", "Profile.spec.packages"), ("address", "Node.spec.address"),
      ("packages.NAME.version", "Profile.spec.packages.NAME.version"), ("files[].path", "Profile.spec.files.path"),
      ("services.state", "Profile.spec.services.state"),
      ("CONTROLNODE.secrets.NAME.file", "ControlNode.spec.secrets.NAME.file"),
      ("Node", "Node"), ("Node.metadata.labels", "Node.metadata.labels"),
    ])
  func places(_ path: String, _ expected: String) throws {
    let place = try SchemaPath(path)
    #expect(([place.document] + place.keys).joined(separator: ".") == expected)
  }

  @Test(
    "a wrong path says which key there is not, and which was meant",
    arguments: [
      ("pakages", "there is no kind and no key \"pakages\"", "did you mean \"packages\"?"),
      ("", "there is no kind and no key \"\"", "fleetd explain lists what there is"),
      ("packages.verson", "\"packages\" has no key \"verson\"", "did you mean \"version\"?"),
      ("Node.spec.adress", "\"spec\" has no key \"adress\"", "did you mean \"address\"?"),
      ("files.path.x", "\"path\" has no keys of its own: it is <string>", nil),
      ("Node..boot", "the document has no key \"\"", nil),
      ("a\u{1B}[2Jb", "there is no kind and no key \"a\\x1b[2Jb\"", nil),
    ])
  func wrongPath(_ path: String, _ message: String, _ hint: String?) throws {
    let problem = #expect(throws: SchemaPath.Problem.self) { try SchemaPath(path) }
    #expect(problem?.message == message)
    if let hint { #expect(problem?.hint == hint) }
  }

  @Test("a field is explained by its type, its words, its rules and its keys")
  func field() throws {
    #expect(
      Explanation.text(of: try SchemaPath("services")) == """
        KIND:       Profile
        VERSION:    fleetd/v1

        FIELD: services <map[string]Object>

        DESCRIPTION:
            systemd units by name; a unit that does not exist satisfies enabled: false
            and state: stopped.

        RULES:
            each key is a systemd unit name

        FIELDS:
          enabled <boolean>
            Whether the unit starts at boot; default: as it is on the node.

          state <string>
            enum: started, stopped
            Whether the unit runs now; default: as it is on the node.

        """)
    let mode = Explanation.text(of: try SchemaPath("files.path"))
    #expect(mode.contains("FIELD: path <string> -required-\n") && mode.contains("RULES:\n    an absolute path\n"))
    #expect(Explanation.text(of: try SchemaPath("files")).contains("entries with the same path are merged"))
    #expect(Explanation.text(of: try SchemaPath("ssh.port")).contains("a whole number from 1 to 65535"))
  }

  @Test("every field of every document can be explained, within 80 columns, and says what it is")
  func everything() throws {
    func visit(_ schema: Schema, _ path: String) throws {
      for field in schema.fields {
        let place = "\(path).\(field.name)"
        let text = Explanation.text(of: try SchemaPath(place))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(place)")
        #expect(field.summary.hasSuffix(".") && field.summary.count > 10, "\(place): \(field.summary)")
        try visit(field.schema, place)
      }
    }
    for (kind, schema) in SchemaPath.documents { try visit(schema, kind) }
  }

  @Test("the overview names every document and every kind of a node")
  func overview() {
    let text = Explanation.overview()
    for name in SchemaPath.documents.map(\.kind) + SchemaPath.topics {
      #expect(text.contains("\n  \(name) "), "\(name)")
    }
  }

  @Test("the tree has the names and types of everything below, indented")
  func tree() throws {
    #expect(
      Explanation.tree(of: try SchemaPath("Fleet.ssh")) == """
        Fleet.spec.ssh <Object>
          user <string>
          port <integer>
          proxyJump <Object>
            address <string> -required-
            user <string>
            port <integer>
            hostKeys <[]string>

        """)
    let whole = Explanation.tree(of: try SchemaPath("Node"))
    #expect(whole.contains("\n    files <[]Object>\n      path <string> -required-\n"))
    #expect(Explanation.tree(of: try SchemaPath("Fleet")).contains("    reprovision <Object>\n"))
    #expect(!whole.contains(" secret <"))
  }
}
