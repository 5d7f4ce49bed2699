/// What timers are for: the name under which a slice sets them and does what is due.
package struct TimerKind: Hashable, Sendable {
  /// The name in the database, which stays.
  let name: String
}
