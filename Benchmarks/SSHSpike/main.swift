import FoundationEssentials
import Glibc
import NIOCore
import NIOPosix
import SSHClient
import SSHTestServer

// Holds many warm SSH connections in one process, runs a command on all of them, and prints what that costs.
//
//   SSHSpike [CONNECTIONS [AT_ONCE]]      1000 connections, 100 of them being made at a time
//
// The server is an sshd of its own on 127.0.0.1; most of the time and nearly all of the CPU is sshd's.

let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
let connectionCount = arguments.first ?? 1000
let atOnce = arguments.dropFirst().first ?? 100

/// Runs `work` for 0..<count, at most `width` at a time, and returns the results in the order of the numbers.
func map<Result: Sendable>(
  _ count: Int,
  width: Int,
  _ work: @escaping @Sendable (Int) async throws -> Result
) async throws -> [Result] {
  try await withThrowingTaskGroup(of: (Int, Result).self) { group in
    var results: [Int: Result] = [:]
    for index in 0..<count {
      if index >= width, let (done, result) = try await group.next() { results[done] = result }
      group.addTask { (index, try await work(index)) }
    }
    for try await (done, result) in group { results[done] = result }
    return (0..<count).compactMap { results[$0] }
  }
}

/// A field of /proc/self/status: kilobytes, or a count.
func status(_ name: String) -> Int {
  let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = text.split(separator: "\n").first { $0.hasPrefix("\(name):") } ?? ""
  return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
}

/// User and system time of this process alone.
func cpuSeconds() -> Double {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  let micro = usage.ru_utime.tv_usec + usage.ru_stime.tv_usec
  return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + Double(micro) / 1_000_000
}

func seconds(_ duration: Duration) -> String {
  let (whole, atto) = duration.components
  return "\(whole).\(String(Int(atto / 10_000_000_000_000_000) + 100).dropFirst()) s"
}

func report(_ what: String, _ wall: Duration, _ cpu: Double) {
  print(
    "\(what): wall \(seconds(wall)), own CPU \(Int(cpu * 1000)) ms, resident \(status("VmRSS") / 1024) MB, "
      + "anonymous \(status("RssAnon") / 1024) MB, threads \(status("Threads"))"
  )
}

let server = try SSHServer(keys: SSHTestKeys())
defer { server.stop() }
let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
let destination = SSHDestination(host: "127.0.0.1", port: server.port, user: SSHServer.user)
let configuration = SSHConfiguration(
  hostKeys: .pinned([try SSHPublicKey(authorizedKeysLine: server.keys.hostKeyLine(.ed25519))]),
  identities: [.file(path: server.keys.userKey)],
  connectDeadline: .seconds(60)
)
let clock = ContinuousClock()
report("idle", .zero, cpuSeconds())

var start = clock.now
var cpu = cpuSeconds()
let connections = try await map(connectionCount, width: atOnce) { _ in
  try await SSHConnection.connect(to: destination, configuration: configuration, on: group)
}
report("\(connections.count) connections made, \(atOnce) at a time", clock.now - start, cpuSeconds() - cpu)

for round in 1...3 {
  start = clock.now
  cpu = cpuSeconds()
  let succeeded = try await map(connections.count, width: atOnce) { index in
    try await connections[index].execute("true", deadline: .seconds(60)).succeeded
  }.count { $0 }
  report("round \(round): \(succeeded) commands on warm connections", clock.now - start, cpuSeconds() - cpu)
}

for connection in connections { await connection.close() }
try await group.shutdownGracefully()
