internal import ClinicContracts
internal import RPCCore
internal import StandardServices

/// gRPC's own services: open to everybody, without data.
enum StandardParts {
  /// Adds them to a router, and returns the status that the health checks tell. They tell of every
  /// service of the contracts, whatever is registered when: see ``checkComplete(_:)``.
  static func register(with router: inout Router) -> ServingStatus {
    let services = ClinicContracts.services.map(\.fullName)
    let status = ServingStatus(services: services)
    router.register(HealthHandler(status: status))
    router.register(
      ReflectionHandler(
        services: services + [Health.descriptor.fullName],
        index: DescriptorIndex(
          descriptorSet: Base64.bytes(of: ClinicContracts.descriptorSet) ?? [])))
    return status
  }

  /// Stops a server that promises a method and does not serve it.
  static func checkComplete(_ router: Router) {
    let missing = ClinicContracts.services.flatMap(\.methods).map(\.path)
      .filter { router.route(for: $0) == nil }
    precondition(missing.isEmpty, "nobody serves \(missing.joined(separator: ", "))")
  }
}
