import FleetApply
import FleetDaemon
import FleetModel
import FleetReconcile
import Glibc
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import UnixSignals

/// `fleetd` without a word: the daemon, from its configuration to its end.
struct DaemonRun: Sendable {
  private let shared: SharedOptions
  private let configuration: ControlNodeConfiguration
  private let log: Logger
  /// `nil`: there was none.
  private let readAtStart: [UInt8]?

  init(_ shared: SharedOptions) throws {
    self.shared = shared
    configuration = try ControlNode.configuration(at: shared.config, home: Console.variable("HOME"))
    readAtStart = try ControlNode.bytes(at: shared.config, home: Console.variable("HOME"))
    var log = Logger(label: "fleetd") { _ in DaemonLog() }
    log.logLevel = shared.verbose ? .debug : shared.quiet ? .warning : .info
    self.log = log
  }

  /// How long a graceful stop may take: the step in hand is finished within it, or goes on on its node without us.
  private static let stopLimit: Duration = .seconds(300)

  func run() async throws -> FleetModel.ExitCode {
    let directory = StateDirectory.path(configuration)
    let state = ControlNodeState(at: directory)
    do { try PrivateFile.makeDirectory(directory) } catch { throw RunFailure(error.message, next: error.next) }
    let lock = try DaemonLock(in: directory, mode: configuration.mode)
    defer { lock.release() }
    let checkout = try Workspace.path(shared, configuration)
    let threads = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    let events = DaemonEvents(log: log)
    let stop = StopFlag()
    let now: @Sendable () -> Int = { Int(time(nil)) }
    let notifications = NotificationDispatcher(
      to: try NotificationReceivers(configuration).outboxes(now: now, tell: events.tell), now: now)
    let writing = LateKeeper()
    let nodeEvents = NodeEventWriter(
      now: now, forget: { log.debug("Events are not written: \($0)") },
      write: { (events) async throws(NodeFailure) in try await writing.write(events) })
    let recorder = DaemonRecorder(
      at: StateDirectory.store(configuration), version: FleetdVersion.current, log: log,
      turned: { nodeEvents.take($0, of: $1) }, notify: { notifications.take($0) })
    let work = DaemonWork(
      configuration: configuration, group: threads, stop: stop, recorder: recorder,
      progress: { event in
        events.progress(event)
        nodeEvents.take(event)
      })
    let keeper = FleetKeeper(
      work: work, mode: configuration.mode, interval: Int(configuration.interval.components.seconds), state: state,
      stop: stop, now: now)
    writing.keeper = keeper
    let loops = FleetLoops(
      keeper, work, recorder: recorder, now: now,
      tell: { event in
        events.tell(event)
        notifications.take(event.facts)
        if case .applied(let report) = event { nodeEvents.take(report) }
      })
    let overview = DaemonOverview(
      keeper, recorder, notifications, store: StateDirectory.store(configuration), version: FleetdVersion.current,
      mode: configuration.mode, interval: Int(configuration.interval.components.seconds))
    let page = try await PageService(configuration, overview, on: threads, log: log)
    let bell = Bell()
    let source = SourceService(
      source: StateSource(at: checkout, configuration.checkoutPolicy, memory: CommitMemory(state, of: checkout)),
      keeper: keeper, pull: configuration.checkoutPolicy.pull, bell: bell, log: log,
      notifications: notifications)
    let socket = DaemonSocket(
      path: DaemonSocket.path(configuration), answer: DaemonRequests(keeper: keeper, overview: overview).answer)
    // They end in the opposite order: first nobody asks any more, last the coordinator has finished its step.
    var services = ServiceGroupConfiguration(
      services: [
        .init(service: WatchdogService(keeper: keeper)),
        .init(service: NodeEventService(events: nodeEvents)),
        .init(service: NotificationService(notifications: notifications)),
        .init(service: CoordinatorService(loops: loops)),
        .init(service: source), .init(service: NodesService(loops: loops)),
        .init(service: SocketService(socket: socket, group: threads, log: log)), .init(service: page),
      ], logger: Logger(label: "fleetd.services") { _ in SwiftLogNoOpLogHandler() })
    services.maximumGracefulShutdownDuration = Self.stopLimit
    log.notice("fleetd \(FleetdVersion.current) keeps \(checkout), mode \(configuration.mode.rawValue)")
    let problem = await run(ServiceGroup(configuration: services), keeper, bell)
    await work.links.close()
    try await threads.shutdownGracefully()
    if let problem { throw problem }
    log.notice("ended in order")
    return .inSync
  }

  /// Until the first SIGTERM or SIGINT has been followed. What ended it otherwise.
  private func run(_ group: ServiceGroup, _ keeper: FleetKeeper, _ bell: Bell) async -> (any Error)? {
    await withTaskGroup(of: (any Error)?.self) { tasks in
      tasks.addTask { await follow(group, keeper, bell) }
      tasks.addTask {
        do {
          try await group.run()
          return nil
        } catch {
          return error
        }
      }
      // Signals end with the task; only the services' end counts.
      let result = await tasks.next()
      tasks.cancelAll()
      return result ?? nil
    }
  }

  private func follow(_ group: ServiceGroup, _ keeper: FleetKeeper, _ bell: Bell) async -> (any Error)? {
    var isFirst = true
    for await signal in await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup) {
      if signal == .sighup {
        log.info("SIGHUP: looks at everything now")
        readAgain()
        bell.ring()
        _ = await keeper.reconcile([])
      } else if isFirst {
        isFirst = false
        ServiceManager.tell("STOPPING=1", "STATUS=finishing the step in hand")
        log.notice("stops: the step in hand is finished")
        await group.triggerGracefulShutdown()
      } else {
        Console.lastWords("told twice to stop: ended at once; the next start repairs")
        _exit(FleetModel.ExitCode.interrupted.rawValue)
      }
    }
    return nil
  }

  /// Keys, host keys and secrets are read for each pass anyway. What else the configuration says is put together once: that
  /// it changed, or cannot be used any more, is told now and not at the next start.
  private func readAgain() {
    let path = shared.config
    do throws(InvalidConfiguration) {
      let bytes = try ControlNode.bytes(at: path, home: Console.variable("HOME"))
      _ = try ControlNode.configuration(at: path, home: Console.variable("HOME"))
      guard bytes != readAtStart else { return }
      log.warning(
        "the control node's configuration changed: it counts from the next start on: systemctl restart fleetd")
    } catch {
      log.error(
        "the control node's configuration cannot be used; the one from the start stays in force: \(error.text)")
    }
  }
}
