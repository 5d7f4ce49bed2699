import ClinicContracts
import Foundation
import ProtobufRuntime
import Synchronization

/// A time for each booking that nobody else has: a quarter of an hour of one of the ten seeded
/// practitioners in their hours, from two months ahead on.
final class BookingTimes: Sendable {
  /// The seeded kind of appointment: a practitioner and a room.
  static let appointmentTypeID = "01920000-0000-7000-8000-000000000001"

  private static let practitioners = 10
  /// Quarters of an hour of a day, from 09:00 to 17:00 UTC.
  private static let quarters = 32

  private let nextIndex: Atomic<Int>
  private let patients: Int
  private let start: Int64

  /// - Parameters:
  ///   - first: where to begin: runs on one database must not meet.
  ///   - patients: how many seeded patients there are.
  init(first: Int, patients: Int) {
    nextIndex = Atomic(first)
    self.patients = patients
    start = (Int64(Foundation.Date().timeIntervalSince1970) / 86_400 + 60) * 86_400
  }

  /// What to book next.
  func next() -> NewAppointment {
    let index = nextIndex.wrappingAdd(1, ordering: .relaxed).oldValue
    let quarter = index / Self.practitioners
    let seconds =
      start + Int64(quarter / Self.quarters) * 86_400 + 32_400
      + Int64(quarter % Self.quarters) * 900
    return NewAppointment(
      patientID: Workload.patientID(1 + index % patients),
      appointmentTypeID: Self.appointmentTypeID,
      startTime: Timestamp(seconds: seconds, nanos: 0),
      resourceIds: [
        Self.resourceID(1 + index % Self.practitioners),
        Self.resourceID(101 + index % Self.practitioners)
      ])
  }

  /// The id of a seeded resource: practitioners from 1, rooms from 101.
  private static func resourceID(_ number: Int) -> String {
    let digits = String(number)
    return "01910000-0000-7000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
  }
}
