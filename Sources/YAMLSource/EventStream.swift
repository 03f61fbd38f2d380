internal import CLibYAML

/// libyaml's parser as a source of Swift values; the only place that knows the C library.
///
/// `yaml_parser_t` points into itself once it has its input, so it stays at one heap address for its whole life. It
/// also keeps the input's address without copying, so the stream owns a copy that lives exactly as long as the parser.
struct EventStream: ~Copyable {
  private let source: YAMLSourceFile
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeMutableBufferPointer<UInt8>

  /// - Parameter source: a text that `CharacterCheck` accepts.
  init(_ source: YAMLSourceFile) throws(YAMLError) {
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    guard yaml_parser_initialize(parser) != 0 else {
      parser.deallocate()
      throw YAMLError(mark: source.mark(line: 1, column: 1), problem: "not enough memory to parse the file")
    }
    self.source = source
    self.parser = parser
    self.input = .allocate(capacity: source.bytes.count)
    _ = input.initialize(from: source.bytes)
    // A fixed encoding keeps libyaml from guessing UTF-16.
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, input.baseAddress, input.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    input.deallocate()
  }

  /// The next event. After `streamEnd`, and after an error, only `streamEnd` follows.
  mutating func next() throws(YAMLError) -> Event {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) != 0 else { throw failure() }
    // Everything is copied out before libyaml frees the event's strings.
    defer { yaml_event_delete(&event) }
    return Event(kind: Self.kind(of: event), mark: mark(event.start_mark))
  }

  private static func kind(of event: yaml_event_t) -> Event.Kind {
    switch event.type {
    case YAML_STREAM_START_EVENT: return .streamStart
    case YAML_DOCUMENT_START_EVENT: return .documentStart
    case YAML_DOCUMENT_END_EVENT: return .documentEnd
    case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
    case YAML_MAPPING_END_EVENT: return .mappingEnd
    case YAML_ALIAS_EVENT:
      return .alias(anchor: string(event.data.alias.anchor) ?? "")
    case YAML_SEQUENCE_START_EVENT:
      let start = event.data.sequence_start
      return .sequenceStart(NodeProperties(anchor: string(start.anchor), tag: string(start.tag)))
    case YAML_MAPPING_START_EVENT:
      let start = event.data.mapping_start
      return .mappingStart(NodeProperties(anchor: string(start.anchor), tag: string(start.tag)))
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      // By length, not up to a NUL: "\0" is a character of a double-quoted string.
      let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      let properties = NodeProperties(anchor: string(scalar.anchor), tag: string(scalar.tag))
      return .scalar(text: text, style: style(scalar.style), properties)
    default:
      // YAML_STREAM_END_EVENT, and YAML_NO_EVENT, which libyaml reports for good after the end.
      return .streamEnd
    }
  }

  private static func style(_ style: yaml_scalar_style_t) -> YAMLScalar.Style {
    switch style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
    case YAML_LITERAL_SCALAR_STYLE: .literal
    case YAML_FOLDED_SCALAR_STYLE: .folded
    default: .plain
    }
  }

  private static func string(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    text.map { String(cString: $0) }
  }

  /// libyaml counts lines and columns from 0, in characters, and pretends that a last line without a line break has
  /// one.
  private func mark(_ mark: yaml_mark_t) -> YAMLMark {
    guard mark.line < source.lineCount else { return source.mark(atByte: source.bytes.count) }
    return YAMLMark(source: source, line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }

  private func failure() -> YAMLError {
    let parser = self.parser.pointee
    guard let problem = parser.problem.map({ String(cString: $0) }) else {
      return YAMLError(mark: source.mark(line: 1, column: 1), problem: "not enough memory to parse the file")
    }
    guard parser.error != YAML_READER_ERROR else {
      return YAMLError(mark: source.mark(atByte: Int(parser.problem_offset)), problem: problem)
    }
    let syntax = SyntaxProblem(
      problem: problem,
      mark: mark(parser.problem_mark),
      context: parser.context.map { String(cString: $0) },
      contextMark: mark(parser.context_mark)
    )
    return syntax.error
  }
}
