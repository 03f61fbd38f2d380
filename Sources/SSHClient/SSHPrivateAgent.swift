internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

/// OpenSSH's ssh-agent, started to hold one decrypted key for this process and nobody else.
///
/// - The passphrase goes to ssh-add through pipes: never in an argument, the environment or a file.
/// - ssh-agent lives as long as the shell that it runs, and that as long as this process holds its input open: also after
///   `kill -9` all of it is gone, ssh-agent itself within ten seconds.
/// - The socket has a name only until it was connected to.
enum SSHPrivateAgent {
  /// Decrypting a key takes half a second on a Pi.
  private static let patience: Duration = .seconds(30)

  static func start(holding file: String, _ passphrase: [UInt8]) async -> Result<SSHAgent, SSHIdentityProblem> {
    let result = await SSHAgent.onThread { () -> Result<SSHAgentSocket, SSHAgentSocket.Problem> in
      do throws(SSHAgentSocket.Problem) {
        let directory = try makeDirectory()
        defer { remove(directory) }
        let helper = try Helper(directory, file)
        guard !passphrase.contains(0x0A), !passphrase.contains(0) else {
          throw SSHAgentSocket.Problem(text: "a passphrase is one line")
        }
        let said = try helper.tell(passphrase + [0x0A], within: patience)
        guard said.hasPrefix("0 ") else { throw SSHAgentSocket.Problem(text: reason(said)) }
        let socket = try SSHAgentSocket.connect(to: directory + "/agent")
        Helper.keep(helper)
        return .success(socket)
      } catch {
        return .failure(error)
      }
    }
    switch result {
    case .success(let socket):
      return .success(SSHAgent(name: "the agent that holds \(printable(file))") { socket })
    case .failure(let problem):
      return .failure(SSHIdentityProblem(text: "\(printable(file)): cannot be decrypted: \(problem.text)"))
    case nil:
      return .failure(SSHIdentityProblem(text: "\(printable(file)): not decrypted: the program is ending"))
    }
  }

  private static func reason(_ said: String) -> String {
    let words = said.split(separator: " ", maxSplits: 1)
    guard words.count == 2, !words[1].allSatisfy(\.isWhitespace) else { return "the passphrase is not the right one" }
    return "ssh-add said: \(printable(words[1], limit: 300))"
  }

  /// Below the account's own runtime directory where there is one, and not below a noexec one: ssh-add runs a script
  /// there.
  private static func makeDirectory() throws(SSHAgentSocket.Problem) -> String {
    let variables: [String] = ["RUNTIME_DIRECTORY", "XDG_RUNTIME_DIR", "TMPDIR"]
    let candidates = variables.compactMap { name in getenv(name).map { String(cString: $0) } }
    let parent = candidates.first { $0.hasPrefix("/") && access($0, W_OK | X_OK) == 0 } ?? "/tmp"
    // mkdtemp(3) puts the part that nobody can guess in place of the last six characters.
    var template = Array("\(parent)/fleetd-agent-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw SSHAgentSocket.Problem(text: "no directory can be made in \(parent): \(String(cString: strerror(errno)))")
    }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func remove(_ directory: String) {
    for name in ["agent", "askpass", "said"] { unlink("\(directory)/\(name)") }
    rmdir(directory)
  }

  /// Run by ssh-agent. ssh-add asks again after a wrong passphrase; the pipe is empty then, and it gives up.
  private static let script = #"""
    IFS= read -r passphrase || exit 1
    umask 077
    printf '#!/bin/sh\nexec cat\n' > "$1/askpass" && chmod 0700 "$1/askpass"
    printf '%s\n' "$passphrase" \
      | SSH_ASKPASS="$1/askpass" SSH_ASKPASS_REQUIRE=force LC_ALL=C ssh-add -q -- "$2" > /dev/null 2> "$1/said"
    status=$?
    unset passphrase
    printf '%s ' "$status"; head -c 1000 "$1/said" | tr '\n' ' '; echo
    read -r end_of_fleetd
    rm -f -- "$1/agent" "$1/askpass" "$1/said"
    rmdir -- "$1" 2> /dev/null
    """#

  /// ssh-agent and its shell: gone when this object is.
  private final class Helper: Sendable {
    private let pid: pid_t
    /// Both ends of the conversation; its closing ends the shell.
    private let lifeline: Int32

    /// Those that hold a key live as long as the process.
    private static let kept = Mutex<[Helper]>([])

    static func keep(_ helper: Helper) {
      kept.withLock { $0.append(helper) }
    }

    init(_ directory: String, _ file: String) throws(SSHAgentSocket.Problem) {
      var ends: [Int32] = [-1, -1]
      guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
        throw SSHAgentSocket.Problem(text: String(cString: strerror(errno)))
      }
      var actions = posix_spawn_file_actions_t()
      posix_spawn_file_actions_init(&actions)
      defer { posix_spawn_file_actions_destroy(&actions) }
      posix_spawn_file_actions_adddup2(&actions, ends[1], 0)
      posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
      posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
      var attributes = posix_spawnattr_t()
      posix_spawnattr_init(&attributes)
      defer { posix_spawnattr_destroy(&attributes) }
      // A group of its own: what a terminal sends to end this process gracefully must not take its key away first.
      // Signals that this thread blocks would stay blocked.
      posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
      var none = sigset_t()
      sigemptyset(&none)
      posix_spawnattr_setsigmask(&attributes, &none)
      let words = ["ssh-agent", "-a", directory + "/agent", "/bin/sh", "-c", script, "sh", directory, file]
      var arguments = words.map { strdup($0) } + [nil]
      defer { for argument in arguments { free(argument) } }
      var pid: pid_t = 0
      let code = posix_spawnp(&pid, "ssh-agent", &actions, &attributes, &arguments, environ)
      close(ends[1])
      guard code == 0 else {
        close(ends[0])
        throw SSHAgentSocket.Problem(
          text: "ssh-agent cannot be started: \(String(cString: strerror(code))); install openssh-client")
      }
      self.pid = pid
      lifeline = ends[0]
    }

    deinit {
      close(lifeline)
      var status: Int32 = 0
      while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    }

    /// Sends the passphrase and returns the line that is answered.
    func tell(_ line: [UInt8], within patience: Duration) throws(SSHAgentSocket.Problem) -> String {
      _ = line.withUnsafeBytes { send(lifeline, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      let end = ContinuousClock.now.advanced(by: patience)
      var answer: [UInt8] = []
      var byte: UInt8 = 0
      while answer.last != 0x0A {
        let left = ContinuousClock.now.duration(to: end).components.seconds
        var waited = pollfd(fd: lifeline, events: Int16(POLLIN), revents: 0)
        guard left > 0, poll(&waited, 1, Int32(left * 1000)) != 0 else {
          throw SSHAgentSocket.Problem(text: "ssh-add did not end within \(patience)")
        }
        let got = recv(lifeline, &byte, 1, 0)
        if got < 0, errno == EINTR { continue }
        guard got == 1 else { throw SSHAgentSocket.Problem(text: "ssh-agent ended: is openssh-client installed?") }
        answer.append(byte)
      }
      return String(decoding: answer.dropLast(), as: UTF8.self)
    }
  }
}
