/// A place in a YAML file: where a node begins, or where an error is.
public struct YAMLMark: Sendable, Hashable, CustomStringConvertible {
  public let source: YAMLSourceFile
  /// 1-based. Lines end at LF, CR LF or CR.
  public let line: Int
  /// 1-based, in characters (Unicode code points; a tab is one), as editors count.
  public let column: Int

  /// Trusts its caller that the place exists; `YAMLSourceFile.mark(line:column:)` makes sure.
  public init(source: YAMLSourceFile, line: Int, column: Int) {
    self.source = source
    self.line = line
    self.column = column
  }

  /// `file:line:column`, the form that editors and CI turn into a link.
  public var description: String {
    "\(SafeText.escaped(source.name)):\(line):\(column)"
  }
}
