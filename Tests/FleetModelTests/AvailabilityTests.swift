import FleetModel
import Testing

@Suite("availability")
struct AvailabilityTests {
  private func sample(_ time: Int, _ isUp: Bool, wall: Int? = nil) -> AvailabilitySample {
    AvailabilitySample(at: ClockReading(wall: wall ?? time, boot: "b", ticks: time), isUp: isUp)
  }

  @Test("the time between two looks counts as the worse of both")
  func between() {
    #expect(sample(160, true).since(sample(100, true)) == Availability(up: 60))
    #expect(sample(160, false).since(sample(100, true)) == Availability(down: 60))
    #expect(sample(160, true).since(sample(100, false)) == Availability(down: 60))
    #expect(sample(160, true).since(nil) == Availability())
  }

  @Test("time in which nobody looked is neither, and a wall clock that is set changes nothing")
  func gaps() {
    #expect(sample(1001, true).since(sample(100, true)) == Availability())
    #expect(sample(160, true, wall: 3760).since(sample(100, true)) == Availability(up: 60))
    #expect(sample(160, true, wall: 1).since(sample(100, true, wall: 4000)) == Availability(up: 60))
  }

  @Test("more than 99 % is wanted, and nothing is rounded up to it")
  func target() {
    #expect(Availability(up: 99, down: 1).meetsTarget == false)
    #expect(Availability(up: 9901, down: 99).meetsTarget == true)
    #expect(Availability().meetsTarget == nil)
    #expect(Availability(up: 99_996, down: 4).text == "99.99 %")
    #expect(Availability(up: 1, down: 0).text == "100.00 %")
    #expect(Availability(up: 1, down: 99).text == "1.00 %")
    #expect(Availability().text == "unknown")
    #expect(Availability(up: 3, down: 1).ratio == 0.75)
  }

  @Test("thirty days are 720 hours, the present one included")
  func month() {
    let hours = AvailabilitySample.hours(before: ClockReading(wall: 1_800_000_000, boot: "b", ticks: 0))
    #expect(hours.count == 720 && hours.upperBound == 500_000)
  }
}
