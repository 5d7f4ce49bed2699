/// Holds the other side of a connection back by not reading what it sends, for a short while.
package protocol ReadingGate: AnyObject, Sendable {
  /// Nothing more is read until ``open()``, or for a twentieth of a second at most: signs of life
  /// and cancellations come the same way.
  func close()

  /// One of those who closed the gate opens it; it opens when all of them have.
  func open()
}
