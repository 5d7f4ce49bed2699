import SwiftProtobufPluginLibrary

/// The names of a service's methods in its client, where the service is named already:
/// `client.patients.get`, not `client.patients.getPatient`.
struct ClientMethodNames {
  private var names: [String: String] = [:]

  init(_ service: ServiceDescriptor) {
    let shorter = service.methods.map { method in
      (method.name, Self.withoutResource(method.name, service: service.name))
    }
    var uses: [String: Int] = [:]
    for (_, short) in shorter { uses[short, default: 0] += 1 }
    for (full, short) in shorter {
      let name = uses[short] == 1 ? short : full
      names[full] =
        SwiftWords.member(
          NamingUtils.toLowerCamelCase(name), besides: ["channel"]
        ).trimmingBackticks
    }
  }

  /// The name of a method, without backticks.
  func name(of method: MethodDescriptor) -> String {
    names[method.name] ?? method.name
  }

  /// `GetPatient` of `PatientService` → `Get`; the resource may be in the plural and may stand inside:
  /// `ResetStaffPassword` → `ResetPassword`.
  private static func withoutResource(_ method: String, service: String) -> String {
    let resource = words(
      service.hasSuffix("Service") ? String(service.dropLast("Service".count)) : service)
    let parts = words(method)
    guard !resource.isEmpty, parts.count > resource.count else { return method }
    for start in stride(from: parts.count - resource.count, through: 1, by: -1) {
      let end = start + resource.count
      if matches(Array(parts[start..<end]), resource) {
        return (parts[..<start] + parts[end...]).joined()
      }
    }
    return method
  }

  private static func matches(_ words: [String], _ resource: [String]) -> Bool {
    guard words.dropLast() == resource.dropLast(), let word = words.last, let noun = resource.last
    else { return false }
    return word == noun || word == noun + "s" || word == noun + "es"
      || (noun.hasSuffix("y") && word == noun.dropLast() + "ies")
  }

  private static func words(_ name: String) -> [String] {
    var words: [String] = []
    for character in name {
      if character.isUppercase || words.isEmpty {
        words.append(String(character))
      } else {
        words[words.count - 1].append(character)
      }
    }
    return words
  }
}

extension String {
  fileprivate var trimmingBackticks: String { filter { $0 != "`" } }
}
