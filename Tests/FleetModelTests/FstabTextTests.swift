import Testing

@testable import FleetModel

@Suite("fstab")
struct FstabTextTests {
  private static let text = """
    # /etc/fstab: static file system information.

    proc            /proc           proc    defaults          0       0
    PARTUUID=1-02\t/               ext4    defaults,noatime  0       1  # root
    /dev/sda1  /mnt/a\\040b/ ext4
    broken

    """
  private static let entry = FstabText.Entry(
    device: "UUID=x", path: "/mnt/new", type: "ext4", options: ["noatime", "nofail"], dump: 0, pass: 2)

  @Test("an edit that changes nothing gives the text back, letter for letter")
  func untouched() { #expect(FstabText(Self.text).setting(nil, at: "/mnt/new").text == Self.text) }

  @Test("a new entry comes last; all other lines stay as they are")
  func added() {
    let after = FstabText(Self.text).setting(Self.entry, at: "/mnt/new")
    #expect(after.text == Self.text + "UUID=x /mnt/new ext4 noatime,nofail 0 2\n")
    #expect(after.setting(nil, at: "/mnt/new").text == Self.text)
  }

  @Test("an entry is found by its path, however that is written, and replaced where it stands")
  func replaced() {
    let fstab = FstabText(Self.text)
    #expect(fstab.entries(at: "/mnt/a b").map(\.device) == ["/dev/sda1"])
    let entry = FstabText.Entry(device: "LABEL=a b", path: "/mnt/a b", type: "ext4", options: [], dump: 0, pass: 0)
    let lines = fstab.setting(entry, at: "/mnt/a b").text.split(separator: "\n")
    #expect(lines[3] == "LABEL=a\\040b /mnt/a\\040b ext4 defaults 0 0" && lines[4] == "broken")
  }

  @Test("of several entries for one path one is left")
  func twins() {
    let fstab = FstabText("a /m ext4\n# between\nb /m ext4\n")
    #expect(fstab.setting(Self.entry, at: "/m").text == "UUID=x /mnt/new ext4 noatime,nofail 0 2\n# between\n")
    #expect(fstab.setting(nil, at: "/m").text == "# between\n")
  }

  @Test("a last line without a line break, and carriage returns, are kept apart from what is added")
  func lineBreaks() {
    #expect(FstabText("a /m ext4").setting(Self.entry, at: "/x").text.hasPrefix("a /m ext4\nUUID=x"))
    let fstab = FstabText("a /m ext4 ro\r\nb /n ext4\r\n")
    #expect(fstab.entries(at: "/m").map(\.options) == [["ro"]])
    #expect(fstab.setting(nil, at: "/n").text == "a /m ext4 ro\r\n")
  }

  @Test("escapes are undone as they were made", arguments: ["a b", "a\tb", "a\\b", "a#b", "\\040", "ä", ""])
  func escapes(_ text: String) { #expect(FstabText.unescape(FstabText.escape(text)) == text) }
}
