import ArgumentParser
import ClinicClient
import ClinicContracts
import Foundation

/// `clinic-bench idle`: opens connections and leaves them alone.
struct IdleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "idle",
    abstract: "Opens connections, prints `open N`, and holds them until standard input ends.")

  @OptionGroup var options: ServerOptions

  @Option(help: "How many connections.")
  var connections = 10_000

  func run() async throws {
    let clients = try await options.clients(connections)
    // A call opens a client's connection; a hundred at a time spare the server's backlog.
    for start in stride(from: 0, to: clients.count, by: 100) {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for client in clients[start..<min(start + 100, clients.count)] {
          group.addTask { _ = try await client.auth.getCaller(GetCallerRequest()) }
        }
        try await group.waitForAll()
      }
    }
    print("open \(clients.count)")
    // Whoever waits for the line may read it from a file.
    fflush(nil)
    while readLine() != nil {}
    for client in clients { await client.close() }
  }
}
