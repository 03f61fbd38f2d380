import ArgumentParser
import FleetModel
import FleetReconcile

/// A command: what it does, as an exit code. Signals, closed pipes and what cannot begin are handled alike for all.
protocol FleetCommand: AsyncParsableCommand, Sendable {
  /// What else to say when the command is interrupted.
  static var interruptionNote: String? { get }

  /// Does the work. A thrown error is printed; the command then failed.
  func execute() async throws -> FleetModel.ExitCode
}

extension FleetCommand {
  static var interruptionNote: String? { nil }

  func run() async throws { try await runGuarded() }

  /// Signals cancel the work, and a second one ends it.
  func runGuarded() async throws {
    Console.ignoreClosedPipes()
    let code = await Interruption.guarding(note: Self.interruptionNote) { await reported() }
    throw ArgumentParser.ExitCode(code.rawValue)
  }

  /// The exit code of the work; what was thrown is printed.
  func reported() async -> FleetModel.ExitCode {
    do {
      return try await execute()
    } catch let invalid as InvalidConfiguration {
      Console.progress(invalid.text)
    } catch let refusal as UsageFailure {
      Console.note(refusal.message)
      return .usage
    } catch {
      Console.note("\(error)")
    }
    return .failed
  }
}

/// A command line that parses and cannot be meant: it names what is not there.
struct UsageFailure: Error {
  let message: String

  init(_ message: String) { self.message = message }
}
