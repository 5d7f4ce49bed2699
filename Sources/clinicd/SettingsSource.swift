import ClinicServer
import Configuration
import FoundationEssentials
import Synchronization
import SystemPackage

/// Where options that no flag gave come from: the environment, then a file.
final class SettingsSource: Sendable {
  private let reader: ConfigReader
  /// The members of the file that nobody asked for yet, by name.
  private let unread: Mutex<Set<String>>
  private let file: String

  /// Reads the file that the flag or `CLINICD_CONFIG` names, if any.
  init(file: String?) async throws {
    let environment = EnvironmentVariablesProvider()
    let named = ConfigReader(provider: environment).string(forKey: "clinicd.config")
    var providers: [any ConfigProvider] = [
      KeyMappingProvider(upstream: environment) { $0.prepending("clinicd") }
    ]
    var members: [String] = []
    if let path = file ?? named {
      do {
        providers.append(try await FileProvider<JSONSnapshot>(filePath: FilePath(path)))
        members = try Self.members(of: path)
      } catch {
        throw ServerStartupError(
          .invalidConfiguration, "The configuration file \(path) cannot be read as JSON.",
          cause: error)
      }
    }
    reader = ConfigReader(providers: providers)
    unread = Mutex(Set(members))
    self.file = file ?? named ?? ""
  }

  private struct Member: Decodable {
    init(from decoder: any Decoder) {}
  }

  private static func members(of path: String) throws -> [String] {
    let content = try Data(contentsOf: URL(filePath: path))
    return try JSONDecoder().decode([String: Member].self, from: content).keys.sorted()
  }

  /// Throws where the file has a member that no option asked for: a misspelt limit must not stand
  /// at its default unseen. Called when every option has been read.
  ///
  /// - Parameter others: The options of other commands that may stand in the same file.
  func checkAllRead(butFor others: Set<String> = []) throws {
    guard let name = unread.withLock({ $0.subtracting(others).min() }) else { return }
    throw ServerStartupError(
      .invalidConfiguration,
      "\(file) has a member \"\(name)\", which is no option of this command.")
  }

  /// The text of an option: the flag's, the environment's or the file's.
  func text(_ flag: String?, _ name: String) -> String? {
    unread.withLock { _ = $0.remove(name) }
    return flag ?? reader.string(forKey: ConfigKey([name]))
  }

  /// The number of an option, in a range.
  func number(
    _ flag: Int?, _ name: String, in range: ClosedRange<Int>
  ) throws -> Int? {
    guard let text = text(flag.map(String.init), name) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw ServerStartupError(
        .invalidConfiguration,
        "\(name) is \"\(text)\"; it must be a number from \(range.lowerBound) to "
          + "\(range.upperBound).")
    }
    return number
  }

  /// The truth of a switch.
  func flag(_ flag: Bool, _ name: String) throws -> Bool {
    if flag { return true }
    guard let text = text(nil, name) else { return false }
    switch text.lowercased() {
    case "true", "yes", "1", "on": return true
    case "false", "no", "0", "off", "": return false
    default:
      throw ServerStartupError(
        .invalidConfiguration, "\(name) is \"\(text)\"; it must be true or false.")
    }
  }
}
