/// Takes out of a merged object what its manager applied before, applies no longer, and nobody else owns.
struct ApplyPruning: Sendable {
  /// What the manager applied last.
  let last: FieldSet
  /// What all managers own now, this one included.
  let owned: FieldSet
  /// Whether the objects that hold a removed field go with it. Old servers leave them.
  let takesHolders: Bool

  func pruned(_ merged: JSONText, _ shape: FieldShape) -> JSONText {
    let (last, owned) = (fields(last, shape), fields(owned, shape))
    let all = present(merged, shape)
    // Everything that was applied last goes, and what is in it; then what is owned comes back; and of the rest only
    // what was applied last stays away.
    let bare = all.subtracting(present(merged.removing(last, shape), shape).union(owned))
    let gone = all.subtracting(present(merged.removing(bare, shape), shape)).intersection(last)
    return merged.removing(gone, shape)
  }

  private func present(_ value: JSONText, _ shape: FieldShape) -> FieldSet { fields(FieldSet(of: value, shape), shape) }

  private func fields(_ set: FieldSet, _ shape: FieldShape) -> FieldSet {
    takesHolders ? set.withHolders(shape) : set
  }
}
