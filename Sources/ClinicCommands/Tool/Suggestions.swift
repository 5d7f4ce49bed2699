/// Finds what the user may have meant.
package enum Suggestions {
  /// The candidate nearest to a mistyped `word`; nil where none is near.
  package static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let word = word.lowercased()
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
      let target = candidate.lowercased()
      let distance =
        target.hasPrefix(word) && word.count >= 2 ? 1 : distance(from: word, to: target)
      // A third of the letters may be wrong, one at least.
      guard distance <= max(1, min(word.count, target.count) / 3 + (word.count > 3 ? 1 : 0)),
        distance < best?.distance ?? Int.max
      else { continue }
      best = (candidate, distance)
    }
    return best?.candidate
  }

  /// The least number of inserted, removed, replaced or swapped neighbouring characters (optimal
  /// string alignment) that turn one text into the other.
  package static func distance(from source: String, to target: String) -> Int {
    let source = Array(source)
    let target = Array(target)
    var older: [Int] = []
    var previous = Array(0...target.count)
    for row in 0..<source.count {
      var current = [row + 1] + [Int](repeating: 0, count: target.count)
      for column in 0..<target.count {
        let cost = source[row] == target[column] ? 0 : 1
        current[column + 1] = min(
          previous[column + 1] + 1, current[column] + 1, previous[column] + cost)
        if row > 0, column > 0, source[row] == target[column - 1],
          source[row - 1] == target[column]
        {
          current[column + 1] = min(current[column + 1], older[column - 1] + 1)
        }
      }
      older = previous
      previous = current
    }
    return previous[target.count]
  }
}
