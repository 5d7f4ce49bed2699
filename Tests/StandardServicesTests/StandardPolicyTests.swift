import RPCCore
import StandardServices
import Testing

@Suite("The policy of gRPC's own services")
struct StandardPolicyTests {
  @Test("bounds every call in time, and every stream in messages")
  func bounds() {
    var router = Router()
    router.register(HealthHandler(status: ServingStatus(services: [])))
    router.register(ReflectionHandler(services: [], index: DescriptorIndex(descriptorSet: [])))
    #expect(router.methods.count == 5)
    for method in router.methods {
      let policy = method.policy
      #expect(policy.maxDeadline <= .seconds(600), "\(method)")
      #expect(policy.audience == .everybody, "\(method)")
      #expect((policy.messageCost > 0) == (method.kind != .unary), "\(method)")
    }
  }
}
