// swift-tools-version: 6.2
import PackageDescription

/// The settings of every target of ours; dependencies keep their own.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "fleetd",
  products: [
    .executable(name: "fleetd", targets: ["fleetd"]),
    .library(
      name: "FleetCore",
      targets: ["FleetModel", "FleetApply", "FleetHTTP", "FleetNotify", "FleetRecord", "FleetReconcile"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    .systemLibrary(name: "CLibSSH2", pkgConfig: "libssh2", providers: [.apt(["libssh2-1-dev"])]),
    .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .target(
      name: "SSHClient",
      dependencies: [
        "CLibSSH2",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: settings),
    .target(name: "YAMLSource", dependencies: ["CLibYAML"], swiftSettings: settings),
    .target(
      name: "FleetModel",
      dependencies: [
        "YAMLSource",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "OrderedCollections", package: "swift-collections"),
      ],
      path: "Sources/FleetCore/Model",
      swiftSettings: settings),
    .target(
      name: "FleetApply",
      dependencies: [
        "FleetModel",
        "SSHClient",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      path: "Sources/FleetCore/Apply",
      swiftSettings: settings),
    .target(
      name: "FleetRecord",
      dependencies: ["FleetModel", .product(name: "GRDB", package: "GRDB.swift")],
      path: "Sources/FleetCore/Record",
      swiftSettings: settings),
    .target(
      name: "FleetNotify",
      dependencies: [
        "FleetModel",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Mustache", package: "swift-mustache"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      path: "Sources/FleetCore/Notify",
      swiftSettings: settings),
    .target(
      name: "FleetReconcile",
      dependencies: [
        "FleetApply",
        "FleetModel",
        "SSHClient",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      path: "Sources/FleetCore/Reconcile",
      swiftSettings: settings),
    .target(
      name: "FleetHTTP",
      dependencies: [
        "FleetModel",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HummingbirdTLS", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      path: "Sources/FleetCore/HTTP",
      swiftSettings: settings),
    .executableTarget(
      name: "fleetd",
      dependencies: [
        "FleetApply",
        "FleetHTTP",
        "FleetModel",
        "FleetNotify",
        "FleetReconcile",
        "FleetRecord",
        "SSHClient",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "SSHSpike",
      dependencies: [
        "SSHClient",
        "SSHTestServer",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      path: "Benchmarks/SSHSpike",
      swiftSettings: settings),
    .testTarget(name: "YAMLSourceTests", dependencies: ["YAMLSource"], swiftSettings: settings),
    .target(name: "SSHTestServer", path: "Tests/SSHTestServer", swiftSettings: settings),
    .target(
      name: "FleetTestSupport", dependencies: ["FleetModel"], path: "Tests/FleetTestSupport", swiftSettings: settings),
    .testTarget(
      name: "SSHClientTests",
      dependencies: [
        "SSHClient",
        "SSHTestServer",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "FleetModelTests",
      dependencies: [
        "FleetApply",
        "FleetModel",
        "FleetReconcile",
        "FleetRecord",
        "FleetTestSupport",
        "YAMLSource",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "FleetApplyTests",
      dependencies: ["FleetApply", "FleetModel", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: settings),
    .testTarget(
      name: "FleetRecordTests",
      dependencies: ["FleetModel", "FleetRecord", "FleetTestSupport", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: settings),
    .testTarget(
      name: "FleetNotifyTests",
      dependencies: [
        "FleetModel",
        "FleetNotify",
        "FleetReconcile",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "FleetReconcileTests",
      dependencies: [
        "FleetApply",
        "FleetModel",
        "FleetReconcile",
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "FleetHTTPTests",
      dependencies: [
        "FleetHTTP",
        "FleetModel",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "LabTests",
      dependencies: [
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: settings),
  ]
)
