// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  // An asynchronous function stays on its caller's executor: a call's steps cost no hops.
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error)
]

let package = Package(
  name: "clinic-rpc",
  products: [
    .library(name: "ClinicClient", targets: ["ClinicClient"]),
    .library(name: "ClinicContracts", targets: ["ClinicContracts"]),
    // What contracts compiled by Scripts/generate --input build on.
    .library(name: "ProtobufRuntime", targets: ["ProtobufRuntime"]),
    .library(name: "RPCCore", targets: ["RPCCore"]),
    .executable(name: "clinicd", targets: ["clinicd"]),
    .executable(name: "clinicctl", targets: ["clinicctl"]),
    .executable(name: "clinic-bench", targets: ["clinic-bench"])
  ],
  dependencies: [
    // Event loops, byte buffers and sockets.
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    // HTTP/2 frames, header compression and stream channels, below gRPC.
    .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
    // Structured logs.
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    // Starts and stops the parts of clinicd in order, on signals.
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    // Settings from the environment and a file.
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
    // The file paths that swift-configuration takes.
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    // Command lines of the executables.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // Deques, ordered and heap collections.
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    // Signed access tokens.
    .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    // SHA-256 and HMAC.
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    // Child processes: the embedded PostgreSQL.
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2")
  ],
  targets: [
    // MARK: C libraries

    .systemLibrary(
      name: "CProtobufC", pkgConfig: "libprotobuf-c",
      providers: [.apt(["libprotobuf-c-dev"])]),
    .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

    // MARK: Contracts, generated

    .target(name: "CWellKnownTypes", dependencies: ["CProtobufC"]),
    .target(name: "CRPCContracts", dependencies: ["CProtobufC", "CWellKnownTypes"]),
    .target(name: "CClinicContracts", dependencies: ["CProtobufC", "CWellKnownTypes"]),
    .target(name: "CStandardContracts", dependencies: ["CProtobufC", "CWellKnownTypes"]),
    .target(
      name: "ClinicContracts",
      dependencies: ["CClinicContracts", "CWellKnownTypes", "ProtobufRuntime", "RPCCore"],
      swiftSettings: settings),

    // MARK: Libraries

    .target(
      name: "ProtobufRuntime", dependencies: ["CProtobufC", "CWellKnownTypes"],
      swiftSettings: settings),
    .target(
      name: "RPCCore",
      dependencies: [
        "ProtobufRuntime", "CRPCContracts", "CWellKnownTypes",
        .product(name: "Logging", package: "swift-log")
      ],
      swiftSettings: settings),
    .target(
      name: "RPCTransport",
      dependencies: [
        "RPCCore", "ProtobufRuntime", "COpenSSL", "CZlib",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
        .product(name: "NIOHPACK", package: "swift-nio-http2"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "HeapModule", package: "swift-collections")
      ],
      swiftSettings: settings),
    // gRPC's own services: health and reflection.
    .target(
      name: "StandardServices", dependencies: ["CStandardContracts", "ProtobufRuntime", "RPCCore"],
      swiftSettings: settings),
    .target(
      name: "PostgresClient",
      dependencies: [
        "CLibPQ",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "DequeModule", package: "swift-collections")
      ],
      swiftSettings: settings),
    .target(
      name: "ClinicServer",
      dependencies: [
        "ClinicContracts", "RPCTransport", "RPCCore", "ProtobufRuntime", "PostgresClient",
        "CSodium", "StandardServices",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        .product(name: "JWTKit", package: "jwt-kit"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system")
      ],
      resources: [.embedInCode("Migrations")],
      swiftSettings: settings),
    .target(
      name: "ClinicClient",
      dependencies: [
        "ClinicContracts", "RPCTransport", "RPCCore", "ProtobufRuntime",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log")
      ],
      swiftSettings: settings),
    .target(
      name: "ClinicCommands",
      dependencies: [
        "ClinicClient", "ClinicContracts", "RPCCore", "ProtobufRuntime",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Crypto", package: "swift-crypto")
      ],
      swiftSettings: settings),

    // MARK: Executables

    .executableTarget(
      name: "clinicd",
      dependencies: [
        "ClinicServer", "RPCCore", "RPCTransport", "PostgresClient",
        .product(name: "Configuration", package: "swift-configuration"),
        .product(name: "SystemPackage", package: "swift-system"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "clinicctl", dependencies: ["ClinicCommands"], swiftSettings: settings),
    .executableTarget(
      name: "clinic-bench",
      dependencies: [
        "ClinicClient", "ClinicContracts", "RPCCore", "ProtobufRuntime", "PostgresClient",
        .product(name: "ArgumentParser", package: "swift-argument-parser")
      ],
      swiftSettings: settings),

    // MARK: Tests

    .testTarget(name: "RepositoryTests", swiftSettings: settings),
    .testTarget(
      name: "PostgresClientTests",
      dependencies: [
        "PostgresClient", "TestSupport", .product(name: "Logging", package: "swift-log")
      ], swiftSettings: settings),
    .testTarget(
      name: "StandardServicesTests",
      dependencies: [
        "StandardServices", "ClinicContracts", "ProtobufRuntime", "RPCCore",
        .product(name: "Logging", package: "swift-log")
      ],
      swiftSettings: settings),
    // Serves what gRPC's interoperability clients call.
    .executableTarget(
      name: "InteropServer",
      dependencies: [
        "FixtureContracts", "StandardServices", "RPCTransport", "RPCCore", "ProtobufRuntime",
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log")
      ],
      path: "Tests/InteropServer", swiftSettings: settings),
    // Generated from Tests/Fixtures/Proto: every shape that a contract can have.
    .target(
      name: "CFixtureContracts", dependencies: ["CProtobufC", "CWellKnownTypes"],
      path: "Tests/CFixtureContracts"),
    .target(
      name: "FixtureContracts",
      dependencies: ["CFixtureContracts", "CWellKnownTypes", "ProtobufRuntime", "RPCCore"],
      path: "Tests/FixtureContracts", swiftSettings: settings),
    // Answers protobuf's own conformance runner.
    .target(
      name: "CConformanceMessages", dependencies: ["CProtobufC", "CWellKnownTypes"],
      path: "Tests/CConformanceMessages"),
    .executableTarget(
      name: "ConformanceTestee",
      dependencies: ["CConformanceMessages", "CWellKnownTypes", "ProtobufRuntime"],
      path: "Tests/ConformanceTestee", exclude: ["generate"], swiftSettings: settings),
    .testTarget(
      name: "RPCCoreTests",
      dependencies: [
        "FixtureContracts", "ProtobufRuntime", "RPCCore",
        .product(name: "Logging", package: "swift-log")
      ], swiftSettings: settings),
    .testTarget(
      name: "RPCTransportTests",
      dependencies: [
        "FixtureContracts", "ProtobufRuntime", "RPCCore", "RPCTransport",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHPACK", package: "swift-nio-http2"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log")
      ], swiftSettings: settings),
    .testTarget(
      name: "ProtobufRuntimeTests",
      dependencies: ["FixtureContracts", "ProtobufRuntime"], swiftSettings: settings),
    .testTarget(
      name: "ClinicClientTests",
      dependencies: [
        "ClinicClient", "ClinicContracts", "RPCTransport", "RPCCore", "ProtobufRuntime",
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log")
      ],
      swiftSettings: settings),
    .testTarget(
      name: "ClinicCommandsTests",
      dependencies: [
        "ClinicCommands", "ClinicClient", "ClinicContracts", "RPCTransport", "RPCCore",
        "ProtobufRuntime",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log")
      ],
      swiftSettings: settings),
    .testTarget(
      name: "ContractTests",
      dependencies: ["ClinicContracts", "FixtureContracts", "ProtobufRuntime", "RPCCore"],
      swiftSettings: settings),
    .testTarget(
      name: "ClinicServerTests",
      dependencies: [
        "ClinicServer", "ClinicClient", "ClinicContracts", "PostgresClient", "RPCCore",
        "RPCTransport", "ProtobufRuntime", "StandardServices", "TestSupport",
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system")
      ],
      swiftSettings: settings),
    // PostgreSQL servers, folders and ports for tests.
    .target(
      name: "TestSupport",
      dependencies: [
        "PostgresClient", "RPCTransport", .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio")
      ],
      path: "Tests/TestSupport", swiftSettings: settings),
    .testTarget(
      name: "AcceptanceTests",
      dependencies: [
        "clinicd", "clinicctl", "ClinicClient", "ClinicContracts", "ProtobufRuntime", "RPCCore",
        "TestSupport"
      ],
      swiftSettings: settings)
  ],
  swiftLanguageModes: [.v6]
)
