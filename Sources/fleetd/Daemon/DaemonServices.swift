import FleetModel
import FleetReconcile
import Logging
import NIOCore
import ServiceLifecycle

/// Passes, one after the other. It is the last to end: the step in hand is finished.
struct CoordinatorService: Service {
  let loops: FleetLoops

  func run() async throws {
    await withGracefulShutdownHandler {
      await loops.coordinate()
    } onGracefulShutdown: {
      loops.end()
    }
  }
}

/// One loop a node.
struct NodesService: Service {
  let loops: FleetLoops

  func run() async throws { await cancelWhenGracefulShutdown { await loops.watchNodes() } }
}

/// Looks at the checkout again and again.
struct SourceService: Service {
  let source: StateSource
  let keeper: FleetKeeper
  let pull: Duration?
  /// Rung when it shall look now.
  let bell: Bell
  let log: Logger
  let notifications: NotificationDispatcher

  /// HEAD is one small git process.
  private static let poll: Duration = .seconds(10)

  func run() async throws { await cancelWhenGracefulShutdown { await follow() } }

  private func follow() async {
    let clock = ContinuousClock()
    var nextPull = clock.now
    var before = SourceState()
    while !Task.isCancelled {
      let isPulling = pull != nil && clock.now >= nextPull
      let state = await source.look(pulling: isPulling)
      // A look that was broken off says nothing of the checkout.
      guard !Task.isCancelled else { return }
      if let pull, isPulling { nextPull = clock.now + pull }
      tell(state, before)
      if let fleet = state.current?.fleet { notifications.keep(fleet.name, nodes: fleet.nodes.map(\.name)) }
      notifications.take(state.facts)
      await keeper.take(state)
      before = state
      await bell.wait(for: min(Self.poll, pull ?? Self.poll))
    }
  }

  private func tell(_ state: SourceState, _ before: SourceState) {
    if let current = state.current, current.commit != before.current?.commit {
      log.notice("commit \(current.commit.prefix(12)) is in force", metadata: ["commit": "\(current.commit)"])
    }
    if let rejected = state.rejected, rejected != before.rejected {
      log.error(
        "commit \(rejected.commit.prefix(12)) cannot be used; the one before stays in force",
        metadata: ["commit": "\(rejected.commit)"])
      for problem in rejected.problems.prefix(50) { log.error("\(problem)") }
    }
    if let problem = state.problem, problem.description != before.problem?.description {
      log.error("source: \(problem.message)\(problem.next.map { "; \($0)" } ?? "")")
    }
  }
}

/// Tells receivers what happens; nothing ever waits for it.
struct NotificationService: Service {
  let notifications: NotificationDispatcher

  func run() async throws {
    await cancelWhenGracefulShutdown {
      await notifications.run()
      // Without a receiver there is nothing to do, and a service that ends would end the daemon.
      try? await gracefulShutdown()
    }
  }
}

/// Writes Events of Kubernetes; nothing ever waits for it.
struct NodeEventService: Service {
  let events: NodeEventWriter

  func run() async throws { await cancelWhenGracefulShutdown { await events.run() } }
}

/// Answers clients, and tells the service manager that the daemon is ready.
struct SocketService: Service {
  let socket: DaemonSocket
  let group: any EventLoopGroup
  let log: Logger

  func run() async throws {
    let server = try await socket.bind(on: group)
    ServiceManager.tell("READY=1")
    log.info("listening on \(socket.path)")
    await cancelWhenGracefulShutdown {
      do { try await socket.serve(server) } catch is CancellationError {} catch {
        log.error("clients are not answered any more: \(error)")
      }
    }
  }
}

/// Says how the fleet is, and that the daemon is alive: it asks the keeper first, so that one that is stuck is noticed.
struct WatchdogService: Service {
  let keeper: FleetKeeper

  func run() async throws {
    let time = ServiceManager.watchdog.map { min($0 / 2, .seconds(10)) } ?? .seconds(10)
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        ServiceManager.tell("WATCHDOG=1", "STATUS=\(await keeper.summary())")
        // The beat itself: nothing signals that it is time for the next.
        try? await Task.sleep(for: time)
      }
    }
  }
}
