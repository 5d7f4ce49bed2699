import FixtureContracts
import Glibc
import Logging
import NIOPosix
import RPCCore
import RPCTransport
import StandardServices

/// Serves grpc.testing.TestService and the fixtures' echo service over TLS until it is killed:
/// `InteropServer FOLDER [PORT]`. The folder takes the certificates; `FOLDER/ca.pem` is the
/// authority. Prints `ready on 127.0.0.1:PORT`.
@main
struct InteropServer {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 2 else {
      print("usage: InteropServer FOLDER [PORT]")
      return
    }
    let files = try DevelopmentCertificates(directory: arguments[1]).ensure()
    let provider = try TLSServerContextProvider(
      TLSServerConfiguration(
        credentials: .files(
          certificateChain: files.serverCertificate, privateKey: files.serverKey),
        applicationProtocols: RPCServer.applicationProtocols))
    let status = ServingStatus(services: [InteropTestService.descriptor.fullName])
    var router = Router()
    router.register(InteropHandler())
    router.register(HealthHandler(status: status))
    var logger = Logger(label: "interop")
    logger.logLevel = .debug
    let server = RPCServer(
      router: router, security: .tls(provider), group: MultiThreadedEventLoopGroup.singleton,
      logger: logger)
    let port = arguments.count > 2 ? Int(arguments[2]) ?? 0 : 0
    let ports = try await server.start(on: [ListenAddress(host: "127.0.0.1", port: port)])
    print("ready on 127.0.0.1:\(ports[0])")
    fflush(nil)
    while true { try await Task.sleep(for: .seconds(3_600)) }
  }
}
