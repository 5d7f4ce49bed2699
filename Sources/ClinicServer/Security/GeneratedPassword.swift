/// Passwords that the server makes for people: for a first login or a reset.
package enum GeneratedPassword {
  /// Twenty characters in four groups, such as `kf7wd-93hmx-…`, that nobody mistakes for each other
  /// when they are read out or copied by hand: no vowels, hence no words, and none of 0 O 1 l i.
  ///
  /// 27 characters to choose from make log2(27) × 20 = 95 bits.
  package static func make() -> String {
    var generator = SystemRandomNumberGenerator()
    return make(using: &generator)
  }

  static func make(using generator: inout some RandomNumberGenerator) -> String {
    (0..<groups).map { _ in
      String(
        (0..<groupLength).map { _ in
          characters[Int.random(in: characters.indices, using: &generator)]
        })
    }.joined(separator: "-")
  }

  static let characters = Array("bcdfghjkmnpqrstvwxz23456789")
  static let groups = 4
  static let groupLength = 5
}
