public import ClinicContracts
internal import Synchronization

/// Keeps credentials for as long as the process runs.
public final class MemoryCredentialStore: CredentialStore {
  private let credentials: Mutex<Credentials?>

  /// A store with these credentials; nil for nobody logged in.
  public init(_ credentials: Credentials? = nil) {
    self.credentials = Mutex(credentials)
  }

  /// The credentials; nil where nobody is logged in.
  public func load() async throws -> Credentials? {
    credentials.withLock { $0 }
  }

  /// Keeps the credentials; nil forgets them.
  public func save(_ credentials: Credentials?) async throws {
    self.credentials.withLock { $0 = credentials }
  }
}
