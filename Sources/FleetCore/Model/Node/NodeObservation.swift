/// One node's answer to one probe, or why there is none.
package struct NodeObservation: Sendable {
  package let answer: Result<ProbeTranscript, NodeFailure>
  /// The control node's clock when the probe was sent and when its answer was there, in seconds since 1970 UTC.
  package let sent: Int
  package let received: Int

  package init(answer: Result<ProbeTranscript, NodeFailure>, sent: Int, received: Int) {
    self.answer = answer
    self.sent = sent
    self.received = received
  }

  /// How far the node's clock is from the control node's, in seconds; 0 while it may have ticked in between.
  package func skew(of clock: Int) -> Int {
    if clock < sent { return clock - sent }
    return clock > received ? clock - received : 0
  }
}
