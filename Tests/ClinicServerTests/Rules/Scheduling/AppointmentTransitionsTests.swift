import ClinicContracts
import ClinicServer
import ProtobufRuntime
import Testing

@Suite("Appointment transitions")
struct AppointmentTransitionsTests {
  @Test("cover every verb, and end in statuses that nothing but an error leaves")
  func table() {
    #expect(Set(AppointmentTransitions.table.map(\.verb)) == Set(AppointmentVerb.allCases))
    for status in AppointmentTransitions.allStatuses {
      let allowed = Set(AppointmentTransitions.allowed(in: status))
      switch status {
      case .completed, .cancelled, .leftBeforeSeen: #expect(allowed == [.markEnteredInError])
      case .noShow: #expect(allowed == [.arrive, .markEnteredInError])
      case .enteredInError: #expect(allowed == [])
      default: #expect(allowed.contains(.markEnteredInError) && allowed.count > 1)
      }
      for verb in AppointmentVerb.allCases {
        let target = AppointmentTransitions.target(of: verb, from: status)
        #expect((target != nil) == allowed.contains(verb))
      }
    }
  }

  @Test("are the ones that the contract documents")
  func documentation() throws {
    // The contract's own table, by the words of its statuses.
    let documented: [(verb: AppointmentVerb, from: String, to: AppointmentStatus)] = [
      (.accept, "requested held", .booked), (.confirm, "booked", .confirmed),
      (.arrive, "booked confirmed no_show", .arrived),
      (.checkIn, "booked confirmed arrived", .checkedIn),
      (.start, "arrived checked_in", .inConsultation), (.complete, "in_consultation", .completed),
      (.reschedule, "booked confirmed arrived", .cancelled),
      (.cancel, "requested held booked confirmed arrived checked_in", .cancelled),
      (.markNoShow, "booked confirmed", .noShow),
      (.markLeftBeforeSeen, "arrived checked_in", .leftBeforeSeen)
    ]
    for row in documented {
      for status in AppointmentTransitions.allStatuses {
        let isDocumented = row.from.split(separator: " ").contains(Substring(status.name))
        #expect(
          AppointmentTransitions.target(of: row.verb, from: status)
            == (isDocumented ? row.to : nil), "\(row.verb) from \(status.name)")
      }
    }
  }

  @Test("put nobody into the clinic before the day of the appointment, but about midnight")
  func earliest() throws {
    let clock = try #require(LocalTimeResolver(timeZone: "Europe/London"))
    // A quarter past midnight on a summer's day, and nine o'clock.
    let midnight = clock.instant(of: LocalMoment(day: 20_635))
    for start in [midnight + 900, midnight + 9 * 3_600] {
      for verb in AppointmentVerb.allCases {
        let earliest = AppointmentTransitions.earliest(for: verb, start: start, clock: clock)
        switch verb {
        case .arrive, .checkIn, .start: #expect(earliest == midnight - 4 * 3_600)
        case .markNoShow: #expect(earliest == start)
        default: #expect(earliest == nil)
        }
      }
    }
  }

  @Test("take up time from held to in consultation, and else never")
  func time() {
    #expect(
      AppointmentTransitions.allStatuses.filter(\.takesUpTime)
        == [.held, .booked, .confirmed, .arrived, .checkedIn, .inConsultation])
  }
}
