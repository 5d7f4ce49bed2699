import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// What breaks those who fill a field in: a rule that refuses what was right before.
struct FieldChange {
  private let before: Clinic_Options_V1_FieldPolicy
  private let after: Clinic_Options_V1_FieldPolicy
  private let isNew: Bool
  private let field: FieldDescriptor

  init(from old: FieldDescriptor?, to new: FieldDescriptor) {
    // Who does not know a field leaves it out, which any rule but `required` allows.
    let unknown = new.clinicPolicy.map { policy in
      var unknown = policy
      (unknown.required, unknown.minItems) = (false, 0)
      return unknown
    }
    before = (old.map(\.clinicPolicy) ?? unknown) ?? Clinic_Options_V1_FieldPolicy()
    after = new.clinicPolicy ?? Clinic_Options_V1_FieldPolicy()
    isNew = old == nil
    field = new
  }

  func check(_ report: inout LintReport) {
    for rule in tightened {
      report.add(
        "field \(field.name) \(rule)"
          + (isNew ? ", but callers do not know it" : ", which refuses what callers sent"),
        at: field)
    }
  }

  /// The rules that allow less than they did.
  private var tightened: [String] {
    if after.outputOnly { return before.outputOnly ? [] : ["is set by the server now"] }
    // What was ignored may hold anything.
    let old = before.outputOnly ? Clinic_Options_V1_FieldPolicy() : before
    let rules: [(isTighter: Bool, words: String)] = [
      (after.required && !old.required, "is required"),
      (after.minLength > old.minLength, "has a min_length of \(after.minLength)"),
      (Self.isLower(after.maxLength, old.maxLength), "has a max_length of \(after.maxLength)"),
      (after.format != .unspecified && after.format != old.format, "has a \(after.format) format"),
      (
        !Self.allows(after.pattern, whatDid: old.pattern), "has the pattern \(after.pattern)"
      ),
      (
        after.hasMinimum && (!old.hasMinimum || after.minimum > old.minimum),
        "has a minimum of \(after.minimum)"
      ),
      (
        after.hasMaximum && (!old.hasMaximum || after.maximum < old.maximum),
        "has a maximum of \(after.maximum)"
      ),
      (after.minItems > old.minItems, "has a min_items of \(after.minItems)"),
      (Self.isLower(after.maxItems, old.maxItems), "has a max_items of \(after.maxItems)"),
      (after.definedOnly && !old.definedOnly, "is `defined_only`"),
      (!after.partial && old.partial, "is not `partial` any more")
    ]
    return rules.filter(\.isTighter).map(\.words)
  }

  /// Whether a pattern takes at least what another one took, as far as can be told: of two lists of
  /// words, which can grow.
  private static func allows(_ new: String, whatDid old: String) -> Bool {
    if new.isEmpty || new == old { return true }
    guard let words = words(new), let before = Self.words(old) else { return false }
    return words.isSuperset(of: before)
  }

  private static func words(_ pattern: String) -> Set<Substring>? {
    let words = pattern.split(separator: "|", omittingEmptySubsequences: false)
    let isPlain = words.allSatisfy { word in
      !word.isEmpty && word.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x5F }
    }
    return isPlain ? Set(words) : nil
  }

  /// Of two limits of which 0 stands for none.
  private static func isLower(_ new: UInt32, _ old: UInt32) -> Bool {
    new > 0 && (old == 0 || new < old)
  }
}
