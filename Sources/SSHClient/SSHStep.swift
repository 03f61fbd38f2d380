/// What one call into libssh2 came to. A call that would block is made again after bytes arrived or left.
enum SSHStep<Value: ~Copyable>: ~Copyable {
  case done(Value)
  case wouldBlock
  case failed(SSHLibraryFailure)
}
