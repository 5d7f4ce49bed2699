// swift-tools-version: 6.2

import PackageDescription

// The codec beside swift-protobuf. A package of its own, so that nobody else builds swift-protobuf.
let package = Package(
  name: "codec-bench",
  dependencies: [
    .package(name: "clinic-rpc", path: "../.."),
    // The contender.
    .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0")
  ],
  targets: [
    // Made by Scripts/generate from clinic/v1/common.proto and clinic/v1/patient.proto.
    .target(
      name: "SwiftProtobufContracts",
      dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")]),
    .executableTarget(
      name: "codec-bench",
      dependencies: [
        "SwiftProtobufContracts",
        .product(name: "ClinicContracts", package: "clinic-rpc"),
        .product(name: "ProtobufRuntime", package: "clinic-rpc"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf")
      ])
  ],
  swiftLanguageModes: [.v6]
)
