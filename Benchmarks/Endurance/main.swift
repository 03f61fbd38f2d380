import Glibc

// Ten simulated nodes through many passes: `Endurance [PASSES [FOLLOWERS]]`.
let words = CommandLine.arguments.dropFirst().compactMap { Int($0) }
let endurance = Endurance(passes: words.first ?? 10_000, followers: words.dropFirst().first ?? 2)
do {
  try await endurance.run()
} catch {
  print("endurance: \(error)")
  exit(1)
}
