/// Invents the appointments of a clinic's week: the same ones for the same seed and moment.
///
/// Days that are over were lived through: most patients were seen, some did not come. Today is under
/// way. What lies ahead is booked, the nearer the more.
package struct DemoSchedule: Sendable {
  /// A kind of appointment, by its place in the clinic's list.
  package struct Kind: Sendable {
    package let length: Int
    /// Minutes that its resources stay free around it.
    package let before: Int
    package let after: Int

    /// A kind with its lengths in minutes.
    package init(length: Int, before: Int = 0, after: Int = 0) {
      self.length = length
      self.before = before
      self.after = after
    }
  }

  /// How far an appointment is.
  package enum Progress: Sendable, Hashable {
    case booked, confirmed, arrived, checkedIn, inConsultation, completed, cancelled, noShow
  }

  /// An invented appointment.
  package struct Entry: Sendable, Hashable {
    /// Whose it is, by the place of the practitioner.
    package let practitioner: Int
    /// Its kind, by place, of those that the practitioner does.
    package let kind: Int
    /// Who comes, by the place of the patient.
    package let patient: Int
    package let span: Span
    package let progress: Progress
    package let reason: String
  }

  private static let reasons = [
    "Cough for two weeks", "Blood pressure check", "Back pain", "Medication review",
    "Skin rash", "Follow-up of blood results", "Headaches", "Vaccination", "Knee pain",
    "Tiredness", "Asthma review", "Ear ache", "Diabetes review", "Wound check", "Sleep problems"
  ]

  private var random: SeededGenerator
  private let now: Int64
  private let patients: Int
  private var seenToday: [Int: Set<Int>] = [:]

  /// - Parameters:
  ///   - seed: which appointments.
  ///   - now: the moment that divides what was from what will be, in seconds since 1970.
  ///   - patients: how many there are to come.
  package init(seed: UInt64, now: Int64, patients: Int) {
    random = SeededGenerator(seed: seed &* 31 &+ 17)
    self.now = now
    self.patients = patients
  }

  /// The appointments of a practitioner on the days of a calendar.
  package mutating func entries(
    practitioner: Int, open: [Span], kinds: [(index: Int, kind: Kind)], in calendar: LocalCalendar
  ) -> [Entry] {
    var entries: [Entry] = []
    let today = calendar.local(at: now).day
    for span in open {
      let day = calendar.local(at: span.start).day
      // Fully booked this week, half of it the next.
      let share = day <= today + 2 ? 88 : max(70 - (day - today) * 5, 25)
      var start = span.start
      while start < span.end {
        let (index, kind) = random.pick(kinds)
        let length = Int64(kind.length) * 60
        let begin = start + Int64(kind.before) * 60
        guard begin + length <= span.end else { break }
        if random.chance(share), let patient = nextPatient(on: day) {
          entries.append(
            Entry(
              practitioner: practitioner, kind: index, patient: patient,
              span: Span(begin, begin + length),
              progress: progress(of: Span(begin, begin + length)),
              reason: random.pick(Self.reasons)))
        }
        // The grid of a quarter of an hour, past the buffer.
        let step = begin + length + Int64(kind.after) * 60 - start
        start += (step + 899) / 900 * 900
      }
    }
    return entries
  }

  /// Somebody who does not come yet on that day.
  private mutating func nextPatient(on day: Int) -> Int? {
    for _ in 0..<20 {
      let patient = random.next(below: max(patients, 1))
      if seenToday[day, default: []].insert(patient).inserted { return patient }
    }
    return nil
  }

  private mutating func progress(of span: Span) -> Progress {
    let chance = random.next(below: 100)
    if chance < 4 { return .cancelled }
    if span.end <= now { return chance < 10 ? .noShow : .completed }
    if span.start <= now { return .inConsultation }
    if span.start <= now + 1_200 { return chance < 55 ? .checkedIn : .arrived }
    return chance < 50 ? .confirmed : .booked
  }
}
