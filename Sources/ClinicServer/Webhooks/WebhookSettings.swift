/// How webhooks are sent.
package struct WebhookSettings: Sendable {
  /// The authorities of the receivers' certificates, in a PEM file; nil for the system's.
  package var certificateAuthority: String?

  /// Whether private addresses are posted to, and plain http on this machine's own: for development
  /// and tests.
  package var allowsPrivateAddresses = false

  /// How long an attempt may take: much less than ``lease``. 10 seconds.
  package var timeout = Duration.seconds(10)

  /// How long an attempt counts for being under way. 30 seconds.
  package var lease = Duration.seconds(30)

  /// How often a delivery is tried before it is a dead letter. 12.
  package var attempts = 12

  /// The time before the second attempt; each further one takes three times as long. 5 seconds.
  package var firstPause = Duration.seconds(5)

  /// The longest time between two attempts. 6 hours.
  package var longestPause = Duration.seconds(6 * 3_600)

  /// How many dead letters in a row disable an endpoint. 5.
  package var deadLetters = 5

  /// How often the log is looked at for an endpoint that heard of no change: for those of a server
  /// that was killed between a commit and its announcement. 5 minutes.
  package var heartbeat = Duration.seconds(300)

  package init() {}

  /// The time after a failed attempt, the first one being 1.
  ///
  /// - Parameter chance: 0 to 1, spreads the pause by a fifth to either side.
  package func pause(afterAttempt attempt: Int, chance: Double) -> Duration {
    var pause = firstPause
    for _ in 1..<max(attempt, 1) where pause < longestPause { pause *= 3 }
    return min(pause, longestPause) * (0.8 + 0.4 * chance)
  }
}
