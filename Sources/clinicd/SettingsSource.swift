import ClinicServer
import Configuration
import SystemPackage

/// Where options that no flag gave come from: the environment, then a file.
struct SettingsSource: Sendable {
  private let reader: ConfigReader

  /// Reads the file that the flag or `CLINICD_CONFIG` names, if any.
  init(file: String?) async throws {
    let environment = EnvironmentVariablesProvider()
    let named = ConfigReader(provider: environment).string(forKey: "clinicd.config")
    var providers: [any ConfigProvider] = [
      KeyMappingProvider(upstream: environment) { $0.prepending("clinicd") }
    ]
    if let path = file ?? named {
      do {
        providers.append(try await FileProvider<JSONSnapshot>(filePath: FilePath(path)))
      } catch {
        throw ServerStartupError(
          .invalidConfiguration, "The configuration file \(path) cannot be read as JSON.",
          cause: error)
      }
    }
    reader = ConfigReader(providers: providers)
  }

  /// The text of an option: the flag's, the environment's or the file's.
  func text(_ flag: String?, _ name: String) -> String? {
    flag ?? reader.string(forKey: ConfigKey([name]))
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
