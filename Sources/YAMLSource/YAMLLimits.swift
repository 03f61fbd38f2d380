/// What one YAML stream may cost before it is an error. The defaults leave a hand-written file far from every bound.
public struct YAMLLimits: Sendable, Hashable {
  /// The size of the text, in bytes.
  public let maximumBytes: Int
  /// How deep mappings and sequences may nest, after alias expansion.
  public let maximumDepth: Int
  /// How many nodes (keys, values, documents) the stream may hold, after alias expansion.
  public let maximumNodes: Int

  /// - Parameter maximumDepth: at most 512 is used: who walks a node may recurse, and a walk must fit into any thread's
  ///   stack.
  public init(maximumBytes: Int = 1 << 20, maximumDepth: Int = 64, maximumNodes: Int = 100_000) {
    self.maximumBytes = maximumBytes
    self.maximumDepth = min(maximumDepth, 512)
    self.maximumNodes = maximumNodes
  }
}
