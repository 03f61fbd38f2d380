import Testing

/// Everything that needs a real sshd. One test after the other: some of them are made of short deadlines, others of all
/// the load that two cores can bear. What must hold with many calls at once is a test of its own.
@Suite("with a real sshd", .needsSSHD, .serialized, .timeLimit(.minutes(3)))
enum RealServerTests {}
