/// A node's architecture, in Debian's words (`dpkg --print-architecture`).
package enum Architecture: String, Sendable, Hashable, CaseIterable {
  case arm64
  case amd64
}
