import Foundation
import Testing

@testable import FleetModel

@Suite("the health of a Pi")
struct HealthTests {
  private func fixture(_ records: [ModelFixture.Record], model: String? = nil) -> ModelFixture {
    var fixture = ModelFixture("")
    fixture.sections["health"] = records
    if let model { fixture.host = ["model": model] }
    return fixture
  }

  private func reasons(_ records: ModelFixture.Record...) throws -> [Reason] {
    let plan = try fixture(records).plan()
    #expect(plan.isInSync && plan.findings.allSatisfy { $0.severity == .note })
    return plan.findings.map(\.reason)
  }

  @Test("a board that says nothing, or that all is well, has no note")
  func well() throws {
    #expect(try reasons() == [])
    #expect(try reasons(("throttled", "throttled=0x0\n"), ("temperature", "52100\n")) == [])
  }

  @Test(
    "every bit of get_throttled is told, now or since the last boot",
    arguments: [
      (0x1, [Reason.piUndervoltage], "too low now"), (0x10000, [.piUndervoltage], "since the last boot"),
      (0x2, [.piThrottled], "held back now"), (0x4, [.piThrottled], "held back now"),
      (0x8, [.piThrottled], "held back now"), (0x20000, [.piThrottled], "since the last boot"),
      (0x40000, [.piThrottled], "since the last boot"), (0x80000, [.piThrottled], "since the last boot"),
      (0x50005, [.piUndervoltage, .piThrottled], "now"),
    ])
  func throttled(_ bits: Int, _ expected: [Reason], _ words: String) throws {
    let text = "throttled=0x" + String(bits, radix: 16)
    let plan = try fixture([("throttled", text)]).plan()
    #expect(plan.findings.map(\.reason) == expected && plan.isInSync)
    #expect(plan.findings.allSatisfy { $0.message.contains(words) && $0.message.contains("(\(text))") })
  }

  @Test("80 °C are hot")
  func hot() throws {
    #expect(try reasons(("temperature", "79999\n")) == [])
    #expect(try reasons(("temperature", "80000\n")) == [.piHot])
  }

  @Test("what no sensor says is no temperature", arguments: ["0x50", "", "999999999", "-273150", "hot"])
  func absurd(_ text: String) throws {
    #expect(try reasons(("temperature", text), ("throttled", "error=1 error_msg=\"x\"")) == [])
  }

  @Test("another machine than a Pi is hot without a note; its temperature is a fact all the same")
  func otherMachine() throws {
    let plan = try fixture([("temperature", "90000")], model: "Some Board").plan()
    #expect(plan.findings.isEmpty && plan.observed?.facts.health.temperature == 90_000)
  }

  /// 0x661CF880 is 2024-04-15 09:50:56 UTC.
  @Test(
    "a newer bootloader is noted, the running one and an older one are not",
    arguments: [
      ("pieeprom-2024-04-15.bin\n", false), ("pieeprom-2024-04-16.bin\n", false), ("pieeprom-2023-01-11.bin\n", false),
      ("pieeprom-2024-04-17.bin\n", true), ("pieeprom-2025-05-08.bin\n", true), ("pieeprom-2025-13-08.bin\n", false),
      ("pieeprom-latest.bin\n", false), ("\n", false),
    ])
  func bootloader(_ offered: String, _ isNewer: Bool) throws {
    let found = try reasons(("bootloader", " 66 1c f8 80\n"), ("offered", offered))
    #expect(found == (isNewer ? [.eepromUpdate] : []))
  }

  @Test(
    "the calendar is the civil one",
    arguments: [
      ("1970-01-01", 0), ("2000-02-29", 951_782_400), ("2000-03-01", 951_868_800), ("2024-04-15", 1_713_139_200),
      ("2100-03-01", 4_107_542_400),
    ])
  func calendar(_ text: String, _ seconds: Int) throws {
    #expect(try #require(HealthFacts.ReleaseDate(text)).seconds == seconds)
    #expect(HealthFacts.ReleaseDate(text)?.description == text)
  }

  @Test("JSON shows the facts")
  func json() throws {
    let plan = try fixture([
      ("temperature", "52100"), ("throttled", "throttled=0x50000"), ("bootloader", " 66 1c f8 80"),
      ("offered", "pieeprom-2025-05-08.bin"),
    ]).plan()
    let text = JSONRenderer().render(RendererFixture.plan([plan]))
    for line in [
      #""temperatureMilliCelsius" : 52100"#, #""throttled" : "0x50000""#,
      #""bootloaderBuilt" : "2024-04-15T09:50:56Z""#, #""bootloaderOffered" : "2025-05-08""#,
    ] {
      #expect(text.contains(line))
    }
  }
}

@Suite("the probe of the health kind")
struct HealthScriptTests {
  @Test("reads sensor, firmware and bootloader where they are, and is silent where they are not", arguments: Shell.all)
  func probe(_ shell: Shell) throws {
    let folder = try TemporaryFolder()
    let paths = ["sys/class", "sys/firmware", "lib", "dev"].map(folder.path).joined(separator: " ")
    _ = try shell.run("mkdir -p \(paths) \(folder.path("bin"))")
    let text = Self.script(in: folder)
    #expect(try shell.run(text).text == "")

    _ = try shell.run(
      """
      cd \(folder.path) || exit 1
      mkdir -p sys/class/thermal/thermal_zone0 sys/firmware/devicetree/base/chosen/bootloader
      for chip in 2711 2712; do mkdir -p lib/firmware/raspberrypi/bootloader-$chip/default; done
      echo 51234 > sys/class/thermal/thermal_zone0/temp
      printf 'Raspberry Pi 5 Model B Rev 1.0\\0' > sys/firmware/devicetree/base/model
      printf '\\146\\034\\370\\200' > sys/firmware/devicetree/base/chosen/bootloader/build-timestamp
      : > lib/firmware/raspberrypi/bootloader-2711/default/pieeprom-2026-01-01.bin
      : > lib/firmware/raspberrypi/bootloader-2712/default/pieeprom-2023-10-30.bin
      : > lib/firmware/raspberrypi/bootloader-2712/default/pieeprom-2025-05-08.bin
      : > dev/vcio
      """)
    let answer = "fleetd-probe 1\nsection health\n" + (try shell.run(text).text) + "end 1\n"
    let transcript = try ProbeTranscript(parsing: Array(answer.utf8))
    let facts = try Health.parse(try transcript.section(Health.kind))
    #expect(facts.temperature == 51_234 && facts.throttled?.hexadecimal == "0x50005")
    #expect(facts.bootloaderBuilt == 1_713_174_656 && facts.bootloaderOffered?.description == "2025-05-08")
  }

  /// With every root in a folder, and a firmware tool that answers as vcgencmd does.
  private static func script(in folder: TemporaryFolder) -> String {
    let probe = ProbeScript.text([Health.probe]).components(separatedBy: "printf '\\nfleetd-probe").first ?? ""
    let moved = probe.replacing("/sys/", with: folder.path("sys/")).replacing("/lib/", with: folder.path("lib/"))
      .replacing("/dev/vcio", with: folder.path("dev/vcio"))
    return moved + "\nvcgencmd() { echo throttled=0x50005; }\nprobe_health 0\n"
  }
}
