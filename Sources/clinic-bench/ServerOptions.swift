import ArgumentParser
import ClinicClient
import Foundation

/// Which server is measured, and as whom.
struct ServerOptions: ParsableArguments {
  @Option(help: "The server, as HOST:PORT.")
  var server: String

  @Option(help: "The authority of its certificate, as a PEM file.")
  var ca: String

  @Option(help: "The clinic's short name.")
  var company = "bench"

  @Option(help: "The login name.")
  var email = "bench@bench.example"

  @Option(help: "The environment variable that holds the password.")
  var passwordVariable = "CLINIC_BENCH_PASSWORD"

  /// One connection for each client.
  var configuration: ClinicClientConfiguration {
    get throws {
      let parts = server.split(separator: ":")
      guard parts.count == 2, let port = Int(parts[1]) else {
        throw ValidationError("--server must be HOST:PORT")
      }
      return ClinicClientConfiguration(
        servers: [ServerAddress(host: String(parts[0]), port: port)],
        certificateAuthority: .file(ca), connections: 1)
    }
  }

  /// Clients of one session, each with a connection of its own.
  func clients(_ count: Int) async throws -> [ClinicClient] {
    guard let password = ProcessInfo.processInfo.environment[passwordVariable] else {
      throw ValidationError("\(passwordVariable) is not set")
    }
    let credentials = MemoryCredentialStore()
    // One for all of them: each TLS context holds the authorities anew.
    let transport = try configuration.transport()
    let clients = (0..<count).map { _ in
      ClinicClient(transport: transport, credentials: credentials)
    }
    try await clients[0].login(
      company: company, email: email, password: password, clientName: "clinic-bench")
    return clients
  }
}
