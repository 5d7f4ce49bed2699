// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "clinic-rpc",
  products: [
    .library(name: "ClinicClient", targets: ["ClinicClient"]),
    .executable(name: "clinicd", targets: ["clinicd"]),
    .executable(name: "clinicctl", targets: ["clinicctl"]),
    .executable(name: "clinic-bench", targets: ["clinic-bench"]),
  ],
  dependencies: [
    // Event loops, byte buffers and sockets.
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    // Structured logs.
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    // Starts and stops the parts of clinicd in order, on signals.
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    // Command lines of the executables.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // Deques, ordered and heap collections.
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    // Signed access tokens.
    .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    // SHA-256 and HMAC.
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    // Child processes: the embedded PostgreSQL.
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    // MARK: C libraries

    .systemLibrary(
      name: "CProtobufC", pkgConfig: "libprotobuf-c",
      providers: [.apt(["libprotobuf-c-dev"])]),
    .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),

    // MARK: Contracts, generated

    .target(name: "CWellKnownTypes", dependencies: ["CProtobufC"]),
    .target(name: "CRPCContracts", dependencies: ["CProtobufC", "CWellKnownTypes"]),
    .target(name: "CClinicContracts", dependencies: ["CProtobufC", "CWellKnownTypes"]),
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
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: settings),
    .target(
      name: "RPCTransport",
      dependencies: [
        "RPCCore", "ProtobufRuntime", "COpenSSL",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "HeapModule", package: "swift-collections"),
      ],
      swiftSettings: settings),
    .target(
      name: "PostgresClient",
      dependencies: [
        "CLibPQ",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "DequeModule", package: "swift-collections"),
      ],
      swiftSettings: settings),
    .target(
      name: "ClinicServer",
      dependencies: [
        "ClinicContracts", "RPCTransport", "RPCCore", "ProtobufRuntime", "PostgresClient",
        "CSodium",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "JWTKit", package: "jwt-kit"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Subprocess", package: "swift-subprocess"),
      ],
      resources: [.embedInCode("Migrations")],
      swiftSettings: settings),
    .target(
      name: "ClinicClient",
      dependencies: [
        "ClinicContracts", "RPCTransport", "RPCCore", "ProtobufRuntime",
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: settings),

    // MARK: Executables

    .executableTarget(
      name: "clinicd",
      dependencies: [
        "ClinicServer",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "clinicctl",
      dependencies: [
        "ClinicClient", "ClinicContracts", "RPCCore", "ProtobufRuntime",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "clinic-bench",
      dependencies: [
        "ClinicClient", "ClinicContracts", "RPCCore", "ProtobufRuntime", "PostgresClient",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
