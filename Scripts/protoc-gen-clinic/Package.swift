// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error)
]

// The contract compiler. A package of its own, so that nobody who builds or depends on the product
// builds swift-protobuf.
let package = Package(
  name: "protoc-gen-clinic",
  products: [
    .executable(name: "protoc-gen-clinic", targets: ["protoc-gen-clinic"]),
    .library(name: "ContractCompiler", targets: ["ContractCompiler"])
  ],
  dependencies: [
    // Descriptors, naming and printing for protoc plugins.
    .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0")
  ],
  targets: [
    .target(
      name: "ContractCompiler",
      dependencies: [
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
        .product(name: "SwiftProtobufPluginLibrary", package: "swift-protobuf")
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "protoc-gen-clinic",
      dependencies: [
        "ContractCompiler",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
        .product(name: "SwiftProtobufPluginLibrary", package: "swift-protobuf")
      ],
      swiftSettings: settings),
    .testTarget(
      name: "ContractCompilerTests",
      dependencies: [
        "ContractCompiler",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
        .product(name: "SwiftProtobufPluginLibrary", package: "swift-protobuf")
      ],
      exclude: ["LintCases"],
      swiftSettings: settings)
  ],
  swiftLanguageModes: [.v6]
)
