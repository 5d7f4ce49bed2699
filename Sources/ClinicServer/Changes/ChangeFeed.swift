internal import ClinicContracts

/// The end of one clinic's change log, read once and shared by all who watch it on this server.
///
/// A value without I/O: ``ChangeHub`` reads for it and wakes those who wait. A watcher is a place in
/// the log and nothing else, so one that is slow holds no memory and holds up nobody: where its
/// place is older than what is kept here, it reads the log by itself until it has caught up.
struct ChangeFeed {
  /// What a watcher finds behind its place.
  enum Finding {
    /// The entries that follow, not necessarily all.
    case entries([ChangeEntry])
    /// Nothing yet.
    case nothing
    /// Entries that are kept no longer: the log has them.
    case tooOld
  }

  /// The least number of entries that are kept.
  static let capacity = 1_024

  /// The most entries that a watcher gets at once.
  static let page = 200

  /// The last entry that was read; nil before the first reading.
  private(set) var position: Int64?
  private var recent: [ChangeEntry] = []

  /// Where the log is said to end.
  private var announced: Int64 = 0
  /// Where it was said to end when the reading took its last step.
  private var asked: Int64 = 0
  /// The log is to be read whatever was announced.
  private var mustRead = true
  /// Somebody reads.
  private(set) var isReading = false
  /// How many watch.
  var watchers = 0
  /// Those who wait for news.
  var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]

  /// Those who wait, to be woken.
  mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
    defer { waiters = [:] }
    return Array(waiters.values)
  }

  /// Changes the feed in its place.
  mutating func apply(_ change: (inout ChangeFeed) -> Void) { change(&self) }

  /// What follows a place.
  func entries(after place: Int64) -> Finding {
    guard let position, place < position else { return .nothing }
    let kept = position - Int64(recent.count)
    guard place >= kept else { return .tooOld }
    return .entries(Array(recent[Int(place - kept)...].prefix(Self.page)))
  }

  // MARK: Reading

  /// Notes that the log may have grown. True where a reading must begin.
  mutating func announce(_ sequence: Int64) -> Bool {
    if sequence == ChangeAnnouncer.unknown { return demand() }
    announced = max(announced, sequence)
    return beginReading()
  }

  /// Has the log read, whatever was announced. True where a reading must begin.
  mutating func demand() -> Bool {
    mustRead = true
    return beginReading()
  }

  private mutating func beginReading() -> Bool {
    guard !isReading, needsReading else { return false }
    isReading = true
    return true
  }

  private var needsReading: Bool { mustRead || announced > (position ?? 0) }

  /// The reading takes its next step: nil where there is none, and the reading ends.
  mutating func nextStep() -> ReadingStep? {
    guard needsReading, watchers > 0 else {
      isReading = false
      return nil
    }
    mustRead = false
    asked = announced
    return position.map { .entries(after: $0) } ?? .end
  }

  /// A reading failed: it is to be done again.
  mutating func retry() { mustRead = true }

  /// The log ends here; the first step of a feed. Whoever watched before may have left a reading
  /// under way, whose answers come beside those of this one: an end that comes late says nothing of
  /// where `recent` ends.
  mutating func begin(at end: Int64) { position = position ?? end }

  /// Takes over what the log holds behind the last entry. `isWhole` says that it holds no more.
  mutating func append(_ entries: [ChangeEntry], isWhole: Bool) {
    if !isWhole { mustRead = true }
    guard let position else { return }
    guard let last = entries.last?.sequence else {
      // What was announced before is not there: the log was cut.
      if announced == asked { announced = position }
      return
    }
    guard last > position else { return }
    let news = entries.drop { $0.sequence <= position }
    if last - position != Int64(news.count) {
      // A log with a hole, which VerifyChanges tells: nobody may count on places here.
      recent.removeAll()
    } else {
      recent += news
      if recent.count > 2 * Self.capacity { recent.removeFirst(recent.count - Self.capacity) }
    }
    self.position = last
  }
}

/// What a reading asks the database for.
enum ReadingStep {
  /// Where the log ends.
  case end
  /// The entries behind a place.
  case entries(after: Int64)
}
