internal import ClinicContracts
internal import RPCCore
internal import StandardServices

/// gRPC's own services: open to everybody, without data.
enum StandardParts {
  /// Adds them to a router whose clinic services are registered, and returns the status that the
  /// health checks tell.
  static func register(with router: inout Router) -> ServingStatus {
    let services = Set(router.methods.map(\.service)).sorted()
    let status = ServingStatus(services: services)
    router.register(HealthHandler(status: status))
    router.register(
      ReflectionHandler(
        services: services + [Health.descriptor.fullName],
        index: DescriptorIndex(
          descriptorSet: Base64.bytes(of: ClinicContracts.descriptorSet) ?? [])))
    return status
  }
}
