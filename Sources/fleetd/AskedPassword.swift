/// A password that is asked for when something needs it, and at most once: for the login, and for sudo.
actor AskedPassword {
  private let question: String
  /// The first line of standard input, without a question.
  private let isFromInput: Bool
  private var asked: [UInt8]??

  init(question: String, isFromInput: Bool) {
    self.question = question
    self.isFromInput = isFromInput
  }

  /// Without a line break; `nil`: there is nobody to ask.
  func bytes() async -> [UInt8]? {
    if let asked { return asked }
    let answer = isFromInput ? await InputLine.read(from: 0) : await HiddenQuestion.ask(question)
    asked = .some(answer)
    return answer
  }
}
