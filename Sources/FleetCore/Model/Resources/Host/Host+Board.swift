/// Which board a node is: a name that reaches another board than before is looked at by a person first.
extension Host {
  /// The inventory's pin decides; without one, what was written down when fleetd first changed the node.
  func boardRefusal(_ facts: HostFacts) -> Finding? {
    if let serial {
      guard let board = facts.board else {
        return refused(
          "the inventory says that this is the board \(serial), and the machine tells no serial number",
          next: "take spec.serial away if it has none; or correct the address"
        )
      }
      guard board != serial else { return nil }
      return refused(
        "the inventory says that this is the board \(serial), and it is the board \(board)",
        next: "correct the address or put the card back; if the board was replaced, write spec.serial: \"\(board)\""
      )
    }
    guard let board = facts.board, let former = facts.record.board, board != former else { return nil }
    return refused(
      "fleetd set this card up in the board \(former), and it is in the board \(board) now",
      next:
        "put the card back or correct the address; if the move is meant, write spec.serial: \"\(board)\" for the node"
    )
  }

  /// The inventory says that the move is meant: the node's own record follows.
  func boardChange(_ facts: HostFacts) -> ChangeSet? {
    guard let serial, let former = facts.record.board, former != serial else { return nil }
    return ChangeSet(
      [Change(.change, Self.kind, "board", from: .text(former), to: .text(serial), note: "as spec.serial says")],
      steps: [Step("write down the board", .run(.record, StepInput([[serial]])))]
    )
  }

  private func refused(_ message: String, next: String) -> Finding {
    Finding(.refused, .boardChanged, Self.kind, message, next: next)
  }
}
