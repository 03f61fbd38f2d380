import FleetModel

/// Chooses the renderer.
struct Printer {
  let format: OutputFormat
  let isColored: Bool
  let isVerbose: Bool

  func text(of plan: FleetPlan) -> String {
    switch format {
    case .text: renderer.render(plan)
    case .json: JSONRenderer().render(plan)
    case .markdown: MarkdownRenderer().render(plan)
    }
  }

  func text(of report: RunReport) -> String {
    switch format {
    case .text: renderer.render(report)
    case .json: JSONRenderer().render(report)
    case .markdown: MarkdownRenderer().render(report.after)
    }
  }

  private var renderer: TextRenderer {
    TextRenderer(style: TerminalStyle(isColored: isColored), isVerbose: isVerbose)
  }
}
