/// Builds nodes from events and keeps count of what they cost.
///
/// The open collections are a stack of frames, not of calls: no document can overflow the thread's stack. The bounds
/// are checked before a node is built, and an alias is charged with everything that it stands for, so that ten lines
/// that double each other ten times ("billion laughs") end as an error and not in memory.
struct Composer {
  private let limits: YAMLLimits
  private var documents: [YAMLNode] = []
  private var frames: [Frame] = []
  /// The anchors of the current document; the last node with a name counts.
  private var anchors: [String: Anchor] = [:]
  /// Nodes so far, in all documents, aliases expanded.
  private var nodeCount = 0

  /// A finished node and what it costs to expand it again.
  private struct Composed {
    let node: YAMLNode
    /// Nodes, itself included.
    let size: Int
    /// Collections on the way to its deepest scalar: 0 for a scalar.
    let height: Int
    var isMergeKey = false
  }

  private enum Anchor {
    /// The node with this mark has begun and not ended.
    case open(YAMLMark)
    case complete(Composed)
  }

  /// A collection whose end has not come yet.
  private struct Frame {
    let mark: YAMLMark
    let anchor: String?
    /// `nil` for a sequence. Not an enum of both: a payload cannot grow in place, and a copy for each node is
    /// quadratic.
    var mapping: MappingBuilder?
    var items: [YAMLNode] = []
    var size = 1
    var height = 1
  }

  /// All documents of a text that `CharacterCheck` accepts.
  static func documents(in source: YAMLSourceFile, limits: YAMLLimits) throws(YAMLError) -> [YAMLNode] {
    var events = try EventStream(source)
    var composer = Composer(limits: limits)
    while true {
      let event = try events.next()
      if case .streamEnd = event.kind { return composer.documents }
      try composer.take(event)
    }
  }

  private init(limits: YAMLLimits) {
    self.limits = limits
  }

  private mutating func take(_ event: Event) throws(YAMLError) {
    switch event.kind {
    case .streamStart, .streamEnd, .documentEnd:
      break
    case .documentStart:
      anchors = [:]
    case .alias(let name):
      try place(expansion(of: name, at: event.mark))
    case .scalar(let text, let style, let properties):
      try takeScalar(text, style, properties, at: event.mark)
    case .sequenceStart(let properties):
      try open(Frame(mark: event.mark, anchor: properties.anchor, mapping: nil), properties)
    case .mappingStart(let properties):
      try open(Frame(mark: event.mark, anchor: properties.anchor, mapping: MappingBuilder()), properties)
    case .sequenceEnd, .mappingEnd:
      try close()
    }
  }

  private mutating func takeScalar(
    _ text: String,
    _ style: YAMLScalar.Style,
    _ properties: NodeProperties,
    at mark: YAMLMark
  ) throws(YAMLError) {
    try charge(1, at: mark)
    let resolved: YAMLScalar.Resolved
    if let tag = try CoreTag(properties, at: mark) {
      guard let value = CoreSchema.resolve(text, as: tag) else {
        throw YAMLError(mark: mark, problem: "\(SafeText.quoted(text)) does not fit its tag !!\(tag.rawValue)")
      }
      resolved = value
    } else {
      resolved = style == .plain ? CoreSchema.resolve(text) : .string
    }
    let node = YAMLNode(.scalar(YAMLScalar(text: text, style: style, resolved: resolved)), mark: mark)
    let isMergeKey = text == "<<" && style == .plain && properties.tag == nil
    let composed = Composed(node: node, size: 1, height: 0, isMergeKey: isMergeKey)
    if let anchor = properties.anchor { anchors[anchor] = .complete(composed) }
    try place(composed)
  }

  private mutating func open(_ frame: Frame, _ properties: NodeProperties) throws(YAMLError) {
    try charge(1, at: frame.mark)
    try checkDepth(frames.count + 1, at: frame.mark)
    let (kind, expected) = frame.mapping == nil ? ("a list", CoreTag.sequence) : ("a mapping", CoreTag.mapping)
    if let tag = try CoreTag(properties, at: frame.mark), tag != expected, tag != .nonSpecific {
      throw YAMLError(mark: frame.mark, problem: "\(kind) does not fit its tag !!\(tag.rawValue)")
    }
    if let anchor = frame.anchor { anchors[anchor] = .open(frame.mark) }
    frames.append(frame)
  }

  private mutating func close() throws(YAMLError) {
    guard let frame = frames.popLast() else { return }
    let value = frame.mapping.map { .mapping($0.mapping()) } ?? YAMLNode.Value.sequence(frame.items)
    let composed = Composed(node: YAMLNode(value, mark: frame.mark), size: frame.size, height: frame.height)
    // A node inside may have taken the name over.
    if let anchor = frame.anchor, case .open(frame.mark) = anchors[anchor] { anchors[anchor] = .complete(composed) }
    try place(composed)
  }

  /// Puts a finished node where it belongs: into the innermost open collection, or among the documents.
  private mutating func place(_ composed: Composed) throws(YAMLError) {
    guard !frames.isEmpty else {
      documents.append(composed.node)
      return
    }
    let innermost = frames.count - 1
    frames[innermost].size += composed.size
    frames[innermost].height = max(frames[innermost].height, composed.height + 1)
    if frames[innermost].mapping == nil {
      frames[innermost].items.append(composed.node)
    } else {
      try frames[innermost].mapping?.take(composed.node, isMergeKey: composed.isMergeKey)
    }
  }

  private mutating func expansion(of name: String, at mark: YAMLMark) throws(YAMLError) -> Composed {
    switch anchors[name] {
    case nil:
      throw YAMLError(
        mark: mark,
        problem: "unknown alias \(SafeText.quoted(name)): no anchor of that name stands before it"
      )
    case .open(let anchorMark):
      throw YAMLError(
        mark: mark,
        problem: "recursive alias \(SafeText.quoted(name)): it lies inside its own anchor of line \(anchorMark.line)"
      )
    case .complete(let original):
      try charge(original.size, forAlias: name, at: mark)
      try checkDepth(frames.count + original.height, at: mark)
      return Composed(
        node: YAMLNode(original.node.value, mark: mark),
        size: original.size,
        height: original.height
      )
    }
  }

  private mutating func charge(_ nodes: Int, forAlias alias: String? = nil, at mark: YAMLMark) throws(YAMLError) {
    nodeCount += nodes
    guard nodeCount > limits.maximumNodes else { return }
    let problem =
      if let alias {
        "alias \(SafeText.quoted(alias)) expands the file to more than the limit of \(limits.maximumNodes) nodes"
      } else {
        "the file has more than the limit of \(limits.maximumNodes) nodes: split it"
      }
    throw YAMLError(mark: mark, problem: problem)
  }

  private func checkDepth(_ depth: Int, at mark: YAMLMark) throws(YAMLError) {
    guard depth > limits.maximumDepth else { return }
    throw YAMLError(mark: mark, problem: "nested deeper than the limit of \(limits.maximumDepth) levels")
  }
}
