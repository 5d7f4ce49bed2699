public import Logging

/// Makes a client, lends it to `body`, and closes it when `body` ends, however that is.
public func withClinicClient<Result>(
  configuration: ClinicClientConfiguration,
  credentials: any CredentialStore = MemoryCredentialStore(),
  logger: Logger = Logger(label: "clinic.client", factory: { _ in SwiftLogNoOpLogHandler() }),
  isolation: isolated (any Actor)? = #isolation,
  _ body: (ClinicClient) async throws -> Result
) async throws -> Result {
  let client = try ClinicClient(
    configuration: configuration, credentials: credentials, logger: logger)
  do {
    let result = try await body(client)
    await client.close()
    return result
  } catch {
    await client.close()
    throw error
  }
}
