/// What was set for one API key.
package struct KeyLimits: Sendable, Hashable {
  package var limits: CallLimits
  /// The key's version: of two answers of the database the later one counts, however late the other
  /// arrives. 0 for a caller that is no key.
  package var version: Int64

  package init(limits: CallLimits = CallLimits(), version: Int64 = 0) {
    self.limits = limits
    self.version = version
  }
}
