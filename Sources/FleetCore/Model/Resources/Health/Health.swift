package import YAMLSource

/// How a Raspberry Pi is: power, heat, and whether its bootloader is of today. Always observed, never changed: what is
/// wrong is noted, because only a person can mend it.
package struct Health: Resource {
  package static let kind = ResourceKind("health")

  /// Thousandths of a degree Celsius. The firmware lowers the clock between 80 °C and 85 °C.
  package static let hot = 80_000

  /// A release's file is named after a day, and the bootloader in it was built on that day or the one before. Seconds.
  static let bootloaderTolerance = 86_400

  package static func decode(
    _ entry: YAMLNode?,
    in scope: NodeScope,
    _ diagnostics: inout Diagnostics
  ) -> Health? {
    Health()
  }

  package static func parse(_ section: ProbeSection) throws(ProbeError) -> HealthFacts {
    var facts = HealthFacts()
    facts.temperature = section.word("temperature").flatMap { Int($0) }.flatMap { plausible.contains($0) ? $0 : nil }
    facts.throttled = section.word("throttled").flatMap { HealthFacts.Throttled($0) }
    facts.bootloaderBuilt = section.word("bootloader").flatMap(timestamp)
    facts.bootloaderOffered = (section.text("offered") ?? "").split(separator: "\n").compactMap(release).max()
    return facts
  }

  /// What a sensor of a board that runs can say; others say 0 or nonsense.
  private static let plausible = -40_000...150_000

  /// Four bytes as od(1) shows them, the most significant first, as all numbers of a device tree.
  private static func timestamp(_ text: String) -> Int? {
    let bytes = text.split(separator: " ").map { Int($0, radix: 16) }
    guard bytes.count == 4 else { return nil }
    let seconds = bytes.reduce(into: Int?(0)) { sum, byte in sum = sum.flatMap { sum in byte.map { sum << 8 | $0 } } }
    return seconds.flatMap { $0 > 0 ? $0 : nil }
  }

  /// `pieeprom-2024-04-15.bin`.
  private static func release(_ name: Substring) -> HealthFacts.ReleaseDate? {
    guard name.hasPrefix("pieeprom-"), name.hasSuffix(".bin") else { return nil }
    return HealthFacts.ReleaseDate(name.dropFirst("pieeprom-".count).dropLast(".bin".count))
  }

  package func plan(from facts: HealthFacts, in context: PlanContext) -> KindPlan {
    guard context.facts.model?.hasPrefix("Raspberry Pi") == true else { return KindPlan() }
    return KindPlan(findings: [power(facts), throttling(facts), heat(facts), bootloader(facts)].compactMap { $0 })
  }

  private func power(_ facts: HealthFacts) -> Finding? {
    guard let throttled = facts.throttled, throttled.isUndervoltedNow || throttled.wasUndervolted else { return nil }
    let when = throttled.isUndervoltedNow ? "is too low now" : "was too low since the last boot"
    return note(
      .piUndervoltage,
      "the supply voltage \(when) (throttled=\(throttled.hexadecimal))",
      next: "give it a stronger power supply and a shorter cable; a card can lose data"
    )
  }

  private func throttling(_ facts: HealthFacts) -> Finding? {
    guard let throttled = facts.throttled, throttled.isThrottledNow || throttled.wasThrottled else { return nil }
    let when = throttled.isThrottledNow ? "is held back now" : "was held back since the last boot"
    return note(
      .piThrottled,
      "the processor's clock \(when) (throttled=\(throttled.hexadecimal))",
      next: "cool the board; if the voltage is too low as well, begin there"
    )
  }

  private func heat(_ facts: HealthFacts) -> Finding? {
    guard let temperature = facts.temperature, temperature >= Self.hot else { return nil }
    return note(.piHot, "the processor has \(temperature / 1000) °C", next: "give it a heat sink, a fan or more room")
  }

  private func bootloader(_ facts: HealthFacts) -> Finding? {
    guard let built = facts.bootloaderBuilt, let offered = facts.bootloaderOffered,
      offered.seconds - built > Self.bootloaderTolerance
    else { return nil }
    return note(
      .eepromUpdate,
      "a newer bootloader lies ready on the node: the one of \(offered)",
      next: "sudo rpi-eeprom-update -a on the node; the next reboot installs it"
    )
  }

  private func note(_ reason: Reason, _ message: String, next: String) -> Finding {
    Finding(.note, reason, Self.kind, message, next: next)
  }
}
