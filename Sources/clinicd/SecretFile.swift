import ClinicServer
import Foundation

/// Secrets that are given as files.
enum SecretFile {
  /// The first line of a file.
  static func read(_ path: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path),
      let line = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).first
    else {
      throw ServerStartupError(.invalidConfiguration, "\(path) cannot be read or is empty.")
    }
    return String(line)
  }
}
